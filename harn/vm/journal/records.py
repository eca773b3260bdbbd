"""What the records of a journal hold.

    HEADER    once, first: what is run and how
    OPENED    a process begins or goes on: its id, and the standard output it writes to
    INTENT    an effect that cannot simply be repeated is about to be performed
    READ      what an effect gave that is performed within a turn (a clock, a small file), or the clock when a timer is set
    INPUT     something from outside entered between two turns: the answer of an effect, time passing, a signal
    OUTPUT    a text, with the number of bytes printed before it; it is printed afterwards
    STATE     the whole run as it stood between two turns
    END       the run is over: its exit code

A run repeats itself exactly if it is given the same reads in the same order, and the same inputs after the same number of turns.
So the reads and inputs behind the last state are a tape, played from its beginning. Each says where the run stood when it was
written, which is compared on the way.
"""

from __future__ import annotations

from harn.source.typing import TYPE_CHECKING, Any, NamedTuple
from harn.values.errors import HarnError
from harn.vm.inputs import ANSWER, INTERRUPT, REFUSE, TIME
from harn.vm.journal.file import JournalError
from harn.vm.journal.plain import Unreadable, dump, load

if TYPE_CHECKING:
    from harn.vm.journal.file import Record

HEADER, OPENED, INTENT, READ, INPUT, OUTPUT, STATE, END = range(1, 9)

FORMAT = 1
"""The version of what the records hold; that of their framing stands in the file's first bytes."""

CLOCK = "time"
"""The kind of a read that is the machine's own look at the clock."""


class Header(NamedTuple):
    """What is run and how: enough to begin it anew in another process.

    ``program``: ``path`` (absolute) or ``text``, ``pipeline``, ``value``. ``code``: the hash of all its modules. ``folder``: the
    working directory. ``options``: argv, limits, what is allowed and denied, reports asked for ...
    """

    format: int
    version: str
    program: dict[str, Any]
    code: str
    folder: str
    options: dict[str, Any]


class Opened(NamedTuple):
    """A process that works on the run. ``target`` is the file that is its standard output, as (device, inode), where it is
    a regular file, and ``base`` how many bytes of it are not the run's."""

    process: int
    target: tuple[int, int] | None
    base: int


class Intent(NamedTuple):
    """An effect about to be performed. ``place``: file and line of the call; ``shown``: its arguments, shortened.

    ``number`` is that of the machine, or for one within a turn, below zero: the how manieth of its kind in the run.
    """

    number: int
    task: str
    kind: str
    operation: str
    shown: str
    path: str
    line: int


class Read(NamedTuple):
    """What an effect within a turn gave: ``ok`` and its value, or not and its error. ``number`` as that of its intent, else 0."""

    kind: str
    operation: str
    number: int
    ok: bool
    value: Any


class Input(NamedTuple):
    """What entered after ``turn`` turns and ``instructions`` counted instructions: an input of ``harn.vm.inputs``.

    ``what`` is its kind, ``value`` what it brings. Of an effect that is answered, ``number``, ``kind`` and ``task`` tell which.
    """

    turn: int
    instructions: int
    what: str
    value: Any
    number: int = 0
    kind: str = ""
    task: str = ""


class Text(NamedTuple):
    """A piece of output, behind ``offset`` bytes."""

    offset: int
    text: bytes


class State(NamedTuple):
    """The run at rest: ``taken`` is the snapshot, the rest where the journal stood. See ``harn.vm.journal.journal``."""

    turn: int
    performed: int
    said: int
    clock: float
    taken: bytes


class End(NamedTuple):
    """How the run ended."""

    code: int


_SHAPES: dict[int, tuple[Any, tuple[type, ...]]] = {
    HEADER: (Header, (int, str, dict, str, str, dict)),
    OPENED: (Opened, (int, object, int)),
    INTENT: (Intent, (int, str, str, str, str, str, int)),
    READ: (Read, (str, str, int, bool, object)),
    INPUT: (Input, (int, int, str, object, int, str, str)),
    OUTPUT: (Text, (int, bytes)),
    STATE: (State, (int, int, int, float, bytes)),
    END: (End, (int,)),
}
"""Kind -> the class of its entry and the kinds of the parts."""


def packed(entry: tuple[Any, ...]) -> bytes:
    """An entry as the payload of its record."""
    return dump(tuple(entry))


def unpacked(record: Record, path: str) -> Any:
    """The entry of a record. JournalError where it is none."""
    shape = _SHAPES.get(record.kind)
    problem: object = "of no known shape"
    try:
        if shape is not None:
            parts = load(record.payload)
            if parts.__class__ is tuple and len(parts) == len(shape[1]) and all(map(isinstance, parts, shape[1])):
                entry = shape[0](*parts)
                if _sound(entry):
                    return entry
    except Unreadable as found:
        problem = found
    raise JournalError(f"{path} is damaged: the record at byte {record.place}: {problem}")


def _sound(entry: Any) -> bool:
    """Whether what an entry brings is of the kind that its words say."""
    if entry.__class__ is Read:
        if entry.kind == CLOCK:
            return entry.ok and isinstance(entry.value, float)
        if entry.kind == "random" and entry.ok and not isinstance(entry.value, bytes):
            return False
        return entry.ok or isinstance(entry.value, HarnError)
    if entry.__class__ is Input:
        if entry.what == TIME:
            return isinstance(entry.value, float)
        return entry.what in (ANSWER, INTERRUPT) or (entry.what == REFUSE and isinstance(entry.value, HarnError))
    return True
