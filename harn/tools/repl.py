"""A session: programs entered piece by piece into one run. The terminal around it is ``harn.cli.repl``."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from harn.catalog.index import names as builtin_names
from harn.code.chunk import ModuleChunk
from harn.compiler.build import build, std_module
from harn.compiler.faults import CompileFault
from harn.compiler.session import SessionNames, compile_piece, defined
from harn.host.host import Host
from harn.host.interrupts import Interrupts
from harn.source.diagnostic import ERROR, Diagnostic
from harn.source.file import SourceFile
from harn.syntax import nodes
from harn.syntax.parser import parse, reserved_words
from harn.values.display import display
from harn.values.json_write import quote
from harn.values.kinds import UNSET, type_name
from harn.vm.driver import interrupt, overdue, run_task
from harn.vm.frame import Outcome
from harn.vm.link import link
from harn.vm.machine import Machine, ModuleInstance
from harn.vm.modules import Program, main
from harn.vm.world import Output

_OPEN_TEXT, _OPEN_COMMENT, _END = "S002", "S003", "S005"
"""Codes of what more lines may mend: a string that may go over lines, a comment, the end of the text."""


class Entered(NamedTuple):
    """What became of a piece: static findings, and how its run ended, None where it did not run."""

    diagnostics: list[Diagnostic]
    outcome: Outcome | None


class Session:
    """One run that grows. ``count`` is the number of pieces entered so far."""

    def __init__(self, host: Host, output: Output) -> None:
        self.vm = Machine(host, output, globals={"argv": []})
        self.count = 0
        self._names = SessionNames()
        self._instance: ModuleInstance | None = None
        self._modules: dict[str, ModuleChunk] = {}

    def is_unfinished(self, text: str) -> bool:
        """Whether a piece needs more lines."""
        for found in parse(SourceFile("", text)).diagnostics[-1:]:
            at = found.span.start if found.span is not None else 0
            return found.code in (_OPEN_COMMENT, _END) or (found.code == _OPEN_TEXT and text.startswith('"""', at))
        return False

    def enter(self, text: str) -> Entered:
        """Compile and run a piece. What it has bound before it fails stays bound."""
        self.count += 1
        file = SourceFile(f"<{self.count}>", text)
        result = parse(file)
        found = list(result.diagnostics)
        if result.program is None or any(d.severity == ERROR for d in found):
            return Entered(found, None)
        try:
            chunk = self._compiled(result.program, file)
        except CompileFault as fault:
            return Entered(found + fault.diagnostics, None)
        return Entered(found, self._run(chunk, file, defined(result.program)))

    def _compiled(self, program: nodes.Program, file: SourceFile) -> ModuleChunk:
        imports = [s for s in program.body if isinstance(s, nodes.Import)]
        if not imports:
            return compile_piece(program, file, self._names, {})
        # The imports alone are a program too: building it finds and compiles what they lead to.
        built = build(SourceFile(file.path, "\n".join(file.slice(s.span) for s in imports)))
        if built.entry is None:
            raise CompileFault(built.diagnostics)
        self._modules |= built.modules
        specs = built.entry.imports
        bound = {spec.path: None if spec.problem else [name for name, _ in spec.slots] for spec in specs}
        chunk = compile_piece(program, file, self._names, bound)
        aimed = (own._replace(target=s.target, problem=s.problem) for own, s in zip(chunk.imports, specs))
        return chunk._replace(imports=tuple(aimed))

    def _run(self, chunk: ModuleChunk, file: SourceFile, renewed: set[str]) -> Outcome:
        vm = self.vm
        linked = link(chunk, file)
        instance = self._instance
        if instance is None:
            instance = self._instance = vm.entry = ModuleInstance(linked)
        else:
            instance.code = linked
            instance.slots += [UNSET] * (len(chunk.names) - len(instance.slots))
            instance.by_name = {name: slot for slot, name in enumerate(chunk.names)}
        vm.program = Program(linked, self._modules, std_module)
        places = [instance.by_name[name] for name in renewed if name in instance.by_name]
        before = {slot: instance.slots[slot] for slot in places}
        for slot in before:
            instance.slots[slot] = UNSET
        vm.interrupts, vm.grace_end = 0, None
        with Interrupts(lambda: interrupt(vm), lambda: overdue(vm)):
            outcome = run_task(vm, vm.spawn(main(instance), []))
        for slot, value in before.items():
            if instance.slots[slot] is UNSET:
                instance.slots[slot] = value
        return outcome

    @property
    def variables(self) -> dict[str, Any]:
        """The names bound so far, with their values."""
        instance = self._instance
        if instance is None:
            return {}
        bound = {name: instance.slots[slot] for name, slot in instance.by_name.items() if not name.startswith("__own ")}
        return {name: value for name, value in bound.items() if value is not UNSET}

    def complete(self, line: str) -> list[str]:
        """What the word at the end of a line may become: names of the session, builtins, reserved words; methods after a dot."""
        dotted = re.search(r"(\w+)\.(\w*)$", line)
        known = self.variables
        if dotted:
            kind = type_name(known[dotted[1]]) if dotted[1] in known else ""
            keys = (key for key in builtin_names() if "." in key and key.startswith(f"{kind}." if kind else ""))
            methods = {key.rpartition(".")[2] for key in keys}
            fields = [key for key in known[dotted[1]] if key.isidentifier()] if kind == "dict" else []
            return [f"{dotted[1]}.{name}" for name in sorted({*methods, *fields}) if name.startswith(dotted[2])]
        word = re.search(r"\w*$", line)
        start = word[0] if word else ""
        functions = (key for key in builtin_names() if key.isidentifier() and not key.startswith("__"))
        return sorted({name for name in (*known, *functions, *reserved_words()) if start and name.startswith(start)})


def shown(value: Any) -> str:
    """How a session shows the value of a piece; empty for nil."""
    if value is None:
        return ""
    return quote(value) if value.__class__ is str else display(value)
