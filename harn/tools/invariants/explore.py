"""All paths through a function and through what it calls, for one promise.

A function is explored once for each state it is entered with; what was found is kept, and every call of it is judged by that.
A call back into a function that is being explored leaves the state as it is: what it does is found where it was entered first.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple, Protocol

from harn.source.file import SourceFile
from harn.source.span import Span
from harn.tools.invariants.functions import Function
from harn.tools.invariants.graph import Act, Calls, Node

State = bool
"""What is known on a path: whether somebody has approved what is done. Other promises know nothing and leave it False."""


class Step(NamedTuple):
    """One point of a path."""

    label: str
    file: SourceFile
    span: Span


class Violation(NamedTuple):
    """What breaks a promise, and a shortest way there."""

    message: str
    help: str
    path: tuple[Step, ...]


class Promise(Protocol):
    """What is held against the paths."""

    def after(self, function: Function, act: Act, state: State) -> tuple[State, str]:
        """The state behind an act that no known function performs, and what is wrong with it; empty where nothing is."""
        ...

    def entering(self, function: Function, state: State) -> State | None:
        """The state a called function begins with; None where it is of no interest."""
        ...

    @property
    def help(self) -> str:
        """What one does about a violation."""
        ...


class Summary(NamedTuple):
    """What a function does when entered with some state: what breaks the promise, and the states it may end in."""

    violations: tuple[Violation, ...]
    ends: frozenset[State]


class Explorer:
    """Explores functions for one promise."""

    def __init__(self, promise: Promise) -> None:
        self.promise = promise
        self._known: dict[tuple[int, State], Summary] = {}
        self._functions: list[Function] = []  # keeps the ids of the keys theirs

    def explore(self, function: Function, state: State) -> Summary:
        """What a function does when entered with a state."""
        key = (id(function), state)
        found = self._known.get(key)
        if found is None:
            self._functions.append(function)
            self._known[key] = Summary((), frozenset((state,)))
            found = self._known[key] = self._paths(function, state)
        return found

    def _paths(self, function: Function, state: State) -> Summary:
        flow = function.flow
        origin: dict[tuple[int, State], tuple[Node, State] | None] = {(id(flow.entry), state): None}
        waiting = deque([(flow.entry, state)])
        violations: dict[tuple[str, Span], Violation] = {}
        ends: set[State] = set()
        while waiting:
            node, state = waiting.popleft()
            if node is flow.exit:
                ends.add(state)
                continue
            states, broken = self._perform(function, node, state)
            way = None
            for violation in broken:
                where = (violation.path[-1].file.path, violation.path[-1].span)
                if where not in violations:
                    way = way or _way(function, origin, node, state)
                    violations[where] = violation._replace(path=(*way, *violation.path[1:]))
            following = [(after, new) for after in node.after for new in states]
            following += [(handler, state) for handler in node.thrown]
            for after, new in following:
                if (id(after), new) not in origin:
                    origin[id(after), new] = (node, state)
                    waiting.append((after, new))
        return Summary(tuple(violations.values()), frozenset(ends))

    def _perform(self, function: Function, node: Node, state: State) -> tuple[frozenset[State], tuple[Violation, ...]]:
        """The states behind a node, and the violations in it; the path of each begins with the node itself."""
        act = node.act
        if act is None:
            return frozenset((state,)), ()
        held = state or node.approved
        here = Step(node.label, function.file, node.span)
        called = function.called(act.name) if isinstance(act, Calls) else None
        if called is not None:
            entered = self.promise.entering(called, held)
            if entered is None:
                return frozenset((state,)), ()
            summary = self.explore(called, entered)
            inner = tuple(violation._replace(path=(here, *violation.path)) for violation in summary.violations)
            return (summary.ends if entered == state else frozenset((state,))), inner
        new, message = self.promise.after(function, act, held)
        return frozenset((new if held == state else state,)), (
            Violation(message, self.promise.help, (here,)),
        ) if message else ()


def _way(
    function: Function, origin: dict[tuple[int, State], tuple[Node, State] | None], node: Node, state: State
) -> list[Step]:
    """The shortest way to a node, which is part of it."""
    way = []
    at: tuple[Node, State] | None = (node, state)
    while at is not None:
        way.append(Step(at[0].label, function.file, at[0].span))
        at = origin[id(at[0]), at[1]]
    return way[::-1]
