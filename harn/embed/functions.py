"""Functions of the embedding program, as builtins of one run.

A host function has a record like any builtin (signature, effects), so that arguments are checked and policies are asked in
the same words and at the same place; what the record's function does is the effect ``host.call``, which the world performs.
"""

from __future__ import annotations

import inspect
import re
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any, TypeVar

from harn.catalog.effects import check_effects
from harn.catalog.record import EFFECT, Record
from harn.catalog.signature import SignatureError, parse_signature, show_type
from harn.embed.types import Enum, Range, Set, Struct
from harn.values.kinds import Builtin
from harn.vm.frame import Effect

F = TypeVar("F", bound=Callable[..., Any])

HOST_CALL = "host.call"


def function(signature: str = "", effects: Iterable[str] = (HOST_CALL,)) -> Callable[[F], F]:
    """Declare what a Python function offers to Harn programs.

    ``signature``: in Harn's words, ``fn(q: string) -> list<string>``; without it type hints are read, and what has none may
    be anything. ``effects``: what it does to the world, for policies; see ``harn.catalog.effects``. One that does not say so
    may not be called under a stage's side-effect level. ValueError for a signature that cannot be read or an unknown effect.
    """
    wanted = frozenset(effects)
    check_effects(wanted)
    if signature:
        try:
            parse_signature(signature)
        except SignatureError as error:
            raise ValueError(str(error)) from None

    def declare(target: F) -> F:
        target.__harn_function__ = (signature, wanted)  # type: ignore[attr-defined]
        return target

    return declare


def host_functions(functions: Mapping[str, Callable[..., Any]] | None) -> dict[str, Builtin]:
    """The values that programs see under these names. TypeError or ValueError for what cannot be offered."""
    return {name: Builtin(name, _record(name, target)) for name, target in (functions or {}).items()}


def waits(target: Callable[..., Any]) -> bool:
    """Whether calling it gives something to await."""
    return inspect.iscoroutinefunction(target) or inspect.iscoroutinefunction(getattr(target, "__call__", None))  # noqa: B004


def _record(name: str, target: Callable[..., Any]) -> Record:
    if not re.fullmatch(r"[A-Za-z_]\w*", name):
        raise ValueError(f"{name!r} cannot be the name of a function")
    if not callable(target):
        raise TypeError(f"the function `{name}` is a {type(target).__qualname__}, which cannot be called")
    signature, effects = getattr(target, "__harn_function__", ("", frozenset((HOST_CALL,))))
    text = _renamed(signature, name) if signature else _hinted(name, target)

    def call(*args: Any) -> Effect:
        return Effect(HOST_CALL, name, *args)

    call.__doc__ = inspect.getdoc(target)
    return Record(
        text,
        call,
        form=EFFECT,
        effects=effects,
        keeps=(),
        ctx=False,
        examples=(),
        aliases=(),
        deprecated="",
        source="",
    )


def _renamed(signature: str, name: str) -> str:
    """The signature with the name under which the function is offered."""
    return name + signature[min(place for place in (signature.find("("), signature.find("<")) if place >= 0) :]


# ------------------------------------------------------------------------------------------------ from type hints

_NAMES: dict[Any, str] = {
    int: "int", float: "float", str: "string", bool: "bool", bytes: "bytes", list: "list", dict: "dict", tuple: "any",
    set: "set", frozenset: "set", type(None): "nil", None: "nil", timedelta: "duration", Any: "any", object: "any",
    Range: "range", Set: "set", Struct: "struct", Enum: "enum", Callable: "closure",
}  # fmt: skip


def _hinted(name: str, target: Callable[..., Any]) -> str:
    """A signature in Harn's words, read off a Python function's parameters and hints."""
    try:
        parameters = inspect.signature(target).parameters.values()
    except (TypeError, ValueError):  # some functions written in C do not tell
        return f"{name}(...args: any) -> any"
    try:
        hints = typing.get_type_hints(target if inspect.isroutine(target) else type(target).__call__)
    except Exception:  # a hint that names what does not exist at run time says nothing
        hints = {}
    words = []
    for parameter in parameters:
        shown = type_words(hints.get(parameter.name, Any))
        if parameter.kind is parameter.VAR_POSITIONAL:
            words.append(f"...{parameter.name}: {shown}")
        elif parameter.kind is parameter.KEYWORD_ONLY and parameter.default is parameter.empty:
            raise TypeError(f"the function `{name}` needs `{parameter.name}` by keyword, which Harn does not have")
        elif parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD):
            words.append(f"{parameter.name}{'' if parameter.default is parameter.empty else '?'}: {shown}")
    return f"{name}({', '.join(words)}) -> {type_words(hints.get('return', Any))}"


def type_words(hint: Any) -> str:
    """A Python type hint as a Harn type; ``any`` for what Harn cannot say."""
    origin = typing.get_origin(hint)
    if origin is None:
        return _NAMES.get(hint, "any") if isinstance(hint, (type, type(None))) or hint in (Any, Callable) else "any"
    inner = typing.get_args(hint)
    if origin is typing.Annotated:
        return type_words(inner[0])
    if origin in (typing.Union, types.UnionType):
        members = [type_words(member) for member in inner]
        return "any" if "any" in members else "|".join(members)
    if origin is typing.Literal:
        return (
            "|".join(show_type(("literal", member)) for member in inner)
            if all(isinstance(member, (str, int)) and not isinstance(member, bool) for member in inner)
            else "any"
        )
    if origin is list:
        return f"list<{type_words(inner[0])}>"
    if origin is dict:
        return f"dict<{type_words(inner[0])}, {type_words(inner[1])}>"
    if origin in (set, frozenset):
        return "set"
    return "closure" if origin is Callable else "any"
