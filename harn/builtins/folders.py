"""Folders: making them, listing them, walking through them, finding paths by a pattern."""

from __future__ import annotations

from harn.builtins.globs import matcher
from harn.builtins.performing import Asking
from harn.builtins.strings import text_of
from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.values.errors import thrown
from harn.vm.frame import Effect, Native
from harn.vm.machine import Context


@builtin("mkdir(path: string) -> nil", form="effect", effects=["fs.write"])
def mkdir(path: str) -> Effect:
    """Make a folder and its parents; one that exists is fine."""
    return Effect("fs.write", "make_folder", path)


@builtin('list_dir(path: string = ".") -> list<string>', form="effect", effects=["fs.read"])
def list_dir(path: str = ".") -> Effect:
    """The names in a folder, hidden ones too, sorted."""
    return Effect("fs.read", "names", path, idempotent=True)


@builtin(
    'walk_dir(path: any = "", options?: any) -> list<{path: string, is_dir: bool, is_file: bool, depth: int}>',
    form="effect",
    ctx=True,
    effects=["fs.read"],
)
def walk_dir(ctx: Context, path: Any = "", options: Any = None) -> Effect:
    """What stands in a folder and below it: first the folder itself with depth 0, each folder before what it holds, by name,
    with whole paths. Nothing where the path leads to nothing.

    Options: `max_depth`, and `follow_symlinks`, without which a link is listed and not entered.
    """
    text = text_of(path)
    if not text:
        raise thrown("walk_dir: root path is required")
    given = options if options.__class__ is dict else {}
    refuse_background("walk_dir", given)
    deepest = given.get("max_depth")
    return walking(ctx, text, deepest if deepest.__class__ is int and deepest >= 0 else None, given)


def walking(ctx: Context, path: str, deepest: int | None, options: dict[str, Any]) -> Effect:
    """The effect that lists a tree; what it gives stays below the limit for one value."""
    follow = options.get("follow_symlinks") is True
    return Effect("fs.read", "walk", path, deepest, follow, ctx.vm.value_bytes // 8, idempotent=True)


def refuse_background(name: str, options: dict[str, Any]) -> None:
    """There are no operations that go on by themselves: a task of the program can do that."""
    for option in ("long_running", "background"):
        if options.get(option) is True:
            raise thrown(f"{name}: option '{option}' is not supported; call it in a task (spawn)")


@builtin(
    'glob(pattern: any = "", base?: any, options?: any) -> list<string>', form="native", ctx=True, effects=["fs.read"]
)
def glob(ctx: Context, pattern: Any = "", base: Any = None, options: Any = None) -> Native:
    """The whole paths below a folder (the working directory, `base`, or `{base}`) whose way from there fits a pattern, sorted.

    `*` and `?` also stand for `/`: `*.txt` finds those of every depth. `**/` stands for any folders or none, `[ab]`, `[!a-z]` for
    one character, `{a,b}` for either. Hidden names are found; links are not followed.
    """
    text = text_of(pattern)
    if not text:
        raise thrown("glob: pattern is required")
    given = base if base.__class__ is dict else options if options.__class__ is dict else {}
    refuse_background("glob", given)
    folder = given.get("base") if base.__class__ is dict else base
    matcher(text)  # a bad pattern is refused before anything is looked at
    return Glob(walking(ctx, text_of(folder) if folder not in (None, "") else ".", None, {}), text)


class Glob(Asking):
    """Keeps the paths that fit."""

    __slots__ = ("pattern",)
    name = "glob"

    def __init__(self, effect: Effect, pattern: str) -> None:
        self.effect = effect
        self.pattern = pattern

    def answered(self, value: Any) -> Any:
        fits = matcher(self.pattern)
        if not value:
            return []
        start = len(value[0]["path"].rstrip("/")) + 1
        return sorted(one["path"] for one in value[1:] if fits(one["path"][start:]))
