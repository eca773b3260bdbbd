"""Files and folders.

Texts of paths are taken as programs write them; relative ones start at the working directory. Every failure is a thrown text that
names the path as it was written.
"""

from __future__ import annotations

import os
import stat as modes

from harn.host.failures import reason
from harn.source.typing import Any, Callable, Protocol, TypeVar
from harn.values.errors import HarnError, LimitReached, category_error, thrown

T = TypeVar("T")
MOST = 2**30
"""The largest file that is read, in bytes, unless the caller says otherwise."""


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
        return sorted(self._attempt("list directory", path, os.listdir))

    def make_folder(self, path: str) -> None:
        """Make a folder and its parents; one that exists is fine."""
        self._attempt("create directory", path, lambda found: os.makedirs(found, exist_ok=True))

    def delete(self, path: str) -> None:
        """Delete a file, or a folder with all it holds."""
        import shutil

        what = "delete file"
        try:
            found = self.locate(path)
            if os.path.isdir(found) and not os.path.islink(found):
                what = "delete directory"
                shutil.rmtree(found)
            else:
                os.unlink(found)
        except (OSError, ValueError) as error:
            raise thrown(f"Failed to {what} {path}: {reason(error)}") from None

    def copy(self, source: str, target: str) -> None:
        """Copy a file's content."""
        try:
            self._write(self.locate(target), self._read(self.locate(source), MOST), os.O_TRUNC)
        except (OSError, ValueError) as error:
            raise thrown(f"Failed to copy {source} to {target}: {reason(error)}") from None

    def _read(self, path: str, most: int) -> bytes:
        with os.fdopen(os.open(path, os.O_RDONLY | self.flags), "rb") as handle:
            content = handle.read(most + 1)
        if len(content) > most:
            raise LimitReached("value_bytes", most)
        return content

    def _write(self, path: str, content: bytes, how: int) -> None:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | how | self.flags, 0o666), "wb") as handle:
            handle.write(content)

    def _attempt(self, what: str, path: str, act: Callable[[str], T]) -> T:
        try:
            return act(self.locate(path))
        except (OSError, ValueError) as error:
            raise thrown(f"Failed to {what} {path}: {reason(error)}") from None


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

    def delete(self, path: str) -> None:
        """Delete a file or folder; a link is deleted itself, not what it leads to. The root stays."""
        whole = os.path.join(self.root, path)
        place = os.path.join(self.locate(os.path.dirname(whole)), os.path.basename(whole))
        if os.path.islink(place):
            try:
                os.unlink(place)
            except OSError as error:
                raise thrown(f"Failed to delete file {path}: {reason(error)}") from None
            return
        if self.locate(path) == self.root:
            raise outside(path)
        super().delete(path)


class NoFiles(SystemFiles):
    """No files at all."""

    def folder(self) -> str:
        """A folder of that name does not exist."""
        return "/"

    def temporary(self) -> str:
        """The same."""
        return "/"

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
