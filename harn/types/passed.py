"""The arguments of builtins and their methods: how many and of which kinds, as the records say and the machine enforces.

What the machine is sure to refuse is an error, in its own words; where that rests on an annotation that nobody enforces, or
stands in a closure, it is a warning. So is what a builtin takes but is not for: the run goes on, mostly without an effect. In a
``try`` nothing is said: the error may be what the program is about.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from harn.catalog.index import Entry
from harn.catalog.kinds import accepted, idle_kind, meant, meant_kinds, wrong_count, wrong_kind
from harn.catalog.signature import Parameter, Signature, TypeTerm, show_type
from harn.source.diagnostic import ERROR, WARNING, Note
from harn.source.span import Span
from harn.syntax import nodes
from harn.types.assignability import expand
from harn.types.callbacks import Place, check_callback
from harn.types.evidence import Kinds, certain_kinds, kinds
from harn.types.fitting import literal_outside
from harn.types.values import Literal, OneOf, Type, show, union

if TYPE_CHECKING:
    from harn.types.checker import Checker


class Expected(NamedTuple):
    """What a parameter of a builtin expects: the kinds it ``takes`` (None: all), those it is ``meant`` for where it takes all
    (None: all as well), the texts or ints it knows, and what it calls (its function types).
    """

    parameter: Parameter
    takes: Kinds | None
    meant: Kinds | None
    words: Type | None
    calls: tuple[TypeTerm, ...]


@lru_cache(maxsize=4096)
def _expected(known: Entry) -> tuple[Expected, ...]:
    signature = known.signature
    found = []
    for parameter in signature.params:
        wanted = meant(parameter.type)
        members = wanted[1] if wanted[0] == "union" else (wanted,)
        takes, idle = accepted(parameter, signature), meant_kinds(parameter, signature)
        found.append(Expected(parameter, takes, idle, _words(members), tuple(m for m in members if m[0] == "fn")))
    return tuple(found)


def _words(members: tuple[TypeTerm, ...]) -> Type | None:
    """The literals of a type; None where it has none, or takes any other text or int too."""
    literals = [Literal(m[1]) for m in members if m[0] == "literal"]
    free = any(m in (("name", "string", ()), ("name", "int", ()), ("name", "number", ())) for m in members)
    return union(literals) if literals and not free else None


def check_passed(
    c: Checker,
    node: Any,
    types: list[Type],
    known: Entry,
    receiver: dict[str, Type] | None = None,
    sure: bool = True,
) -> None:
    """Check the arguments of a call of a builtin. ``receiver``: the type parameters a method's receiver decides; ``sure``:
    whether the call surely reaches this builtin.
    """
    args = node.args
    if c.caught or any(isinstance(a, nodes.Spread) for a in args):
        return
    signature = known.signature
    least, most, given = signature.least, signature.most, len(args)
    if given < least or given > most >= 0:
        message = wrong_count(signature.name, least, most, given)
        _report(c, "T005", message, node.span, sure, f"{given} given", f"the builtin is `{shown(signature)}`")
        return
    expected = _expected(known)
    for number, (argument, type) in enumerate(zip(args, types, strict=True)):
        one = expected[min(number, len(expected) - 1)]
        if one.takes is not None:
            _check_kind(c, argument, type, signature, one, sure)
        elif one.meant is not None:
            _check_meant(c, argument, type, signature, one)
        if one.words is not None:
            _check_word(c, argument, signature, one)
        if one.calls:
            place = Place(signature, one.parameter, one.calls, args, types, receiver or {})
            check_callback(c, argument, type, place)


def _check_kind(c: Checker, node: Any, type: Type, signature: Signature, expected: Expected, sure: bool) -> None:
    wanted, parameter = expected.takes, expected.parameter
    assert wanted is not None
    exact = certain_kinds(c, node, type)
    given = exact or kinds(type)
    if given is None:
        return
    wrong: Type | None = type
    kind = show(type) if len(given) > 1 else next(iter(given))
    if given & wanted:
        wrong, sure, kind = _refused_member(type, wanted), False, show(type)
    if wrong is not None:
        label = f"this {'may be' if given & wanted else 'is'} {show(wrong)}"
        message = wrong_kind(signature.name, parameter, kind)
        _report(c, "T029", message, node.span, sure and exact is not None, label, _reason(signature, parameter))


def _refused_member(type: Type, wanted: Kinds) -> Type | None:
    """A member of a union that a parameter does not take."""
    opened = expand(type)
    if not isinstance(opened, OneOf) or opened.soft:
        return None
    return next((m for m in opened.members if not (kinds(m) or wanted) & wanted), None)


def _check_meant(c: Checker, node: Any, type: Type, signature: Signature, expected: Expected) -> None:
    """A parameter that takes everything: told is what is of no kind that it is for."""
    given = certain_kinds(c, node, type) or kinds(type)
    assert expected.meant is not None
    if given is not None and not given & expected.meant:
        kind = show(type) if len(given) > 1 else next(iter(given))
        message = idle_kind(signature.name, expected.parameter, kind)
        reason = f"any value is taken there: `harn doc {signature.key}` says what becomes of others"
        _report(c, "T033", message, node.span, False, f"this is {kind}", reason)


def _check_word(c: Checker, node: Any, signature: Signature, expected: Expected) -> None:
    """A text or int where the builtin knows only some."""
    assert expected.words is not None
    literal = literal_outside(node, expected.words)
    if literal is not None:
        message = idle_kind(signature.name, expected.parameter, show(literal))
        _report(c, "T033", message, node.span, False, "not one of them", _reason(signature, expected.parameter))


def _reason(signature: Signature, parameter: Parameter) -> str:
    return f"parameter `{parameter.name}` of the builtin `{signature.key}` is {show_type(parameter.type)}"


def _report(c: Checker, code: str, message: str, span: Span, definite: bool, label: str, reason: str) -> None:
    severity = ERROR if definite and not c.later else WARNING
    c.report(code, message, span, severity=severity, label=label, notes=[Note(reason)])


def shown(signature: Signature) -> str:
    """A signature as its record writes it."""
    params = (
        f"{'...' if p.kind == 'rest' else ''}{p.name}{'?' if p.kind == 'optional' else ''}: {show_type(p.type)}"
        for p in signature.params
    )
    return f"{signature.key}({', '.join(params)}) -> {show_type(signature.result)}"
