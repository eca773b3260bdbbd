"""Methods of dicts, and the functions that list one. Keys are texts: a key of another kind stands for its display text.

Every walk goes in key order. None changes its receiver.
"""

from __future__ import annotations

from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.values import sequences
from harn.values.display import display
from harn.values.kinds import Iter
from harn.vm.arguments import is_callable
from harn.vm.frame import Native
from harn.vm.iterating import iterate
from harn.vm.shapes import Each

Dict = dict[str, Any]


def key_text(key: Any) -> str:
    """The key a value stands for."""
    return key if key.__class__ is str else display(key)


# ------------------------------------------------------------------------------------------ reading


@builtin("dict.keys() -> list<string>", examples=[("{b: 2, a: 1}.keys()", "[a, b]")])
@builtin("keys<V>(entries: dict<string, V>) -> list<string>", examples=[("keys({b: 2, a: 1})", "[a, b]")])
def keys(entries: Dict) -> list[str]:
    """The keys, sorted."""
    return sorted(entries)


@builtin("dict.values() -> list<V>", examples=[("{b: 2, a: 1}.values()", "[1, 2]")])
@builtin("values<V>(entries: dict<string, V>) -> list<V>", examples=[("values({b: 2, a: 1})", "[1, 2]")])
def values(entries: Dict) -> list[Any]:
    """The values in key order."""
    return [entries[key] for key in sorted(entries)]


@builtin("dict.entries() -> list<{key: string, value: V}>", examples=[("{a: 1}.entries()", "[{key: a, value: 1}]")])
@builtin(
    "entries<V>(entries: dict<string, V>) -> list<{key: string, value: V}>",
    examples=[("entries({a: 1})", "[{key: a, value: 1}]")],
)
def entries(entries: Dict) -> list[Dict]:
    """For every entry a dict of its key and value, in key order."""
    return [{"key": key, "value": entries[key]} for key in sorted(entries)]


@builtin("dict.count() -> int", examples=[("{a: 1}.count()", "1")])
def count(entries: Dict) -> int:
    """How many entries the dict has."""
    return len(entries)


@builtin("dict.has(key?: any) -> bool", examples=[('{a: nil}.has("a")', "true"), ("{a: nil}.has(1)", "false")])
def has(entries: Dict, key: Any = "") -> bool:
    """Whether there is an entry under the key."""
    return key_text(key) in entries


@builtin(
    "dict.get<D>(key?: any, otherwise?: D) -> V | D",
    keeps=["otherwise"],
    examples=[('{a: 1}.get("a")', "1"), ('{a: 1}.get("b", 0)', "0"), ('{a: nil}.get("a", 0)', "nil")],
)
def get(entries: Dict, key: Any = "", otherwise: Any = None) -> Any:
    """The value under the key; where there is no entry, `otherwise`."""
    return entries.get(key_text(key), otherwise)


@builtin("dict.iter() -> iter<pair<string, V>>", keeps=["receiver"], examples=[("{a: 1}.iter().to_list()", "[(a, 1)]")])
def iterator(entries: Dict) -> Iter:
    """A lazy iterator over the entries as pairs of key and value, in key order."""
    return iterate(entries)


# ------------------------------------------------------------------------------------------ changed copies


@builtin(
    "dict.merge(other?: any | dict, ignored?: any | nil) -> dict<string, any>",
    examples=[("{a: 1, b: 1}.merge({b: 2})", "{a: 1, b: 2}")],
)
def merge(entries: Dict, other: Any = None, ignored: Any = None) -> Dict:
    """The entries of both; where both have a key, that of `other`, which counts only as a dict."""
    return {**entries, **other} if other.__class__ is dict else entries.copy()


@builtin("dict.remove(key?: any) -> dict<string, V>", examples=[('{a: 1, b: 2}.remove("a")', "{b: 2}")])
def remove(entries: Dict, key: Any = "") -> Dict:
    """The dict without the entry under the key."""
    left = entries.copy()
    left.pop(key_text(key), None)
    return left


# ------------------------------------------------------------------------------------------ calling back


class EachValue(Each):
    """Calls back with every value, in key order."""

    __slots__ = ("keys",)

    def __init__(self, entries: Dict, callback: Any) -> None:
        self.keys = sorted(entries)
        Each.__init__(self, [entries[key] for key in self.keys], callback)


class MapValues(EachValue):
    """The results under the keys."""

    __slots__ = ()
    name = "map_values"

    def finish(self) -> Dict:
        return dict(zip(self.keys, self.results, strict=True))


@builtin(
    "dict.map_values<U>(f?: any | fn(V) -> U) -> dict<string, U>",
    form="native",
    examples=[("{a: 1, b: 2}.map_values({ v -> v * 10 })", "{a: 10, b: 20}")],
)
def map_values(entries: Dict, f: Any = None) -> Native | None:
    """Under every key what `f` gives for its value; nil where `f` cannot be called."""
    return MapValues(entries, f) if is_callable(f) else None


class Filter(EachValue):
    """The entries with a truthy result."""

    __slots__ = ()
    name = "filter"

    def finish(self) -> Dict:
        kept = sequences.kept(list(zip(self.keys, self.items, strict=True)), self.results)
        return dict(kept)


@builtin(
    "dict.filter(f?: any | fn(V) -> any) -> dict<string, V>",
    form="native",
    examples=[("{a: 1, b: 2}.filter({ v -> v > 1 })", "{b: 2}")],
)
def filter_(entries: Dict, f: Any = None) -> Native | None:
    """The entries for whose values `f` gives something truthy; nil where `f` cannot be called."""
    return Filter(entries, f) if is_callable(f) else None


class MapKeys(Each):
    """The values under the display texts of the results."""

    __slots__ = ("values",)
    name = "map_keys"

    def __init__(self, entries: Dict, callback: Any) -> None:
        names = sorted(entries)
        Each.__init__(self, list(names), callback)
        self.values = [entries[name] for name in names]

    def finish(self) -> Dict:
        return {key_text(key): value for key, value in zip(self.results, self.values, strict=True)}


@builtin(
    "dict.map_keys(f?: any | fn(string) -> any) -> dict<string, V>",
    form="native",
    aliases=["rekey"],
    examples=[('{a: 1}.map_keys({ k -> k + "!" })', "{a!: 1}"), ('{a: 1, b: 2}.rekey({ k -> "x" })', "{x: 2}")],
)
def map_keys(entries: Dict, f: Any = None) -> Native | None:
    """The values under what `f` gives for their keys, of equal new keys the last; nil where `f` cannot be called."""
    return MapKeys(entries, f) if is_callable(f) else None
