"""Reading parts of values: elements, slices, properties, and what ``for`` sees of a collection."""

from __future__ import annotations

from harn.source.typing import Any
from harn.values.display import display
from harn.values.errors import runtime_error, type_error
from harn.values.kinds import Enum, EnumType, Generator, Handle, Iter, Pair, Range, Set, Struct, type_name


def get_index(container: Any, index: Any) -> Any:
    """``container[index]``: nil outside lists, texts and dicts; an error outside ranges and on other kinds."""
    kind = container.__class__
    if kind is dict:
        return container.get(index if index.__class__ is str else display(index))
    if index.__class__ is int:
        if kind is list or kind is str:
            try:
                return container[index]
            except IndexError:
                return None
        if kind is Range:
            count = container.count()
            place = index + count if index < 0 else index
            if 0 <= place < count:
                return container.start + place
            raise runtime_error(f"range index out of range: index {index} for range of length {count}")
    raise type_error(f"cannot index into {type_name(container)} with {type_name(index)}")


def get_slice(container: Any, start: Any, end: Any) -> Any:
    """``container[start:end]``: bounds clamp, negatives count from the end, nil is an open end."""
    if container.__class__ is not list and container.__class__ is not str:
        raise type_error(f"cannot slice {type_name(container)}")
    for word, bound in (("start", start), ("end", end)):
        if bound is not None and bound.__class__ is not int:
            raise type_error(f"slice {word} must be an integer, got {type_name(bound)}")
    return container[start:end]


def get_property(receiver: Any, name: str) -> Any:
    """``receiver.name`` where it is not a call: nil for an unknown name on kinds that have properties, else an error."""
    kind = receiver.__class__
    if kind is dict:
        return receiver.get(name)
    if kind is Struct:
        return receiver.fields.get(name)
    if kind is list:
        if name == "count":
            return len(receiver)
        if name == "empty":
            return not receiver
        if name == "first":
            return receiver[0] if receiver else None
        return receiver[-1] if receiver and name == "last" else None
    if kind is str:
        return len(receiver) if name == "count" else not receiver if name == "empty" else None
    if kind is Enum:
        return receiver.variant if name == "variant" else list(receiver.payload) if name == "fields" else None
    if kind is EnumType:
        return Enum(receiver, name)
    if kind is Pair:
        if name == "first" or name == "second":
            return getattr(receiver, name)
        raise type_error(f"cannot access property `{name}` on pair (expected `first` or `second`)")
    raise type_error(f"cannot access property `{name}` on {type_name(receiver)}")


_WITH_PROPERTIES = (dict, Struct, list, str, Enum, EnumType)


def get_property_optional(receiver: Any, name: str) -> Any:
    """``receiver?.name``: nil wherever there is no such property."""
    if receiver.__class__ in _WITH_PROPERTIES or (receiver.__class__ is Pair and name in ("first", "second")):
        return get_property(receiver, name)
    return None


def begin_iteration(value: Any) -> tuple[Any, Any]:
    """What ``for`` keeps on the stack: (list, next index), (int to stop before, next int), or (iterator, 0).

    Kinds that cannot be iterated over, texts among them, give no rounds.
    """
    kind = value.__class__
    if kind is list:
        return value, 0
    if kind is Range:
        return value.stop, value.start
    if kind is dict:
        return [{"key": key, "value": value[key]} for key in sorted(value)], 0
    if kind is Set:
        return list(value), 0
    if kind is Iter or kind is Generator or getattr(kind, "harn_iterable", False):
        return value, 0
    if kind is Handle and hasattr(value.state, "source"):
        return Iter(value.state.source()), 0
    return [], 0
