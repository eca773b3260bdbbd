"""Callbacks: whether a function that a builtin is given takes what the builtin calls it with.

A function type in a record lists the values a callback gets. Counts are strict when it is called, so a callback with fewer
parameters is as wrong as one with more. Whether it is called at all nobody knows (the list may be empty), so this is a warning.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from harn.catalog.index import entry
from harn.catalog.kinds import accepted
from harn.catalog.signature import Parameter, Signature, TypeTerm, show_type
from harn.source.diagnostic import Note
from harn.source.span import Span
from harn.syntax import nodes
from harn.types.annotations import term
from harn.types.assignability import expand
from harn.types.declarations import Callable, closure_callable
from harn.types.evidence import NUMBERS, Kinds, enforced, kinds
from harn.types.generics import bind_arguments
from harn.types.scope import Local
from harn.types.values import DYNAMIC, Function, Type, Variable, show, substitute

if TYPE_CHECKING:
    from harn.types.checker import Checker


class Taker(NamedTuple):
    """A function that is passed: what it is called in messages, how many values it takes (``most`` -1: any number), and for
    each of its parameters the name and the kinds the machine lets in (None: all).
    """

    what: str
    least: int
    most: int
    params: tuple[tuple[str, Kinds | None], ...] = ()
    declared: Note | None = None


class Place(NamedTuple):
    """Where a function is passed: the parameter, the function types it is called as, and the whole call."""

    signature: Signature
    parameter: Parameter
    calls: tuple[TypeTerm, ...]
    args: tuple[Any, ...]
    types: list[Type]
    receiver: dict[str, Type]


def check_callback(c: Checker, node: Any, type: Type, place: Place) -> None:
    """Hold an argument, where it is a known function, against the function types a builtin calls it as."""
    taker = _taker(c, node, type)
    if taker is None:
        return
    signature, calls = place.signature, place.calls
    counts = sorted({len(one[1]) for one in calls})
    called_as = " or ".join(map(show_type, calls))
    notes = [Note(f"parameter `{place.parameter.name}` of the builtin `{signature.key}` is {called_as}")]
    if taker.declared is not None:
        notes.append(taker.declared)
    if not any(taker.least <= count <= taker.most or (count >= taker.least and taker.most < 0) for count in counts):
        given = " or ".join(map(str, counts))
        message = f"{taker.what} expects {_counted(taker)} arguments, but '{signature.name}' calls it with {given}"
        c.warn("T034", message, node.span, f"takes {_counted(taker)}", notes=notes)
    elif len(calls) == 1 and any(wanted is not None for _, wanted in taker.params):
        bound = bind_arguments(c, signature, place.args, place.types, place.receiver)
        _check_kinds(c, node.span, taker, signature, calls[0][1], bound, notes)


def _counted(taker: Taker) -> str:
    if taker.most < 0:
        return f"at least {taker.least}"
    return f"{taker.least}" if taker.least == taker.most else f"{taker.least}-{taker.most}"


def _check_kinds(
    c: Checker,
    span: Span,
    taker: Taker,
    signature: Signature,
    gets: tuple[TypeTerm, ...],
    bound: dict[str, Type],
    notes: list[Note],
) -> None:
    """The values a callback gets are of kinds that its parameters take, as far as both are known."""
    variables = frozenset(("T", "K", "V", *signature.type_params))
    for (name, wanted), value in zip(taker.params, gets, strict=False):
        type = substitute(term(value, variables), {v: bound.get(v, DYNAMIC) for v in variables})
        given = kinds(type)
        if wanted is not None and given is not None and not given & wanted:
            what = taker.what[0].lower() + taker.what[1:]
            message = f"'{signature.name}' calls {what} with {show(type)} as `{name}`, which takes {_listed(wanted)}"
            c.warn("T034", message, span, f"gets {show(type)}", notes=notes)
            return


def _listed(wanted: Kinds) -> str:
    return " or ".join(sorted(wanted - {"float"} if wanted == NUMBERS else wanted))


# ------------------------------------------------------------------------------------------ what is passed


def _taker(c: Checker, node: Any, type: Type) -> Taker | None:
    """What is known of a function that is passed; None where the argument may be any function, or is none."""
    if isinstance(node, nodes.Closure):
        return _declared(closure_callable("", node, c.declarations, c.context.variables), None)
    if isinstance(node, nodes.Name):
        found = c.scope.find(node.name)
        local = found if isinstance(found, Local) else None
        function = local.function if local is not None else c.function(node.name)
        if function is not None:
            note = Note(f"`{node.name}` is declared here", function.home.file, function.span)
            return _declared(function, note, node.name)
        if local is None:
            return None if node.name in c.provided else _builtin(node.name)
    opened = expand(type)
    if not isinstance(opened, Function):
        return None
    least = len(opened.params) if opened.least is None else opened.least
    return Taker(f"Function of type {show(opened)}", least, -1 if opened.rest else len(opened.params))


def _declared(function: Callable, note: Note | None, name: str = "") -> Taker:
    """A closure, or a function that is declared."""
    params = []
    for parameter in function.params:
        if parameter.rest:
            break
        known = not isinstance(parameter.type, Variable) and enforced(parameter.type)
        wanted = kinds(parameter.type) if known else None
        params.append((parameter.name, wanted | NUMBERS if wanted is not None and wanted & NUMBERS else wanted))
    what = "Closure" if function.form == "closure" else "Function"
    most = -1 if function.rest else len(function.params)
    return Taker(f"{what} '{name}'" if name else what, function.least, most, tuple(params), note)


@lru_cache(maxsize=512)
def _builtin(name: str) -> Taker | None:
    known = entry(name)
    if known is None or known.form == "constant":
        return None
    signature = known.signature
    params = tuple((p.name, accepted(p, signature)) for p in signature.params if p.kind != "rest")
    return Taker(f"Builtin '{name}'", signature.least, signature.most, params)
