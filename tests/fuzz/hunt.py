"""Feeding inputs to targets, with a time limit each."""

from __future__ import annotations

import signal
import sys
import traceback
from collections.abc import Iterable, Iterator
from types import FrameType
from typing import NamedTuple

from tests.fuzz.inputs import made
from tests.fuzz.targets import TARGETS

SECONDS = 10
"""The most one input may take; the slowest measured takes a tenth of it."""


class Finding(NamedTuple):
    """An input that a target did not survive."""

    number: int
    target: str
    data: bytes
    why: str


class TooSlow(BaseException):
    """Raised by the alarm; not an Exception, so that no target can swallow it."""


def alarm(_: int, frame: FrameType | None) -> None:
    """What the timer calls."""
    raise TooSlow("".join(traceback.format_stack(frame, limit=6)))


def hunt(numbers: Iterable[int]) -> Iterator[Finding]:
    """Feed the inputs of these numbers to every target; yield those that went wrong."""
    before = signal.signal(signal.SIGALRM, alarm)
    try:
        for number in numbers:
            data = made(number)
            for name, target in TARGETS.items():
                signal.setitimer(signal.ITIMER_REAL, SECONDS)
                try:
                    target(data)
                except TooSlow as slow:
                    yield Finding(number, name, data, f"not done after {SECONDS} s, in\n{slow}")
                except BaseException:
                    if sys.exc_info()[0] is KeyboardInterrupt:
                        raise
                    yield Finding(number, name, data, traceback.format_exc(limit=-6))
                finally:
                    signal.setitimer(signal.ITIMER_REAL, 0)
    finally:
        signal.signal(signal.SIGALRM, before)
