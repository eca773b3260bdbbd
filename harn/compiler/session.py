"""Compiling a program piece by piece, as a REPL gets it: every piece sees the names of those before.

All pieces share one module. A top-level name is a module variable and keeps its slot for good, so that a function made by one
piece sees what a later piece assigns. A piece may declare a name anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from harn.code.chunk import ModuleChunk
from harn.code.verifier import verify
from harn.compiler.compiler import Imports, compile_import, compile_main, deep_recursion
from harn.compiler.faults import CompileFault, compile_error
from harn.compiler.module import ModuleCompiler
from harn.resolve.bindings import Binding, Resolution
from harn.resolve.plan import NAMED, TYPES, Plan
from harn.resolve.resolver import Resolver
from harn.source.file import SourceFile
from harn.syntax import nodes


class SessionNames:
    """What the pieces so far have declared: ``kinds`` of names as bindings have them, ``slots`` in order, type ``aliases``."""

    def __init__(self) -> None:
        self.kinds: dict[str, str] = {}
        self.slots: list[str] = []
        self.aliases: dict[str, nodes.TypeAlias] = {}


class PieceCompiler(ModuleCompiler):
    """Slots of earlier pieces stay what they are. Every variable has an ownership flag: a later piece may change it in place."""

    def __init__(self, program: nodes.Program, file: SourceFile, names: Resolution, before: Sequence[str]) -> None:
        super().__init__(program, file, names)
        self.variables = list(before)
        places = {name: place for place, name in enumerate(before)}
        for name, binding in names.module.items():
            binding.slot = self._slot(places, name)
            if binding.kind in ("let", "var"):
                binding.own = self._slot(places, f"__own {name}")

    def _slot(self, places: dict[str, int], name: str) -> int:
        if name not in places:
            places[name] = len(self.variables)
            self.variables.append(name)
        return places[name]


def compile_piece(program: nodes.Program, file: SourceFile, names: SessionNames, imports: Imports) -> ModuleChunk:
    """Compile one piece and note what it declares. CompileFault with its static errors; then nothing is noted."""
    steps = Plan(
        tuple(s for s in program.body if isinstance(s, nodes.Import)),
        tuple(s for s in program.body if isinstance(s, TYPES)),
        tuple(s for s in program.body if not isinstance(s, (nodes.Import, nodes.Pipeline, *TYPES))),
        (),
        True,
    )
    with deep_recursion():
        try:
            return _compile(program, file, steps, names, imports)
        except RecursionError:
            raise CompileFault([compile_error("S011", "nested too deeply", file, program.span)]) from None


def _compile(
    program: nodes.Program, file: SourceFile, steps: Plan, names: SessionNames, imports: Imports
) -> ModuleChunk:
    resolver = Resolver(program, entry=False)
    known = resolver.out.module
    renewed = _declared(program)
    for name, kind in names.kinds.items():
        known[name] = Binding(name, "var" if name in renewed else kind, None, 0)
    resolver.out.aliases.update(names.aliases)
    bound: dict[str, None] = {}
    for statement in steps.imports:
        bound.update(
            dict.fromkeys(statement.names if statement.names is not None else imports.get(statement.path) or ())
        )
    resolver.file(steps, bound)
    module = PieceCompiler(program, file, resolver.out, names.slots)
    module.reserve()
    module.functions[0] = compile_main(module, program, steps, entry=True, value=True)
    if module.faults:
        raise CompileFault(sorted(module.faults, key=lambda d: d.span or (0, 0)))
    chunk = ModuleChunk(
        path=file.path,
        entry=True,
        functions=module.finished(),
        names=tuple(module.variables),
        exports=(),
        private=(),
        imports=tuple(compile_import(statement, imports, resolver.out) for statement in steps.imports),
        pipelines=(),
        source_digest=hashlib.sha256(file.text.encode("utf-8", "surrogatepass")).hexdigest(),
    )
    verify(chunk)
    names.kinds = {name: binding.kind for name, binding in known.items()}
    names.slots = module.variables
    names.aliases = module.aliases
    return chunk


def defined(program: nodes.Program) -> set[str]:
    """The functions and types a piece declares at its top level."""
    return {s.name for s in program.body if isinstance(s, NAMED)}


def _declared(program: nodes.Program) -> set[str]:
    """These and its variables."""
    found = defined(program)
    for statement in program.body:
        if isinstance(statement, nodes.Let):
            found.update(_bound(statement.pattern))
    return found


def _bound(pattern: nodes.Pattern) -> list[str]:
    if isinstance(pattern, nodes.NamePattern):
        return [pattern.name]
    if isinstance(pattern, nodes.ListPattern):
        return [item.name for item in pattern.items]
    if isinstance(pattern, nodes.DictPattern):
        return [field.alias or field.key for field in pattern.fields]
    return [pattern.first, pattern.second]
