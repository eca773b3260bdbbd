"""Chunks as JSON-like data and back: ``assemble(disassemble(module)) == module``.

Records become dicts of their fields. An instruction becomes ``{"op", "arg"}`` with its ``parts`` where it is fused, and with its
``line`` and ``column`` where the source text is at hand; these are there for readers only and are not read back.
"""

from __future__ import annotations

from harn.code.chunk import Capture, Chunk, Handler, ImportSpec, Instruction, ModuleChunk, Param, RefusedCode, ScopeName
from harn.code.fusing import FUSIONS
from harn.code.opcodes import NUMBER, OPS
from harn.code.pictures import PICTURES
from harn.source.file import SourceFile
from harn.source.typing import Any

SCHEMA = "harn.dis/1"


def disassemble(module: ModuleChunk, file: SourceFile | None = None) -> dict[str, Any]:
    """A module as dicts, lists and plain values that JSON can write."""
    plain = _record(module)
    plain["functions"] = [_function(chunk, file) for chunk in module.functions]
    plain["imports"] = [_record(spec) for spec in module.imports]
    return {"schema": SCHEMA, **plain}


def assemble(plain: dict[str, Any]) -> ModuleChunk:
    """The module that ``disassemble`` made this of. RefusedCode where it is something else."""
    try:
        if plain["schema"] != SCHEMA:
            raise RefusedCode(f"this is no disassembly of the form {SCHEMA}")
        fields = {name: _value(plain[name]) for name in ModuleChunk._fields if name not in ("functions", "imports")}
        imports = tuple(_named(ImportSpec, spec) for spec in plain["imports"])
        return ModuleChunk(functions=tuple(map(_chunk, plain["functions"])), imports=imports, **fields)
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise RefusedCode(f"this is no disassembly: {problem!r}") from None


def _function(chunk: Chunk, file: SourceFile | None) -> dict[str, Any]:
    plain = _record(chunk)
    for name in ("params", "captures", "handlers", "scopes"):
        plain[name] = [_record(row) for row in getattr(chunk, name)]
    plain["code"] = [_instruction(row, chunk.spans[pc], file) for pc, row in enumerate(chunk.code)]
    del plain["spans"]
    return plain


def _instruction(instruction: Instruction, span: tuple[int, int], file: SourceFile | None) -> dict[str, Any]:
    op, argument = instruction
    plain: dict[str, Any] = {"op": OPS[op].name, "arg": _plain(argument), "span": list(span)}
    if op in FUSIONS:
        parts = FUSIONS[op].unfused(PICTURES[op].split(argument))
        plain["parts"] = [{"op": OPS[part].name, "arg": _plain(PICTURES[part].argument(own, 0))} for part, own in parts]
    if file is not None:
        plain["line"], plain["column"] = file.position(span[0])
    return plain


def _chunk(plain: dict[str, Any]) -> Chunk:
    code = tuple((NUMBER[row["op"]], _value(row["arg"])) for row in plain["code"])
    tables: dict[str, Any] = {
        "params": tuple(_named(Param, row) for row in plain["params"]),
        "captures": tuple(_named(Capture, row) for row in plain["captures"]),
        "handlers": tuple(_named(Handler, row) for row in plain["handlers"]),
        "scopes": tuple(_named(ScopeName, row) for row in plain["scopes"]),
    }
    spans = tuple(_value(row["span"]) for row in plain["code"])
    rest = {name: _value(plain[name]) for name in Chunk._fields if name not in tables and name not in ("code", "spans")}
    return Chunk(code=code, spans=spans, **tables, **rest)


def _record(record: Any) -> dict[str, Any]:
    return {name: _plain(value) for name, value in zip(record._fields, record, strict=True)}


def _named(kind: Any, plain: dict[str, Any]) -> Any:
    return kind(**{name: _value(plain[name]) for name in kind._fields})


def _plain(value: Any) -> Any:
    """Tuples as lists; floats that JSON has no number for as dicts."""
    if value.__class__ is tuple:
        return [_plain(item) for item in value]
    if value.__class__ is float and not -float("inf") < value < float("inf"):
        return {"float": repr(value)}
    return value


def _value(plain: Any) -> Any:
    if plain.__class__ is list:
        return tuple(_value(item) for item in plain)
    if plain.__class__ is dict:
        return float(plain["float"])
    return plain
