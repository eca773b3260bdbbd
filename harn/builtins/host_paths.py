"""Parts of file names by the rules of the host."""

from __future__ import annotations

from harn.builtins.strings import text_of
from harn.catalog.record import builtin
from harn.source.typing import Any


def _trimmed(text: str) -> str:
    return text.rstrip("/") or ("/" if text else "")


@builtin("basename(path: any) -> string", examples=[('basename("/usr/bin/harn")', "harn"), ('basename("..")', "")])
def basename(path: Any) -> str:
    """The last part of a path; empty for `..`."""
    name = _trimmed(text_of(path)).rpartition("/")[2]
    return "" if name == ".." else name


@builtin("dirname(path: any) -> string", examples=[('dirname("/usr/bin/harn")', "/usr/bin"), ('dirname("c")', "")])
def dirname(path: Any) -> str:
    """The path without its last part."""
    head, slash, _ = _trimmed(text_of(path)).rpartition("/")
    return _trimmed(head) if head else slash


@builtin("extname(path: any) -> string", examples=[('extname("a.tar.gz")', ".gz"), ('extname(".hidden")', "")])
def extname(path: Any) -> str:
    """The extension of a path's last part with its dot; empty where there is none."""
    name = basename(path)
    stem, dot, extension = name.rpartition(".")
    return dot + extension if stem else ""
