"""Meters: what one call of a step or persona may still spend.

A meter records use and holds reservations. A reservation is made on all meters of a model call at once before the call,
and its end releases it; what was really used is then recorded. So branches sharing one budget can never exceed
it together, and a call that only lacks what others reserved waits instead of being refused.

    recorded ----- reserved ------ free                    limit
    |=============|~~~~~~~~~~~~~~~|........................|
"""

from __future__ import annotations

from decimal import Decimal

from harn.source.typing import NamedTuple
from harn.steps.definitions import Budget

ZERO = Decimal(0)
TOKENS, DOLLARS = "max_tokens", "max_usd"


class Use(NamedTuple):
    """An amount of tokens and dollars."""

    tokens: int = 0
    dollars: Decimal = ZERO


NOTHING = Use()


class Reservation:
    """What a running model call may still use, on every meter it was made on."""

    __slots__ = ("meters", "use")

    def __init__(self, meters: tuple[Meter, ...], use: Use) -> None:
        self.meters = meters
        self.use = use

    def release(self) -> None:
        """Give back what was reserved. Releasing twice changes nothing."""
        for meter in self.meters:
            meter.reserved = tuple(held for held in meter.reserved if held[0] is not self)
        self.meters = ()


class Meter:
    """The counter behind a budget. ``owner`` is the entry it belongs to; a closed meter takes and refuses nothing.

    ``fired`` are the numbers of the threshold hooks that have heard of it.
    """

    __slots__ = ("budget", "closed", "fired", "owner", "recorded", "reserved")

    def __init__(self, budget: Budget, owner: object) -> None:
        self.budget = budget
        self.owner = owner
        self.recorded = NOTHING
        self.reserved: tuple[tuple[Reservation, Use], ...] = ()
        self.closed = False
        self.fired: tuple[int, ...] = ()

    def copy(self, owner: object) -> Meter:
        """A meter of its own that starts with what is recorded here."""
        made = Meter(self.budget, owner)
        made.recorded = self.recorded
        made.closed = self.closed
        return made

    def add(self, tokens: int, dollars: Decimal) -> None:
        """Record use."""
        if not self.closed:
            self.recorded = Use(self.recorded.tokens + tokens, self.recorded.dollars + dollars)

    def close(self) -> None:
        """The step is settled: nothing is counted here any more."""
        self.closed = True
        self.reserved = ()

    def crossed(self) -> str | None:
        """The limit that recorded use exceeds, strictly; tokens before dollars."""
        if self.closed:
            return None
        tokens, dollars = self.budget.max_tokens, self.budget.max_usd
        if tokens is not None and self.recorded.tokens > tokens:
            return TOKENS
        if dollars is not None and self.recorded.dollars > dollars:
            return DOLLARS
        return None

    def exhausted(self, projected_dollars: Decimal) -> str | None:
        """The limit that leaves nothing for a further call; dollars only matter to a call that costs any."""
        if self.closed:
            return None
        tokens, dollars = self.budget.max_tokens, self.budget.max_usd
        if tokens is not None and self.recorded.tokens >= tokens:
            return TOKENS
        if dollars is not None and projected_dollars > 0 and self.recorded.dollars >= dollars:
            return DOLLARS
        return None

    def left(self) -> tuple[int | None, Decimal | None]:
        """Tokens and dollars between recorded use and the limits; None without a limit."""
        if self.closed:
            return None, None
        tokens, dollars = self.budget.max_tokens, self.budget.max_usd
        return (
            None if tokens is None else max(0, tokens - self.recorded.tokens),
            None if dollars is None else max(ZERO, dollars - self.recorded.dollars),
        )

    def free(self) -> tuple[int | None, Decimal | None]:
        """What is left less what running calls have reserved."""
        tokens, dollars = self.left()
        held_tokens = sum(use.tokens for _, use in self.reserved)
        held_dollars = sum((use.dollars for _, use in self.reserved), ZERO)
        return (
            None if tokens is None else max(0, tokens - held_tokens),
            None if dollars is None else max(ZERO, dollars - held_dollars),
        )

    def share(self) -> Decimal:
        """The larger used share of the limits, in percent; against a limit of 0 any use is 100."""
        shares = [ZERO]
        if self.budget.max_tokens is not None:
            shares.append(_share(Decimal(self.recorded.tokens), Decimal(self.budget.max_tokens)))
        if self.budget.max_usd is not None:
            shares.append(_share(self.recorded.dollars, self.budget.max_usd))
        return max(shares)


def _share(used: Decimal, limit: Decimal) -> Decimal:
    if limit == 0:
        return Decimal(100) if used > 0 else ZERO
    return used * 100 / limit


def reserve(meters: tuple[Meter, ...], tokens: int, dollars: Decimal) -> Reservation | None:
    """Reserve on all meters at once, at most what is left on each; None where others' reservations stand in the way."""
    wanted: list[tuple[Meter, Use]] = []
    for meter in meters:
        left_tokens, left_dollars = meter.left()
        use = Use(
            tokens if left_tokens is None else min(tokens, left_tokens),
            dollars if left_dollars is None else min(dollars, left_dollars),
        )
        free_tokens, free_dollars = meter.free()
        if (free_tokens is not None and use.tokens > free_tokens) or (
            free_dollars is not None and use.dollars > free_dollars
        ):
            return None
        wanted.append((meter, use))
    reservation = Reservation(meters, Use(tokens, dollars))
    for meter, use in wanted:
        if not meter.closed:
            meter.reserved += ((reservation, use),)
    return reservation
