"""Streams in time: no faster than a rate, and only what is followed by a pause."""

from __future__ import annotations

from harn.builtins.streams_feeds import PENDING, Arriving, Joined
from harn.source.typing import Any
from harn.values.kinds import Iter
from harn.vm.frame import AGAIN, END, Answer, Done, Pull, Wait
from harn.vm.iterating import Source
from harn.vm.machine import Context
from harn.vm.scheduler import Sleeping

_TURN = 1_000
"""Elements passed over before the safepoint may look."""


class Throttle(Source):
    """Draws an element no sooner than ``interval`` seconds after the one before; ``ready`` is when, on the clock of the run."""

    __slots__ = ("base", "drawing", "interval", "ready")
    in_context = True

    def __init__(self, base: Iter, interval: float) -> None:
        self.base = base
        self.interval = interval
        self.ready = 0.0
        self.drawing = False

    def next_in(self, context: Context) -> Answer:
        self.drawing = False
        pause = self.ready - context.vm.now()
        return Wait(Sleeping(pause)) if pause > 0 else self._pull()

    def _pull(self) -> Answer:
        self.drawing = True
        return Pull(self.base)

    def resume_in(self, context: Context, value: Any) -> Answer:
        if not self.drawing:
            return self._pull()
        if value is not END:
            self.ready = context.vm.now() + self.interval
        return Done(value)


class Debounce(Joined):
    """Draws the last element before each pause of ``window`` seconds, and the last of all. ``held`` may become one."""

    __slots__ = ("held", "passed", "waited", "window")

    def __init__(self, base: Iter, window: float) -> None:
        Joined.__init__(self, [base])
        self.window = window
        self.held: Any = END
        self.passed = 0
        self.waited = False

    def next_in(self, context: Context) -> Answer:
        self.waited = False
        return Joined.next_in(self, context)

    def go_on(self, context: Context) -> Answer:
        feed = self.feeds[0]
        while (value := feed.look(context)) is not PENDING and value is not END:
            self.held = value
            self.waited = False
            self.passed += 1
            if self.passed % _TURN == 0:
                return AGAIN
        self.enlist(context)
        if feed.new:
            feed.new = False
            return AGAIN
        if value is PENDING and self.held is END:
            return Wait(Arriving(self.feeds))
        if value is PENDING and self.window > 0 and not self.waited:
            self.waited = True
            return Wait(Arriving(self.feeds, self.window))
        self.pulling = False
        held, self.held = self.held, END
        return Done(held)

    def fed(self, context: Context, place: int, value: Any) -> Answer:
        self.held = value
        self.waited = False
        return self.go_on(context)
