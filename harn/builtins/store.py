"""Values a program keeps from run to run: one store for all programs of a project, `store.json` where its state is kept."""

from __future__ import annotations

from harn.builtins.kept_state import Change, Lookup, WhereThere
from harn.builtins.strings import text_of
from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.vm.frame import Answer, Native
from harn.vm.machine import Context

FILE = "store.json"


@builtin("store_get(key: any) -> any", form="native", effects=["fs.read"], ctx=True)
def store_get(ctx: Context, key: Any) -> Native:
    """The value that was stored under a key, in this run or one before; nil where there is none."""
    return Lookup(ctx, FILE, "value", text_of(key))


@builtin("store_set(key: any, value: any) -> nil", form="native", effects=["fs.read", "fs.write"], ctx=True)
def store_set(ctx: Context, key: Any, value: Any) -> Native:
    """Store a value under a key, on the disk at once. What JSON has no form for (sets, pairs, durations, functions) is stored
    as nil.

    The file is `.harn/store.json` in the project's folder (the nearest with a `harn.toml`), else in that of the program.
    """
    return Change(ctx, FILE, "set", text_of(key), value)


@builtin("store_delete(key: any) -> nil", form="native", effects=["fs.read", "fs.write"], ctx=True)
def store_delete(ctx: Context, key: Any) -> Native:
    """Remove a key; one that is not there is fine."""
    return Change(ctx, FILE, "remove", text_of(key))


@builtin("store_list() -> list<string>", form="native", effects=["fs.read"], ctx=True)
def store_list(ctx: Context) -> Native:
    """All keys, sorted."""
    return Lookup(ctx, FILE, "keys")


@builtin("store_clear() -> nil", form="native", effects=["fs.read", "fs.write"], ctx=True)
def store_clear(ctx: Context) -> Native:
    """Remove all keys."""
    return Clear(ctx, FILE, "clear")


class Clear(WhereThere):
    """Empties the file."""

    __slots__ = ()

    def act(self) -> Answer:
        return self.write({})


@builtin("store_save() -> nil", effects=["state"])
def store_save() -> None:
    """Nothing to do: every change is on the disk as soon as it is made."""
