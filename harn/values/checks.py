"""Annotated parameters, enforced when a function is entered.

What is enforced: the plain kinds (int and float stand for each other), lists and dicts down to their elements, shapes, unions,
literals, functions, and that an interface gets a struct or enum. The other types (any, unknown, type parameters, declared
types, durations, ranges, iterators, Result) accept everything, and so does a union or shape with such a member.

``accepts`` answers quickly, which is all a good call costs; only when it says no, the value is gone through again for the words.
"""

from __future__ import annotations

from harn.catalog.signature import TypeTerm
from harn.source.typing import Any, Callable, Iterator
from harn.values.display import excerpt
from harn.values.equality import equal
from harn.values.errors import HarnError, runtime_error, type_error
from harn.values.kinds import Builtin, Closure, Enum, Set, Struct, type_name

Check = Callable[[Any], None]
Accepts = Callable[[Any], bool]

_KINDS: dict[str, tuple[type, ...]] = {
    "int": (int, float), "float": (int, float), "number": (int, float), "string": (str,), "bool": (bool,), "nil": (type(None),),
    "list": (list,), "dict": (dict, Struct), "set": (Set,), "bytes": (bytes,),
}  # fmt: skip
"""Name of a type -> the classes of its values."""

_FUNCTIONS = ("closure", "fn")
_MOST_PROBLEMS = 100
"""Elements named in one error; a list of a million wrong ones needs no text of sixty megabytes."""


def parameter_check(name: str, term: TypeTerm) -> Check | None:
    """What raises for an argument that does not fit a parameter's type; None where everything fits."""
    accepts = acceptance(term)
    if accepts is None:
        return None

    def check(value: Any) -> None:
        if not accepts(value):
            raise misfit(name, term, value)

    return check


def acceptance(term: TypeTerm) -> Accepts | None:
    """Whether a value fits a type, as a function; None where every value does."""
    tag = term[0]
    if tag == "name":
        return _accept_name(term[1], term[2])
    if tag == "fn":
        return _is_function
    if tag == "literal":
        return lambda value: equal(value, term[1])
    if tag == "interface":
        return lambda value: value.__class__ is Struct or value.__class__ is Enum
    if tag == "union":
        return _accept_union(term[1])
    return _accept_shape(term[1]) if tag == "shape" else None


def _accept_name(name: str, arguments: tuple[TypeTerm, ...]) -> Accepts | None:
    if name in _FUNCTIONS:
        return _is_function
    classes = _KINDS.get(name)
    if classes is None:
        return None
    part = None
    if name == "list" and arguments:
        part = acceptance(arguments[0])
    elif name == "dict" and _keyed_by_text(arguments):
        part = acceptance(arguments[1])
    if part is None:
        return lambda value: value.__class__ in classes
    accepts_part: Accepts = part
    if name == "list":
        plain = (
            frozenset(_KINDS.get(arguments[0][1], ()))
            if arguments[0][0] == "name" and not arguments[0][2]
            else frozenset()
        )
        if plain:  # one pass in C over the classes of the elements
            return lambda value: value.__class__ is list and plain.issuperset(map(type, value))
        return lambda value: value.__class__ is list and all(map(accepts_part, value))
    return lambda value: value.__class__ in classes and all(map(accepts_part, _fields(value).values()))


def _accept_union(members: tuple[TypeTerm, ...]) -> Accepts | None:
    accepts = [acceptance(member) for member in members]
    known = [one for one in accepts if one is not None]
    return (lambda value: any(one(value) for one in known)) if len(known) == len(accepts) else None


def _accept_shape(fields: tuple[tuple[str, TypeTerm, bool], ...]) -> Accepts | None:
    checks: list[tuple[str, Accepts, bool]] = []
    for name, term, optional in fields:
        accepts = acceptance(term)
        if accepts is None:
            return None
        checks.append((name, accepts, optional))

    def fits(value: Any) -> bool:
        if value.__class__ is not dict and value.__class__ is not Struct:
            return False
        given = _fields(value)
        return all(accepts(given[name]) if name in given else optional for name, accepts, optional in checks)

    return fits


def _is_function(value: Any) -> bool:
    kind = value.__class__
    return kind is Closure or kind is Builtin or bool(getattr(kind, "harn_callable", False))


def _keyed_by_text(arguments: tuple[TypeTerm, ...]) -> bool:
    return len(arguments) == 2 and arguments[0] == ("name", "string", ())


def _fields(value: Any) -> dict[str, Any]:
    found: dict[str, Any] = value.fields if value.__class__ is Struct else value
    return found


# ------------------------------------------------------------------------------------------------------ the words


def misfit(name: str, term: TypeTerm, value: Any) -> HarnError:
    """The error of an argument that does not fit."""
    if term[0] == "interface":
        return type_error(
            f"parameter '{name}': expected value satisfying interface '{term[1]}', got {type_name(value)}"
        )
    text = _first_problem(name, term, value)
    return type_error(text) if _is_object(term) else runtime_error(f"TypeError: {text}")


def _is_object(term: TypeTerm) -> bool:
    return bool(term[0] == "shape" or (term[0] == "name" and term[1] == "dict"))


def _literals(term: TypeTerm) -> list[Any]:
    """The values of a union of literal texts, or of literal ints; empty for any other type."""
    if term[0] != "union" or any(member[0] != "literal" for member in term[1]):
        return []
    values = [member[1] for member in term[1]]
    return values if len(set(map(type, values))) == 1 else []


def _kind_name(term: TypeTerm) -> str:
    """The one kind a type's values have, as errors name it; empty where there are several."""
    if term[0] == "name":
        return "closure" if term[1] in _FUNCTIONS else str(term[1])
    if term[0] == "fn":
        return "closure"
    if _is_object(term):
        return "dict"
    literals = [term[1]] if term[0] == "literal" else _literals(term)
    return type_name(literals[0]) if literals else ""


def _label(term: TypeTerm) -> str:
    return _kind_name(term) or "|".join(map(_label, term[1]))


def _has_kind(value: Any, kind: str) -> bool:
    return _is_function(value) if kind == "closure" else bool(value.__class__ in _KINDS[kind])


def _shown_kind(value: Any) -> str:
    return "dict" if value.__class__ is Struct else type_name(value)


def _fits(term: TypeTerm, value: Any) -> bool:
    accepts = acceptance(term)
    return accepts is None or accepts(value)


def _first_problem(path: str, term: TypeTerm, value: Any) -> str:
    """The first problem of a value that does not fit; ``path`` is the parameter's name, then fields behind dots."""
    if _is_object(term):
        if value.__class__ is not dict and value.__class__ is not Struct:
            return f"parameter '{path}': expected dict or struct, got {type_name(value)}"
        return _first_field_problem(path, term, _fields(value))
    kind = _kind_name(term)
    if not kind or not _has_kind(value, kind):
        return f"parameter '{path}' expected {_label(term)}, got {_shown_kind(value)} ({excerpt(value)})"
    problems = [problem.removeprefix("at root: ") for problem in _some(_problems("root", term, value))]
    return f"parameter '{path}': {'; '.join(problems)}"


def _first_field_problem(path: str, term: TypeTerm, fields: dict[str, Any]) -> str:
    if term[0] == "shape":
        for name, wanted, optional in term[1]:
            if not optional and name not in fields:
                return f"parameter '{path}': missing field '{name}' ({_label(wanted)}){_hint(name, fields)}"
        terms = {name: wanted for name, wanted, _ in term[1]}
    else:
        terms = dict.fromkeys(fields, term[2][1])
    for name in sorted(terms):
        if name not in fields or _fits(terms[name], fields[name]):
            continue
        wanted, value = terms[name], fields[name]
        kind = _kind_name(wanted)
        if kind and not _has_kind(value, kind):
            words, got = ("dict or struct", type_name(value)) if kind == "dict" else (kind, _shown_kind(value))
            return f"parameter '{path}': field '{name}' expected {words}, got {got}"
        return _first_problem(f"{path}.{name}", wanted, value)
    raise AssertionError("every field fits, and yet the value does not")


def _hint(name: str, fields: dict[str, Any]) -> str:
    from harn.source.spelling import nearest

    near = nearest(name, [field for field in fields if field[:1] == name[:1]])
    return f", did you mean '{near}'?" if near else ""


def _some(problems: Iterator[str]) -> list[str]:
    from itertools import islice

    found = list(islice(problems, _MOST_PROBLEMS + 1))
    return found if len(found) <= _MOST_PROBLEMS else [*found[:-1], "..."]


def _problems(path: str, term: TypeTerm, value: Any) -> Iterator[str]:
    """All problems of a value, each with its place."""
    if _fits(term, value):
        return
    if term[0] == "literal":
        yield f"at {path}: expected constant {excerpt(term[1])}, got {excerpt(value)}"
        return
    kind = _kind_name(term)
    if not kind:
        yield f"at {path}: value did not match any union branch"
    elif not _has_kind(value, kind):
        yield f"at {path}: expected type '{kind}', got '{_shown_kind(value)}'"
    elif term[0] == "union":
        yield f"at {path}: value must be one of [{', '.join(map(excerpt, _literals(term)))}]"
    elif kind == "list":
        for place, element in enumerate(value):
            yield from _problems(f"{path}[{place}]", term[2][0], element)
    else:
        yield from _field_problems(path, term, _fields(value))


def _field_problems(path: str, term: TypeTerm, fields: dict[str, Any]) -> Iterator[str]:
    if term[0] == "shape":
        for name, _, optional in term[1]:
            if not optional and name not in fields:
                yield f"at {path}: missing required key '{name}'"
        terms = {name: wanted for name, wanted, _ in term[1]}
    else:
        terms = dict.fromkeys(fields, term[2][1])
    for name in sorted(terms):
        if name in fields:
            yield from _problems(f"{path}.{name}", terms[name], fields[name])
