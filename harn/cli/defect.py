"""How a defect of Harn itself is shown: what happened, where in our code, and what to send us. Never a Python traceback."""

from __future__ import annotations

import os
import platform
import sys
import traceback

import harn
from harn.cli.exits import DEFECT
from harn.vm.defects import InternalFault

PLACES = 8
"""How many of the innermost places are listed."""

MOST = 500
"""How much of the exception's text is shown, in characters."""


def report_defect(error: BaseException, words: list[str]) -> int:
    """Print the report on stderr; the exit code. ``HARN_TRACEBACK=1`` adds Python's traceback, for work on Harn itself."""
    if os.environ.get("HARN_TRACEBACK"):
        traceback.print_exception(error)
    text = " ".join(str(error).split())[:MOST]
    if not isinstance(error, InternalFault):  # which says so itself, with the instruction that failed
        text = f"internal error: {type(error).__name__}: {text}".removesuffix(": ")
    lines = [
        text,
        "This is a defect of Harn, not of your program. Please report it with the program and these lines:",
        f"  harn {harn.__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}",
        f"  command: harn {' '.join(words)}",
        *(f"  at {place}" for place in places(error.__cause__ or error)),
    ]
    try:
        print("\n".join(lines), file=sys.stderr)
    except OSError:
        pass
    return DEFECT


def places(error: BaseException) -> list[str]:
    """Where the error passed through our code, innermost first: ``vm/machine.py:120 in run``."""
    root = os.path.dirname(os.path.abspath(harn.__file__)) + os.sep
    found = []
    for frame, line in traceback.walk_tb(error.__traceback__):
        code = frame.f_code
        path = os.path.abspath(code.co_filename)
        shown = path.removeprefix(root) if path.startswith(root) else os.path.basename(path)
        found.append(f"{shown.replace(os.sep, '/')}:{line} in {code.co_name}")
    return found[: -PLACES - 1 : -1]
