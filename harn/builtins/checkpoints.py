"""Checkpoints: what a program has done already, so that it need not do it again when it is started again after it broke off.

One file a program, `checkpoints/NAME.json` where its state is kept, by the name of its file. For stages that are done once see
`std/checkpoint`; for runs that go on at the very instruction see `harn run --checkpoint`.
"""

from __future__ import annotations

from harn.builtins.kept_state import Change, Lookup, WhereThere
from harn.builtins.places import program_file
from harn.builtins.strings import text_of
from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.vm.frame import Answer, Effect, Native, Perform
from harn.vm.machine import Context


def _file(ctx: Context) -> str:
    """Where the checkpoints of a program are, below the folder where state is kept."""
    name = program_file(ctx.vm).rpartition("/")[2]
    stem, dot, _ = name.rpartition(".")
    return f"checkpoints/{(stem if dot else name) or 'default'}.json"


@builtin(
    "checkpoint(key: any, value?: any) -> nil",
    form="native",
    effects=["fs.read", "fs.write"],
    keeps=["value"],
    ctx=True,
)
def checkpoint(ctx: Context, key: Any, value: Any = None) -> Native:
    """Keep a value under a key, on the disk at once. What JSON has no form for (sets, pairs, durations, functions) is kept as
    nil.

    The file is `.harn/checkpoints/PROGRAM.json` in the project's folder (the nearest with a `harn.toml`), else in that of the
    program.
    """
    return Change(ctx, _file(ctx), "set", text_of(key), value)


@builtin("checkpoint_get(key: any) -> any", form="native", effects=["fs.read"], ctx=True)
def checkpoint_get(ctx: Context, key: Any) -> Native:
    """The value that was kept under a key; nil where there is none."""
    return Lookup(ctx, _file(ctx), "value", text_of(key))


@builtin("checkpoint_exists(key: any) -> bool", form="native", effects=["fs.read"], ctx=True)
def checkpoint_exists(ctx: Context, key: Any) -> Native:
    """Whether a value was kept under a key, nil or not."""
    return Lookup(ctx, _file(ctx), "exists", text_of(key))


@builtin("checkpoint_list() -> list<string>", form="native", effects=["fs.read"], ctx=True)
def checkpoint_list(ctx: Context) -> Native:
    """All keys, sorted."""
    return Lookup(ctx, _file(ctx), "keys")


@builtin("checkpoint_delete(key: any) -> nil", form="native", effects=["fs.read", "fs.write"], ctx=True)
def checkpoint_delete(ctx: Context, key: Any) -> Native:
    """Forget what was kept under a key; one that is not there is fine."""
    return Change(ctx, _file(ctx), "remove", text_of(key))


@builtin("checkpoint_clear() -> nil", form="native", effects=["fs.read", "fs.write"], ctx=True)
def checkpoint_clear(ctx: Context) -> Native:
    """Forget everything that was kept for this program, and remove its file."""
    return Remove(ctx, _file(ctx), "clear")


class Remove(WhereThere):
    """Deletes the file."""

    __slots__ = ()

    def act(self) -> Answer:
        self.stage = "writing"
        return Perform(Effect("fs.write", "delete", self.path))
