"""Whether a value is what a schema says: all that is wrong with it, and the value as the schema completes it.

The walk is a stack of generators, each at one place of the value, so values may be as deep as memory allows. A place is a chain
of ``(chain before, key or index)`` that becomes a text only where something is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, NamedTuple

from harn.values.display import display, excerpt
from harn.values.equality import equal
from harn.values.keys import key_of, set_of
from harn.values.kinds import Set, Struct, type_name
from harn.values.schemas import Schema, resolve

Matches = Callable[[str, str], "bool | str"]
"""Whether a pattern is found in a text, or what is wrong with the pattern."""

MOST_BRANCHES = 200_000
"""Branches, references and defaults that one check may go through. A schema that leads to itself on several ways makes twice
as many at every level of a value."""

_MOST_HOPS = 200
"""References and branches at one place of a value."""


class Outcome(NamedTuple):
    """``value`` with defaults filled in and without what was wrong in it; ``errors``: one text for each problem."""

    value: Any
    errors: list[str]


class TooManyBranches(Exception):
    """The check was given up."""


class _Visit(NamedTuple):
    """One place still to be checked.

    ``root``: the schema around it whose definitions count, so that schemas with definitions can be parts of others.
    ``hops``: references and branches that led here from the same value.
    """

    value: Any
    schema: Schema
    root: Schema
    path: Any
    hops: int


_Walk = Generator[_Visit, Outcome, Outcome]

_LEAVES = frozenset((int, str, bool, float, type(None)))


def check(value: Any, schema: Schema, matches: Matches, defaults: bool = False) -> Outcome:
    """Check a value against a canonical schema. ``defaults``: fill them in. TooManyBranches for a schema gone wild."""
    checker = _Checker(schema, matches, defaults)
    stack: list[_Walk] = [checker.visit(_Visit(value, schema, schema, None, 0))]
    answer: Any = None
    while True:
        try:
            wanted = stack[-1].send(answer)
        except StopIteration as end:
            stack.pop()
            answer = end.value
            if not stack:
                return answer  # type: ignore[no-any-return]
        else:
            stack.append(checker.visit(wanted))
            answer = None


class _Checker:
    def __init__(self, root: Schema, matches: Matches, defaults: bool) -> None:
        self.root = root
        self.matches = matches
        self.defaults = defaults
        self.spent = 0

    def spend(self) -> None:
        """Count one of what a small schema can have very many of."""
        self.spent += 1
        if self.spent > MOST_BRANCHES:
            raise TooManyBranches

    def visit(self, at: _Visit) -> _Walk:
        """Check one place; what its parts need is asked for by yielding visits."""
        value, schema, root, path, hops = at
        root = _definitions(schema, root)
        while schema.get("$ref").__class__ is str:
            self.spend()
            hops += 1
            pointer = schema["$ref"]
            found = resolve(root, pointer) if hops < _MOST_HOPS and pointer != "#" else None
            if found is None and hops < _MOST_HOPS:
                root = self.root
                found = resolve(root, pointer)
            if found is None:
                return Outcome(value, [f"at {place(path)}: unresolved schema reference '{pointer}'"])
            schema, root = found, _definitions(found, root)
        if value is None and schema.get("nullable") is True:
            return Outcome(None, [])
        if "const" in schema and not equal(value, schema["const"]):
            wanted = excerpt(schema["const"])
            return Outcome(value, [f"at {place(path)}: expected constant {wanted}, got {excerpt(value)}"])
        errors: list[str] = []
        if "all_of" in schema or "union" in schema:
            value = yield from self.branches(value, schema, root, path, hops + 1, errors)
        kind = schema.get("type")
        if kind.__class__ is str and not _has_kind(at.value, kind, schema):
            errors.append(f"at {place(path)}: expected type '{kind}', got '{_shown_kind(at.value)}'")
            return Outcome(value, errors)
        shape = value.__class__
        if shape is dict or shape is Struct:
            value = yield from self.fields(value, schema, root, path, errors)
        elif shape is list or shape is Set:
            value = yield from self.items(value, schema, root, path, errors)
        elif shape is str:
            self.text(value, schema, path, errors)
        elif shape is int or shape is float:
            _bounds(value, schema, path, errors)
        allowed = schema.get("enum")
        if allowed.__class__ is list and not any(equal(value, one) for one in allowed):
            errors.append(f"at {place(path)}: value must be one of [{', '.join(map(excerpt, allowed))}]")
        return Outcome(value, errors)

    def branches(
        self, value: Any, schema: Schema, root: Schema, path: Any, hops: int, errors: list[str]
    ) -> Generator[_Visit, Outcome, Any]:
        """``all_of``, each on what the one before made of the value; then the first of ``union`` that fits."""
        given = value
        if hops > _MOST_HOPS:
            errors.append(f"at {place(path)}: the schema leads back to itself")
            return value
        for branch in schema.get("all_of", ()):
            self.spend()
            value, wrong = yield _Visit(value, branch, root, path, hops)
            errors += wrong
        if "union" in schema:
            for branch in schema["union"]:
                self.spend()
                found, wrong = yield _Visit(given, branch, root, path, hops)
                if not wrong:
                    return found
            errors.append(f"at {place(path)}: value did not match any union branch")
        return value

    def fields(
        self, value: Any, schema: Schema, root: Schema, path: Any, errors: list[str]
    ) -> Generator[_Visit, Outcome, Any]:
        """Keys that must be there, then properties, then other keys, each in alphabetical order."""
        fields: dict[str, Any] = value.fields if value.__class__ is Struct else value
        properties: dict[str, Schema] = schema.get("properties", {})
        required: Any = schema.get("required")
        errors += [
            f"at {place(path)}: missing required key '{key}'"
            for key in (required if required.__class__ is list else ())
            if key not in fields and not (self.defaults and "default" in properties.get(key, ()))
        ]
        extra: Any = schema.get("additional_properties")
        others = [] if extra is None or extra is True else sorted(key for key in fields if key not in properties)
        unexpected: list[str] = []
        if extra is False:
            unexpected, others = others, []
        changed: dict[str, Any] = {}
        for key in (*sorted(properties), *others):
            part: Schema = properties.get(key, extra)
            if key in fields:
                inner = fields[key]
            elif self.defaults and "default" in part:
                self.spend()
                inner = part["default"]
            else:
                continue
            found, wrong = yield _Visit(inner, part, root, (path, key), 0)
            if wrong:
                errors += wrong
            elif key not in fields or found is not inner:
                changed[key] = found
        errors += [f"at {place(path)}: unexpected key '{key}'" for key in unexpected]
        if not changed:
            return value
        merged = {**fields, **changed}
        return Struct(value.type, merged) if value.__class__ is Struct else merged

    def items(
        self, value: Any, schema: Schema, root: Schema, path: Any, errors: list[str]
    ) -> Generator[_Visit, Outcome, Any]:
        """The elements of a list or set; what comes back holds only those that are right."""
        count = len(value)
        least, most, part = schema.get("min_items"), schema.get("max_items"), schema.get("items")
        if least.__class__ is int and count < least:
            errors.append(f"at {place(path)}: expected at least {least} items, got {count}")
        if most.__class__ is int and count > most:
            errors.append(f"at {place(path)}: expected at most {most} items, got {count}")
        if schema.get("unique_items") is True and value.__class__ is list and len(set(map(key_of, value))) < count:
            errors.append(f"at {place(path)}: expected items that differ")
        if not part:
            return value
        simple = part["type"] if part.keys() == {"type"} else None
        kept: list[Any] = []
        changed = False
        for index, item in enumerate(value):
            if simple is not None and item.__class__ in _LEAVES and type_name(item) == simple:
                kept.append(item)
                continue
            found, wrong = yield _Visit(item, part, root, (path, index), 0)
            if wrong:
                errors += wrong
            else:
                kept.append(found)
            changed = changed or bool(wrong) or found is not item
        if not changed:
            return value
        return set_of(kept) if value.__class__ is Set else kept

    def text(self, value: str, schema: Schema, path: Any, errors: list[str]) -> None:
        least, most, pattern = schema.get("min_length"), schema.get("max_length"), schema.get("pattern")
        if least.__class__ is int and len(value) < least:
            errors.append(f"at {place(path)}: expected length >= {least}, got {len(value)}")
        if most.__class__ is int and len(value) > most:
            errors.append(f"at {place(path)}: expected length <= {most}, got {len(value)}")
        if pattern.__class__ is str:
            found = self.matches(pattern, value)
            if found.__class__ is str:
                errors.append(f"at {place(path)}: invalid regex pattern '{pattern}': {found}")
            elif not found:
                errors.append(f"at {place(path)}: value does not match pattern '{pattern}'")


def _definitions(schema: Schema, root: Schema) -> Schema:
    """The schema whose definitions count inside ``schema``, which stands inside ``root``."""
    return schema if "definitions" in schema or "$defs" in schema else root


def _bounds(value: float, schema: Schema, path: Any, errors: list[str]) -> None:
    least: Any = schema.get("min")
    most: Any = schema.get("max")
    if _is_number(least) and value < least:
        errors.append(f"at {place(path)}: expected value >= {display(least)}, got {display(value)}")
    if _is_number(most) and value > most:
        errors.append(f"at {place(path)}: expected value <= {display(most)}, got {display(value)}")


def _is_number(value: Any) -> bool:
    return value.__class__ is int or value.__class__ is float


def _has_kind(value: Any, kind: str, schema: Schema) -> bool:
    if kind == "any":
        return True
    found = _shown_kind(value)
    return found == kind or (found == "set" and kind == "list" and schema.get("unique_items") is True)


def _shown_kind(value: Any) -> str:
    """The name of a value's kind; structs count as dicts, builtins as functions."""
    if value.__class__ is Struct:
        return "dict"
    kind = type_name(value)
    return "closure" if kind == "builtin" else kind


def place(path: Any) -> str:
    """A chain of keys and indexes as a text: ``root``, ``a.b``, ``[1].k``."""
    steps: list[str] = []
    while path is not None:
        path, key = path
        if key.__class__ is int:
            steps.append(f"[{key}]")
        else:
            steps.append(key if path is None else f".{key}")
    return "".join(reversed(steps)) or "root"
