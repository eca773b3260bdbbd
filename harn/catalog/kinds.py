"""Which values a type of a signature takes, by the names ``type_of`` has for them: the one rule of machine and checker."""

from __future__ import annotations

from harn.catalog.signature import ANY, MISSING, Parameter, Signature, TypeTerm, show_type

CALLABLE = ("closure", "builtin")

# Names of types that every kind fits. What is no schema, the builtins that take one say themselves, in their own words.
_ANYTHING = ("any", "unknown", "Schema")

# Kinds a parameter type of that name accepts besides itself: the two number types stand for each other.
_ACCEPTS: dict[str, tuple[str, ...]] = {
    "int": ("int",),
    "float": ("float", "int"),
    "number": ("int", "float"),
    "closure": CALLABLE,
    "fn": CALLABLE,
    "struct": ("struct",),
    "enum": ("enum",),
    "Result": ("enum",),
    "iterable": ("list", "set", "dict", "string", "range", "iter", "generator", "stream", "channel"),
    "Generator": ("generator",),
    "Stream": ("stream",),
}


def accepted_kinds(term: TypeTerm, type_params: tuple[str, ...]) -> frozenset[str] | None:
    """The type names a value may have to fit a signature's type; None where anything does."""
    tag = term[0]
    if tag == "fn":
        return frozenset(CALLABLE)
    if tag == "shape":
        return frozenset(("dict", "struct"))
    if tag == "literal":
        return frozenset(("string" if isinstance(term[1], str) else "int",))
    if tag == "union":
        kinds = [accepted_kinds(member, type_params) for member in term[1]]
        return None if None in kinds else frozenset().union(*(k for k in kinds if k is not None))
    name = term[1]
    if name in _ANYTHING or name in type_params or _is_variable(term):
        return None
    return frozenset(_ACCEPTS.get(name, (name,)))


def accepted(parameter: Parameter, signature: Signature) -> frozenset[str] | None:
    """The kinds a parameter takes; None where it takes everything. One that may be missing may also be given as nil."""
    return _with_nil(accepted_kinds(parameter.type, signature.type_params), parameter)


def meant(term: TypeTerm) -> TypeTerm:
    """What a parameter is for: its type without the ``any`` that lets everything else in as well."""
    if term[0] != "union" or ANY not in term[1]:
        return term
    rest = tuple(member for member in term[1] if member != ANY)
    return rest[0] if len(rest) == 1 else ("union", rest)


def meant_kinds(parameter: Parameter, signature: Signature) -> frozenset[str] | None:
    """The kinds a parameter is for that takes everything; None where it is for everything, or refuses all others."""
    wanted = meant(parameter.type)
    if wanted is parameter.type:
        return None
    return _with_nil(accepted_kinds(wanted, signature.type_params), parameter)


def _with_nil(kinds: frozenset[str] | None, parameter: Parameter) -> frozenset[str] | None:
    if kinds is not None and parameter.kind == "optional" and parameter.default == MISSING:
        return kinds | {"nil"}
    return kinds


# ------------------------------------------------------------------------------------------------------ the words


def wrong_count(name: str, least: int, most: int, given: int) -> str:
    """A wrong number of arguments, in the words of every callable. ``most`` -1: any number."""
    wanted = f"{least}" if least == most else f"at least {least}" if most < 0 else f"{least}..={most}"
    return f"Arity mismatch: '{name}' expects {wanted} argument(s), got {given}"


def wrong_kind(name: str, parameter: Parameter, kind: str) -> str:
    """An argument of a builtin that is of another kind than the parameter takes."""
    return f"'{name}' parameter `{parameter.name}` expects {show_type(plain(parameter.type))}, got {kind}"


def idle_kind(name: str, parameter: Parameter, kind: str) -> str:
    """An argument that a builtin takes and is not for, in the words of a warning."""
    return f"'{name}' parameter `{parameter.name}` is for {show_type(plain(meant(parameter.type)))}, got {kind}"


def plain(term: TypeTerm) -> TypeTerm:
    """A type for a reader who does not see the rest of the signature: without the names of type parameters."""
    tag = term[0]
    if _is_variable(term):
        return ANY
    if tag == "name":
        args = tuple(map(plain, term[2]))
        return ("name", term[1], () if all(a == ANY for a in args) else args)
    if tag == "union":
        members = tuple(dict.fromkeys(map(plain, term[1])))
        return ANY if ANY in members else ("union", members) if len(members) > 1 else members[0]
    if tag == "fn":
        return ("fn", tuple(map(plain, term[1])), plain(term[2]))
    return ("shape", tuple((name, plain(t), optional) for name, t, optional in term[1])) if tag == "shape" else term


def _is_variable(term: TypeTerm) -> bool:
    return term[0] == "name" and len(term[1]) == 1 and term[1].isupper()
