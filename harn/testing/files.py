"""Files in memory, failing in the words of real ones."""

from __future__ import annotations

import errno
import posixpath
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from harn.host.clock import Clock
from harn.host.files import MOST, SystemFiles, state_roots
from harn.host.trees import Entry
from harn.values.errors import LimitReached

ROOT = "/"


def _failed(number: int) -> OSError:
    return OSError(number, "")


class MemoryFiles(SystemFiles):
    """A file system that exists only here. ``content`` maps the path of every file, from the root ``/``, to its bytes.

    Relative paths start at the root. ``clock`` tells when a file was written.
    """

    def __init__(self, files: Mapping[str, str | bytes] | None = None, clock: Clock | None = None) -> None:
        self.content: dict[str, bytes] = {}
        self.folders: set[str] = {ROOT}
        self.clock = clock
        self._written: dict[str, float] = {}
        for path, data in (files or {}).items():
            place = self.locate(path)
            self._make_folders(posixpath.dirname(place))
            self._put(place, data.encode() if isinstance(data, str) else bytes(data))

    def text(self, path: str) -> str:
        """The content of a file as text, for assertions. KeyError where there is none."""
        return self.content[self.locate(path)].decode()

    # ------------------------------------------------------------------------------------------ what programs call

    def locate(self, path: str) -> str:
        """The one name of a path."""
        if "\0" in path:
            raise ValueError("file name contained an unexpected NUL byte")
        return posixpath.normpath(posixpath.join(ROOT, path)).replace("//", "/")

    def folder(self) -> str:
        """The root."""
        return ROOT

    def temporary(self) -> str:
        """A folder that is always there."""
        self.folders.add("/tmp")
        return "/tmp"

    def exists(self, path: str) -> bool:
        """Whether anything stands there."""
        try:
            place = self.locate(path)
        except ValueError:
            return False
        return place in self.content or place in self.folders

    def facts(self, path: str) -> dict[str, Any]:
        """Size, kind and time of a file or folder."""

        def look(place: str) -> dict[str, Any]:
            if place not in self.content and place not in self.folders:
                raise self._missing(place)
            is_file = place in self.content
            return {
                "size": len(self.content.get(place, b"")),
                "is_file": is_file,
                "is_dir": not is_file,
                "readonly": False,
                "modified": self._written.get(place, 0.0),
            }

        return self._attempt("stat", path, look)

    def names(self, path: str) -> list[str]:
        """The names in a folder, sorted."""

        def look(place: str) -> list[str]:
            if place not in self.folders:
                raise _failed(errno.ENOTDIR) if place in self.content else self._missing(place)
            return sorted(map(posixpath.basename, self._inside(place)))

        return self._attempt("list directory", path, look)

    def make_folder(self, path: str) -> None:
        """Make a folder and its parents; one that exists is fine."""
        self._attempt("create directory", path, self._make_folders)

    def delete(self, path: str) -> None:
        """Delete a file, or a folder with all it holds."""
        what = "delete directory" if not path.count("\0") and self.locate(path) in self.folders else "delete file"
        self._attempt(what, path, self._delete)

    def place(self, path: str) -> str:
        """The same: there are no links."""
        return self.locate(path)

    def real(self, path: str) -> str:
        """The same: there are no links."""
        return self.locate(path)

    def roots(self, folder: str) -> dict[str, str]:
        """Below the folder, whatever the variables of this machine say."""
        return state_roots(folder, {})

    # ------------------------------------------------------------------------------------------ below them

    def _missing(self, place: str) -> OSError:
        """Why nothing stands there."""
        above = posixpath.dirname(place)
        while above not in self.folders:
            if above in self.content:
                return _failed(errno.ENOTDIR)
            above = posixpath.dirname(above)
        return _failed(errno.ENOENT)

    def _make_folders(self, place: str) -> None:
        if place in self.content:
            raise _failed(errno.EEXIST)
        above = []
        while place not in self.folders:
            if place in self.content:
                raise _failed(errno.ENOTDIR)
            above.append(place)
            place = posixpath.dirname(place)
        self.folders.update(above)

    def _delete(self, place: str) -> None:
        if place in self.content:
            del self.content[place]
            return
        if place not in self.folders:
            raise self._missing(place)
        below = place.rstrip("/") + "/"
        self.content = {one: data for one, data in self.content.items() if not one.startswith(below)}
        self.folders = {one for one in self.folders if one != place and not one.startswith(below)} | {ROOT}

    def _copy(self, source: str, target: str) -> None:
        self._put(target, self._read(source))

    def _move(self, source: str, target: str) -> None:
        if source in self.content:
            self._put(target, self._read(source))
            if target != source:
                del self.content[source]
            return
        if source not in self.folders:
            raise self._missing(source)
        below = source.rstrip("/") + "/"
        if (target + "/").startswith(below):
            raise _failed(errno.EINVAL)
        if target in self.content:
            raise _failed(errno.ENOTDIR)
        if self._inside(target):
            raise _failed(errno.ENOTEMPTY)
        if posixpath.dirname(target) not in self.folders:
            raise self._missing(target)

        def moved(path: str) -> str:
            return target + path[len(source) :] if path == source or path.startswith(below) else path

        self.content = {moved(path): data for path, data in self.content.items()}
        self._written = {moved(path): when for path, when in self._written.items()}
        self.folders = {moved(path) for path in self.folders}

    def _keep(self, path: str, content: bytes) -> None:
        self._make_folders(posixpath.dirname(path))
        self._put(path, content)

    def _measures(self, place: str) -> tuple[int, float]:
        return len(self.content.get(place, b"")), self._written.get(place, 0.0)

    def _top(self, place: str, follow: bool) -> tuple[Entry, Callable[[str], Iterable[Entry]]]:
        if place not in self.content and place not in self.folders:
            raise self._missing(place)
        return self._entry(place), lambda folder: [self._entry(one) for one in sorted(self._inside(folder))]

    def _entry(self, place: str) -> Entry:
        is_file = place in self.content
        return Entry(posixpath.basename(place), not is_file, is_file, (0, hash(place)))

    def _inside(self, folder: str) -> list[str]:
        return [one for one in (*self.content, *self.folders) if one != ROOT and posixpath.dirname(one) == folder]

    def _put(self, place: str, data: bytes) -> None:
        if place in self.folders:
            raise _failed(errno.EISDIR)
        if posixpath.dirname(place) not in self.folders:
            raise self._missing(place)
        self.content[place] = data
        self._written[place] = self.clock.now() if self.clock is not None else 0.0

    def _read(self, path: str, most: int = MOST) -> bytes:
        if path not in self.content:
            raise _failed(errno.EISDIR) if path in self.folders else self._missing(path)
        if len(self.content[path]) > most:
            raise LimitReached("value_bytes", most)
        return self.content[path]

    def _write(self, path: str, content: bytes, how: int) -> None:
        from os import O_APPEND

        self._put(path, (self.content.get(path, b"") if how & O_APPEND else b"") + content)
