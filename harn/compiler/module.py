"""What the functions of one file share while they are compiled: numbers of functions and module variables, aliases, faults."""

from __future__ import annotations

from functools import cached_property

from harn.code.chunk import Chunk
from harn.compiler.faults import compile_error
from harn.compiler.types import Aliases
from harn.resolve.bindings import Resolution
from harn.resolve.tree import walk
from harn.source.diagnostic import ERROR, Diagnostic
from harn.source.file import SourceFile
from harn.source.span import Span
from harn.syntax import nodes


class ModuleCompiler:
    """``functions`` are filled in the order they are finished; places are reserved in the order they begin.

    ``top`` is true while statements at the top level of the file are compiled.
    """

    def __init__(self, program: nodes.Program, file: SourceFile, names: Resolution) -> None:
        self.file = file
        self.names = names
        self.functions: list[Chunk | None] = []
        self.program = program
        self.aliases: Aliases = {**names.aliases, **{s.name: s for s in program.body if isinstance(s, nodes.TypeAlias)}}
        self.faults: list[Diagnostic] = []
        self.top = True
        self._qualified: dict[str, int] = {}
        self.variables: list[str] = []
        for name, binding in names.module.items():
            binding.slot = len(self.variables)
            self.variables.append(name)
        for name, binding in names.module.items():
            if binding.grows:
                binding.own = len(self.variables)
                self.variables.append(f"__own {name}")

    def reserve(self) -> int:
        """The number of the next function."""
        self.functions.append(None)
        return len(self.functions) - 1

    def qualify(self, outer: str, name: str) -> str:
        """The qualified name of a function, unique in the file: ``outer.name``, ``outer.<closure>``, numbered from 2 on."""
        full = f"{outer}.{name or '<closure>'}" if outer else name or "<closure>"
        count = self._qualified[full] = self._qualified.get(full, 0) + 1
        return full if count == 1 else f"{full}#{count}"

    def fault(self, code: str, message: str, span: Span, bare: str = "") -> None:
        """Note a static error. ``bare``: its short text where that does not name the line."""
        if bare:
            self.faults.append(Diagnostic(ERROR, code, message, self.file, span, bare=bare))
        else:
            self.faults.append(compile_error(code, message, self.file, span))

    def is_constant(self, name: str) -> bool:
        """Whether a builtin is read like a variable: its name alone stands for its value."""
        from harn.catalog.index import entry

        found = entry(name)
        return found is not None and found.form == "constant"

    @cached_property
    def type_names(self) -> frozenset[str]:
        """Names of types that are neither aliases nor variables: interfaces and type parameters, wherever in the file."""
        found = set()
        for node in walk(self.program):
            if isinstance(node, nodes.Interface):
                found.add(node.name)
            found.update(param.name for param in getattr(node, "type_params", ()))
        return frozenset(found)

    def finished(self) -> tuple[Chunk, ...]:
        """All functions, in order of their numbers."""
        return tuple(chunk for chunk in self.functions if chunk is not None)
