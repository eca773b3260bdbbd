"""Effects as an embedding program sees them, and its answers as the machine wants them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from harn.embed.border import Embedding, host_error
from harn.embed.errors import ThrownError
from harn.embed.functions import HOST_CALL
from harn.embed.values import to_harn, to_python
from harn.host.processes import Completed
from harn.llm.shapes import Reply, Request
from harn.values.errors import HarnError as ProgramError
from harn.values.errors import thrown
from harn.vm.policy import covers

if TYPE_CHECKING:
    from harn.embed.border import RunBorder
    from harn.vm.frame import Effect as Asked
    from harn.vm.machine import Task

AT_HOME = frozenset(("clock", "random", "stderr", "output", HOST_CALL))
"""Effects and families of them that the host performs unless a caller names what it wants."""


class Effect:
    """Something that a run under the caller's control asks for.

    ``id``          its number in the run, the same after a snapshot
    ``kind``        what it does: ``fs.read``, ``llm.call``, ``proc.exec``, ``human.ask``, ``host.call`` ...
    ``operation``   what of it: ``read_text``, ``complete``, ``run``, ``ask``; of ``host.call`` the name of the function
    ``arguments``   of the operation, as Python values; of ``llm.call`` one dict, the request
    ``task``        the id of the task that waits for it
    ``idempotent``  whether performing it twice is the same as once
    """

    __slots__ = ("arguments", "id", "idempotent", "kind", "operation", "task")

    def __init__(self, number: int, task: Task, asked: Asked, border: RunBorder) -> None:
        self.id = number
        self.kind = asked.kind
        self.operation = str(asked.args[0])
        self.arguments = tuple(_shown(value, border) for value in asked.args[1:])
        self.task = task.id
        self.idempotent = asked.idempotent

    def __repr__(self) -> str:
        shown = ", ".join(map(repr, self.arguments))
        return f"<effect {self.id}: {self.kind} {self.operation}({shown if len(shown) <= 80 else shown[:77] + '...'})>"


def _shown(value: Any, border: RunBorder) -> Any:
    if isinstance(value, Request):
        return {name: to_python(getattr(value, name), border) for name in Request.__slots__}
    return to_python(value, border)


class Controlled(Embedding):
    """The world of a run under the caller's control: ``wanted`` kinds of effects, or all but AT_HOME, wait for the caller."""

    def __init__(self, inner: Embedding, wanted: Iterable[str] | None) -> None:
        super().__init__(inner.host, inner.functions)
        self.vm = inner.vm
        self.wanted = None if wanted is None else frozenset(wanted)

    def hands_out(self, kind: str) -> bool:
        """Whether effects of that kind are the caller's."""
        return not covers(AT_HOME, kind) if self.wanted is None else covers(self.wanted, kind)

    def waits(self, effect: Asked) -> bool:
        """Those of the caller always do."""
        return self.hands_out(effect.kind) or super().waits(effect)


def answer_of(asked: Asked, value: Any, border: RunBorder) -> Any:
    """The answer of an effect from a Python value. TypeError for one that cannot be its answer."""
    make = _ANSWERS.get(asked.kind)
    return to_harn(value, border) if make is None else make(asked, value, border)


def _reply(asked: Asked, value: Any, border: RunBorder) -> Reply:
    """A text, or a dict with the fields of a reply."""
    request: Request = asked.args[1]
    given = {"text": value} if isinstance(value, str) else value
    if not isinstance(given, dict) or not set(given) <= set(Reply.__slots__):
        raise TypeError(f"a model answers with a text, or a dict with some of: {', '.join(Reply.__slots__)}")
    reply = Reply("", request.model, 0, 0)
    reply.fill({name: to_harn(field, border) for name, field in given.items()})
    return reply


def _completed(asked: Asked, value: Any, border: RunBorder) -> Any:
    """A dict ``{status, stdout, stderr, pid, signal, late}``, of which any may be left out; texts or bytes. A list of shells."""
    if asked.args[0] == "shells":
        return to_harn(value, border)
    if not isinstance(value, dict) or not set(value) <= set(Completed._fields):
        raise TypeError("a program answers with a dict with some of: status, stdout, stderr, pid, signal, late")
    texts = (value.get("stdout", b""), value.get("stderr", b""))
    out, err = (text.encode() if isinstance(text, str) else bytes(text) for text in texts)
    told = {name: value[name] for name in ("pid", "signal", "late") if name in value}
    return Completed(int(value.get("status", 0)), out, err, **told)


_ANSWERS: dict[str, Callable[[Asked, Any, RunBorder], Any]] = {"llm.call": _reply, "proc.exec": _completed}


def failure_of(error: Any, border: RunBorder) -> ProgramError:
    """The failure of an effect: an exception as that of a host function, any other value as if thrown."""
    if isinstance(error, ThrownError):
        return error.error
    if isinstance(error, ProgramError):
        return error
    if isinstance(error, Exception):
        failure = host_error(error)
        failure.__cause__ = error
        return failure
    return thrown(to_harn(error, border))
