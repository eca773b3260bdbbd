"""What ``harn run`` tells of a run beyond its output: the tree of its steps, its receipt, its profile. Off the fast path."""

from __future__ import annotations

import json
import sys
from typing import Any

from harn.code.chunk import ModuleChunk
from harn.code.codec import module_digest
from harn.llm.session import session_of
from harn.steps.log import error_text
from harn.trace.receipt import receipt
from harn.trace.spans import Span, Tracer
from harn.trace.tree import step_tree
from harn.vm.frame import EXIT, Outcome, Returned, Threw
from harn.vm.machine import Machine
from harn.vm.pump import UNCATCHABLE


class Report:
    """Watches a run from its beginning; ``finish`` writes what was asked for."""

    def __init__(self, vm: Machine, entry: ModuleChunk, options: dict[str, Any]) -> None:
        self._vm = vm
        self._entry = entry
        self._options = options
        if options.get("steps") or options.get("profile") is not None:
            vm.tracer = Tracer(vm, watched=True)

    def finish(self, outcome: Outcome) -> bool:
        """Write the tree to stderr, receipt and profile to their files; False where one cannot be written."""
        vm, options = self._vm, self._options
        vm.flush()
        if options.get("steps"):
            print(step_tree(vm.tracer.watched), file=sys.stderr)
        written = True
        if options.get("profile") is not None:
            from harn.trace.profile import profile

            spans: list[Span] = vm.tracer.watched
            # of a run that was resumed this process has seen a part only
            wall = max([vm.tracer.elapsed_ms(None), *(span.start_ms + span.duration_ms for span in spans)])
            written = _write("profile", options["profile"], profile(spans, wall))
        if options.get("receipt") is not None:
            written = _write("receipt", options["receipt"], self._receipt(outcome)) and written
        return written

    def _receipt(self, outcome: Outcome) -> dict[str, Any]:
        vm = self._vm
        status, error = _ending(outcome)
        records = vm.step_runtime.drain_completed_steps() if vm.step_runtime is not None else []
        program, digest = self._options["file"] or "<eval>", module_digest(self._entry)
        return receipt(program, digest, status, error, records, session_of(vm).totals())


def _write(what: str, path: str, data: dict[str, Any]) -> bool:
    """Write JSON; False, and a word why, where that cannot be done."""
    try:
        with open(path, "w", encoding="utf-8", errors="backslashreplace") as handle:  # a path need not be text
            handle.write(json.dumps(data, indent=2, ensure_ascii=False) + "\n")
    except OSError as failure:
        from harn.host.failures import reason

        print(f"error: the {what} cannot be written to {path}: {reason(failure)}", file=sys.stderr)
        return False
    return True


def _ending(outcome: Outcome) -> tuple[str, str | None]:
    """(``completed``, ``failed``, ``interrupted``, ``exited`` or ``aborted``; the error)."""
    if isinstance(outcome, Returned):
        return "completed", None
    if isinstance(outcome, Threw):
        if outcome.error.ending in UNCATCHABLE:
            return "interrupted", "interrupted"
        return "failed", error_text(outcome.error)
    completion = outcome.completion  # type: ignore[union-attr]
    return ("exited" if completion.kind == EXIT else "aborted"), str(completion.payload)
