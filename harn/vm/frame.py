"""The records a task consists of: frames, their side records, and the answers natives give.

Everything reachable from a task is a Harn value, a number or one of these classes: a run at rest is data.
"""

from __future__ import annotations

from harn.source.typing import TYPE_CHECKING, Any
from harn.values.errors import HarnError

if TYPE_CHECKING:
    from harn.steps.definitions import Tracked
    from harn.steps.entries import Entries, PersonaEntry, StepEntry
    from harn.steps.policies import Policy
    from harn.values.kinds import Closure
    from harn.vm.linked import Code
    from harn.vm.machine import Context, Machine

Value = Any


class Frame:
    """A Harn function in progress.

    ``regs`` holds slots and operand stack; ``pc`` is the next instruction and ``sp`` the first free cell, both up to date
    whenever the frame does not execute. ``depth`` counts Harn frames since the last native. ``side`` appears with the first
    region, deferred block or step entry (``whole_side``). No ``__init__``: the loop makes frames by the million and stores the
    fields itself.
    """

    __slots__ = ("closure", "code", "depth", "pc", "regs", "side", "sp")

    code: Code
    closure: Closure
    regs: list[Value]
    pc: int
    sp: int
    depth: int
    side: Side | OnlyStep | None


class Side:
    """What only few frames have: deferred blocks, regions, a step, a persona, and a pending completion.

    ``deferred`` holds (pc of the block, slots kept at registration), ``regions`` the permits of locks. ``policy`` is the stage
    policy of the step. ``pending`` is what a generator of a flagged function will enter with at its first pull. ``stage`` is
    where ``leave`` stands (0: not leaving); ``outcome`` what the step settles as, ``fault`` the error behind it.
    """

    __slots__ = (
        "completion", "deferred", "fault", "outcome", "pending", "persona", "policy", "regions", "stage", "step",
    )  # fmt: skip

    def __init__(self) -> None:
        self.deferred: list[tuple[int, tuple[tuple[int, Value], ...]]] = []
        self.regions: list[Any] = []
        self.step: StepEntry | None = None
        self.persona: PersonaEntry | None = None
        self.policy: Policy | None = None
        self.pending: tuple[Tracked, list[Value]] | None = None
        self.completion: Completion | None = None
        self.outcome = ""
        self.fault: HarnError | None = None
        self.stage = 0


class OnlyStep:
    """The side record of a frame that has a step and nothing else: most steps never need more.

    What it lacks reads as on a ``Side`` where nothing happened yet; who wants to write it asks for ``whole_side``. No
    ``__init__``: see ``Frame``.
    """

    __slots__ = ("policy", "step")
    step: StepEntry | None
    policy: Policy | None
    persona: PersonaEntry | None = None
    completion: Completion | None = None
    pending: tuple[Tracked, list[Value]] | None = None
    stage = 0


def whole_side(frame: Frame) -> Side:
    """The side record of a frame, with room for everything."""
    side = frame.side
    if side.__class__ is not Side:
        whole = Side()
        if side is not None:
            whole.step, whole.policy = side.step, side.policy
        frame.side = side = whole
    return side


class Completion:
    """How a frame is left. ``kind`` is one of the words below; ``payload`` the value, error, code or reason."""

    __slots__ = ("kind", "payload")

    def __init__(self, kind: str, payload: Any) -> None:
        self.kind = kind
        self.payload = payload


RETURN, THROW, CANCEL, EXIT, ABORT = "return", "throw", "cancel", "exit", "abort"


class End:
    """The end of an iterator, as delivered to who pulled."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<end>"

    def __reduce__(self) -> str:
        return "END"


END = End()


# --------------------------------------------------------------------------------------------- what natives answer


class Call:
    """Call ``callee`` (any callable value) with ``args``; the result comes to ``resume``."""

    __slots__ = ("args", "callee")

    def __init__(self, callee: Value, *args: Value) -> None:
        self.callee = callee
        self.args = args


class CallMethod:
    """Call the method ``name`` of ``receiver`` as a program would."""

    __slots__ = ("args", "name", "receiver")

    def __init__(self, receiver: Value, name: str, *args: Value) -> None:
        self.receiver = receiver
        self.name = name
        self.args = args


class Pull:
    """Draw the next element of an iterator, generator or stream; ``resume`` gets it, or END."""

    __slots__ = ("source",)

    def __init__(self, source: Value) -> None:
        self.source = source


class Effect:
    """Something outside the machine must happen: performed by the driver through the host, or by the embedding program."""

    __slots__ = ("args", "idempotent", "kind")

    def __init__(self, kind: str, *args: Value, idempotent: bool = False) -> None:
        self.kind = kind
        self.args = args
        self.idempotent = idempotent


class Perform:
    """Perform an effect; its answer comes to ``resume``, its failure to ``fail``."""

    __slots__ = ("effect",)

    def __init__(self, effect: Effect) -> None:
        self.effect = effect


class Wait:
    """Wait for something of the machine: a channel, task, permit or timer."""

    __slots__ = ("on",)

    def __init__(self, on: Any) -> None:
        self.on = on


class Again:
    """Let the safepoint look, then ``start`` is not called again but ``resume(None)``."""

    __slots__ = ()


AGAIN = Again()


class Done:
    """The native is finished; ``value`` goes to who called it."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value


class Emit:
    """``value`` goes to whoever pulled the segment the native belongs to; it rests, and ``resume`` gets the next pull."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value


class Throw:
    """The native is finished by an error."""

    __slots__ = ("error",)

    def __init__(self, error: HarnError) -> None:
        self.error = error


class TailCall:
    """The native is finished; ``callee`` is called in its place and gives its value."""

    __slots__ = ("args", "callee")

    def __init__(self, callee: Value, *args: Value) -> None:
        self.callee = callee
        self.args = args


class EnterFrame:
    """Push the frame of a flagged function, then its entries: only ``harn.vm.tracked`` answers so."""

    __slots__ = ("args", "callee", "tracked")

    def __init__(self, callee: Value, args: list[Value], tracked: Tracked) -> None:
        self.callee = callee
        self.args = args
        self.tracked = tracked


class Left:
    """The native ran a stage of leaving the frame below it, which is now left with ``completion``."""

    __slots__ = ("completion",)

    def __init__(self, completion: Completion) -> None:
        self.completion = completion


class Dismiss:
    """Leave a generator that rests by an error, a cancellation; ``resume`` or ``fail`` is told when that is done."""

    __slots__ = ("error", "generator")

    def __init__(self, generator: Value, error: HarnError) -> None:
        self.generator = generator
        self.error = error


Answer = (
    tuple[Value, ...]
    | Call
    | CallMethod
    | Pull
    | Perform
    | Wait
    | Again
    | Done
    | Emit
    | Throw
    | TailCall
    | EnterFrame
    | Left
    | Dismiss
)
"""A bare tuple: the arguments of a call of the native's own ``callback``."""


class Native:
    """A frame whose code is a Python object with plain state: a builtin that calls back, waits or runs long.

    Subclasses keep their state in slots and answer with the classes above. They never call into the machine. ``name``
    appears in messages. At least once in every 1,000 elements handled without a Call they answer AGAIN.
    """

    __slots__ = ()
    name = "native"
    edge = True
    """Whether an error that crosses it gains class and line, and Harn frames above it count from 1 again."""
    barrier = False
    """Whether what runs above it sees no step and no persona."""
    ends_cancel = False
    """Whether it decides what becomes of a cancellation or interrupt that arrives: such an error passes any other native by."""
    entries: Entries | None = None
    """Steps and personas a child task inherited; only such a record has any."""
    in_context = False
    """Whether the pump calls ``resume_in`` instead of ``resume``."""

    def start(self) -> Answer:
        """Called once, when the native is on the stack."""
        return self.resume(None)

    def resume(self, value: Value) -> Answer:
        """Called with the result of what the last answer asked for."""
        raise NotImplementedError  # a native that never asks is a plain builtin

    def resume_in(self, context: Context, value: Value) -> Answer:
        """``resume`` of a native that needs the run: called in its place where ``in_context`` is set."""
        return self.resume(value)

    def fail(self, error: HarnError) -> Answer:
        """Called with what a callback, effect or wait threw: by default it gains class and line and goes on."""
        return Throw(error)

    def fail_in(self, context: Context, error: HarnError) -> Answer:
        """``fail`` of a native that needs the run."""
        return self.fail(error)

    def close(self) -> None:
        """Called once when the native is left by an error or abandoned. Runs no Harn code."""

    def drop(self, vm: Machine) -> None:
        """``close`` where the task ends as it stands, and nothing told the native: places in a line, say, are given up here."""
        self.close()


# --------------------------------------------------------------------------------------------- outcomes of a slice


class Returned:
    """The task's last frame was left with a value."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value


class Threw:
    """The task's last frame was left by an error."""

    __slots__ = ("error",)

    def __init__(self, error: HarnError) -> None:
        self.error = error


class Sliced:
    """The fuel is used up; every frame stands at an instruction."""

    __slots__ = ()


class Ended:
    """The task ended without value or error: cancelled, exited or aborted."""

    __slots__ = ("completion",)

    def __init__(self, completion: Completion) -> None:
        self.completion = completion


SLICED = Sliced()
Outcome = Returned | Threw | Sliced | Ended | Effect | Wait
