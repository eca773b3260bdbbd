"""The source files a command line names: finding and reading them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator

from harn.cli.failures import show_diagnostics
from harn.host.failures import reason
from harn.source.decode import decode
from harn.source.file import SourceFile

STDIN = "-"


def source_paths(words: Iterable[str]) -> Iterator[str]:
    """The files meant by some words: a folder stands for every ``.harn`` file below it, in order, hidden folders left out."""
    for word in words:
        if word == STDIN or not os.path.isdir(word):
            yield word
            continue
        for folder, inner, names in os.walk(word):
            inner[:] = sorted(name for name in inner if not name.startswith("."))
            yield from (os.path.join(folder, name) for name in sorted(names) if name.endswith(".harn"))


def read_source(path: str) -> SourceFile | None:
    """The file at a path (``-``: standard input), or None after telling on stderr why it cannot be read."""
    try:
        if path == STDIN:
            data, path = sys.stdin.buffer.read(), "<stdin>"
        else:
            with open(path, "rb") as source:
                data = source.read()
    except (OSError, ValueError) as error:
        print(f"Error reading {path}: {reason(error)}", file=sys.stderr)
        return None
    file, problem = decode(path, data)
    if problem is None:
        return file
    show_diagnostics([problem])
    return None
