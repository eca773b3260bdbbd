"""Circuit breakers: count failures by name, and say when it is better not to try."""

from __future__ import annotations

from typing import Any

from harn.builtins.strings import text_of
from harn.builtins.tasks import milliseconds
from harn.catalog.record import builtin
from harn.vm.machine import Context

AREA = "circuits"
THRESHOLD, RESET_MS = 5, 30_000.0


class Circuit:
    """``failures`` in a row; at ``threshold`` it opens, and ``seconds`` after ``opened`` (time of the run) it may be tried."""

    __slots__ = ("failures", "opened", "seconds", "threshold")

    def __init__(self, threshold: int, seconds: float) -> None:
        self.threshold = threshold
        self.seconds = seconds
        self.failures = 0
        self.opened: float | None = None

    def state(self, now: float) -> str:
        """``closed``, ``open`` or ``half_open``."""
        if self.opened is None:
            return "closed"
        return "half_open" if now - self.opened >= self.seconds else "open"

    def close(self) -> None:
        """Forget all failures."""
        self.failures = 0
        self.opened = None


def _circuit(ctx: Context, name: Any) -> Circuit | None:
    circuits: dict[str, Circuit] = ctx.vm.areas.get(AREA, {})
    return circuits.get(text_of(name))


@builtin(
    "circuit_breaker(name: any, threshold?: any | int, reset?: any | duration | int) -> string",
    effects=["task"],
    ctx=True,
    examples=[('circuit_breaker("api", 3, 10s)', "api")],
)
def circuit_breaker(ctx: Context, name: Any, threshold: Any = None, reset: Any = None) -> str:
    """A closed circuit under a name, which is given back. It opens at so many failures in a row (5), and may be tried again after
    some time (30 seconds; milliseconds or a duration).
    """
    text = text_of(name)
    circuits: dict[str, Circuit] = ctx.vm.areas.setdefault(AREA, {})
    most = threshold if threshold.__class__ is int else THRESHOLD
    circuits[text] = Circuit(most, milliseconds(reset, RESET_MS) / 1000)
    return text


@builtin(
    "circuit_check(name: any) -> string",
    effects=["task", "clock"],
    ctx=True,
    examples=[('circuit_check("api")', "closed")],
)
def circuit_check(ctx: Context, name: Any) -> str:
    """`closed` where calls may be made, `open` where not, `half_open` where one may be tried. An unknown circuit is closed."""
    circuit = _circuit(ctx, name)
    return circuit.state(ctx.vm.now()) if circuit is not None else "closed"


@builtin(
    "circuit_record_failure(name: any) -> bool",
    effects=["task", "clock"],
    ctx=True,
    examples=[('circuit_record_failure(circuit_breaker("api", 1))', "true")],
)
def circuit_record_failure(ctx: Context, name: Any) -> bool:
    """Count a failure; whether it opened the circuit. A trial that fails opens it for its whole time again."""
    circuit = _circuit(ctx, name)
    if circuit is None:
        return False
    circuit.failures += 1
    now = ctx.vm.now()
    opens = circuit.state(now) == "half_open" or (circuit.opened is None and circuit.failures >= circuit.threshold)
    if opens:
        circuit.opened = now
    return opens


@builtin(
    "circuit_record_success(name: any) -> nil",
    effects=["task"],
    ctx=True,
    examples=[('circuit_record_success("api")', "nil")],
)
def circuit_record_success(ctx: Context, name: Any) -> None:
    """Close a circuit and forget its failures."""
    circuit = _circuit(ctx, name)
    if circuit is not None:
        circuit.close()


@builtin("circuit_reset(name: any) -> nil", effects=["task"], ctx=True, examples=[('circuit_reset("api")', "nil")])
def circuit_reset(ctx: Context, name: Any) -> None:
    """Close a circuit by hand."""
    circuit_record_success(ctx, name)
