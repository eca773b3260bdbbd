"""The ``@invariant`` attributes of a declaration, read."""

from __future__ import annotations

from typing import Any, NamedTuple

from harn.source.spelling import nearest
from harn.syntax import nodes
from harn.types.step_attributes import symbol

FS_WRITES, BUDGET, APPROVAL = "fs.writes", "budget.remaining", "approval.reachability"

CODES = {FS_WRITES: "I010", BUDGET: "I011", APPROVAL: "I012"}
"""The promises there are, and the code of what breaks one."""

_OTHER_NAMES = {
    "fs_writes": FS_WRITES,
    "writes": FS_WRITES,
    "budget_remaining": BUDGET,
    "budget": BUDGET,
    "approval_reachability": APPROVAL,
    "approval": APPROVAL,
}
_ALLOWING = ("path_glob", "glob", "allow")
_PREDICATE = frozenset(("deterministic", "semantic"))
"""Beside one of these a bare ``@invariant`` marks a predicate over changes, and promises nothing of the function itself."""


class Spec(NamedTuple):
    """One promise: ``allowed`` are the globs of ``fs.writes``, ``target`` the value that ``budget.remaining`` tracks."""

    name: str
    attribute: nodes.Attribute
    allowed: tuple[str, ...] = ()
    target: str = "budget.remaining"


class Complaint(NamedTuple):
    """An attribute that cannot be read."""

    message: str
    node: Any
    help: str


def canonical(name: str) -> str | None:
    """The name of a promise by any of its names."""
    name = _OTHER_NAMES.get(name, name)
    return name if name in CODES else None


def specs(declaration: Any) -> tuple[list[Spec], list[Complaint]]:
    """What a declaration promises, and what is wrong with how it says so."""
    attributes = getattr(declaration, "attributes", ())
    predicate = any(attribute.name in _PREDICATE for attribute in attributes)
    found: list[Spec] = []
    wrong: list[Complaint] = []
    for attribute in attributes:
        if attribute.name == "invariant" and (attribute.args or not predicate):
            read = _spec(attribute)
            if isinstance(read, Spec):
                found.append(read)
            else:
                wrong.append(read)
    return found, wrong


def _spec(attribute: nodes.Attribute) -> Spec | Complaint:
    for arg in attribute.args:
        if symbol(arg.value) is None:
            return Complaint("an argument of `@invariant` that is not a text", arg, 'write it in quotes: "src/**"')
    named = {arg.name: symbol(arg.value) or "" for arg in attribute.args if arg.name is not None}
    texts = [symbol(arg.value) or "" for arg in attribute.args if arg.name is None]
    given = named.pop("name", None)
    if given is None and texts:
        given = texts.pop(0)
    if given is None:
        return Complaint(
            "`@invariant` names no invariant", attribute, 'for instance `@invariant("fs.writes", "src/**")`'
        )
    name = canonical(given)
    if name is None:
        near = nearest(given, CODES)
        known = ", ".join(f"`{known}`" for known in CODES)
        return Complaint(
            f"unknown invariant `{given}`", attribute, f"did you mean `{near}`?" if near else f"known are {known}"
        )
    return _configured(name, attribute, texts, named)


def _configured(name: str, attribute: nodes.Attribute, texts: list[str], named: dict[str, str]) -> Spec | Complaint:
    wanted = {FS_WRITES: _ALLOWING, BUDGET: ("target",), APPROVAL: ()}[name]
    for arg in named:
        if arg not in wanted:
            hint = f"known are {', '.join(f'`{word}:`' for word in wanted)}" if wanted else "it takes none"
            return Complaint(f"`{name}` has no argument `{arg}:`", attribute, hint)
    if name == FS_WRITES:
        allowed = (*texts, *named.values())
        if not allowed:
            return Complaint(
                "`fs.writes` needs a glob that is allowed", attribute, '`@invariant("fs.writes", "src/**")`'
            )
        return Spec(name, attribute, allowed=allowed)
    if name == BUDGET:
        return Spec(name, attribute, target=named.get("target", texts[0] if texts else "budget.remaining"))
    return Spec(name, attribute)
