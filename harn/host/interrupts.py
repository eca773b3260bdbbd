"""Ctrl-C and the request to terminate, as interrupts of a run."""

from __future__ import annotations

from harn.source.typing import TYPE_CHECKING, Any, Callable

if TYPE_CHECKING:
    import signal
    from types import TracebackType
else:
    import _signal as signal  # `signal` makes enums of all its numbers, which takes longer than all the rest here

NOTICED = 0.25
"""Seconds in which the machine should have noticed an interrupt; it looks about every half millisecond, except in a builtin."""


class Interrupts:
    """While the ``with`` block lasts, signals call ``press``, and ``overdue`` a quarter of a second later.

    ``signal`` is the number of the first one, 0 where none came. Outside of the main thread it does nothing. With
    ``only_default`` it takes Ctrl-C alone, and only from Python's own handler: the program around has a say then.
    """

    def __init__(self, press: Callable[[], None], overdue: Callable[[], None], *, only_default: bool = False) -> None:
        self.signal = 0
        self._only_default = only_default
        self._press = press
        self._overdue = overdue
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Interrupts:
        handlers: dict[int, Any] = {signal.SIGINT: self._received}
        if self._only_default:
            if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
                return self
        else:
            handlers[signal.SIGTERM] = self._received
        if hasattr(signal, "SIGALRM"):
            handlers[signal.SIGALRM] = self._alarm
        try:
            for number, handler in handlers.items():
                self._before[number] = signal.signal(number, handler)
        except ValueError:  # not the main thread: signals go elsewhere
            pass
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.signal and hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before = {}

    def _received(self, number: int, frame: object) -> None:
        self.signal = self.signal or number
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, NOTICED)
        self._press()

    def _alarm(self, number: int, frame: object) -> None:
        self._overdue()
