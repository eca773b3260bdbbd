"""Files and folders.

Texts of paths are taken as programs write them; relative ones start at the working directory. Every failure is a thrown text that
names the path as it was written.
"""

from __future__ import annotations

import errno
import os
import stat as modes

from harn.host import trees
from harn.host.failures import reason
from harn.host.trees import readable
from harn.source.typing import Any, Callable, Iterable, Mapping, Protocol, TypeVar
from harn.values.errors import HarnError, LimitReached, category_error, thrown

T = TypeVar("T")
MOST = 2**30
"""The largest file that is read, in bytes, unless the caller says otherwise."""

_PIECE = 2**20
"""Bytes that are copied at once."""


class Files(Protocol):
    """A file system. Errors are HarnErrors that programs can catch."""

    def folder(self) -> str:
        """The working directory."""
        ...

    def temporary(self) -> str:
        """The folder for files that nobody needs to find again."""
        ...

    def read(self, path: str, most: int = MOST) -> bytes:
        """The content of a file."""
        ...

    def read_text(self, path: str, most: int = MOST) -> str:
        """The content of a file as text."""
        ...

    def write(self, path: str, content: bytes) -> None:
        """Make a file with this content."""
        ...

    def append(self, path: str, content: bytes) -> None:
        """Add to the end of a file."""
        ...

    def exists(self, path: str) -> bool:
        """Whether anything stands there."""
        ...

    def facts(self, path: str) -> dict[str, Any]:
        """``size`` in bytes, ``is_file``, ``is_dir``, ``readonly``, ``modified`` in seconds since 1970."""
        ...

    def names(self, path: str) -> list[str]:
        """The names in a folder, sorted."""
        ...

    def make_folder(self, path: str) -> None:
        """Make a folder and its parents."""
        ...

    def delete(self, path: str) -> None:
        """Delete a file, or a folder with all it holds."""
        ...

    def copy(self, source: str, target: str) -> None:
        """Copy a file's content."""
        ...

    def move(self, source: str, target: str) -> None:
        """Give a file or folder another place, in place of a file that stands there."""
        ...

    def keep(self, path: str, content: bytes) -> None:
        """Make a file with this content and the folders it needs; who reads it finds all of the old content or all of the new."""
        ...

    def kept(self, path: str, most: int = MOST) -> str | None:
        """The text of such a file; None where there is none."""
        ...

    def walk(
        self, path: str, deepest: int | None, follow: bool, most: int, measured: bool = False
    ) -> list[dict[str, Any]]:
        """What stands at a path and below, at most so deep and so many."""
        ...

    def whole(self, path: str) -> str:
        """The path from the root on."""
        ...

    def real(self, path: str) -> str:
        """The path from the root on with every link followed."""
        ...

    def above(self, folder: str, name: str) -> str | None:
        """The nearest folder, this one or one above it, in which a name stands."""
        ...

    def roots(self, folder: str) -> dict[str, str]:
        """Where state, runs and work trees of a program are kept whose project stands in a folder."""
        ...


class SystemFiles:
    """The files of this machine, as this process may use them."""

    flags = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    """Further flags with which every file is opened."""

    def locate(self, path: str) -> str:
        """The path that is really used for one of a program."""
        return path

    def folder(self) -> str:
        """The working directory."""
        return os.getcwd()

    def temporary(self) -> str:
        """What this machine keeps for the purpose."""
        import tempfile

        return tempfile.gettempdir()

    def read(self, path: str, most: int = MOST) -> bytes:
        """The content of a file; LimitReached where it holds more than ``most`` bytes."""
        return self._attempt("read file", path, lambda found: self._read(found, most))

    def read_text(self, path: str, most: int = MOST) -> str:
        """The content of a file as text, which must be UTF-8."""
        try:
            return self.read(path, most).decode("utf-8")
        except UnicodeDecodeError:
            raise thrown(f"Failed to read file {path}: stream did not contain valid UTF-8") from None

    def write(self, path: str, content: bytes) -> None:
        """Make a file with this content, in place of what was there."""
        self._attempt("write file", path, lambda found: self._write(found, content, os.O_TRUNC))

    def append(self, path: str, content: bytes) -> None:
        """Add to the end of a file, which is made where there is none."""
        self._attempt("open file", path, lambda found: self._write(found, content, os.O_APPEND))

    def exists(self, path: str) -> bool:
        """Whether anything stands there."""
        try:
            return os.path.exists(self.locate(path))
        except (OSError, ValueError):
            return False

    def facts(self, path: str) -> dict[str, Any]:
        """Size, kind and time of a file or folder."""
        found = self._attempt("stat", path, os.stat)
        return {
            "size": found.st_size,
            "is_file": modes.S_ISREG(found.st_mode),
            "is_dir": modes.S_ISDIR(found.st_mode),
            "readonly": not found.st_mode & 0o222,
            "modified": found.st_mtime,
        }

    def names(self, path: str) -> list[str]:
        """The names in a folder, hidden ones too, sorted."""
        return sorted(map(readable, self._attempt("list directory", path, os.listdir)))

    def make_folder(self, path: str) -> None:
        """Make a folder and its parents; one that exists is fine."""
        self._attempt("create directory", path, lambda found: os.makedirs(found, exist_ok=True))

    def delete(self, path: str) -> None:
        """Delete a file, or a folder with all it holds, but none that the working, home or temporary folder goes with."""
        what = "delete file"
        try:
            found = self.locate(path)
            if os.path.isdir(found) and not os.path.islink(found):
                what = "delete directory"
                needed = self._needed_in(found)
                if needed:
                    raise thrown(f"Failed to {what} {path}: it is, or holds, {needed}; name what in it is to go")
                trees.remove(found)
            else:
                os.unlink(found)
        except (OSError, ValueError) as error:
            raise thrown(f"Failed to {what} {path}: {reason(error)}") from None

    def _needed_in(self, folder: str) -> str:
        """Which folder that others count on goes with this one; empty where none does."""
        top = os.path.realpath(folder).rstrip(os.sep) + os.sep
        needed = {
            "the working folder": self.folder(),
            "the folder for temporary files": self.temporary(),
            "the home folder": os.path.expanduser("~"),
        }
        for words, place in needed.items():
            if (os.path.realpath(place) + os.sep).startswith(top):
                return words
        return ""

    def copy(self, source: str, target: str) -> None:
        """Copy a file's content and permissions."""
        try:
            self._copy(self.locate(source), self.locate(target))
        except (OSError, ValueError) as error:
            raise thrown(f"Failed to copy {source} to {target}: {reason(error)}") from None

    def move(self, source: str, target: str) -> None:
        """Give a file or folder another place. Between two devices files are copied, folders are not moved."""
        try:
            self._move(self.place(source), self.place(target))
        except (OSError, ValueError) as error:
            raise thrown(f"move_file: copy failed: {reason(error)}") from None

    def keep(self, path: str, content: bytes) -> None:
        """Write a file beside the one meant and put it in its place."""
        self._attempt("write file", path, lambda found: self._keep(found, content))

    def kept(self, path: str, most: int = MOST) -> str | None:
        """The text of a file; None where there is none."""
        return self.read_text(path, most) if self.exists(path) else None

    def walk(
        self, path: str, deepest: int | None, follow: bool, most: int, measured: bool = False
    ) -> list[dict[str, Any]]:
        """``path``, ``is_dir``, ``is_file`` and ``depth`` of what stands there and below, each folder before what it holds, by
        name; paths are whole. ``measured``: with ``size`` in bytes and ``modified`` in seconds since 1970. Nothing where the path
        leads to nothing; LimitReached where there are more than ``most``.
        """
        found: list[dict[str, Any]] = []
        try:
            top, inside = self._top(self.locate(path), follow)
        except (OSError, ValueError):
            return found
        for one in trees.walk(top, self.whole(path), inside, deepest):
            if len(found) >= most:
                raise LimitReached("value_bytes", most * 8)
            size, modified = self._measures(one.path) if measured else (0, 0.0)
            shown = {**one._asdict(), "path": readable(one.path)}
            found.append({**shown, "size": size, "modified": modified} if measured else shown)
        return found

    def whole(self, path: str) -> str:
        """The path from the root on, without ``.``."""
        names = [name for name in path.split("/") if name not in ("", ".")]
        return os.path.join(self.folder(), "/" * path.startswith("/") + "/".join(names)).rstrip("/") or "/"

    def real(self, path: str) -> str:
        """The path from the root on with every link followed."""
        return os.path.realpath(self.locate(self.whole(path)))

    def above(self, folder: str, name: str) -> str | None:
        """The nearest folder in which a name stands, this one or one above it up to the root of a repository."""
        place = self.whole(folder)
        try:
            while not self.exists(os.path.join(place, name)):
                parent = os.path.dirname(place)
                if parent == place or self.exists(os.path.join(place, ".git")):
                    return None
                place = parent
        except HarnError:  # from here on up the program may not look
            return None
        return place

    def roots(self, folder: str) -> dict[str, str]:
        """``state``, ``runs`` and ``worktrees``: below the folder, unless this machine's HARN_STATE_DIR, HARN_RUN_DIR and
        HARN_WORKTREE_DIR say otherwise.
        """
        return state_roots(folder, os.environ)

    def place(self, path: str) -> str:
        """Where something stands that is moved itself: a link is not followed."""
        return self.locate(path)

    def _read(self, path: str, most: int) -> bytes:
        with os.fdopen(os.open(path, os.O_RDONLY | self.flags), "rb") as handle:
            content = handle.read(most + 1)
        if len(content) > most:
            raise LimitReached("value_bytes", most)
        return content

    def _write(self, path: str, content: bytes, how: int) -> None:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | how | self.flags, 0o666), "wb") as handle:
            handle.write(content)

    def _copy(self, source: str, target: str) -> None:
        facts = os.stat(source)
        if not modes.S_ISREG(facts.st_mode):
            number = errno.EISDIR if modes.S_ISDIR(facts.st_mode) else errno.EINVAL
            raise OSError(number, os.strerror(number))
        mode = modes.S_IMODE(facts.st_mode) & 0o777
        reading, writing = os.O_RDONLY | self.flags, os.O_WRONLY | os.O_CREAT | self.flags
        with (
            os.fdopen(os.open(source, reading), "rb") as giving,
            os.fdopen(os.open(target, writing, mode), "wb") as taking,
        ):
            if os.path.samestat(facts, os.fstat(taking.fileno())):
                return
            taking.truncate()
            while piece := giving.read(_PIECE):
                taking.write(piece)
            if hasattr(os, "fchmod"):
                os.fchmod(taking.fileno(), mode)

    def _move(self, source: str, target: str) -> None:
        try:
            os.replace(source, target)
        except OSError as error:
            if error.errno != errno.EXDEV or os.path.isdir(source):
                raise
            beside = self._beside(target)
            try:
                self._copy(source, beside)
                os.replace(beside, target)
            except BaseException:
                _drop(beside)
                raise
            os.unlink(source)

    def _keep(self, path: str, content: bytes) -> None:
        path = os.path.realpath(path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        beside = self._beside(path)
        try:
            self._write(beside, content, os.O_EXCL)
            os.replace(beside, path)
        except BaseException:
            _drop(beside)
            raise

    def _beside(self, path: str) -> str:
        """A name nobody has, in the same folder."""
        return os.path.join(os.path.dirname(path), f".{os.path.basename(path)[:100]}.{os.urandom(6).hex()}.new")

    def _measures(self, place: str) -> tuple[int, float]:
        """Size and time of what stands at a place, a link itself; zeros where it is gone."""
        try:
            found = os.lstat(place)
        except OSError:
            return 0, 0.0
        return found.st_size, found.st_mtime

    def _top(self, place: str, follow: bool) -> tuple[trees.Entry, Callable[[str], Iterable[trees.Entry]]]:
        """What stands at a place, and what lists the folders below; OSError where nothing does."""
        facts = os.stat(place)
        is_dir = modes.S_ISDIR(facts.st_mode)
        top = trees.Entry("", is_dir, modes.S_ISREG(facts.st_mode), (facts.st_dev, facts.st_ino))
        return top, lambda folder: trees.entries(folder, follow=follow)

    def _attempt(self, what: str, path: str, act: Callable[[str], T]) -> T:
        try:
            return act(self.locate(path))
        except (OSError, ValueError) as error:
            raise thrown(f"Failed to {what} {path}: {reason(error)}") from None


def state_roots(folder: str, variables: Mapping[str, str]) -> dict[str, str]:
    """Where state, runs and work trees are kept; relative variables start at the folder."""

    def root(variable: str, otherwise: str) -> str:
        return os.path.join(folder, variables.get(variable, "").strip() or otherwise)

    state = root("HARN_STATE_DIR", ".harn")
    worktrees = root("HARN_WORKTREE_DIR", os.path.join(state, "worktrees"))
    return {"state": state, "runs": root("HARN_RUN_DIR", ".harn-runs"), "worktrees": worktrees}


def _drop(path: str) -> None:
    """Remove a file that may not be there."""
    try:
        os.unlink(path)
    except OSError:
        pass


class ConfinedFiles(SystemFiles):
    """The files below one folder, and nothing else: neither ``..`` nor a symbolic link leads out.

    Programs see real paths; relative ones start at the root.
    """

    # After a path was resolved nobody may slip a link in: its last part is opened as it stands.
    flags = SystemFiles.flags | getattr(os, "O_NOFOLLOW", 0)

    def __init__(self, root: str | os.PathLike[str]) -> None:
        self.root = os.path.realpath(os.fspath(root))

    def folder(self) -> str:
        """The root."""
        return self.root

    def temporary(self) -> str:
        """The root: a program may write nowhere else."""
        return self.root

    def locate(self, path: str) -> str:
        """The real path, every link followed; HarnError where it lies outside of the root."""
        found = os.path.realpath(os.path.join(self.root, path))
        if found != self.root and not found.startswith(self.root.rstrip(os.sep) + os.sep):
            raise outside(path)
        return found

    def place(self, path: str) -> str:
        """Where the path's last name stands, in a folder whose links were followed; HarnError outside of the root, and for it."""
        whole = os.path.join(self.root, path).rstrip(os.sep)
        name = os.path.basename(whole)
        if name in ("", ".", ".."):
            found = self.locate(path)
        else:
            found = os.path.join(self.locate(os.path.dirname(whole)), name)
        if found == self.root:
            raise outside(path)
        return found

    def delete(self, path: str) -> None:
        """Delete a file or folder; a link is deleted itself, not what it leads to. The root stays."""
        place = self.place(path)
        if not os.path.islink(place):
            super().delete(path)
            return
        try:
            os.unlink(place)
        except OSError as error:
            raise thrown(f"Failed to delete file {path}: {reason(error)}") from None

    def roots(self, folder: str) -> dict[str, str]:
        """Below the folder, or below the root where the folder lies outside."""
        return state_roots(folder if self._holds(folder) else self.root, {})

    def _top(self, place: str, follow: bool) -> tuple[trees.Entry, Callable[[str], Iterable[trees.Entry]]]:
        top, inside = super()._top(place, follow)

        def confined(folder: str) -> Iterable[trees.Entry]:
            front = folder.rstrip("/") + "/"
            return [one for one in inside(folder) if self._holds(front + one.name)]

        return top, confined if follow else inside

    def _holds(self, path: str) -> bool:
        try:
            self.locate(path)
        except HarnError:
            return False
        return True


class NoFiles(SystemFiles):
    """No files at all."""

    def folder(self) -> str:
        """A folder of that name does not exist."""
        return "/"

    def temporary(self) -> str:
        """The same."""
        return "/"

    def roots(self, folder: str) -> dict[str, str]:
        """Below the folder, if there were one."""
        return state_roots(folder, {})

    def locate(self, path: str) -> str:
        """Refuse."""
        raise category_error("policy", f"this host has no files (effects fs.read, fs.write): {path}")

    def exists(self, path: str) -> bool:
        """Refuse, rather than give an answer that looks like one."""
        self.locate(path)
        return False


def outside(path: str) -> HarnError:
    """The refusal of a path that leads out of a confined file system."""
    return category_error(
        "policy", f"`{path}` lies outside of the folder this program may use (effects fs.read, fs.write)"
    )
