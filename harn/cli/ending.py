"""From the end of a run to the exit code of a command."""

from __future__ import annotations

import sys

from harn.cli.exits import FAILED
from harn.vm.ending import exit_code, is_err
from harn.vm.frame import EXIT, Outcome, Returned, Threw


def ended(outcome: Outcome) -> int:
    """The exit code of an end; what there is to say of it has been said on stderr."""
    if isinstance(outcome, Returned):
        code = exit_code(outcome.value)
        if code and is_err(outcome.value):
            from harn.vm.ending import err_text

            print(err_text(outcome.value), file=sys.stderr)
        return code
    from harn.cli.failures import show_abort, show_error

    if isinstance(outcome, Threw):
        show_error(outcome.error)
        return FAILED
    completion = outcome.completion  # type: ignore[union-attr]
    if completion.kind == EXIT:
        return int(completion.payload.code) & 0xFF
    return show_abort(completion.payload)
