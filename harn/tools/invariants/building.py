"""From a function's tree to the graph of its control flow."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import attrs

from harn.resolve.placeholders import placeholders
from harn.resolve.tree import children
from harn.source.span import Span
from harn.syntax import nodes
from harn.tools.invariants.graph import Act, Assigns, Calls, Flow, Node

SCOPES = frozenset(("dual_control",))
"""Builtins whose closure runs only when people have agreed."""


def flow(name: str, declared: Any, knows: Callable[[str], bool]) -> Flow:
    """The graph of a function, tool, pipeline or closure. ``knows``: whether a name means a function there."""
    builder = _Builder(Node(f"enter `{name}`", declared.span), Node("return", declared.span), knows)
    for param in declared.params:
        if getattr(param, "default", None) is not None:
            builder.maybe(partial(builder.visit, param.default))
    builder.block(declared.body)
    builder.lead(builder.ends, builder.exit)
    return Flow(builder.entry, builder.exit)


@attrs.frozen
class _Loop:
    """Where ``continue`` goes, and what has left by ``break``."""

    head: Node
    left: list[Node]


class _Builder:
    """``ends`` are the nodes whose flow is open: the next node follows them. There are none where the flow has been left."""

    def __init__(self, entry: Node, exit: Node, knows: Callable[[str], bool]) -> None:
        self.entry = entry
        self.exit = exit
        self.knows = knows
        self.ends = [entry]
        self.loops: list[_Loop] = []
        # What a return leads to: the exit, or the end of the closure; the nodes of the try blocks that stand open.
        self.returns: list[Node] = [exit]
        self.tries: list[list[Node]] = []
        self.approved = 0  # how many approval scopes stand around

    # ------------------------------------------------------------------------------------- laying nodes

    def add(self, label: str, span: Span, act: Act | None = None) -> Node:
        """A node behind what is open; it is what is open now."""
        node = Node(label, span, act, self.approved > 0)
        self.lead(self.ends, node)
        self.ends = [node]
        if self.tries:
            self.tries[-1].append(node)
        return node

    def lead(self, ends: list[Node], to: Node) -> None:
        """Edges from open nodes."""
        for end in ends:
            end.after.append(to)

    def maybe(self, lay: Callable[[], None]) -> None:
        """Something that may be left out."""
        before = list(self.ends)
        lay()
        self.ends += before

    def block(self, body: nodes.Block) -> None:
        """Statements, one after the other."""
        for statement in body:
            self.visit(statement)

    def visit(self, node: Any) -> None:
        """Anything that is evaluated: by its own method, or its parts from left to right."""
        lay = _LAYING.get(node.__class__)
        if lay is not None:
            lay(self, node)
        else:
            for part in reversed(children(node)):
                self.visit(part)

    def branches(self, lays: list[Callable[[], None]]) -> None:
        """One of several goes on."""
        before, after = list(self.ends), []
        for lay in lays:
            self.ends = list(before)
            lay()
            after += self.ends
        self.ends = after

    def body(self, label: str, span: Span, body: nodes.Block) -> None:
        """A labelled block."""
        self.add(label, span)
        self.block(body)

    # ------------------------------------------------------------------------------------- calls and names

    def call(self, name: str, args: tuple[Any, ...], span: Span) -> None:
        """A call by name, its arguments before it; the closures of an approval scope run inside of it."""
        if name in SCOPES:
            handed = [arg for arg in args if self.is_code(arg)]
            for arg in args:
                if arg not in handed:
                    self.visit(arg)
            self.add(f"call `{name}`", span, Calls(name, args))
            self.approved += 1
            for arg in handed:
                self.visit(arg)
            self.approved -= 1
            return
        for arg in args:
            self.visit(arg)
        self.add(f"call `{name}`", span, Calls(name, args))

    def is_code(self, arg: Any) -> bool:
        """A closure, or the name of a function."""
        return isinstance(arg, nodes.Closure) or (isinstance(arg, nodes.Name) and self.knows(arg.name))

    def lay_call(self, node: nodes.Call) -> None:
        self.call(node.callee.name, node.args, node.span)

    def lay_pipe(self, node: nodes.Pipe) -> None:
        self.visit(node.value)
        target = node.target
        if isinstance(target, nodes.Name):
            self.add(f"call `{target.name}`", target.span, Calls(target.name, (node.value,)))
        elif isinstance(target, nodes.Call):
            args = tuple(node.value if _is_placeholder(arg) else arg for arg in target.args)
            for arg, written in zip(args, target.args, strict=True):
                if arg is written:
                    self.visit(arg)
            if not list(placeholders(target)):
                args = (node.value, *args)
            self.add(f"call `{target.callee.name}`", target.span, Calls(target.callee.name, args))
        else:
            self.visit(target)

    def lay_name(self, node: nodes.Name) -> None:
        """A function that is handed on may be called there."""
        if self.knows(node.name):
            self.maybe(partial(self.call, node.name, (), node.span))

    def lay_closure(self, node: nodes.Closure) -> None:
        """A closure may run where it is written, any number of times."""
        end = Node("end of closure", node.span)
        tries, loops, self.loops = len(self.tries), self.loops, []
        before = list(self.ends)
        head = self.add("closure", node.span)
        self.returns.append(end)
        self.block(node.body)
        self.returns.pop()
        self.loops = loops
        self.lead(self.ends, end)
        del self.tries[tries:]
        end.after.append(head)
        self.ends = [end, *before]

    # ------------------------------------------------------------------------------------- bindings

    def lay_let(self, node: nodes.Let) -> None:
        pattern = node.pattern
        if isinstance(pattern, nodes.NamePattern):
            if not (isinstance(node.value, nodes.Closure) and self.knows(pattern.name)):
                self.visit(node.value)
            self.add(f"assign `{pattern.name}`", node.span, Assigns(pattern.name, "let", node.value))
        else:
            self.visit(node.value)
            self.visit(pattern)

    def lay_assign(self, node: nodes.Assign) -> None:
        if not isinstance(node.target, nodes.Name):
            self.visit(node.target)
        self.visit(node.value)
        target = path(node.target)
        self.add(f"assign `{target or '...'}`", node.span, Assigns(target, node.op, node.value))

    # ------------------------------------------------------------------------------------- branches

    def lay_if(self, node: nodes.If) -> None:
        self.visit(node.condition)
        self.branches(
            [
                partial(self.body, "if the condition holds", node.condition.span, node.then),
                partial(self.body, "if it does not hold", node.condition.span, node.otherwise or ()),
            ]
        )

    def lay_ternary(self, node: nodes.Ternary) -> None:
        self.visit(node.condition)
        self.branches([partial(self.visit, node.then), partial(self.visit, node.otherwise)])

    def lay_binary(self, node: nodes.Binary) -> None:
        self.visit(node.left)
        if node.op in ("&&", "||", "??"):
            self.maybe(partial(self.visit, node.right))
        else:
            self.visit(node.right)

    def lay_match(self, node: nodes.Match) -> None:
        self.visit(node.subject)
        self.branches([partial(self.arm, arm) for arm in node.arms])

    def arm(self, arm: nodes.Arm) -> None:
        """An arm of ``match``; its pattern evaluates nothing."""
        self.add("arm", arm.span)
        if arm.guard is not None:
            self.visit(arm.guard)
        self.block(arm.body)

    def lay_guard(self, node: nodes.Guard) -> None:
        self.visit(node.condition)
        self.branches([lambda: None, partial(self.body, "if the guard fails", node.condition.span, node.body)])

    def lay_select(self, node: nodes.Select) -> None:
        for case in node.cases:
            self.visit(case.channel)
        lays: list[Callable[[], None]] = [
            partial(self.body, "case of select", case.span, case.body) for case in node.cases
        ]
        for label, block in (("timeout of select", node.timeout_body), ("default of select", node.default_body)):
            if block is not None:
                lays.append(partial(self.body, label, node.span, block))
        self.branches(lays)

    # ------------------------------------------------------------------------------------- loops and other tasks

    def loop(self, label: str, span: Span, body: nodes.Block, condition: Any = None) -> None:
        """A block that runs any number of times."""
        head = self.add(label, span)
        if condition is not None:
            self.visit(condition)
        tested = list(self.ends)
        around = _Loop(head, [])
        self.loops.append(around)
        self.block(body)
        self.loops.pop()
        self.lead(self.ends, head)
        self.ends = [*tested, *around.left]

    def lay_while(self, node: nodes.While) -> None:
        self.loop("while", node.condition.span, node.body, node.condition)

    def lay_for(self, node: nodes.For) -> None:
        self.visit(node.iterable)
        self.loop("for", node.span, node.body)

    def lay_parallel(self, node: nodes.Parallel) -> None:
        self.visit(node.subject)
        for option in node.options:
            self.visit(option.value)
        self.loop("parallel", node.span, node.body)

    def lay_spawn(self, node: nodes.Spawn) -> None:
        self.maybe(partial(self.body, "spawn", node.span, node.body))

    def lay_retry(self, node: nodes.Retry) -> None:
        self.visit(node.count)
        head = self.add("retry", node.span)
        inside = self.trying(partial(self.block, node.body))
        for thrower in inside:
            thrower.thrown.append(head)

    def lay_defer(self, node: nodes.Defer) -> None:
        self.maybe(partial(self.body, "defer", node.span, node.body))

    # ------------------------------------------------------------------------------------- leaving

    def leave(self, label: str, span: Span, to: Node | None) -> None:
        """A statement behind which nothing follows."""
        node = self.add(label, span)
        if to is not None:
            node.after.append(to)
        self.ends = []

    def lay_return(self, node: nodes.Return) -> None:
        if node.value is not None:
            self.visit(node.value)
        self.leave("return", node.span, self.returns[-1])

    def lay_throw(self, node: nodes.Throw) -> None:
        self.visit(node.value)
        self.leave("throw", node.span, None)

    def lay_break(self, node: nodes.Break) -> None:
        left = self.add("break", node.span)
        if self.loops:
            self.loops[-1].left.append(left)
        self.ends = []

    def lay_continue(self, node: nodes.Continue) -> None:
        self.leave("continue", node.span, self.loops[-1].head if self.loops else None)

    def lay_propagate(self, node: nodes.Propagate | nodes.TryStar) -> None:
        self.visit(node.operand)
        self.add("`?`", node.span).after.append(self.returns[-1])

    # ------------------------------------------------------------------------------------- try

    def trying(self, lay: Callable[[], None]) -> list[Node]:
        """Lay something; the nodes of it that may throw."""
        inside: list[Node] = []
        self.tries.append(inside)
        lay()
        self.tries.pop()
        if self.tries:  # what is not caught here goes on outwards
            self.tries[-1] += inside
        return inside

    def lay_try(self, node: nodes.Try) -> None:
        self.add("try", node.span)

        def attempt() -> None:
            inside = self.trying(partial(self.block, node.body))
            if node.catch is None:
                if node.cleanup is None:  # a Result: the flow goes on whatever was thrown
                    after = Node("end of try", node.span)
                    self.lead(self.ends, after)
                    for thrower in inside:
                        thrower.thrown.append(after)
                    self.ends = [after]
                return
            done, self.ends = self.ends, []
            caught = self.add("catch", node.catch.span)
            for thrower in inside:
                thrower.thrown.append(caught)
            self.block(node.catch.body)
            self.ends += done

        if node.cleanup is None:
            attempt()
            return
        inside = self.trying(attempt)
        cleanup = self.add("finally", node.span)
        for thrower in inside:
            thrower.thrown.append(cleanup)
        self.block(node.cleanup)
        self.lead(self.ends, self.returns[-1])  # a return in the body goes through here


_LAYING: dict[type, Callable[[_Builder, Any], None]] = {
    nodes.Call: _Builder.lay_call,
    nodes.Pipe: _Builder.lay_pipe,
    nodes.Name: _Builder.lay_name,
    nodes.Closure: _Builder.lay_closure,
    nodes.Let: _Builder.lay_let,
    nodes.Assign: _Builder.lay_assign,
    nodes.If: _Builder.lay_if,
    nodes.Ternary: _Builder.lay_ternary,
    nodes.Binary: _Builder.lay_binary,
    nodes.Match: _Builder.lay_match,
    nodes.Guard: _Builder.lay_guard,
    nodes.Select: _Builder.lay_select,
    nodes.While: _Builder.lay_while,
    nodes.For: _Builder.lay_for,
    nodes.Parallel: _Builder.lay_parallel,
    nodes.Spawn: _Builder.lay_spawn,
    nodes.Retry: _Builder.lay_retry,
    nodes.Defer: _Builder.lay_defer,
    nodes.Return: _Builder.lay_return,
    nodes.Throw: _Builder.lay_throw,
    nodes.Break: _Builder.lay_break,
    nodes.Continue: _Builder.lay_continue,
    nodes.Propagate: _Builder.lay_propagate,
    nodes.TryStar: _Builder.lay_propagate,
    nodes.Try: _Builder.lay_try,
    nodes.Fn: lambda builder, node: None,  # its body runs where it is called
}


def path(target: Any) -> str:
    """``a`` or ``a.b`` as text; empty for any other target."""
    names: list[str] = []
    while isinstance(target, nodes.Property):
        names.append(target.name)
        target = target.receiver
    return ".".join(reversed([*names, target.name])) if isinstance(target, nodes.Name) else ""


def _is_placeholder(arg: Any) -> bool:
    return isinstance(arg, nodes.Name) and arg.name == "_"
