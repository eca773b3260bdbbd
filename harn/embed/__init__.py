"""Layer 10: the embedding API. Everything in ``__all__`` is also a name of the package ``harn`` itself.

out = harn.run('pipeline default(task) { return lookup(3) }', functions={"lookup": lambda n: n * 2})
out.value  # 6
"""

from __future__ import annotations

from harn.embed.border import Closure
from harn.embed.control import Run
from harn.embed.diagnostics import Diagnostic
from harn.embed.effects import Effect
from harn.embed.errors import (
    CancelledError,
    CompileError,
    HarnError,
    InternalError,
    LimitError,
    SnapshotError,
    ThrownError,
)
from harn.embed.functions import function
from harn.embed.program import Declaration, Program, check, compile, load, run, run_async
from harn.embed.result import Result, Usage
from harn.embed.types import Enum, Opaque, Range, Set, Struct
from harn.host.host import Host
from harn.vm.limits import Limits

__all__ = [
    "CancelledError",
    "Closure",
    "CompileError",
    "Declaration",
    "Diagnostic",
    "Effect",
    "Enum",
    "HarnError",
    "Host",
    "InternalError",
    "LimitError",
    "Limits",
    "Opaque",
    "Program",
    "Range",
    "Result",
    "Run",
    "Set",
    "SnapshotError",
    "Struct",
    "ThrownError",
    "Usage",
    "check",
    "compile",
    "function",
    "load",
    "run",
    "run_async",
]
