"""Stack traces, collected while frames are left and turned into lines only when somebody looks."""

from __future__ import annotations

from harn.source.typing import TYPE_CHECKING, Any
from harn.values.errors import HarnError, TraceEntry
from harn.vm.frame import Frame

if TYPE_CHECKING:
    from harn.source.file import SourceFile


def add_frame(error: HarnError, frame: Frame, depth: int) -> None:
    """Note that an error passes a frame (once, also where a finally block throws it on)."""
    trace: Any = error.trace
    if trace is None:
        trace = error.trace = []
    if not trace or trace[-1][2] != depth:
        trace.append((frame.code, frame.pc - 1, depth))


def origin_line(error: HarnError) -> int:
    """The line where an error arose, 0 where unknown."""
    if not error.trace:
        return 0
    trace: Any = error.trace
    code, pc, _ = trace[0]
    return int(code.position(pc)[0])


def origin_file(error: HarnError) -> SourceFile | None:
    """The source of the innermost frame an error passed, where it can still be read."""
    trace: Any = error.trace
    found: SourceFile | None = trace[0][0].module.source() if trace else None
    return found


def entries(error: HarnError) -> list[TraceEntry]:
    """The trace of an error, innermost frame first. Frames of std modules stand with ``std`` set."""
    found = []
    trace: Any = error.trace or ()
    for code, pc, _ in trace:
        line, column, length = code.position(pc)
        found.append(TraceEntry(code.name or "closure", code.module.path, line, column, length, code.std))
    return found
