"""Compiling texts in tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harn.code.chunk import Chunk, ModuleChunk
from harn.code.opcodes import OPS
from harn.compiler.compiler import compile_module
from harn.source.file import SourceFile
from harn.syntax import nodes
from harn.syntax.parser import parse_program


def tree(text: str) -> nodes.Program:
    """The tree of a text that is a program."""
    return parse_program(SourceFile("test.harn", text))


def compiled(
    text: str,
    *,
    entry: bool = True,
    imports: Mapping[str, Sequence[str] | None] | None = None,
    pipeline: str | None = None,
) -> ModuleChunk:
    """The code of a text."""
    file = SourceFile("test.harn", text)
    return compile_module(parse_program(file), file, entry=entry, imports=imports or {}, pipeline=pipeline)


def function(module: ModuleChunk, qualified: str) -> Chunk:
    """A function of a module by its qualified name."""
    return next(chunk for chunk in module.functions if chunk.qualified == qualified)


def words(chunk: Chunk) -> list[str]:
    """The names of a function's instructions."""
    return [OPS[number].name for number, _ in chunk.code]
