"""The index of builtins: generated from the records, read by everything that must know a builtin without running it.

    name or type.method -> Entry(module, attribute, position, signature, effects, keeps, form, ...)

A wheel carries the index; on a checkout it is made at the first use and whenever a file of ``harn/builtins`` is newer.
Implementations are imported one module at a time, when the first call of one of their builtins is linked.
"""

from __future__ import annotations

import sys

from harn.catalog.record import Record
from harn.catalog.signature import Parameter, Signature
from harn.source.typing import Any, NamedTuple


class Entry(NamedTuple):
    """What is known of a builtin without importing it. ``key`` is the record's own name, also for an alias."""

    key: str
    module: str
    attribute: str
    position: int
    signature: Signature
    effects: frozenset[str]
    keeps: tuple[str, ...]
    form: str
    source: str
    deprecated: str

    @property
    def arity(self) -> tuple[int, int]:
        """Fewest and most arguments (-1: any number)."""
        return self.signature.least, self.signature.most


_entries: dict[str, tuple[Any, ...]] | None = None
_records: dict[str, Record] = {}


def _raw() -> dict[str, tuple[Any, ...]]:
    global _entries
    if _entries is None:
        from harn.catalog.build import load_index

        _entries = load_index()
    return _entries


def names() -> list[str]:
    """All keys, functions (``split``) and methods (``list.map``), aliases included, sorted."""
    return sorted(_raw())


def known(key: str) -> bool:
    """Whether a builtin or method of this key exists."""
    return key in _raw()


def entry(key: str) -> Entry | None:
    """The entry of a key, or None."""
    raw = _raw().get(key)
    if raw is None:
        return None
    own, module, attribute, position, signature, effects, keeps, form, source, deprecated = raw
    parsed = _signature(signature)
    return Entry(own, module, attribute, position, parsed, frozenset(effects), keeps, form, source, deprecated)


def _signature(plain: tuple[Any, ...]) -> Signature:
    receiver, name, type_params, params, result = plain
    return Signature(receiver, name, type_params, tuple(Parameter(*p) for p in params), result)


def record(key: str) -> Record | None:
    """The record of a key, its module imported now if it was not; None for an unknown key."""
    found = _records.get(key)
    if found is not None:
        return found
    raw = _raw().get(key)
    if raw is None:
        return None
    name = raw[1]
    module = sys.modules.get(name)
    if module is None:
        from importlib import import_module

        module = import_module(name)
    declared: list[Record] = getattr(module, raw[2]).__builtins_declared__
    found = _records[key] = _records.setdefault(raw[0], declared[raw[3]])
    if found.parsed is None:
        found.parsed = _signature(raw[4])  # read once, when the index was made
    return found
