"""match: arms are tried in order; the subject lies on the operand stack until one fits.

A pattern is compiled to tests that jump to the next arm, each leaving nothing but the subject. (Inside a variant's payload the
parts around the current one are dropped on the way out, which is why every depth has a label of its own.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harn.compiler.attributes import literal_entries
from harn.compiler.names import bind, load
from harn.compiler.operators import jump_unless
from harn.compiler.regions import cut
from harn.resolve.patterns import VariantPattern, variant_pattern
from harn.syntax import nodes

if TYPE_CHECKING:
    from harn.compiler.function import FunctionCompiler

EXHAUSTED = "No match arm matched the value"


def match(c: FunctionCompiler, node: nodes.Match, want: bool) -> None:
    asm = c.asm
    done = asm.label()
    c.value(node.subject)
    exhausted = False
    for arm in node.arms:
        exits = _Exits(c)
        c.open()
        asm.at(arm.pattern.span)
        exhausted = not _pattern(c, arm.pattern, exits, whole=True) and arm.guard is None
        if arm.guard is not None:
            jump_unless(c, arm.guard, exits.label())
        asm.emit("POP")
        c.block(arm.body, want)
        c.close()
        asm.emit("JUMP", done)
        exits.land()
        if exhausted:
            break
    if not exhausted:
        asm.at(node.span)
        asm.emit("CONST", EXHAUSTED)
        asm.emit("THROW")
    asm.mark(done)


class _Exits:
    """Where a failing test goes: to the next arm, by way of dropping the parts of the subject that lie on it."""

    def __init__(self, c: FunctionCompiler) -> None:
        self.c = c
        self.base = c.asm.depth
        self.labels: dict[int, int] = {}

    def label(self) -> int:
        """The label to jump to from the current depth (the tested bool already popped)."""
        depth = self.c.asm.depth
        if depth not in self.labels:
            self.labels[depth] = self.c.asm.label()
        return self.labels[depth]

    def land(self) -> None:
        """The next arm begins here; nothing falls through to it."""
        depths = sorted(self.labels, reverse=True)
        for depth, below in zip(depths, (*depths[1:], self.base)):
            self.c.asm.mark(self.labels[depth])
            cut(self.c, below)


def _pattern(c: FunctionCompiler, node: Any, exits: _Exits, whole: bool = False) -> bool:
    """Test the top against a pattern and bind its names; whether the test can fail. The top stays."""
    asm = c.asm
    if isinstance(node, nodes.Name):
        if node.name != "_":
            asm.emit("DUP")
            bind(c, node)
        return False
    if isinstance(node, nodes.OrPattern):
        return _alternatives(c, node, exits)
    if isinstance(node, nodes.ListLiteral):
        _list(c, node, exits, nested=not whole)
    elif isinstance(node, nodes.DictLiteral):
        _dict(c, node, exits, nested=not whole)
    else:
        variant = variant_pattern(node, c.names)
        if variant is not None:
            _variant(c, variant, node, exits)
        else:
            asm.emit("DUP")
            _compare(c, node, exits)
    return True


def _compare(c: FunctionCompiler, node: Any, exits: _Exits) -> None:
    """Compare the top with the value of an expression, and drop it."""
    c.value(node)
    c.asm.at(node.span)
    c.asm.emit("EQ")
    _unless(c, exits)


def _unless(c: FunctionCompiler, exits: _Exits) -> None:
    """Leave the arm where the bool on top is false."""
    c.asm.depth -= 1
    target = exits.label()
    c.asm.depth += 1
    c.asm.emit("JUMP_IF_FALSE", target)


def _alternatives(c: FunctionCompiler, node: nodes.OrPattern, exits: _Exits) -> bool:
    """``1 | 2 | _``: literals only."""
    asm = c.asm
    if any(isinstance(a, nodes.Name) and a.name == "_" for a in node.alternatives):
        return False
    fits = asm.label()
    for alternative in node.alternatives:
        if not _is_literal(alternative):
            text = (
                "Or-pattern alternatives must be literal patterns (string, int, float, bool, nil, or `_`). "
                "Bindings and destructuring are not allowed between `|`."
            )
            c.module.fault("C003", text, alternative.span, bare=text)
            return True
    for alternative in node.alternatives[:-1]:
        asm.emit("DUP")
        c.value(alternative)
        asm.emit("EQ")
        asm.emit("JUMP_IF_TRUE", fits)
    asm.emit("DUP")
    _compare(c, node.alternatives[-1], exits)
    asm.mark(fits)
    return True


def _is_literal(node: Any) -> bool:
    if isinstance(node, nodes.Unary) and node.op == "-":
        node = node.operand
    return isinstance(
        node, (nodes.StringLiteral, nodes.IntLiteral, nodes.FloatLiteral, nodes.BoolLiteral, nodes.NilLiteral)
    )


def _list(c: FunctionCompiler, node: nodes.ListLiteral, exits: _Exits, nested: bool) -> None:
    """``[a, 1, _]``: a list with at least as many elements."""
    asm = c.asm
    asm.emit("IS_LIST", sum(not isinstance(item, nodes.Spread) for item in node.items))
    _unless(c, exits)
    for place, item in enumerate(node.items):
        asm.at(item.span)
        if isinstance(item, nodes.Spread):
            asm.emit("REST", place)
            _part(c, item.value, exits, nested)
        elif not (isinstance(item, nodes.Name) and item.name == "_"):
            asm.emit("ITEM", place)
            _part(c, item, exits, nested)


def _dict(c: FunctionCompiler, node: nodes.DictLiteral, exits: _Exits, nested: bool) -> None:
    """``{op: "add", left: a}``: a dict; a missing entry is nil."""
    asm = c.asm
    asm.emit("IS_DICT")
    _unless(c, exits)
    keys = tuple(literal_entries(node))
    for entry in node.entries:
        asm.at(entry.span)
        if isinstance(entry, nodes.Spread):
            asm.emit("FIELDS_REST", keys)
        elif isinstance(entry.key, nodes.StringLiteral):
            asm.emit("FIELD", entry.key.value)
        else:
            asm.emit("DUP")
            c.value(entry.key)
            asm.emit("INDEX")
        _part(c, entry.value, exits, nested)


def _part(c: FunctionCompiler, node: Any, exits: _Exits, nested: bool) -> None:
    """Match a part of the subject, which lies on top, and drop it. Patterns nest inside a variant's parentheses only."""
    if isinstance(node, nodes.Name):
        if node.name == "_":
            c.asm.emit("POP")
        else:
            bind(c, node)
    elif nested:
        _pattern(c, node, exits)
        c.asm.emit("POP")
    else:
        _compare(c, node, exits)


def _variant(c: FunctionCompiler, pattern: VariantPattern, node: Any, exits: _Exits) -> None:
    """``E.V(a, 1)``: the enum, the variant, then the payload by position; a missing part is nil."""
    asm = c.asm
    if pattern.enum is None or id(pattern.enum) not in c.names.uses:
        asm.emit("RESULT_TYPE")
    else:
        load(c, c.names.uses[id(pattern.enum)])
    asm.at(node.span)
    asm.emit("IS_VARIANT", pattern.variant)
    _unless(c, exits)
    for place, argument in enumerate(pattern.args or ()):
        asm.at(argument.span)
        if isinstance(argument, nodes.Spread):
            asm.emit("ITEM", place)
            asm.emit("POP")
        elif not (isinstance(argument, nodes.Name) and argument.name == "_"):
            asm.emit("ITEM", place)
            _part(c, argument, exits, nested=True)
