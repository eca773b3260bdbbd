"""What the commands share when they read their arguments.

Importing this module imports argparse (11 ms), so a command with a fast path comes here only when it has left that path.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable

from harn.cli.exits import MEANING, OK, USAGE
from harn.cli.main import COMMANDS
from harn.source.typing import NoReturn


class CommandParser(argparse.ArgumentParser):
    """An argument parser whose help ends in examples and exit codes, and whose complaints look like all our errors."""

    def error(self, message: str) -> NoReturn:
        """Complain and end with the code for wrong use."""
        self.exit(USAGE, f"error: {message}\n{self.format_usage()}`{self.prog} --help` says more\n")


def command_parser(
    name: str,
    description: str,
    *,
    examples: Iterable[tuple[str, str]],
    exits: Iterable[int] = (),
    usage: str | None = None,
) -> CommandParser:
    """The parser of a command.

    ``examples``: pairs of a command line and what it does. ``exits``: the exit codes it may end with besides success and
    wrong use. The summary stands in the table of commands.
    """
    shown = list(examples)
    width = max(len(line) for line, _ in shown)
    epilog = ["examples:", *(f"  {line:<{width}}  {meaning}" for line, meaning in shown), "", "exit codes:"]
    epilog += (f"  {code:<4}{MEANING[code]}" for code in sorted({OK, USAGE, *exits}))
    summary = COMMANDS[name][1]
    return CommandParser(
        prog=f"harn {name}",
        usage=usage,
        description=f"{summary[0].upper()}{summary[1:]}.\n\n{description}".strip(),
        epilog="\n".join(epilog),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def milliseconds(text: str) -> float:
    """A time in milliseconds as seconds."""
    try:
        found = float(text) / 1000
    except ValueError:
        found = 0.0
    if not 0 < found < 1e9:
        raise argparse.ArgumentTypeError(f"a number of milliseconds above zero is wanted, not `{text}`")
    return found


def positive(text: str) -> int:
    """A whole number above zero."""
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"a number above zero is wanted, not `{text}`")
    return int(text)
