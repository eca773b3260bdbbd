"""The shapes of builtins that call back for the elements of a list, in order.

    Each      for every element; the value is made of all results                  map filter group_by sort_by ...
    Search    until a verdict decides; the value is told by the place reached      find any all none find_index
    Fold      with what the call before gave                                        reduce

A builtin is a subclass that says what differs. All state is plain: the list, the callback, the results so far or the place
reached. The list must not change meanwhile: no builtin changes one, and a variable that owned it owns it no longer.
"""

from __future__ import annotations

from harn.source.typing import Any
from harn.vm.frame import Answer, Done, Native

Value = Any


class Each(Native):
    """Calls back with every element; ``finish`` makes the value of ``results``, one for each of ``items``."""

    __slots__ = ("callback", "items", "results")

    def __init__(self, items: list[Value], callback: Value) -> None:
        self.items = items
        self.callback = callback
        self.results: list[Value] = []

    def start(self) -> Answer:
        return (self.items[0],) if self.items else Done(self.finish())

    def resume(self, value: Value) -> Answer:
        results = self.results
        results.append(value)
        try:
            return (self.items[len(results)],)
        except IndexError:
            pass
        return Done(self.finish())

    def finish(self) -> Value:
        """The builtin's value, when every element has its result."""
        raise NotImplementedError


class Search(Native):
    """Calls back with one element after the other until a verdict's truth is ``decisive``."""

    __slots__ = ("callback", "items", "place")
    decisive = True

    def __init__(self, items: list[Value], callback: Value) -> None:
        self.items = items
        self.callback = callback
        self.place = 0

    def start(self) -> Answer:
        return (self.items[0],) if self.items else Done(self.missed())

    def resume(self, value: Value) -> Answer:
        if bool(value) is self.decisive:
            return Done(self.found())
        place = self.place = self.place + 1
        if place < len(self.items):
            return (self.items[place],)
        return Done(self.missed())

    def found(self) -> Value:
        """The value where the element at ``place`` decided."""
        raise NotImplementedError

    def missed(self) -> Value:
        """The value where no element did."""
        raise NotImplementedError


class AnyOf(Search):
    """Whether an element's verdict was truthy."""

    __slots__ = ()
    name = "any"
    outcome = True
    """The value where an element decided; it is the opposite where none did."""

    def found(self) -> bool:
        return self.outcome

    def missed(self) -> bool:
        return not self.outcome


class AllOf(AnyOf):
    """Whether every element's verdict was truthy."""

    __slots__ = ()
    name = "all"
    decisive = False
    outcome = False


class NoneOf(AnyOf):
    """Whether no element's verdict was truthy."""

    __slots__ = ()
    name = "none"
    outcome = False


class Fold(Native):
    """Calls back with what the last call gave (at first ``initial``) and the next element; the last result is the value."""

    __slots__ = ("callback", "initial", "items", "place")

    def __init__(self, items: list[Value], initial: Value, callback: Value) -> None:
        self.items = items
        self.initial = initial
        self.callback = callback
        self.place = 0

    def start(self) -> Answer:
        initial, self.initial = self.initial, None
        return self.resume(initial)

    def resume(self, value: Value) -> Answer:
        place = self.place
        if place < len(self.items):
            self.place = place + 1
            return (value, self.items[place])
        return Done(value)
