"""What steps, personas and their meters are by the rules alone: plain records that know nothing of ``harn.steps``.

Amounts are ints: tokens as they are, dollars in whatever small unit a test counts in.
"""

from __future__ import annotations


class Meter:
    """Counts against limits; None is no limit. ``owner`` is the entry it was made for."""

    def __init__(self, owner: Live, tokens: int | None, dollars: int | None) -> None:
        self.owner = owner
        self.limits = (tokens, dollars)
        self.tokens = 0
        self.dollars = 0
        self.closed = False

    def add(self, tokens: int, dollars: int) -> None:
        """Count, unless the entry is over."""
        if not self.closed:
            self.tokens += tokens
            self.dollars += dollars

    def crossed(self) -> str | None:
        """The limit that use is strictly above; tokens before dollars."""
        tokens, dollars = self.limits
        if not self.closed and tokens is not None and self.tokens > tokens:
            return "max_tokens"
        if not self.closed and dollars is not None and self.dollars > dollars:
            return "max_usd"
        return None

    def used_up(self, *, priced: bool) -> str | None:
        """The limit that leaves nothing for one more call; dollars only bar a call that has a price."""
        tokens, dollars = self.limits
        if not self.closed and tokens is not None and self.tokens >= tokens:
            return "max_tokens"
        if not self.closed and priced and dollars is not None and self.dollars >= dollars:
            return "max_usd"
        return None

    def percent(self) -> float:
        """The larger used share of the limits."""
        tokens, dollars = self.limits
        shares = [0.0]
        if tokens:
            shares.append(self.tokens * 100 / tokens)
        if dollars:
            shares.append(self.dollars * 100 / dollars)
        return max(shares)


class Live:
    """A step or persona in progress, with what it has used itself. ``copy`` where a task only inherited it."""

    def __init__(self, name: str, *, step: bool, inclusive: bool = False) -> None:
        self.name = name
        self.step = step
        self.inclusive = inclusive
        self.tokens = 0
        self.dollars = 0
        self.calls = 0
        self.iterations = 0
        self.meter: Meter | None = None
        self.copy = False
        self.under = ""
        """The persona a step was entered under."""
        self.most: int | None = None
        """How many model calls its stage allows."""
        self.told: set[int] = set()
        """Threshold hooks that have fired."""
        self.list = 0
        """The list of spans that was written when it was entered, 0 for none."""

    def limited(self, tokens: int | None, dollars: int | None) -> Live:
        """The same entry with a meter, if there is a limit."""
        if tokens is not None or dollars is not None:
            self.meter = Meter(self, tokens, dollars)
        return self

    def inherited(self) -> Live:
        """The copy a child task gets: own counters, an own meter from where it stands; inclusive ones stay shared."""
        copy = Live(self.name, step=self.step, inclusive=self.inclusive)
        copy.tokens, copy.dollars, copy.calls = self.tokens, self.dollars, self.calls
        copy.iterations, copy.most, copy.under = self.iterations, self.most, self.under
        copy.copy = True
        if self.meter is not None and self.inclusive:
            copy.meter = self.meter
        elif self.meter is not None:
            copy.meter = Meter(copy, *self.meter.limits)
            copy.meter.tokens, copy.meter.dollars = self.meter.tokens, self.meter.dollars
            copy.meter.closed = self.meter.closed
        return copy

    def over(self) -> None:
        """Its own meter counts no more; a copy leaves the shared one open."""
        if self.meter is not None and self.meter.owner is self:
            self.meter.closed = True


def active(live: list[Live]) -> Live | None:
    """The innermost step; entries are given from the outermost in."""
    return next((entry for entry in reversed(live) if entry.step), None)


def persona(live: list[Live]) -> Live | None:
    """The innermost persona."""
    return next((entry for entry in reversed(live) if not entry.step), None)


def meters(live: list[Live]) -> list[Meter]:
    """What a call is charged to: the active step's meter, then inclusive ones and those of personas, innermost first."""
    first = active(live)
    found = [e.meter for e in reversed(live) if e.meter is not None and (e is first or e.inclusive or not e.step)]
    return [meter for meter in found if not meter.closed]


def belongs_outside(live: list[Live], owner: Live | None) -> bool:
    """Whether the meter an error is about is that of an entry that goes on, or of its copy."""
    return owner is not None and any(e is owner or (e.meter is not None and e.meter.owner is owner) for e in live)
