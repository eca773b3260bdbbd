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


def _origin(error: HarnError) -> tuple[Any, int] | None:
    """Code and pc of the innermost frame of the user's own code an error passed; of std code where there is no other."""
    trace: Any = error.trace
    if not trace:
        return None
    code, pc, _ = next((passed for passed in trace if not passed[0].std), trace[0])
    return code, pc


def origin_line(error: HarnError) -> int:
    """The line of the user's code where an error arose, 0 where unknown."""
    origin = _origin(error)
    return int(origin[0].position(origin[1])[0]) if origin is not None else 0


def origin_file(error: HarnError) -> SourceFile | None:
    """The source that line stands in, where it can still be read."""
    origin = _origin(error)
    found: SourceFile | None = origin[0].module.source() if origin is not None else None
    return found


def entries(error: HarnError) -> list[TraceEntry]:
    """The trace of an error, innermost frame first. Frames of std modules stand with ``std`` set."""
    found = []
    trace: Any = error.trace or ()
    for code, pc, _ in trace:
        line, column, length = code.position(pc)
        found.append(TraceEntry(code.name or "closure", code.module.path, line, column, length, code.std))
    return found
