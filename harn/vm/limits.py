"""How much a run may use. What is exceeded ends the run (``LimitReached``); no handler of the program sees it."""

from __future__ import annotations

from harn.values.errors import LimitReached


class Limits:
    """The limits of one run; None where there is none.

    ``instructions``  bytecode instructions, counted at back edges and calls: exact, the same in every run
    ``seconds``       wall-clock time, looked at between slices of about half a millisecond
    ``depth``         frames of one task, of functions and builtins together; the 512 nested calls of the language come first
                      except through builtins that call back
    ``value_bytes``   the size of one text, list, dict ... (eight bytes an element), checked before it is made
    ``memory_bytes``  growth of the whole process's memory since the run began, sampled: best effort
    ``output_bytes``  what the program prints, in UTF-8
    """

    __slots__ = ("depth", "instructions", "memory_bytes", "output_bytes", "seconds", "value_bytes")

    def __init__(
        self,
        instructions: int | None = None,
        seconds: float | None = None,
        depth: int = 20_000,
        value_bytes: int = 2**30,
        memory_bytes: int | None = None,
        output_bytes: int | None = None,
    ) -> None:
        self.instructions = instructions
        self.seconds = seconds
        self.depth = depth
        self.value_bytes = value_bytes
        self.memory_bytes = memory_bytes
        self.output_bytes = output_bytes
        for kind in self.__slots__:
            limit = getattr(self, kind)
            if limit is not None and (isinstance(limit, bool) or not isinstance(limit, (int, float)) or limit <= 0):
                raise ValueError(f"the limit `{kind}` must be a number above zero, not {limit!r}")

    def __repr__(self) -> str:
        given = (f"{kind}={getattr(self, kind)}" for kind in self.__slots__ if getattr(self, kind) is not None)
        return f"Limits({', '.join(given)})"


def resident_bytes() -> int:
    """Memory of this process that lies in RAM; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", "rb") as table:
            pages = int(table.read().split()[1])
    except (OSError, ValueError, IndexError):
        return _peak_bytes()
    import os

    return pages * os.sysconf("SC_PAGE_SIZE")


def _peak_bytes() -> int:
    """The most this process ever had: all that some systems tell."""
    import sys

    try:
        import resource
    except ImportError:
        return 0
    peak: int = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


__all__ = ["LimitReached", "Limits", "resident_bytes"]
