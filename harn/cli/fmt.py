"""``harn fmt``."""

from __future__ import annotations

import difflib
import os
import sys
import tempfile

from harn.cli.exits import FAILED, OK
from harn.cli.failures import show_diagnostics
from harn.cli.options import command_parser
from harn.cli.sources import STDIN, read_source, source_paths
from harn.host.failures import reason
from harn.source.file import SourceFile


def run(arguments: list[str]) -> int:
    """Format files in place, or tell which need it."""
    parser = command_parser(
        "fmt",
        "A folder stands for all `.harn` files below it, `-` for standard input, whose formatted text goes to stdout.\n"
        "A file that is no program is left as it is.",
        examples=[
            ("harn fmt main.harn lib/", "format a file and a folder"),
            ("harn fmt --check .", "tell which files need it, change none"),
            ("harn fmt --diff main.harn", "show what would change"),
            ("harn fmt - < main.harn", "as a filter"),
        ],
        exits=[FAILED],
    )
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a file, a folder or `-`")
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 where a file needs formatting")
    parser.add_argument("--diff", action="store_true", help="change nothing; print what would change")
    options = parser.parse_args(arguments)
    changed = unchanged = failed = 0
    for path in source_paths(options.paths):
        file = read_source(path)
        text = formatted(file) if file is not None else None
        if file is None or text is None:
            failed += 1
            continue
        if text == file.text:
            unchanged += 1
        else:
            changed += 1
        if options.diff:
            sys.stdout.writelines(difference(file, text))
        elif options.check:
            if text != file.text:
                print(f"{file.path}: would be reformatted")
        elif path == STDIN:
            sys.stdout.write(text)
        elif text != file.text and not replaced(path, text):
            failed += 1
    if not options.diff and options.paths != [STDIN]:
        done = "to format" if options.check else "formatted"
        print(f"{changed} {done}, {unchanged} unchanged" + (f", {failed} failed" if failed else ""), file=sys.stderr)
    return FAILED if failed or (options.check and changed) else OK


def formatted(file: SourceFile) -> str | None:
    """The file's text as it should be, or None after telling why it is no program."""
    from harn.tools.fmt import format_file

    text, diagnostics = format_file(file)
    show_diagnostics(diagnostics)
    return text


def difference(file: SourceFile, text: str) -> list[str]:
    """A unified diff from a file to its formatted text."""
    before, after = file.text.splitlines(keepends=True), text.splitlines(keepends=True)
    lines = difflib.unified_diff(before, after, file.path, f"{file.path} (formatted)")
    return [line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines]


def replaced(path: str, text: str) -> bool:
    """Put a new text in the place of a file, at once and with its mode kept; False after telling why that failed."""
    target = os.path.realpath(path)
    name = ""
    try:
        handle, name = tempfile.mkstemp(dir=os.path.dirname(target), prefix=".harn-fmt-")
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as out:
            out.write(text)
        os.chmod(name, os.stat(target).st_mode & 0o7777)
        os.replace(name, target)
    except OSError as error:
        print(f"Error writing {path}: {reason(error)}", file=sys.stderr)
        if name and os.path.exists(name):
            os.unlink(name)
        return False
    return True
