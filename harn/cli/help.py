"""``harn help``: the list of commands, or the help of one."""

from __future__ import annotations

from harn.cli.exits import OK
from harn.cli.main import COMMANDS, dispatch


def run(arguments: list[str]) -> int:
    """Print the overview, or what ``--help`` of the named command prints."""
    if not arguments:
        print(overview())
        return OK
    if arguments[0] == "help" or arguments[0].startswith("-"):
        from harn.cli.options import command_parser

        parser = command_parser(
            "help",
            "Without a command it lists all of them.",
            examples=[("harn help", "list the commands"), ("harn help fmt", "the options of one")],
        )
        parser.add_argument("command", nargs="?", help="the command to explain")
        parser.parse_args(["--help"])
    return dispatch([arguments[0], "--help"])


def overview() -> str:
    """The list of commands."""
    width = max(map(len, COMMANDS))
    rows = (f"  {name:<{width}}  {summary}" for name, (_, summary) in COMMANDS.items())
    return "\n".join(
        ["usage: harn COMMAND ...", "", "commands:", *rows, "", "`harn help COMMAND` explains one of them."]
    )
