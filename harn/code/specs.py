"""The ``spec`` fields of the opcode table: what each one holds, as a test the verifier applies."""

from __future__ import annotations

from harn.code.chunk import Chunk, ModuleChunk
from harn.code.opcodes import NUMBER
from harn.source.typing import Any, Callable

Spec = Callable[[Any, ModuleChunk, Chunk], bool]


def is_text(value: Any) -> bool:
    """Whether a value is a text."""
    return value.__class__ is str


def texts(value: Any) -> bool:
    """Whether a value is a tuple of texts."""
    return value.__class__ is tuple and all(item.__class__ is str for item in value)


def _names(spec: Any, module: ModuleChunk, chunk: Chunk) -> bool:
    """DICT, STRUCT_TYPE, FIELDS_REST: names, none twice."""
    return texts(spec) and len(set(spec)) == len(spec)


def _variants(spec: Any, module: ModuleChunk, chunk: Chunk) -> bool:
    """ENUM_TYPE: ((variant, (field, ...)), ...)."""
    return spec.__class__ is tuple and all(
        v.__class__ is tuple and len(v) == 2 and v[0].__class__ is str and texts(v[1]) for v in spec
    )


def _flag(spec: Any, module: ModuleChunk, chunk: Chunk) -> bool:
    """RANGE, CALL_METHOD_SPREAD: yes or no."""
    return spec.__class__ in (bool, int) and spec in (0, 1)


def _path(spec: Any, module: ModuleChunk, chunk: Chunk) -> bool:
    """SET_PATH: (``slot`` or ``module``, variable, its ownership flag or -1, names and None for computed keys)."""
    if spec.__class__ is not tuple or len(spec) != 4:
        return False
    kind, slot, own, path = spec
    room = {"slot": chunk.slots, "module": len(module.names)}.get(kind, 0) if kind.__class__ is str else 0
    sound = slot.__class__ is int and own.__class__ is int and 0 <= slot < room and -1 <= own < room
    return sound and path.__class__ is tuple and bool(path) and all(s is None or s.__class__ is str for s in path)


def _kind_and_text(spec: Any, module: ModuleChunk, chunk: Chunk) -> bool:
    """RAISE: (kind of error, its text)."""
    return texts(spec) and len(spec) == 2


def _way(spec: Any, module: ModuleChunk, chunk: Chunk) -> bool:
    """PEND, PEND_VALUE: number of a way into a finally block; 1 is the machine's own, an error."""
    return spec.__class__ is int and spec >= 0 and spec != 1


def _registration(spec: Any, module: ModuleChunk, chunk: Chunk) -> bool:
    """DEFER: (number of the block, slots kept as they are now)."""
    if spec.__class__ is not tuple or len(spec) != 2:
        return False
    block, kept = spec
    known = block.__class__ is int and 0 <= block < len(chunk.defers)
    return known and kept.__class__ is tuple and all(s.__class__ is int and 0 <= s < chunk.slots for s in kept)


_BY_NAME: dict[str, Spec] = {
    "DICT": _names,
    "STRUCT_TYPE": _names,
    "FIELDS_REST": _names,
    "ENUM_TYPE": _variants,
    "RANGE": _flag,
    "CALL_METHOD_SPREAD": _flag,
    "SET_PATH": _path,
    "RAISE": _kind_and_text,
    "PEND": _way,
    "PEND_VALUE": _way,
    "DEFER": _registration,
}
SPECS: dict[int, Spec] = {NUMBER[name]: test for name, test in _BY_NAME.items()}
"""By opcode number; every row with a field ``spec`` has one."""
