"""Moments as text: RFC 3339 in UTC with milliseconds."""

from __future__ import annotations

import time

from harn.builtins.performing import Asking
from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.vm.frame import Effect, Native


def stamp(seconds: float) -> str:
    """Seconds since 1970 as ``2026-03-29T14:30:00.123Z``."""
    whole, ms = divmod(int(seconds * 1000), 1000)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(whole)) + f".{ms:03}Z"


def now() -> Effect:
    """The effect that reads the clock, in seconds since 1970."""
    return Effect("clock", "now", idempotent=True)


@builtin("date_iso() -> string", form="native", effects=["clock"], aliases=["date_now_iso"])
def date_iso() -> Native:
    """The moment, in UTC: `2026-03-29T14:30:00.123Z`."""
    return Stamped(now())


class Stamped(Asking):
    """Shows the time."""

    __slots__ = ()
    name = "date_iso"

    def answered(self, value: Any) -> Any:
        return stamp(value)
