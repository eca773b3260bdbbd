"""Parts of file names by the rules of the host."""

from __future__ import annotations

from harn.builtins.strings import text_of
from harn.catalog.record import builtin
from harn.source.typing import Any


def _trimmed(text: str) -> str:
    """The path without separators and single dots at its end; a root stays."""
    while text.endswith(("/", "/.")) and text != "/":
        text = text[:-1]
    return text


@builtin(
    "basename(path: any) -> string",
    examples=[('basename("/usr/bin/harn")', "harn"), ('basename("a/b/")', "b"), ('basename("..")', "")],
)
def basename(path: Any) -> str:
    """The last part of a path; empty for `.` and `..`."""
    name = _trimmed(text_of(path)).rpartition("/")[2]
    return "" if name in (".", "..") else name


@builtin(
    "dirname(path: any) -> string",
    examples=[
        ('dirname("/usr/bin/harn")', "/usr/bin"),
        ('dirname("c")', ""),
        ('dirname("/a")', "/"),
        ('dirname("/")', ""),
    ],
)
def dirname(path: Any) -> str:
    """The path without its last part; empty for a single name and for the root."""
    text = _trimmed(text_of(path))
    head, slash, name = text.rpartition("/")
    return (_trimmed(head) or slash) if name else ""


@builtin("extname(path: any) -> string", examples=[('extname("a.tar.gz")', ".gz"), ('extname(".hidden")', "")])
def extname(path: Any) -> str:
    """The extension of a path's last part with its dot; empty where there is none."""
    name = basename(path)
    stem, dot, extension = name.rpartition(".")
    return dot + extension if stem else ""
