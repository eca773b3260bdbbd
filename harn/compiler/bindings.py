"""let and var, and taking values apart into names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harn.compiler.names import bind, is_fresh
from harn.syntax import nodes

if TYPE_CHECKING:
    from harn.compiler.function import FunctionCompiler


def let(c: FunctionCompiler, node: nodes.Let) -> None:
    c.value(node.value)
    c.asm.at(node.span)
    destructure(c, node.pattern, is_fresh(node.value))


def destructure(c: FunctionCompiler, pattern: nodes.Pattern, fresh: bool = False) -> None:
    """Pop a value into the names of a pattern. ``fresh``: nobody else holds the value."""
    asm = c.asm
    if isinstance(pattern, nodes.NamePattern):
        bind(c, pattern, fresh=fresh)
    elif isinstance(pattern, nodes.PairPattern):
        asm.emit("NEED_PAIR")
        for place, part in enumerate(("first", "second")):
            asm.emit("FIELD", part)
            bind(c, pattern, place)
        asm.emit("POP")
    elif isinstance(pattern, nodes.ListPattern):
        asm.emit("NEED_LIST")
        for place, item in enumerate(pattern.items):
            asm.emit("REST" if item.rest else "ITEM", place)
            _default(c, item.default)
            bind(c, item, fresh=item.rest)
        asm.emit("POP")
    else:
        asm.emit("NEED_DICT")
        keys = tuple(dict.fromkeys(field.key for field in pattern.fields if not field.rest))
        for field in pattern.fields:
            if field.rest:
                asm.emit("FIELDS_REST", keys)
            else:
                asm.emit("FIELD", field.key)
            _default(c, field.default)
            bind(c, field, fresh=field.rest)
        asm.emit("POP")


def _default(c: FunctionCompiler, default: Any) -> None:
    """Put a default in the place of a nil."""
    if default is None:
        return
    some = c.asm.label()
    c.asm.emit("JUMP_IF_SOME", some)
    c.value(default)
    c.asm.mark(some)
