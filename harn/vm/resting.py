"""The end of a task that leaves generators resting in the middle of a step, a finally or a function with deferred blocks."""

from __future__ import annotations

from harn.source.typing import Any
from harn.values.errors import HarnError
from harn.values.kinds import Generator
from harn.vm.frame import CANCEL, Answer, Completion, Dismiss, Done, Native, Returned, Threw, Throw
from harn.vm.interruption import ending_error
from harn.vm.machine import Context
from harn.vm.pump import UNCATCHABLE, drop_frames


class LeaveResting(Native):
    """Leaves them by a cancellation, newest first, before the task ends as ``outcome`` says.

    What their cleaning up throws is nobody's, as after any cancellation; an interrupt or cancellation of the task itself replaces
    the outcome. One that yields while it is left, and so rests again, is dropped.
    """

    __slots__ = ("left", "outcome", "sent")
    name = "task"
    edge = False
    in_context = True
    ends_cancel = True

    def __init__(self, outcome: Returned | Threw) -> None:
        self.outcome = outcome
        self.left: list[Generator] = []
        self.sent: HarnError | None = None

    def resume_in(self, context: Context, value: Any) -> Answer:
        resting = context.task.resting
        while resting:
            generator = resting.pop(next(reversed(resting)))
            if not any(generator is other for other in self.left):
                self.left.append(generator)
                if generator.frames:
                    self.sent = ending_error(CANCEL)
                    return Dismiss(generator, self.sent)
            drop_frames(context.vm, generator.frames, Completion(CANCEL, None))
            generator.done = True
        return Done(self.outcome.value) if isinstance(self.outcome, Returned) else Throw(self.outcome.error)

    def fail_in(self, context: Context, error: HarnError) -> Answer:
        if error.ending in UNCATCHABLE and error is not self.sent:
            self.outcome = Threw(error)
        return self.resume_in(context, None)
