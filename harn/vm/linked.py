"""Code ready to run: chunks with their opcodes' arguments resolved to objects.

Linking replaces names by what they name (builtin records, function codes, duration values), so that the loop never looks one up.
Linked code holds no state of a run and is shared by all machines of the process.
"""

from __future__ import annotations

from harn.resolve.paths import STD_PATH, real_path
from harn.source.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from harn.code.chunk import Chunk, ModuleChunk
    from harn.source.file import SourceFile


class Code:
    """One linked function.

    ``simple``: number of parameters where a call needs nothing but to copy its arguments (no defaults, types, rest
    or generator), else -1. ``room``: the cells behind arguments and captures, as a list to append. ``checks``: per
    parameter a function that raises on a wrong argument, or None. ``module`` is the linked module it belongs to.
    """

    __slots__ = (
        "captures", "checks", "chunk", "constructs", "defers", "generator", "handlers", "instructions", "module", "name",
        "names", "required", "rest", "room", "simple", "slots", "std",
    )  # fmt: skip

    def __init__(self, chunk: Chunk, module: LinkedModule) -> None:
        self.chunk = chunk
        self.module = module
        self.name = chunk.name
        self.slots = chunk.slots
        self.handlers = chunk.handlers
        self.defers = chunk.defers
        self.captures = tuple(c.slot for c in chunk.captures)
        self.names = tuple(p.name for p in chunk.params)
        self.generator = "generator" in chunk.flags or "stream" in chunk.flags
        self.rest = bool(chunk.params) and chunk.params[-1].kind == "rest"
        self.required = sum(p.kind == "required" for p in chunk.params)
        self.std = module.std
        plain = all(p.kind == "required" and p.type is None for p in chunk.params)
        self.simple = len(chunk.params) if plain and not self.generator else -1
        self.checks: tuple[Any, ...] | None = None
        self.room: list[Any] = [None] * (chunk.slots - len(chunk.params) - len(chunk.captures) + chunk.depth)
        self.instructions: list[tuple[int, Any]] = []

    def position(self, pc: int) -> tuple[int, int, int]:
        """Line, column and length in characters of the instruction at ``pc``; zeros where the source is unknown."""
        spans = self.chunk.spans
        if not 0 <= pc < len(spans):
            return 0, 0, 0
        start, end = spans[pc]
        file = self.module.source()
        if file is None:
            return 0, 0, 0
        line, column = file.position(start)
        return line, column, max(1, end - start)


class LinkedModule:
    """A module's code. ``source`` reads the text again only when a place must be shown.

    A function is known by its qualified name, which is unique in the file, and by its digest: snapshots name and check it so.
    """

    __slots__ = ("_body", "_digests", "_file", "_named", "chunk", "functions", "path", "std")

    def __init__(self, chunk: ModuleChunk, file: SourceFile | None) -> None:
        self.chunk = chunk
        self.path = chunk.path
        self.std = chunk.path.startswith(STD_PATH)
        self._file = file
        self.functions: list[Code] = []
        self._body = -1
        self._named: dict[str, Code] = {}
        self._digests: dict[tuple[str, int], bytes] = {}

    def function(self, qualified: str) -> Code | None:
        """The function of a qualified name, or None."""
        if not self._named:
            self._named = {code.chunk.qualified: code for code in self.functions}
        return self._named.get(qualified)

    def digest(self, qualified: str, start: int = 0) -> bytes:
        """16 bytes: other ones where what the function does, from an instruction on, changes, not where only its place does."""
        found = self._digests.get((qualified, start))
        if found is None:
            from harn.code.digests import function_digest

            names = [code.chunk.qualified for code in self.functions]
            found = bytes.fromhex(function_digest(self.chunk, names.index(qualified), start))[:16]
            self._digests[qualified, start] = found
        return found

    @property
    def body(self) -> int:
        """The instruction of ``functions[0]`` from which on everything is declared; 0 where there is no such place."""
        if self._body < 0:
            from harn.code.digests import body_start

            self._body = body_start(self.chunk)
        return self._body

    def source(self) -> SourceFile | None:
        """The source text, or None where it cannot be read any more."""
        if self._file is None:
            from harn.source.file import SourceFile

            try:
                with open(real_path(self.path), encoding="utf-8", errors="replace") as handle:
                    self._file = SourceFile(self.path, handle.read())
            except OSError:
                return None
        return self._file
