"""Paths as texts: `/` separates (backslashes are read as `/`), drive letters are known, the disk is never asked.

For names by the rules of the machine see `host_paths`; for paths relative to a workspace `workspace_paths`.
"""

from __future__ import annotations

import posixpath

from harn.builtins.strings import text_of
from harn.catalog.record import builtin
from harn.source.typing import Any, NamedTuple


class Parts(NamedTuple):
    """A path taken apart: `C:` or nothing, whether it starts at a root, and the names, `.` and `..` among them."""

    drive: str
    absolute: bool
    names: list[str]

    def text(self) -> str:
        """The path of these parts; empty for a relative one without names."""
        return self.drive + "/" * self.absolute + "/".join(self.names)


def split_path(path: str) -> Parts:
    """The parts of a path; empty names (`a//b`, `a/`) are dropped."""
    path = path.replace("\\", "/")
    drive = path[:2] if path[1:2] == ":" and path[0].isascii() and path[0].isalpha() else ""
    rest = path[len(drive) :]
    return Parts(drive, rest.startswith("/"), [name for name in rest.split("/") if name])


def resolved(parts: Parts) -> Parts:
    """The same without `.`, and without `..` where a name stands before it or a root."""
    names: list[str] = []
    for name in parts.names:
        if name == ".." and names and names[-1] != "..":
            names.pop()
        elif name != "." and not (name == ".." and parts.absolute):
            names.append(name)
    return parts._replace(names=names)


def normalized(path: str) -> str:
    """A path without detours; `.` for a relative one of which nothing is left, empty for the empty text."""
    return path and (resolved(split_path(path)).text() or ".")


def last_name(path: str) -> str:
    """The last name of a path; empty where it has none."""
    return (split_path(path).names or [""])[-1]


def stem_and_extension(name: str) -> tuple[str, str]:
    """A name divided before its last dot; one that begins with its only dot has no extension, nor has `..`."""
    at = name.rfind(".")
    return (name, "") if at <= 0 or name == ".." else (name[:at], name[at:])


def parent(path: str) -> str:
    """The path without its last name; empty for a single relative one."""
    parts = split_path(path)
    if len(parts.names) <= 1 and not parts.absolute:
        return ""
    return parts._replace(names=parts.names[:-1]).text()


def beside(path: str, name: str) -> str:
    """The path of another name in the same folder."""
    folder = parent(path)
    return folder + name if folder.endswith("/") or not folder else f"{folder}/{name}"


@builtin(
    "path_join(...parts: any) -> string",
    examples=[
        ('path_join("a", "b", "c.txt")', "a/b/c.txt"),
        ('path_join("a/", "/b")', "/b"),
        ('path_join("a", "", "b")', "a/b"),
    ],
)
def path_join(*parts: Any) -> str:
    """The parts as one path. An absolute part takes the place of all before it."""
    return posixpath.join("", *map(text_of, parts))


@builtin(
    "path_parts(path: any) -> {dir: string, file: string, stem: string, ext: string, segments: list<string>}",
    examples=[('path_parts("src/main.rs").dir', "src"), ('path_parts("src/main.rs").ext', ".rs")],
)
def path_parts(path: Any) -> dict[str, Any]:
    """Folder, last name, that without and only its extension, and all names of a path."""
    text = text_of(path)
    name = last_name(text)
    stem, extension = stem_and_extension(name)
    return {"dir": parent(text), "file": name, "stem": stem, "ext": extension, "segments": split_path(text).names}


@builtin(
    "path_segments(path: any) -> list<string>",
    examples=[('path_segments("/a/./b")', "[a, ., b]"), ('path_segments("C:\\\\x")', "[x]")],
)
def path_segments(path: Any) -> list[str]:
    """The names in a path, without root and drive."""
    return split_path(text_of(path)).names


@builtin(
    "path_parent(path: any) -> string",
    examples=[('path_parent("a/b/c.rs")', "a/b"), ('path_parent("a")', ""), ('path_parent("/")', "/")],
)
def path_parent(path: Any) -> str:
    """The path without its last name; empty for a single name, `/` for the root."""
    return parent(text_of(path))


@builtin("path_basename(path: any) -> string", examples=[('path_basename("a/b/")', "b"), ('path_basename("/")', "")])
def path_basename(path: Any) -> str:
    """The last name in a path."""
    return last_name(text_of(path))


@builtin(
    "path_stem(path: any) -> string", examples=[('path_stem("a/c.tar.gz")', "c.tar"), ('path_stem(".env")', ".env")]
)
def path_stem(path: Any) -> str:
    """The last name in a path, without its extension."""
    return stem_and_extension(last_name(text_of(path)))[0]


@builtin(
    "path_extension(path: any) -> string",
    examples=[('path_extension("a.tar.gz")', ".gz"), ('path_extension(".hidden")', ""), ('path_extension("x.")', ".")],
)
def path_extension(path: Any) -> str:
    """The extension of the last name in a path, from its last dot on; empty where there is none."""
    return stem_and_extension(last_name(text_of(path)))[1]


@builtin(
    "path_with_extension(path: any, extension: any) -> string",
    examples=[('path_with_extension("a/c.rs", "txt")', "a/c.txt"), ('path_with_extension("/c.rs", "")', "/c")],
)
def path_with_extension(path: Any, extension: Any) -> str:
    """The path with another extension, given with its dot or without."""
    text, wanted = text_of(path), text_of(extension)
    dot = "." if wanted and not wanted.startswith(".") else ""
    return beside(text, stem_and_extension(last_name(text))[0] + dot + wanted)


@builtin(
    "path_with_stem(path: any, stem: any) -> string",
    examples=[('path_with_stem("a/c.rs", "main")', "a/main.rs")],
)
def path_with_stem(path: Any, stem: Any) -> str:
    """The path with another last name and the extension it had."""
    text = text_of(path)
    return beside(text, text_of(stem) + stem_and_extension(last_name(text))[1])


@builtin(
    "path_is_absolute(path: any) -> bool",
    examples=[('path_is_absolute("/a")', "true"), ('path_is_absolute("C:/a")', "true"), ('path_is_absolute("C:a")', "false")],
)  # fmt: skip
def path_is_absolute(path: Any) -> bool:
    """Whether a path starts at a root, `/` or `C:/`."""
    return split_path(text_of(path)).absolute


@builtin("path_is_relative(path: any) -> bool", examples=[('path_is_relative("a/b")', "true")])
def path_is_relative(path: Any) -> bool:
    """Whether a path does not start at a root."""
    return not split_path(text_of(path)).absolute


@builtin(
    "path_normalize(path: any) -> string",
    examples=[
        ('path_normalize("a/b/../c")', "a/c"),
        ('path_normalize("a/..")', "."),
        ('path_normalize("../x")', "../x"),
        ('path_normalize("/..")', "/"),
    ],
)
def path_normalize(path: Any) -> str:
    """The path without `.`, without `..` behind a name or the root, and with single separators."""
    return normalized(text_of(path))


@builtin(
    "path_relative_to(path: any, base: any) -> string?",
    examples=[('path_relative_to("/a/c", "/a/b")', "../c"), ('path_relative_to("/a", "b")', "nil")],
)
def path_relative_to(path: Any, base: Any) -> str | None:
    """The way from a folder to a path, `.` for the folder itself. Nil where only one of them is absolute, they are on different
    drives, or the folder leads up by more than the path does.
    """
    to, start = resolved(split_path(text_of(path))), resolved(split_path(text_of(base)))
    if (to.drive, to.absolute) != (start.drive, start.absolute):
        return None
    common = 0
    for own, other in zip(to.names, start.names):
        if own != other:
            break
        common += 1
    rest = start.names[common:]
    if ".." in rest:
        return None
    return "/".join([".."] * len(rest) + to.names[common:]) or "."


@builtin(
    "path_to_posix(path: any) -> string", aliases=["path_to_native"], examples=[('path_to_posix("a\\\\b")', "a/b")]
)
def path_to_posix(path: Any) -> str:
    """The path with `/` for every backslash."""
    return text_of(path).replace("\\", "/")
