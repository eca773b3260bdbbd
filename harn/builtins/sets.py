"""Sets: distinct values in order of first insertion. A set never changes; what adds or removes gives a new one.

Membership is value equality, so 1 and 1.0 are one member. The methods take a set where they need one and do little with
anything else; the functions ``set_union`` and the like insist on sets.
"""

from __future__ import annotations

from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.values import sequences
from harn.values.keys import key_of, set_of
from harn.values.kinds import Iter, Set
from harn.vm.arguments import is_callable
from harn.vm.frame import Native
from harn.vm.iterating import iterate
from harn.vm.shapes import AllOf, AnyOf, Each


@builtin(
    "set<T>(...items: T | list<T> | set<T>) -> set<T>",
    keeps=["items"],
    examples=[("set(1, [2, 1])", "set(1, 2)"), ('set("ab")', "set(ab)")],
)
def set_(*items: Any) -> Set:
    """The set of the arguments; lists and sets among them are replaced by what they hold."""
    members: list[Any] = []
    for item in items:
        if item.__class__ is list or item.__class__ is Set:
            members.extend(item)
        else:
            members.append(item)
    return set_of(members)


# ------------------------------------------------------------------------------------------ reading


@builtin("set.count() -> int", aliases=["len"], examples=[("set(1, 2).count()", "2"), ("set(1, 2).len()", "2")])
def count(members: Set) -> int:
    """How many members the set has."""
    return len(members)


@builtin("set.empty() -> bool", examples=[("set().empty()", "true")])
def empty(members: Set) -> bool:
    """Whether the set has no members."""
    return not members


@builtin("set.contains(value?: any) -> bool", examples=[("set(1, 2).contains(2.0)", "true")])
def contains(members: Set, value: Any = None) -> bool:
    """Whether a member equals `value`."""
    return key_of(value) in members.members


@builtin("set_contains(members: any | set, value: any) -> bool", examples=[("set_contains(set(1), 1)", "true")])
def set_contains(members: Any, value: Any) -> bool:
    """Whether a set has a member that equals `value`; false for what is no set."""
    return members.__class__ is Set and key_of(value) in members.members


@builtin("set.to_list() -> list<T>", examples=[("set(2, 1).to_list()", "[2, 1]")])
def to_list(members: Set) -> list[Any]:
    """The members in order of insertion."""
    return list(members)


@builtin("set.iter() -> iter<T>", keeps=["receiver"], examples=[("set(2, 1).iter().first()", "2")])
def iterator(members: Set) -> Iter:
    """A lazy iterator over the members in order of insertion."""
    return iterate(members)


# ------------------------------------------------------------------------------------------ changed copies


@builtin("set.add<U>(value?: U) -> set<T | U>", keeps=["value"], examples=[("set(1).add(2)", "set(1, 2)")])
@builtin(
    "set_add<T, U>(members: set<T>, value?: U) -> set<T | U>",
    keeps=["value"],
    examples=[("set_add(set(1), 2)", "set(1, 2)")],
)
def add(members: Set, value: Any = None) -> Set:
    """The set with `value` as a member."""
    key = key_of(value)
    return members if key in members.members else Set({**members.members, key: value})


@builtin("set.remove(value?: any) -> set<T>", aliases=["delete"], examples=[("set(1, 2).remove(1)", "set(2)")])
@builtin("set_remove<T>(members: set<T>, value?: any) -> set<T>", examples=[("set_remove(set(1, 2), 1)", "set(2)")])
def remove(members: Set, value: Any = None) -> Set:
    """The set without the member that equals `value`."""
    left = members.members.copy()
    left.pop(key_of(value), None)
    return Set(left)


# ------------------------------------------------------------------------------------------ two sets


@builtin(
    "set_union<T, U>(a: set<T>, b: set<U>) -> set<T | U>",
    examples=[("set_union(set(1, 2), set(2, 3))", "set(1, 2, 3)")],
)
def set_union(a: Set, b: Set) -> Set:
    """The members of either set, those of the first in front."""
    return Set({**a.members, **_without(b, a)})


@builtin("set_intersect<T>(a: set<T>, b: set) -> set<T>", examples=[("set_intersect(set(1, 2), set(2, 3))", "set(2)")])
def set_intersect(a: Set, b: Set) -> Set:
    """The members of the first set that the second has too."""
    return Set({key: value for key, value in a.members.items() if key in b.members})


@builtin(
    "set_difference<T>(a: set<T>, b: set) -> set<T>", examples=[("set_difference(set(1, 2), set(2, 3))", "set(1)")]
)
def set_difference(a: Set, b: Set) -> Set:
    """The members of the first set that the second has not."""
    return Set(_without(a, b))


@builtin(
    "set_symmetric_difference<T, U>(a: set<T>, b: set<U>) -> set<T | U>",
    examples=[("set_symmetric_difference(set(1, 2), set(2, 3))", "set(1, 3)")],
)
def set_symmetric_difference(a: Set, b: Set) -> Set:
    """The members that only one of the sets has."""
    return Set({**_without(a, b), **_without(b, a)})


@builtin("set_is_subset(a: any | set, b: any | set) -> bool", examples=[("set_is_subset(set(1), set(1, 2))", "true")])
def set_is_subset(a: Any, b: Any) -> bool:
    """Whether the second set has all members of the first; false for what is no set."""
    return _both_sets(a, b) and a.members.keys() <= b.members.keys()


@builtin(
    "set_is_superset(a: any | set, b: any | set) -> bool", examples=[("set_is_superset(set(1, 2), set(1))", "true")]
)
def set_is_superset(a: Any, b: Any) -> bool:
    """Whether the first set has all members of the second; false for what is no set."""
    return _both_sets(a, b) and a.members.keys() >= b.members.keys()


@builtin("set_is_disjoint(a: any | set, b: any | set) -> bool", examples=[("set_is_disjoint(set(1), set(2))", "true")])
def set_is_disjoint(a: Any, b: Any) -> bool:
    """Whether the sets have no member in common; true for what is no set."""
    return not _both_sets(a, b) or a.members.keys().isdisjoint(b.members.keys())


def _both_sets(a: Any, b: Any) -> bool:
    return a.__class__ is Set and b.__class__ is Set


def _without(a: Set, b: Set) -> dict[Any, Any]:
    """The members of ``a`` that ``b`` has not, with their keys."""
    return {key: value for key, value in a.members.items() if key not in b.members}


@builtin(
    "set.union<U>(other?: any | set<U>) -> set<T | U>",
    examples=[("set(1).union(set(2))", "set(1, 2)"), ("set(1).union([2])", "set(1)")],
)
def union(members: Set, other: Any = None) -> Set:
    """The members of either set; the set itself where `other` is none."""
    return set_union(members, other) if other.__class__ is Set else members


@builtin(
    "set.intersect(other?: any | set) -> set<T>",
    aliases=["intersection"],
    examples=[("set(1, 2).intersect(set(2))", "set(2)")],
)
def intersect(members: Set, other: Any = None) -> Set:
    """The members that `other` has too; none where `other` is no set."""
    return set_intersect(members, other) if other.__class__ is Set else Set({})


@builtin("set.difference(other?: any | set) -> set<T>", examples=[("set(1, 2).difference(set(2))", "set(1)")])
def difference(members: Set, other: Any = None) -> Set:
    """The members that `other` has not; the set itself where `other` is none."""
    return set_difference(members, other) if other.__class__ is Set else members


@builtin(
    "set.symmetric_difference<U>(other?: any | set<U>) -> set<T | U>",
    examples=[("set(1, 2).symmetric_difference(set(2, 3))", "set(1, 3)")],
)
def symmetric_difference(members: Set, other: Any = None) -> Set:
    """The members that only one of the sets has; the set itself where `other` is none."""
    return set_symmetric_difference(members, other) if other.__class__ is Set else members


@builtin("set.is_subset(other?: any | set) -> bool", examples=[("set(1).is_subset(set(1, 2))", "true")])
def is_subset(members: Set, other: Any = None) -> bool:
    """Whether `other` is a set with all members of this one."""
    return set_is_subset(members, other)


@builtin("set.is_superset(other?: any | set) -> bool", examples=[("set(1, 2).is_superset(set(1))", "true")])
def is_superset(members: Set, other: Any = None) -> bool:
    """Whether `other` is a set all of whose members this one has."""
    return set_is_superset(members, other)


@builtin("set.is_disjoint(other?: any | set) -> bool", examples=[("set(1).is_disjoint(set(2))", "true")])
def is_disjoint(members: Set, other: Any = None) -> bool:
    """Whether `other` has no member of this set, as anything that is no set has none."""
    return set_is_disjoint(members, other)


# ------------------------------------------------------------------------------------------ calling back


class Map(Each):
    """The set of all results."""

    __slots__ = ()
    name = "map"

    def finish(self) -> Set:
        return set_of(self.results)


@builtin(
    "set.map<U>(f?: any | fn(T) -> U) -> set<U>", form="native", examples=[("set(1, 2).map({ v -> v % 1 })", "set(0)")]
)
def map_(members: Set, f: Any = None) -> Native | None:
    """The set of what `f` gives for the members; nil where `f` cannot be called."""
    return Map(list(members), f) if is_callable(f) else None


class Filter(Each):
    """The set of the members with a truthy result."""

    __slots__ = ("members",)
    name = "filter"

    def __init__(self, members: Set, callback: Any) -> None:
        Each.__init__(self, list(members), callback)
        self.members = members

    def finish(self) -> Set:
        return Set(dict(sequences.kept(list(self.members.members.items()), self.results)))


@builtin(
    "set.filter(f?: any | fn(T) -> any) -> set<T>",
    form="native",
    examples=[("set(1, 2).filter({ v -> v > 1 })", "set(2)")],
)
def filter_(members: Set, f: Any = None) -> Native | None:
    """The members for which `f` gives something truthy; nil where `f` cannot be called."""
    return Filter(members, f) if is_callable(f) else None


@builtin("set.any(f?: any | fn(T) -> any) -> bool", form="native", examples=[("set(1, 2).any({ v -> v > 1 })", "true")])
def any_(members: Set, f: Any = None) -> Native | bool:
    """Whether `f` gives something truthy for a member; asks no further than the first."""
    return AnyOf(list(members), f) if is_callable(f) else False


@builtin(
    "set.all(f?: any | fn(T) -> any) -> bool",
    form="native",
    aliases=["every"],
    examples=[("set(1, 2).all({ v -> v > 1 })", "false")],
)
def all_(members: Set, f: Any = None) -> Native | bool:
    """Whether `f` gives something truthy for every member; asks no further than the first that fails."""
    return AllOf(list(members), f) if is_callable(f) else True
