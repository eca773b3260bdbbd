"""How failures of the operating system are worded."""

from __future__ import annotations

import os


def reason(error: Exception) -> str:
    """What the system says of a failure: ``No such file or directory (os error 2)``."""
    if isinstance(error, OSError) and error.errno is not None:
        return f"{os.strerror(error.errno)} (os error {error.errno})"
    return str(error)
