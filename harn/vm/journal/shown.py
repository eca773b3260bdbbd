"""How an effect is shown to a person who must decide about it: its arguments in short, and where it was called."""

from __future__ import annotations

try:
    from _json import encode_basestring as quoted  # `json` itself takes 1.5 ms to import
except ImportError:
    from json.encoder import encode_basestring as quoted

from harn.source.typing import TYPE_CHECKING, Any
from harn.values.display import excerpt
from harn.vm.frame import Frame

if TYPE_CHECKING:
    from harn.vm.frame import Effect
    from harn.vm.machine import Task

_EACH = 80
_ALL = 400
_MANY = 20


def shown(effect: Effect) -> str:
    """The arguments of an effect, each shortened to 80 characters, all to 400."""
    _, args = split(effect)
    text = ", ".join(map(_short, args[:_MANY]))
    return text if len(text) <= _ALL and len(args) <= _MANY else text[:_ALL] + "..."


def split(effect: Effect) -> tuple[str, tuple[Any, ...]]:
    """The operation of an effect and its arguments; what has only one operation (``stderr``) names none."""
    args = effect.args
    if args and args[0].__class__ is str and args[0].isidentifier() and effect.kind != "stderr":
        return args[0], tuple(args[1:])
    return "", tuple(args)


def _short(value: Any) -> str:
    if value.__class__ is bytes:
        head = quoted(value[:_EACH].decode("utf-8", "replace"))
        return head if len(value) <= _EACH else f"{head}... ({len(value):,} bytes)"
    if value.__class__ is str:
        head = quoted(value[:_EACH])
        return head if len(value) <= _EACH else f"{head}... ({len(value):,} characters)"
    words = getattr(value, "words", None)  # a request says itself what it is about
    text = words() if words is not None else excerpt(value)
    return text if len(text) <= _EACH else text[:_EACH] + "..."


def place_of(task: Task | None) -> tuple[str, int]:
    """File and line of the call a task stands at: the innermost of the user's own code. ("", 0) where there is none."""
    found = None
    for record in reversed(task.frames if task is not None else ()):
        if record.__class__ is Frame:
            found = record if found is None or not record.code.std else found
            if not record.code.std:
                break
    if found is None:
        return "", 0
    return found.code.module.path, found.code.position(found.pc - 1)[0]
