"""What a function does, as a hash: instructions, constants and names, and the functions made in it, but no positions.

A comment or a blank line in the source does not change it, nor does anything elsewhere in the file: functions and module
variables count by what they are, not by their numbers. Functions and methods that are declared to the module count by name only.
"""

from __future__ import annotations

from harn.code.chunk import Chunk, ModuleChunk
from harn.code.codec import data_bytes
from harn.code.opcodes import NUMBER, OPS
from harn.source.digest import hexdigest
from harn.source.typing import Any, Iterator

_CLOSURE = NUMBER["CLOSURE"]
_SET_PATH = NUMBER["SET_PATH"]
_DECLARING = frozenset((NUMBER["DEFINE_MODULE"], NUMBER["METHOD"]))
"""What follows the making of a function that is known to the module by its name."""

_IMPORTS = frozenset((NUMBER["IMPORT"], NUMBER["BIND_IMPORT"]))
_SETTING_UP = _DECLARING | _IMPORTS
_COUNTED = frozenset(("global", "owner", "target", "targets", "weight"))
_NUMBERED = frozenset(op.number for op in OPS if _COUNTED & set(op.arg)) | _IMPORTS | {_SET_PATH}
"""Opcodes with an argument that counts module variables, imports or instructions. (A weight follows from what stands before.)"""


def function_digest(module: ModuleChunk, index: int, start: int = 0) -> str:
    """The digest of a function; of the instructions from ``start`` on, which must not jump back behind it."""
    order: dict[int, int] = {index: 0}
    parts: list[Any] = []
    todo = [index]
    while todo:
        number = todo.pop()
        chunk = module.functions[number]
        first = start if number == index else 0
        code: list[Any] = []
        for pc, (op, argument) in enumerate(chunk.code[first:], first):
            if op == _CLOSURE:
                if chunk.code[pc + 1][0] in _DECLARING:
                    argument = module.functions[argument].qualified
                else:
                    if argument not in order:
                        order[argument] = len(order)
                        todo.append(argument)
                    argument = order[argument]  # counted from here
            elif op in _NUMBERED:
                argument = _named(module, op, argument, first)
            code.append((op, argument))
        parts.append((*_shape(chunk, first), tuple(code)))
    return hexdigest(data_bytes(tuple(parts)))


def _shape(chunk: Chunk, first: int) -> tuple[Any, ...]:
    """Everything of a chunk but its instructions and places in the source; instructions are counted from ``first``."""
    shape = (chunk.qualified, chunk.slots, chunk.depth, tuple(pc - first for pc in chunk.defers), chunk.flags)
    handlers = tuple(
        (h.start - first, h.end - first, h.target - first, *h[3:]) for h in chunk.handlers if h.end > first
    )
    scopes = tuple((*s[:2], max(0, s.start - first), s.end - first, *s[4:]) for s in chunk.scopes if s.end > first)
    return shape, tuple(map(tuple, chunk.params)), tuple(map(tuple, chunk.captures)), handlers, scopes


def _named(module: ModuleChunk, op: int, argument: Any, first: int) -> Any:
    """The argument of an instruction with names in the place of numbers, and instructions counted from ``first``."""
    if op in _IMPORTS:
        return tuple(module.imports[argument][:2])
    if op == _SET_PATH:
        kind, slot, own, path = argument
        return (kind, _variable(module, slot), _variable(module, own), path) if kind == "module" else argument
    fields = OPS[op].arg
    values = (argument,) if len(fields) == 1 else argument
    return tuple(
        0
        if field == "weight"
        else _variable(module, value)
        if field in ("global", "owner")
        else value - first
        if field == "target"
        else tuple(target - first for target in value)
        if field == "targets"
        else value
        for field, value in zip(fields, values, strict=True)
    )


def _variable(module: ModuleChunk, slot: int) -> Any:
    return module.names[slot] if slot >= 0 else slot


def body_start(module: ModuleChunk) -> int:
    """Where what runs the module has declared and imported everything, and nothing behind it leads back; 0 for no such place."""
    chunk = module.functions[0]
    start = 1 + max((pc for pc, (op, _) in enumerate(chunk.code) if op in _SETTING_UP), default=-1)
    behind = all(target >= start for pc in range(start, len(chunk.code)) for target in _targets(*chunk.code[pc]))
    inside = all(h.start >= start and h.target >= start for h in chunk.handlers if h.end > start)
    return start if behind and inside and all(pc >= start for pc in chunk.defers) else 0


def _targets(op: int, argument: Any) -> Iterator[int]:
    """The instructions that one may jump to."""
    fields = OPS[op].arg
    for field, value in zip(fields, (argument,) if len(fields) == 1 else argument or (), strict=False):
        if field == "target":
            yield value
        elif field == "targets":
            yield from value


def declared_functions(module: ModuleChunk) -> Iterator[tuple[str, int]]:
    """Name and number of every function that running the module declares, each but those which are looked at again at once."""
    code = module.functions[0].code
    for pc, (op, number) in enumerate(code):
        if op == _CLOSURE and code[pc + 1][0] == NUMBER["DEFINE_MODULE"]:
            slot, name = code[pc + 1][1]
            registered = code[pc + 2][0] == NUMBER["LOAD_MODULE"] and code[pc + 2][1][0] == slot
            if not registered:
                yield name, number
