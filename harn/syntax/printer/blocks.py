"""Blocks, and the expressions that have one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from harn.syntax.nodes import (
    Arm,
    Assign,
    Binary,
    Block,
    BoolLiteral,
    Break,
    Call,
    Catch,
    Closure,
    Continue,
    Deadline,
    DictLiteral,
    DurationLiteral,
    Emit,
    Expr,
    FloatLiteral,
    If,
    Index,
    Interpolation,
    IntLiteral,
    ListLiteral,
    Match,
    MethodCall,
    Mutex,
    Name,
    NilLiteral,
    OrPattern,
    Parallel,
    Pipe,
    Propagate,
    Property,
    Range,
    Require,
    Retry,
    Return,
    Select,
    SelectCase,
    Slice,
    Spawn,
    Statement,
    StringLiteral,
    Ternary,
    Try,
    TryStar,
    Unary,
    Yield,
)
from harn.syntax.printer.engine import Line, Printer, Steps, Work, pad, prints
from harn.syntax.printer.types import annotated, joined

_ONE_LINERS = (
    Interpolation, IntLiteral, FloatLiteral, BoolLiteral, NilLiteral, DurationLiteral, Name, ListLiteral, DictLiteral, Unary,
    Binary, Pipe, Range, Ternary, Call, MethodCall, Property, Index, Slice, Propagate, TryStar,
    Assign, Return, Require, Break, Continue,
)  # fmt: skip
"""What stands on one line with the braces around it, if it is all a closure or an arm consists of."""

_STRUCT_NAME = re.compile(r"(?<![\w.])[A-Z]\w*$")


def block(p: Printer, body: Block, depth: int, after: int, opening: str = "{") -> Work[str]:
    """Statements one a line between braces; ``after`` is an offset before the closing brace and behind all other braces."""
    lines = yield from lines_of(p, body, depth + 1)
    if p.origin.pending:
        lines += p.comments_before(closing(p, body, after), depth + 1)
    return opening + "".join(pad(depth + 1) + line for line in lines) + pad(depth) + "}"


def short_block(p: Printer, body: Block, depth: int, after: int, opening: str = "{") -> Work[str]:
    """A block, on one line where it is one simple expression without a comment."""
    if len(body) == 1 and _is_simple(body[0]) and not p.origin.within(after, closing(p, body, after)):
        text = yield p.node(body[0], depth)
        return f"{opening} {text} }}"
    return (yield from block(p, body, depth, after, opening))


def lines_of(p: Printer, nodes: Sequence[object], depth: int) -> Work[list[str]]:
    """The lines of a sequence of statements, arms, fields or the like, with their comments."""
    lines: list[str] = []
    for node in nodes:
        line = yield from p.line(node, depth)
        lines += p.comments(line.lead, depth)
        lines.append(line_text(node, line))
    return lines


def line_text(node: object, line: Line) -> str:
    """A statement and the comment behind it. ``fn (x) { }`` alone would be read as a declaration without its name."""
    text = f"({line.text})" if isinstance(node, Closure) and node.keyword else line.text
    return f"{text} {line.trail}" if line.trail else text


def closing(p: Printer, body: Sequence[Statement], after: int) -> int:
    """The offset of the brace that closes a block."""
    return p.origin.find("}", max(after, body[-1].span.end) if body else after)


def head(p: Printer, node: Expr, depth: int, body: Sequence[object] = ()) -> Work[str]:
    """An expression before a brace that opens a block.

    It stands in parentheses where the brace would be read as part of it: ``x? {`` begins a ternary, ``Name {}`` is a struct.
    """
    text = yield p.node(node, depth)
    return f"({text})" if text.endswith("?") or (not body and _STRUCT_NAME.search(text)) else text


def _is_simple(node: Statement) -> bool:
    return isinstance(node, _ONE_LINERS) or (isinstance(node, StringLiteral) and node.form != "raw")


@prints(If)
def if_(p: Printer, node: If, depth: int) -> Steps:
    pieces: list[str] = []
    current = node
    while True:
        condition = yield from head(p, current.condition, depth, current.then)
        after = current.condition.span.end
        pieces.append((yield from block(p, current.then, depth, after, f"if {condition} {{")))
        if current.otherwise is None:
            return "".join(pieces)
        pieces.append(" else ")
        following = current.otherwise[0] if len(current.otherwise) == 1 else None
        if not isinstance(following, If) or not _directly(p, current, following):
            after = closing(p, current.then, after) + 1
            pieces.append((yield from block(p, current.otherwise, depth, after)))
            return "".join(pieces)
        current = following


def _directly(p: Printer, outer: If, inner: If) -> bool:
    """Whether an ``else if`` was written so, and not as an ``if`` alone in the block of an ``else``."""
    if not p.origin.text:
        return True
    start = p.origin.token(closing(p, outer.then, outer.condition.span.end) + 1)
    return p.origin.token(start + len("else")) == inner.span.start


@prints(Match)
def match(p: Printer, node: Match, depth: int) -> Steps:
    subject = yield from head(p, node.subject, depth, node.arms)
    lines = yield from lines_of(p, node.arms, depth + 1)
    lines += p.comments_before(node.span.end - 1, depth + 1)
    return f"match {subject} {{" + "".join(pad(depth + 1) + line for line in lines) + pad(depth) + "}"


@prints(Arm)
def arm(p: Printer, node: Arm, depth: int) -> Steps:
    pattern = yield p.node(node.pattern, depth)
    after = node.pattern.span.end
    if node.guard is not None:
        pattern += f" if {yield p.node(node.guard, depth)}"
        after = node.guard.span.end
    return (yield from short_block(p, node.body, depth, after, f"{pattern} -> {{"))


@prints(OrPattern)
def or_pattern(p: Printer, node: OrPattern, depth: int) -> Steps:
    return (yield from joined(p, node.alternatives, depth, " | "))


@prints(Closure)
def closure(p: Printer, node: Closure, depth: int) -> Steps:
    params = yield from joined(p, node.params, depth)
    after = node.params[-1].span.end if node.params else node.span.start + 1
    if node.keyword:
        result = yield from annotated(p, node.result, depth, " -> ")
        if node.result is not None:
            after = node.result.span.end
        return (yield from short_block(p, node.body, depth, after, f"fn({params}){result} {{"))
    return (yield from short_block(p, node.body, depth, after, f"{{ {params} ->" if params else "{ ->"))


@prints(Try)
def try_(p: Printer, node: Try, depth: int) -> Steps:
    after = node.span.start
    text = yield from block(p, node.body, depth, after, "try {")
    after = closing(p, node.body, after) + 1
    if node.catch is not None:
        text += f" {yield p.node(node.catch, depth)}"
        after = node.catch.span.end
    if node.cleanup is not None:
        text += " " + (yield from block(p, node.cleanup, depth, after, "finally {"))
    return text


@prints(Catch)
def catch(p: Printer, node: Catch, depth: int) -> Steps:
    after = node.span.start if node.type is None else node.type.span.end
    name = "" if node.name is None else f"({node.name}{yield from annotated(p, node.type, depth)}) "
    return (yield from block(p, node.body, depth, after, f"catch {name}{{"))


@prints(Retry)
def retry(p: Printer, node: Retry, depth: int) -> Steps:
    count = yield from _single(p, node.count, depth)
    return (yield from block(p, node.body, depth, node.count.span.end, f"retry {count} {{"))


@prints(Deadline)
def deadline(p: Printer, node: Deadline, depth: int) -> Steps:
    duration = yield from _single(p, node.duration, depth)
    return (yield from block(p, node.body, depth, node.duration.span.end, f"deadline {duration} {{"))


def _single(p: Printer, node: Expr, depth: int) -> Work[str]:
    """The operand of ``retry`` or ``deadline``: a literal or a name, anything else in parentheses."""
    text = yield p.node(node, depth)
    bare = isinstance(node, (IntLiteral, FloatLiteral, DurationLiteral, StringLiteral, Name))
    return text if bare and not text.startswith("-") else f"({text})"


@prints(Parallel)
def parallel(p: Printer, node: Parallel, depth: int) -> Steps:
    subject = yield from head(p, node.subject, depth, node.body)
    mode = "" if node.mode == "count" else f"{node.mode} "
    if not mode and re.match(r"(?:each|settle)\b", subject):
        subject = f"({subject})"
    options = ""
    after = node.subject.span.end
    if node.options:
        options = f" with {{ {yield from joined(p, node.options, depth)} }}"
        after = p.origin.find("}", node.options[-1].span.end) + 1
    param = f" {node.param} ->" if node.param else ""
    text = yield from block(p, node.body, depth, after, f"parallel {mode}{subject}{options} {{{param}")
    return text + " as stream" if node.stream else text


@prints(Spawn)
def spawn(p: Printer, node: Spawn, depth: int) -> Steps:
    return (yield from block(p, node.body, depth, node.span.start, "spawn {"))


@prints(Mutex)
def mutex(p: Printer, node: Mutex, depth: int) -> Steps:
    return (yield from block(p, node.body, depth, node.span.start, "mutex {"))


@prints(Select)
def select(p: Printer, node: Select, depth: int) -> Steps:
    lines = yield from lines_of(p, node.cases, depth + 1)
    after = node.cases[-1].span.end if node.cases else node.span.start
    if node.timeout is not None:
        timeout = yield from head(p, node.timeout, depth + 1, node.timeout_body or ())
        after = node.timeout.span.end
        body = node.timeout_body or ()
        lines.append((yield from block(p, body, depth + 1, after, f"timeout {timeout} {{")))
        after = closing(p, body, after) + 1
    if node.default_body is not None:
        lines.append((yield from block(p, node.default_body, depth + 1, after, "default {")))
    lines += p.comments_before(node.span.end - 1, depth + 1)
    return "select {" + "".join(pad(depth + 1) + line for line in lines) + pad(depth) + "}"


@prints(SelectCase)
def select_case(p: Printer, node: SelectCase, depth: int) -> Steps:
    channel = yield from head(p, node.channel, depth, node.body)
    return (yield from block(p, node.body, depth, node.channel.span.end, f"{node.name} from {channel} {{"))


@prints(Yield)
def yield_(p: Printer, node: Yield, depth: int) -> Steps:
    return "yield" if node.value is None else f"yield {yield p.node(node.value, depth)}"


@prints(Emit)
def emit(p: Printer, node: Emit, depth: int) -> Steps:
    return f"emit {yield p.node(node.value, depth)}"
