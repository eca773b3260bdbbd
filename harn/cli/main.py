"""The ``harn`` command: finds the module of a command, runs it, and turns every end into an exit code.

This module stands on the path of every start, so it imports nothing but ``sys``; argparse alone costs 11 ms.
A command is one row of ``COMMANDS`` and one module with

    run(arguments: list[str]) -> int        its exit code; ``--help`` among the arguments prints its help
"""

from __future__ import annotations

import sys

COMMANDS: dict[str, tuple[str, str]] = {
    "run": ("harn.cli.run", "run a program"),
    "resume": ("harn.cli.resume", "go on with a run that was killed"),
    "check": ("harn.cli.check", "report what is wrong with programs"),
    "test": ("harn.cli.test", "run tests"),
    "lint": ("harn.cli.lint", "find what is suspicious in programs"),
    "fmt": ("harn.cli.fmt", "lay out source files"),
    "persona": ("harn.cli.persona", "list, inspect and check personas"),
    "bench": ("harn.cli.bench", "time a program"),
    "dis": ("harn.cli.dis", "list the bytecode of a program"),
    "repl": ("harn.cli.repl", "enter programs piece by piece"),
    "doc": ("harn.cli.doc", "print the page of a builtin"),
    "explain": ("harn.cli.explain", "explain the code of a diagnostic"),
    "version": ("harn.cli.version", "print the version"),
    "help": ("harn.cli.help", "explain a command"),
}
"""Name -> module and summary, in the order in which ``harn help`` lists them."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line (default: that of the process) and return the exit code. Never raises."""
    words = sys.argv[1:] if arguments is None else arguments
    prepare_output()
    try:
        try:
            code = dispatch(words)
        except SystemExit as end:  # argparse leaves this way
            code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        if sys.stdout is not None:
            sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        return output_lost(error, words)
    except Exception as error:  # the last line of defence against a traceback
        return defect(error, words)


def prepare_output() -> None:
    """Write UTF-8 whatever the locale says, and never fail on a character. Without a standard error nothing is told."""
    if sys.stderr is None:  # `print` would take standard output instead
        import os

        sys.stderr = open(os.devnull, "w")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        change = getattr(stream, "reconfigure", None)
        if change is not None:
            change(encoding="utf-8", errors="backslashreplace")


def dispatch(words: list[str]) -> int:
    """Run the command that the first word names."""
    if not words or words[0] in ("-h", "--help"):
        from harn.cli.help import overview

        print(overview())
        return 0 if words else 2
    name = "version" if words[0] in ("-V", "--version") else words[0]
    row = COMMANDS.get(name)
    if row is None:
        return unknown_command(name)
    module = __import__(row[0], fromlist=("run",))
    code: int = module.run(words[1:])
    return code


def unknown_command(name: str) -> int:
    """Complain about a word that names no command, on stderr."""
    from harn.cli.exits import USAGE
    from harn.source.spelling import nearest

    near = nearest(name, COMMANDS)
    hint = f"did you mean `harn {near}`?" if near else "`harn help` lists the commands"
    kind = "option" if name.startswith("-") else "command"
    print(f"error: there is no {kind} `{name}`; {hint}", file=sys.stderr)
    return USAGE


def output_lost(error: OSError, words: list[str]) -> int:
    """End after stdout could not be written: quietly where its reader went away, with a message where the disk is full."""
    import os

    from harn.cli.exits import CLOSED_PIPE, FAILED

    if error.filename is not None:  # a command must deal with its own files
        return defect(error, words)
    try:  # the interpreter flushes once more at exit and must find nothing to complain about
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (AttributeError, OSError, ValueError):  # no real file stands behind it
        pass
    if isinstance(error, BrokenPipeError):
        return CLOSED_PIPE
    print(f"error: cannot write the output: {error.strerror}", file=sys.stderr)
    return FAILED


def defect(error: Exception, words: list[str]) -> int:
    """Report an exception that no command expects."""
    from harn.cli.defect import report_defect

    return report_defect(error, words)
