"""The exit codes of every command, and what ``--help`` says of them."""

from __future__ import annotations

OK = 0
FAILED = 1
USAGE = 2
DEFECT = 70
UNDECIDED = 75
TIME_LIMIT = 124
INTERRUPTED = 130
CLOSED_PIPE = 141
TERMINATED = 143

MEANING: dict[int, str] = {
    OK: "success",
    FAILED: "an uncaught error of the program, a static error, or failed tests",
    USAGE: "wrong use of the command line",
    DEFECT: "a defect of Harn itself; the message says what to report",
    UNDECIDED: "resuming needs a decision about an effect that was in flight",
    TIME_LIMIT: "the wall-clock limit was reached",
    INTERRUPTED: "interrupted (Ctrl-C)",
    CLOSED_PIPE: "the reader of the output went away",
    TERMINATED: "terminated",
}


def stopped(signal: int) -> int:
    """The exit code of a run that a signal ended."""
    return (
        TERMINATED if signal == 15 else INTERRUPTED
    )  # 15 is SIGTERM; the module of that name would be imported for it
