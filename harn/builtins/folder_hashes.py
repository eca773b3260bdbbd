"""Whether the facts kept about a project's folders are still about what is there: hashes of folders, and listings of them.

A hash says which names a folder holds and how large each is (``structureHash``), and when each was changed (``contentHash``).
"""

from __future__ import annotations

from harn.builtins.globs import matcher
from harn.builtins.metadata import CONTENT, HASHES, ROOT, STRUCTURE, Fields, WithMetadata, folder_name
from harn.builtins.performing import Asking
from harn.builtins.strings import text_of
from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.vm.frame import Answer, Done, Effect, Native, Perform
from harn.vm.machine import Context

_BASIS, _PRIME = 0xCBF29CE484222325, 0x100000001B3
OWN = ".harn"
"""What a hash leaves out: keeping it would change it."""
DEPTH = 5


def listing(path: str, deepest: int | None, limit: int) -> Effect:
    """The effect that lists a folder with sizes and times."""
    return Effect("fs.read", "walk", path, deepest, False, limit // 8, True, idempotent=True)


def folder_hash(listed: list[dict[str, Any]], *, times: bool) -> str:
    """The hash of a folder that was listed one deep: 64-bit FNV-1a in hexadecimal."""
    parts = []
    for one in listed[1:]:
        name = one["path"].rpartition("/")[2]
        if name != OWN:
            parts.append(f"{name}:{one['size']}" + (f":{int(one['modified'])}" if times else ""))
    value = _BASIS
    for byte in "|".join(sorted(parts)).encode("utf-8", "surrogatepass"):
        value = ((value ^ byte) * _PRIME) & 0xFFFF_FFFF_FFFF_FFFF
    return f"{value:x}"


class EachFolder(WithMetadata):
    """Lists every folder that has entries, one after the other, and tells ``look``; in the end ``told``."""

    __slots__ = ("limit", "pending")

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self.limit = ctx.vm.value_bytes
        self.pending: list[str] = []

    def ready(self) -> Answer:
        self.pending = sorted(self.own.folders, reverse=True)
        return self._list()

    def answered(self, value: Any) -> Answer:
        self.look(self.pending.pop(), value)
        return self._list()

    def _list(self) -> Answer:
        if not self.pending:
            return Done(self.told())
        return Perform(listing(self.own.place(self.pending[-1]), 1, self.limit))

    def hashes(self, folder: str) -> Fields:
        """The entries of a folder among which its hashes are."""
        return self.own.folders[folder].get(HASHES, {})

    def look(self, folder: str, listed: list[dict[str, Any]]) -> None:
        """Called with what a folder holds; nothing where it is not there."""
        raise NotImplementedError

    def told(self) -> Any:
        """The result."""
        raise NotImplementedError


class Stale(EachFolder):
    """Compares the hashes that are kept."""

    __slots__ = ("contents", "structures")

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self.structures: list[str] = []
        self.contents: list[str] = []

    def look(self, folder: str, listed: list[dict[str, Any]]) -> None:
        kept = self.hashes(folder)
        for field, found, times in ((STRUCTURE, self.structures, False), (CONTENT, self.contents, True)):
            if kept.get(field).__class__ is str and kept[field] != folder_hash(listed, times=times):
                found.append(folder)
                return

    def told(self) -> Any:
        return {
            "any_stale": bool(self.structures or self.contents),
            "tier1": self.structures,
            "tier2": self.contents,
        }


@builtin(
    "metadata_stale(project?: any) -> {any_stale: bool, tier1: list<string>, tier2: list<string>}",
    form="native",
    effects=["fs.read"],
    ctx=True,
)
def metadata_stale(ctx: Context, project: Any = None) -> Native:
    """Which folders are not as their hashes say: `tier1` by names and sizes of what they hold, `tier2` by times alone."""
    return Stale(ctx)


class Status(Stale):
    """Tells of all folders together."""

    __slots__ = ("namespace", "without_content", "without_structure")

    def __init__(self, ctx: Context, namespace: str | None) -> None:
        super().__init__(ctx)
        self.namespace = namespace
        self.without_structure: list[str] = []
        self.without_content: list[str] = []

    def look(self, folder: str, listed: list[dict[str, Any]]) -> None:
        super().look(folder, listed)
        own = self.own.folders[folder]
        fields = own.get(self.namespace) if self.namespace is not None else None
        fields = own.get(HASHES) if fields is None else fields
        if fields is not None and listed:
            if STRUCTURE not in fields:
                self.without_structure.append(folder)
            if CONTENT not in fields:
                self.without_content.append(folder)

    def told(self) -> Any:
        namespaces = self.own.namespaces()
        return {
            "directory_count": len(self.own.folders),
            "namespace_count": len(namespaces),
            "namespaces": namespaces,
            "directories": sorted(self.own.folders),
            "missing_structure_hash": self.without_structure,
            "missing_content_hash": self.without_content,
            "stale": super().told(),
        }


@builtin("metadata_status(namespace?: any) -> dict", form="native", effects=["fs.read"], ctx=True)
def metadata_status(ctx: Context, namespace: Any = None) -> Native:
    """Of all folders with entries: `{directory_count, namespace_count, namespaces, directories, missing_structure_hash,
    missing_content_hash, stale}`. Hashes are looked for among the entries of the namespace, else of `classification`.
    """
    return Status(ctx, None if namespace is None else text_of(namespace))


class Refresh(EachFolder):
    """Keeps the hashes of what is there now."""

    __slots__ = ()

    def look(self, folder: str, listed: list[dict[str, Any]]) -> None:
        fresh = {STRUCTURE: folder_hash(listed, times=False), CONTENT: folder_hash(listed, times=True)}
        self.own.add(folder, HASHES, fresh)
        self.own.changed = True

    def told(self) -> None:
        return None


@builtin("metadata_refresh_hashes() -> nil", form="native", effects=["fs.read", "state"], ctx=True)
def metadata_refresh_hashes(ctx: Context) -> Native:
    """Keep the hashes of every folder with entries as it is now, among the entries of `classification`."""
    return Refresh(ctx)


@builtin("compute_content_hash(folder: any) -> string", form="native", effects=["fs.read"], ctx=True)
def compute_content_hash(ctx: Context, folder: Any) -> Native:
    """A hash of the names in a folder, their sizes and times; the folder is named from the project's folder on."""
    return ContentHash(ctx, folder_name(folder))


class ContentHash(WithMetadata):
    """Lists one folder."""

    __slots__ = ("asked", "limit")

    def __init__(self, ctx: Context, folder: str) -> None:
        super().__init__(ctx)
        self.asked = folder
        self.limit = ctx.vm.value_bytes

    def ready(self) -> Answer:
        return Perform(listing(self.own.place(self.asked), 1, self.limit))

    def answered(self, value: Any) -> Answer:
        return Done(folder_hash(value, times=True))


@builtin("invalidate_facts(folder: any) -> nil", effects=["state"])
def invalidate_facts(folder: Any) -> None:
    """Nothing to do: facts are entries of a namespace, and nothing else remembers them."""


@builtin(
    'scan_directory(path: any = "", pattern?: any, options?: any)'
    " -> list<{path: string, size: int, modified: int, is_dir: bool}>",
    form="native",
    effects=["fs.read"],
    ctx=True,
)
def scan_directory(ctx: Context, path: Any = "", pattern: Any = None, options: Any = None) -> Native:
    """What stands below a folder, by paths from the working directory on, with sizes and times in whole seconds since 1970.

    Options, in place of the pattern or behind it: `pattern` (a part of the path, or with `*` as for `glob`), `max_depth` (5;
    0 is what stands in the folder itself), `include_hidden` (false), `include_dirs` and `include_files` (true).
    """
    given: dict[str, Any] = {}
    for one in (pattern, options):
        if one.__class__ is dict:
            given.update(one)
        elif one.__class__ is str:
            given["pattern"] = one
    depth = given.get("max_depth")
    deepest = (depth if depth.__class__ is int and depth >= 0 else DEPTH) + 1
    start = text_of(path)
    if given.get("pattern") is not None and "*" in text_of(given["pattern"]):
        matcher(text_of(given["pattern"]))  # a bad one is refused at once
    return Scan(listing(start or ROOT, deepest, ctx.vm.value_bytes), start, given)


class Scan(Asking):
    """Keeps what is wanted, by the path it was asked for."""

    __slots__ = ("folder", "given")
    name = "scan_directory"

    def __init__(self, effect: Effect, folder: str, given: dict[str, Any]) -> None:
        self.effect = effect
        self.folder = folder
        self.given = given

    def answered(self, value: Any) -> Any:
        if not value:
            return []
        top = len(value[0]["path"].rstrip("/")) + 1
        front = "" if self.folder in ("", ROOT) else self.folder.removeprefix("./").rstrip("/") + "/"
        pattern = self.given.get("pattern")
        wanted = "" if pattern is None else text_of(pattern)
        fits = matcher(wanted) if "*" in wanted else lambda path: wanted in path
        kinds = {True: self.given.get("include_dirs") is not False, False: self.given.get("include_files") is not False}
        hidden = self.given.get("include_hidden") is True
        found = []
        for one in value[1:]:
            below = one["path"][top:]
            if not kinds[one["is_dir"]] or not (hidden or not any(name.startswith(".") for name in below.split("/"))):
                continue
            if fits(front + below):
                facts = {"size": one["size"], "modified": int(one["modified"]), "is_dir": one["is_dir"]}
                found.append({"path": front + below, **facts})
        return found
