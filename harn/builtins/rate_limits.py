"""Rate limits of providers."""

from __future__ import annotations

from typing import Any

from harn.builtins.errors import error_category
from harn.builtins.strings import text_of
from harn.catalog.record import builtin
from harn.values.errors import HarnError, runtime_error
from harn.vm.frame import Answer, Call, Done, Effect, Native, Perform, Throw, Wait
from harn.vm.machine import Context, Machine
from harn.vm.rates import AREA, Admission, Rate, rate_of

RETRIED = frozenset(("rate_limit", "overloaded", "transient_network", "timeout"))
RETRIES, BACKOFF_MS, LONGEST_MS = 5, 1000, 30_000


@builtin("llm_rate_limit(provider: any, options?: any | dict) -> int | bool | nil", effects=["task"], ctx=True)
def llm_rate_limit(ctx: Context, provider: Any, options: Any = None) -> Any:
    """The requests a minute that a provider is limited to, nil where it is not; `{rpm}` sets it (0: no limit) and gives true."""
    key = text_of(provider)
    if options.__class__ is not dict:
        rates: dict[str, Rate] = ctx.vm.areas.get(AREA, {})
        return rates[key].most if key in rates else None
    rpm = options.get("rpm")
    if rpm.__class__ is not int:
        raise runtime_error("llm_rate_limit: options must include 'rpm' (integer)")
    rate_of(ctx.vm, key).change(ctx.vm, rpm if rpm > 0 else None)
    return True


class Limited(Native):
    """``with_rate_limit``: waits for its turn, calls, waits longer and longer after errors that may pass."""

    __slots__ = ("admission", "backoff_ms", "function", "rate", "retries", "state")
    name = "with_rate_limit"
    edge = False
    in_context = True

    def __init__(self, rate: Rate, function: Any, retries: int, backoff_ms: float) -> None:
        self.rate = rate
        self.function = function
        self.retries = retries
        self.backoff_ms = backoff_ms
        self.admission = Admission(rate)
        self.state = "waiting"

    def resume_in(self, context: Context, value: Any) -> Answer:
        if self.state == "calling":
            return Done(value)
        if self.state == "resting":
            self.admission = Admission(self.rate)
            self.state = "waiting"
        if not self.admission.admitted:
            return Wait(self.admission)
        self.state = "calling"
        return Call(self.function)

    def fail_in(self, context: Context, error: HarnError) -> Answer:
        self.drop(context.vm)
        if self.state != "calling" or error.ending or self.retries <= 0 or error_category(error.bound()) not in RETRIED:
            return Throw(error)
        self.retries -= 1
        pause = min(self.backoff_ms, LONGEST_MS)
        self.backoff_ms = pause * 2
        self.state = "resting"
        return Perform(Effect("clock.sleep", "sleep", pause / 1000, idempotent=True))

    def drop(self, vm: Machine) -> None:
        """It does not stand in line any more."""
        self.admission.give_up(vm)


@builtin(
    "with_rate_limit<T>(provider: any, body: fn() -> T, options?: any | dict) -> T",
    form="native",
    effects=["task", "clock.sleep"],
    keeps=["body"],
    ctx=True,
)
def with_rate_limit(ctx: Context, provider: Any, body: Any, options: Any = None) -> Native:
    """Call a function when the rate limit of a provider has room, and again after an error that may pass.

    `options`: `max_retries` (5) and `backoff_ms` (1000), the pause before the first repetition, which doubles up to 30 s. Errors
    of the categories rate_limit, overloaded, transient_network and timeout may pass.
    """
    given = options if options.__class__ is dict else {}
    retries, backoff = given.get("max_retries"), given.get("backoff_ms")
    return Limited(
        rate_of(ctx.vm, text_of(provider)),
        body,
        retries if retries.__class__ is int else RETRIES,
        max(0, backoff) if backoff.__class__ is int else BACKOFF_MS,
    )
