"""What the commands print on stderr when a program has errors or ends by one."""

from __future__ import annotations

import os
import sys

from harn.cli.exits import DEFECT, FAILED, INTERRUPTED, TIME_LIMIT
from harn.host.streams import OutputLost
from harn.source.diagnostic import ERROR, Diagnostic
from harn.source.render import render, render_failure
from harn.values.errors import Aborted, HarnError, LimitReached
from harn.vm.trace import entries, origin_file, origin_line


def coloured() -> bool:
    """Whether stderr is a terminal that wants colours."""
    return not os.environ.get("NO_COLOR") and sys.stderr is not None and sys.stderr.isatty()


def show_diagnostics(diagnostics: list[Diagnostic]) -> bool:
    """Print all; whether there is no error among them."""
    colour = coloured()
    for diagnostic in diagnostics:
        sys.stderr.write(render(diagnostic, colour=colour))
    return all(diagnostic.severity != ERROR for diagnostic in diagnostics)


def show_error(error: HarnError) -> None:
    """Print an error that left the program, with the place where it arose and the calls on the way."""
    error.locate(origin_line(error))
    source = origin_file(error)
    calls = [
        call._replace(function="") if call.function == "pipeline" else call for call in entries(error) if not call.std
    ]
    sys.stderr.write(render_failure(error.text(), calls, source, about=error.excerpt, colour=coloured()))


def show_abort(reason: BaseException) -> int:
    """Print why a run was given up; the exit code."""
    if isinstance(reason, LimitReached):
        print(f"error: {reason}", file=sys.stderr)
        return TIME_LIMIT if reason.kind == "seconds" else FAILED
    if isinstance(reason, Aborted):
        print(f"error: {reason}", file=sys.stderr)
        return INTERRUPTED
    if isinstance(reason.__cause__, (BrokenPipeError, OutputLost)):
        raise reason.__cause__  # nobody reads on, which ends the command quietly, or the disk is full
    from harn.cli.defect import report_defect

    report_defect(reason.__cause__ or reason, sys.argv[1:])
    print(f"  {reason}", file=sys.stderr)
    return DEFECT
