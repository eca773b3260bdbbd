"""The text of a value that ``hash_value`` hashes: kind and content, so that values of different kinds differ.

    nil N    true T    false F    int i7;    text s<bytes>:<text>    bytes b<hex>;    duration d<ms>;
    float f<bits as a number>;, a whole one the form of the int it equals
    list L<part>,<part>,]    dict D<bytes>:<key>=<part>,}    set S<part>,} with its parts sorted
    anything else o<bytes>:<kind><bytes>:<display text>

Equal values have equal texts. In the display text of a struct, a pair and the like that takes two changes: whole floats are
shown as ints, and sets in an order of their own.
"""

from __future__ import annotations

from itertools import chain, repeat
from struct import pack

from harn.source.typing import Any, Iterator
from harn.values.display import LEAVES, OPENERS, separated
from harn.values.errors import LimitReached
from harn.values.keys import NEVER, key_of
from harn.values.kinds import Duration, Set, type_name
from harn.values.measure import PARTS
from harn.values.numerals import float_text
from harn.values.render import Leaves, Opened, Openers, render


def hash_key(value: Any, limit: int) -> bytes:
    """The text of a value, in UTF-8; LimitReached above ``limit`` characters.

    A set has to be written before what it stands in, because the texts of its members are sorted: sets come first, inner
    ones before outer ones.
    """
    texts: dict[int, str] = {}
    size = 0

    def text(part: Any) -> str:
        return render(part, leaves, _OPENERS, lambda other: _by_display(other, limit), limit)

    leaves: Leaves = {**_LEAVES, Set: lambda members: texts[id(members)]}
    for members in _sets(value):
        parts = sorted(map(text, members))
        size += sum(map(len, parts))
        if size > limit:
            raise LimitReached("value_bytes", limit)
        texts[id(members)] = "S" + "".join(f"{part}," for part in parts) + "}"
    return text(value).encode("utf-8", "surrogatepass")


def _sets(value: Any) -> Iterator[Set]:
    """The sets in a value, each once, a set after those inside of it. Those in a struct and the like are its display text's."""
    met: set[int] = set()
    stack: list[tuple[Set | None, Iterator[Any]]] = [(None, iter((value,)))]
    while stack:
        owner, parts = stack[-1]
        for part in parts:
            kind = part.__class__
            if (kind is list or kind is dict or kind is Set) and id(part) not in met:
                met.add(id(part))
                stack.append((part if kind is Set else None, iter(PARTS[kind](part))))
                break
        else:
            stack.pop()
            if owner is not None:
                yield owner


def _text(text: str) -> str:
    return f"{len(text.encode('utf-8', 'surrogatepass'))}:{text}"


def _float(number: float) -> str:
    return f"i{int(number)};" if number.is_integer() else f"f{int.from_bytes(pack('>d', number), 'big')};"


def _list(items: list[Any]) -> Opened | str:
    return (zip(chain(("L",), repeat(",")), items, strict=False), ",]") if items else "L]"


def _dict(entries: dict[str, Any]) -> Opened | str:
    if not entries:
        return "D}"
    keys = sorted(entries)
    labels = [f"{',' if place else 'D'}{_text(key)}=" for place, key in enumerate(keys)]
    return zip(labels, [entries[key] for key in keys], strict=True), ",}"


_LEAVES: Leaves = {
    type(None): lambda value: "N",
    bool: lambda value: "T" if value else "F",
    int: lambda value: f"i{value};",
    float: _float,
    str: lambda value: "s" + _text(value),
    bytes: lambda value: f"b{value.hex()};",
    Duration: lambda value: f"d{value.ms};",
}
_OPENERS: Openers = {list: _list, dict: _dict}


def _by_display(value: Any, limit: int) -> str:
    """The form of a kind without a row: its display text, where equal values look alike."""
    shown = render(value, _SHOWN_LEAVES, _SHOWN_OPENERS, lambda other: f"<{type_name(other)}>", limit)
    return f"o{_text(type_name(value))}{_text(shown)}"


def _place_in_set(member: Any) -> str:
    """What members of a set are ordered by: the same for equal ones. Those that equal nothing come last as they stand."""
    key = key_of(member)
    if key.__class__ is NEVER:
        return "~"
    if key.__class__ is tuple:
        return str(key[0])
    return f"{int(key) if key.__class__ is float and key.is_integer() else key!r}"


def _shown_set(members: Set) -> Opened | str:
    ordered = sorted(members, key=_place_in_set)
    return (separated("set(", ordered), ")") if ordered else "set()"


_SHOWN_LEAVES: Leaves = {**LEAVES, float: lambda value: str(int(value)) if value.is_integer() else float_text(value)}
_SHOWN_OPENERS: Openers = {**OPENERS, Set: _shown_set}
