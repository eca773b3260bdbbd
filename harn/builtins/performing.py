"""What most builtins of the outside are made of: a native that performs one effect and makes its result of the answer."""

from __future__ import annotations

from harn.source.typing import Any
from harn.vm.frame import Answer, Done, Effect, Native, Perform


class Asking(Native):
    """Performs ``effect`` once. A subclass says what becomes of its answer, and of its failure where that is caught."""

    __slots__ = ("effect",)

    def __init__(self, effect: Effect) -> None:
        self.effect = effect

    def start(self) -> Answer:
        return Perform(self.effect)

    def resume(self, value: Any) -> Answer:
        return Done(self.answered(value))

    def answered(self, value: Any) -> Any:
        """The result."""
        raise NotImplementedError
