"""What containers hold: the elements that a loop gets, and those that an iterator draws."""

from __future__ import annotations

from harn.types.assignability import expand
from harn.types.values import DYNAMIC, INT, STRING, Named, Type

_OF_ONE = ("list", "iter", "Stream", "Generator", "set", "iterable")


def iterated(type: Type) -> Type:
    """What a loop over a value gives; not known where that cannot be told."""
    opened = expand(type)
    if isinstance(opened, Named) and opened.declared is None:
        if opened.name in _OF_ONE and opened.args:
            return opened.args[0]
        if opened.name == "range":
            return INT
        if opened.name == "string":
            return STRING
    return DYNAMIC


def drawn(type: Type) -> Type:
    """What an iterator over a value draws: of a dict pairs, of anything else what a loop gets."""
    opened = expand(type)
    if isinstance(opened, Named) and opened.name == "dict" and len(opened.args) == 2:
        return Named("pair", opened.args)
    return iterated(opened)
