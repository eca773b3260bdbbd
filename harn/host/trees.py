"""Folders with all they hold: walked through and removed. However deep they are, nothing here calls itself."""

from __future__ import annotations

import errno
import os
import stat as modes

from harn.source.typing import Callable, Iterable, NamedTuple

Identity = tuple[int, int]
"""Device and inode."""


class Entry(NamedTuple):
    """What stands in a folder. A symbolic link is neither a file nor a folder, unless links are followed.

    ``identity`` is given for folders: two with the same are one.
    """

    name: str
    is_dir: bool
    is_file: bool
    identity: Identity


class Found(NamedTuple):
    """What a walk came by; ``depth`` counts from 0 for where it began."""

    path: str
    is_dir: bool
    is_file: bool
    depth: int


def readable(name: str) -> str:
    """A text of the system as one that can be shown: what is no UTF-8 becomes U+FFFD."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return name


def entries(folder: str, *, follow: bool) -> list[Entry]:
    """What stands in a folder, by name; OSError."""
    found = []
    with os.scandir(folder) as names:
        for name in names:
            try:
                is_dir = name.is_dir(follow_symlinks=follow)
                known = name.stat(follow_symlinks=follow) if is_dir else None
                is_file = name.is_file(follow_symlinks=follow)
            except OSError:
                continue  # gone meanwhile, or a link that leads nowhere
            found.append(Entry(name.name, is_dir, is_file, (known.st_dev, known.st_ino) if known else (0, 0)))
    return sorted(found)


def walk(
    top: Entry,
    path: str,
    inside: Callable[[str], Iterable[Entry]],
    deepest: int | None,
) -> Iterable[Found]:
    """What stands at a path and below, a folder before what it holds. What cannot be listed is passed by.

    ``inside`` lists a folder. ``deepest``: how far down to go. A folder that stands in itself (through a link) is not entered.
    """
    pending = [(top, path, 0, frozenset[Identity]())]
    while pending:
        entry, path, depth, above = pending.pop()
        yield Found(path, entry.is_dir, entry.is_file, depth)
        if not entry.is_dir or (deepest is not None and depth >= deepest):
            continue
        try:
            held = inside(path)
        except OSError:
            continue
        within = above | {entry.identity}
        front = path if path.endswith("/") else f"{path}/"
        pending += [
            (one, front + one.name, depth + 1, within)
            for one in reversed(list(held))
            if not one.is_dir or one.identity not in within
        ]


def remove(path: str) -> None:
    """Remove a folder and all it holds; links are removed, not what they lead to. OSError.

    One folder is open at a time, and each is reached from the one before, never by its path: who exchanges a folder for a
    link meanwhile gains nothing.
    """
    if os.open not in os.supports_dir_fd or not hasattr(os, "O_NOFOLLOW"):
        import shutil

        shutil.rmtree(path)
        return
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    here, identity = _opened(path, None, flags)
    try:
        trail = [_Opened("", here, identity)]
        while True:
            if trail[-1].folders:
                name = trail[-1].folders.pop()
                handle, identity = _opened(name, here, flags)
                os.close(here)
                here = handle
                trail.append(_Opened(name, here, identity))
                continue
            left = trail.pop()
            if not trail:
                break
            handle, identity = _opened("..", here, flags)
            os.close(here)
            here = handle
            if identity != trail[-1].identity:
                raise OSError(
                    errno.ESTALE, os.strerror(errno.ESTALE)
                )  # somebody moved the folder away while it was emptied
            os.rmdir(left.name, dir_fd=here)
    finally:
        os.close(here)
    os.rmdir(path)


class _Opened:
    """A folder that is emptied: its files are gone, its ``folders`` still to be entered."""

    __slots__ = ("folders", "identity", "name")

    def __init__(self, name: str, handle: int, identity: Identity) -> None:
        self.name = name
        self.identity = identity
        self.folders: list[str] = []
        with os.scandir(handle) as found:
            for entry in found:
                if entry.is_dir(follow_symlinks=False):
                    self.folders.append(entry.name)
                else:
                    os.unlink(entry.name, dir_fd=handle)


def _opened(name: str, folder: int | None, flags: int) -> tuple[int, Identity]:
    handle = os.open(name, flags, dir_fd=folder)
    facts = os.fstat(handle)
    if not modes.S_ISDIR(facts.st_mode):
        os.close(handle)
        raise OSError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    return handle, (facts.st_dev, facts.st_ino)
