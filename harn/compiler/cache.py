"""Compiled modules kept in the user's cache folder, one file each.

A file is named after what it was compiled for (which module, as entry or import, which pipeline) and says in its head what
it was made from. It counts only where all of that still holds; anything damaged, old or foreign is ignored and in time
written over. Writing is atomic, so that any number of processes may use the folder at once, and where the folder cannot
be written nothing is kept.
"""

from __future__ import annotations

import os
import sys

import harn
from harn.code.chunk import ModuleChunk, RefusedCode
from harn.code.codec import MAGIC, dump, load
from harn.source.cache import cache_folder, write_private
from harn.source.digest import hexdigest
from harn.source.typing import Any, NamedTuple

PACKAGE = os.path.dirname(os.path.abspath(harn.__file__))
MOST_FILES = 2_000
"""More than this many compiled modules are not kept; the oldest half goes first."""

_BUILT = ("catalog", "_index.bin")
"""Generated when a wheel is built, and missing from a checkout: its time tells one build from another."""

_INPUTS = ("source", "syntax", "catalog", "resolve", "types", "code", "compiler", "builtins")
_PREFIX = "code-"


class About(NamedTuple):
    """What a compiled module was made from.

    ``imported``: for each import in order the names a wildcard of it bound, None where it led nowhere. ``own``: the names the
    module itself exports, without those it passes on from wildcards. ``told``: the warnings it was compiled with, as plain tuples
    (see ``harn.compiler.told``).
    """

    stamp: str
    purpose: str
    digest: str
    own: tuple[str, ...]
    imported: tuple[tuple[str, ...] | None, ...]
    told: tuple[Any, ...] = ()


class Cache:
    """The compiled modules of one user. ``folder`` None: nothing is kept."""

    def __init__(self, folder: str | None) -> None:
        self.folder = folder
        self.stamp = stamp() if folder is not None else ""

    def load(self, purpose: str, digest: str) -> tuple[About, ModuleChunk] | None:
        """What was kept for a purpose, if it was made from a text with this digest by this compiler."""
        if self.folder is None:
            return None
        try:
            with open(self._path(purpose), "rb") as handle:
                head, modules = load(handle.read())
            about = About(*head)
            if about[:3] == (self.stamp, purpose, digest) and len(about.imported) == len(modules[0].imports):
                return about, modules[0]
        except (OSError, RefusedCode, TypeError, IndexError):
            pass
        return None

    def store(
        self, purpose: str, digest: str, own: tuple[str, ...], imported: Any, told: tuple[Any, ...], module: ModuleChunk
    ) -> None:
        """Keep a module."""
        if self.folder is None:
            return
        path = self._path(purpose)
        new = not os.path.exists(path)
        about = About(self.stamp, purpose, digest, own, tuple(imported), told)
        written = write_private(path, dump(tuple(about), (module,)))
        if new and written:
            self._prune()

    def _path(self, purpose: str) -> str:
        assert self.folder is not None
        name = f"{_PREFIX}{hexdigest(purpose.encode('utf-8', 'surrogatepass'))[:32]}.bin"
        return os.path.join(self.folder, name)

    def _prune(self) -> None:
        assert self.folder is not None
        try:
            found = [entry for entry in os.scandir(self.folder) if entry.name.startswith(_PREFIX)]
            if len(found) > MOST_FILES:
                found.sort(key=lambda entry: entry.stat().st_mtime)
                for entry in found[: MOST_FILES // 2]:
                    os.unlink(entry.path)
        except OSError:  # another process was faster
            pass


def user_cache() -> Cache:
    """The cache of the user who runs this."""
    return Cache(cache_folder())


def stamp() -> str:
    """What compiled code depends on besides texts: version, Python, and the compiler as it was built or stands in a checkout."""
    version = f"{harn.__version__} {MAGIC.hex()} {sys.implementation.cache_tag}"
    try:
        return f"{version} {_seen(os.stat(os.path.join(PACKAGE, *_BUILT)))}"
    except OSError:
        pass
    seen = []
    folders = [os.path.join(PACKAGE, name) for name in _INPUTS]
    folders.append(os.path.join(os.path.dirname(PACKAGE), "grammar"))
    while folders:
        try:
            entries = list(os.scandir(folders.pop()))
        except OSError:
            continue
        for entry in entries:
            if entry.name.endswith((".py", ".lark")):
                seen.append(f"{entry.path} {_seen(entry.stat())}")
            elif entry.is_dir():
                folders.append(entry.path)
    return f"{version} {hexdigest(chr(10).join(sorted(seen)).encode('utf-8', 'surrogateescape'))[:16]}"


def _seen(known: os.stat_result) -> str:
    """What tells one state of a file from another."""
    return f"{known.st_size} {known.st_mtime_ns}"
