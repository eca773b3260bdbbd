"""``harn explain --invariant NAME FUNCTION FILE``: every way in which a function breaks a promise, step by step."""

from __future__ import annotations

import json
import sys

from harn.cli.exits import FAILED, OK
from harn.cli.sources import read_source
from harn.source.diagnostic import Diagnostic
from harn.tools.invariants.analysis import Held, judged
from harn.tools.invariants.explore import Step, Violation
from harn.tools.invariants.spec import CODES, canonical


def explain_invariant(name: str, function: str, path: str, *, as_json: bool) -> int:
    """Print the paths; FAILED where the function does not make that promise, or breaks it."""
    known = canonical(name)
    if known is None:
        return _refused(f"there is no invariant `{name}`; known are {', '.join(CODES)}")
    file = read_source(path)
    if file is None:
        return FAILED
    found = [item for item in judged(file) if not isinstance(item, Diagnostic)]
    promises = [held for held in found if held.handler.name == function]
    if not promises:
        return _refused(f"no function, tool or pipeline `{function}` with an `@invariant` stands in {path}")
    promises = [held for held in promises if held.spec.name == known]
    if not promises:
        return _refused(f'`{function}` has no `@invariant("{known}")`')
    violations = [violation for held in promises for violation in held.violations]
    print(json.dumps(_as_data(promises[0], violations)) if as_json else _as_text(promises[0], violations))
    return FAILED if violations else OK


def _refused(reason: str) -> int:
    print(f"error: {reason}", file=sys.stderr)
    return FAILED


def _as_text(held: Held, violations: list[Violation]) -> str:
    heading = f"{held.spec.name} of `{held.handler.name}`"
    if not violations:
        return f"{heading}: kept on every path"
    lines = [f"{heading}: broken in {len(violations)} place{'s' if len(violations) > 1 else ''}"]
    for violation in violations:
        lines += ["", violation.message, f"help: {violation.help}"]
        lines += [f"  {number}. {_place(step)}  {step.label}" for number, step in enumerate(violation.path, 1)]
    return "\n".join(lines)


def _place(step: Step) -> str:
    line, column = step.file.position(step.span.start)
    return f"{step.file.path}:{line}:{column}"


def _as_data(held: Held, violations: list[Violation]) -> dict[str, object]:
    shown = [
        {
            "message": violation.message,
            "help": violation.help,
            "path": [
                {"label": step.label, "path": step.file.path, "line": line, "column": column}
                for step in violation.path
                for line, column in [step.file.position(step.span.start)]
            ],
        }
        for violation in violations
    ]
    return {
        "schema": "harn.explain.invariant/1",
        "invariant": held.spec.name,
        "function": held.handler.name,
        "violations": shown,
    }
