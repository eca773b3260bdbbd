"""Where an import path leads: std modules, files beside the importing one, installed packages.

    std/NAME           harn/std/NAME.harn of this installation
    a path             relative to the importing file; `.harn` may be left out
    PACKAGE[/MODULE]   in the nearest `.harn/packages` above the importing file, up to the repository's root: a file, a name in
                       `[exports]` of the package's harn.toml, or a folder's `lib.harn`

Nothing here reads a module or knows its syntax: a warm start asks only whether paths still lead where they led.
"""

from __future__ import annotations

import os

from harn.source.file import SourceFile
from harn.source.typing import NamedTuple

STD_PREFIX = "std/"
STD_PATH = "<std>/"
"""How messages and traces name the files of std modules."""
STD_FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "std")
SUFFIX = ".harn"
_PACKAGES = os.path.join(".harn", "packages")


class Target(NamedTuple):
    """Where an import leads.

    ``key`` identifies the module in a run: ``std/NAME`` or the real path of its file; empty where there is none, and then
    ``problem`` is the text of the error that the import raises when it runs. ``path`` is how messages name the module.
    """

    key: str
    path: str
    problem: str = ""


class Sources:
    """Where source texts come from: the file system as it is. A sandbox hands in one of its own."""

    cached = True
    """Whether what was compiled from these texts may be kept in the user's cache."""

    def is_file(self, path: str) -> bool:
        """Whether there is a file."""
        return os.path.isfile(path)

    def is_folder(self, path: str) -> bool:
        """Whether there is a folder."""
        return os.path.isdir(path)

    def exists(self, path: str) -> bool:
        """Whether there is anything."""
        return os.path.exists(path)

    def real(self, path: str) -> str:
        """The one name of a file."""
        return os.path.realpath(path)

    def read(self, path: str) -> bytes:
        """The content of a file; OSError."""
        with open(path, "rb") as handle:
            return handle.read()

    def text(self, target: Target) -> SourceFile | str:
        """The text of a module, or the error of an import that cannot read it."""
        std = std_file(target.key) if target.path.startswith(STD_PATH) else None
        try:
            data = self.read(target.path) if std is None else Sources.read(self, std)
            return SourceFile(target.path, data.decode("utf-8"))
        except OSError as error:
            why = f"{error.strerror} (os error {error.errno})"
        except UnicodeDecodeError:
            why = "stream did not contain valid UTF-8"
        return f"Import error: cannot read '{target.path}': {why}"


def locate(written: str, importer: str, sources: Sources) -> Target:
    """Where the path of an import leads; ``importer`` is the path of the importing file."""
    if written.startswith(STD_PREFIX):
        return std_target(written)
    if "\0" in written:
        return _unreadable(written, "file name contained an unexpected NUL byte")
    base = os.path.dirname(importer)
    path = os.path.normpath(os.path.join(base, written))
    with_suffix = path if os.path.splitext(path)[1] else path + SUFFIX
    for candidate in (path, with_suffix):
        if sources.is_file(candidate):
            return Target(sources.real(candidate), candidate)
    packaged = _packaged(written, base, sources)
    if packaged is not None:
        return Target(sources.real(packaged), packaged)
    if sources.is_folder(path):
        return _unreadable(path, "Is a directory (os error 21)")
    return _unreadable(with_suffix, "No such file or directory (os error 2)")


def std_file(key: str) -> str | None:
    """The file of a std module; None where there is no such module."""
    name = key.removeprefix(STD_PREFIX)
    if not name or not all(part.isidentifier() for part in name.split("/")):
        return None
    path = os.path.join(STD_FOLDER, *name.split("/")) + SUFFIX
    return path if os.path.isfile(path) else None


def real_path(path: str) -> str:
    """Where the text stands that messages name ``path``."""
    if not path.startswith(STD_PATH):
        return path
    return std_file(STD_PREFIX + path.removeprefix(STD_PATH).removesuffix(SUFFIX)) or path


def std_target(written: str) -> Target:
    """Where ``std/NAME`` leads."""
    if std_file(written) is None:
        return Target("", written, f"Unknown stdlib module: {written}")
    return Target(written, STD_PATH + written.removeprefix(STD_PREFIX) + SUFFIX)


def _unreadable(path: str, why: str) -> Target:
    return Target("", path, f"Import error: cannot read '{path}': {why}")


def _packaged(written: str, base: str, sources: Sources) -> str | None:
    """A module of an installed package, looked for from the importing file's folder upwards."""
    parts = _package_parts(written)
    if parts is None:
        return None
    folder = os.path.abspath(base)
    while True:
        packages = os.path.join(folder, _PACKAGES)
        if sources.is_folder(packages):
            found = _in_packages(packages, parts, sources)
            if found is not None:
                return found
        parent = os.path.dirname(folder)
        if parent == folder or sources.exists(os.path.join(folder, ".git")):
            return None
        folder = parent


def _package_parts(written: str) -> list[str] | None:
    """The steps of a path that stays where it begins; None for any other."""
    if not written or "\\" in written or written.startswith("/"):
        return None
    parts = [part for part in written.split("/") if part not in ("", ".")]
    return parts if parts and ".." not in parts else None


def _in_packages(packages: str, parts: list[str], sources: Sources) -> str | None:
    root = os.path.join(packages, parts[0])
    found = _inside(root, os.path.join(packages, *parts), sources)
    if found is not None or len(parts) == 1:
        return found
    exported = _package_parts(_exports(os.path.join(root, "harn.toml"), sources).get("/".join(parts[1:]), ""))
    return None if exported is None else _inside(root, os.path.join(root, *exported), sources)


def _inside(root: str, path: str, sources: Sources) -> str | None:
    """The module at ``path``, a file or a folder with a ``lib.harn``; None where it lies outside its package."""
    for candidate in (path, path + SUFFIX, os.path.join(path, "lib" + SUFFIX)):
        if sources.is_file(candidate):
            within = sources.real(candidate).startswith(sources.real(root) + os.sep)
            return candidate if within else None
    return None


def _exports(manifest: str, sources: Sources) -> dict[str, str]:
    """The ``[exports]`` of a package; nothing where its manifest cannot be read."""
    import tomllib  # here, because only programs that use packages need it

    try:
        table = tomllib.loads(sources.read(manifest).decode("utf-8")).get("exports", {})
    except (OSError, ValueError, RecursionError):
        return {}
    return {name: path for name, path in table.items() if isinstance(path, str)} if isinstance(table, dict) else {}
