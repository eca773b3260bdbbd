"""Schemas: checking values against them, editing them, and the way to JSON Schema and back."""

from __future__ import annotations

from typing import Any

from harn.catalog.record import builtin
from harn.values.display import display
from harn.values.errors import thrown
from harn.values.kinds import Enum, EnumType, StructType, err, ok, type_name
from harn.values.schemas import Schema, SchemaFault, canonical, extended, partial, picked
from harn.values.schemas_check import Outcome, TooManyBranches, check
from harn.values.schemas_json import json_schema


def validated(value: Any, schema: Any, defaults: bool = False) -> Outcome:
    """Check a value against a schema of either spelling. HarnError where the schema is none."""
    return _checked(value, form(schema), defaults)


def form(schema: Any) -> Schema:
    """The canonical form of a schema. HarnError where it is none."""
    try:
        return canonical(schema)
    except SchemaFault as fault:
        raise thrown(str(fault)) from None


def _checked(value: Any, schema: Schema, defaults: bool) -> Outcome:
    try:
        return check(value, schema, _matches, defaults)
    except TooManyBranches:
        raise thrown("the schema has too many branches to check this value") from None


def _matches(pattern: str, text: str) -> bool | str:
    """Whether a pattern is found in a text, or what is wrong with it."""
    from harn.builtins.regex_syntax import RegexFault, compiled
    from harn.builtins.regexes import SECONDS

    try:
        return compiled(pattern, "").search(text, timeout=SECONDS) is not None
    except RegexFault as fault:
        return str(fault)
    except TimeoutError:
        return f"the search took longer than {SECONDS:g} s"


def _result(value: Any, schema: Any, defaults: bool) -> Enum:
    """``Ok(value)``, or ``Err({message, errors, value})``."""
    try:
        wanted = canonical(schema)
    except SchemaFault as fault:
        return err({"message": str(fault), "errors": [str(fault)]})
    outcome = _checked(value, wanted, defaults)
    if not outcome.errors:
        return ok(outcome.value)
    return err({"message": outcome.errors[0], "errors": outcome.errors, "value": outcome.value})


def _expected(value: Any, schema: Any, defaults: bool) -> Any:
    outcome = validated(value, schema, defaults)
    if outcome.errors:
        raise thrown("; ".join(outcome.errors))
    return outcome.value


# ---------------------------------------------------------------------------------------------------------- checking


@builtin(
    "schema_is<T>(value: any, schema: Schema<T>) -> bool",
    examples=[('schema_is("a", {type: "string"})', "true"), ('schema_is(2, {type: "float"})', "false")],
)
def schema_is(value: Any, schema: Any) -> bool:
    """Whether a value is what a schema says."""
    return not validated(value, schema).errors


@builtin(
    "is_type<T>(value: any, schema: Schema<T>) -> bool",
    examples=[('is_type([1], {type: "list", items: {type: "int"}})', "true")],
)
def is_type(value: Any, schema: Any) -> bool:
    """The same as `schema_is`."""
    return schema_is(value, schema)


@builtin(
    "schema_check<T>(value: any, schema: Schema<T>) -> Result<T, any>",
    keeps=["value"],
    examples=[
        ('schema_check(1, {type: "int"})', "Result.Ok(1)"),
        ('unwrap_err(schema_check({}, {required: ["a"]})).message', "at root: missing required key 'a'"),
    ],
)
def schema_check(value: Any, schema: Any) -> Enum:
    """`Ok` of the value, or `Err` of a dict: `errors`, the first as `message`, and `value` without what was wrong in it."""
    return _result(value, schema, False)


@builtin(
    "schema_parse<T>(value: any, schema: Schema<T>) -> Result<T, any>",
    keeps=["value", "schema"],
    examples=[("schema_parse({}, {properties: {a: {default: 5}}})", "Result.Ok({a: 5})")],
)
def schema_parse(value: Any, schema: Any) -> Enum:
    """Like `schema_check`, with the schema's defaults filled in."""
    return _result(value, schema, True)


@builtin(
    "schema_expect<T>(value: any, schema: Schema<T>, defaults: any = false) -> T",
    keeps=["value", "schema"],
    examples=[('schema_expect("a", {type: "string"})', "a")],
)
def schema_expect(value: Any, schema: Any, defaults: Any = False) -> Any:
    """The value where it is what a schema says, with `defaults` filled in if asked; else all problems are thrown as one text."""
    return _expected(value, schema, bool(defaults))


@builtin("json_validate(value: any, schema: any) -> bool", examples=[('json_validate(1, {type: "integer"})', "true")])
def json_validate(value: Any, schema: Any) -> bool:
    """True where a value is what a schema says; else all problems are thrown as one text."""
    _expected(value, schema, False)
    return True


# ---------------------------------------------------------------------------------------------------------- schemas


@builtin(
    "schema_of<T>(type: Schema<T>) -> Schema<T>",
    keeps=["type"],
    examples=[("schema_of(list)", "{type: list}"), ('schema_of({type: "int"})', "{type: int}")],
)
def schema_of(type: Any) -> Any:
    """The schema of a type, which may be any type alias; a schema is given back as it is. A struct or enum has none: `{}`."""
    if type.__class__ is dict:
        return type
    if type.__class__ is StructType or type.__class__ is EnumType:
        return {}
    raise thrown(f"schema_of: expected a type or a schema, got {type_name(type)}")


@builtin(
    "schema_extend(schema: any, changes: any) -> dict",
    keeps=["schema", "changes"],
    examples=[('schema_extend({type: "string"}, {min_length: 2})', "{min_length: 2, type: string}")],
)
def schema_extend(schema: Any, changes: Any) -> Schema:
    """A schema with keys of another in place of its own."""
    return extended(form(schema), form(changes))


@builtin(
    "schema_partial(schema: any) -> dict",
    keeps=["schema"],
    examples=[('schema_partial({type: "dict", required: ["a"]})', "{type: dict}")],
)
def schema_partial(schema: Any) -> Schema:
    """A schema that requires no key, at any depth."""
    try:
        return partial(schema)
    except SchemaFault as fault:
        raise thrown(str(fault)) from None


@builtin(
    "schema_pick(schema: any, keys: list) -> dict",
    keeps=["schema"],
    examples=[
        ('schema_pick({properties: {a: {}, b: {}}, required: ["b"]}, ["a"])', "{properties: {a: {}}, required: []}")
    ],
)
def schema_pick(schema: Any, keys: list[Any]) -> Schema:
    """A schema with only some of its properties."""
    return picked(form(schema), frozenset(map(display, keys)), True)


@builtin(
    "schema_omit(schema: any, keys: list) -> dict",
    keeps=["schema"],
    examples=[
        ('schema_omit({properties: {a: {}, b: {}}, required: ["b"]}, ["a"])', "{properties: {b: {}}, required: [b]}")
    ],
)
def schema_omit(schema: Any, keys: list[Any]) -> Schema:
    """A schema without some of its properties."""
    return picked(form(schema), frozenset(map(display, keys)), False)


@builtin(
    "schema_to_json_schema(schema: any) -> dict",
    keeps=["schema"],
    examples=[('schema_to_json_schema({type: "int", min: 0})', "{minimum: 0, type: integer}")],
)
def schema_to_json_schema(schema: Any) -> Schema:
    """A schema in the words of JSON Schema."""
    return json_schema(form(schema))


@builtin(
    "schema_to_openapi_schema(schema: any) -> dict",
    keeps=["schema"],
    examples=[('schema_to_openapi_schema({union: [{type: "int"}, {type: "nil"}]})', "{nullable: true, type: integer}")],
)
def schema_to_openapi_schema(schema: Any) -> Schema:
    """A schema as OpenAPI writes it: nil is told by `nullable`."""
    return json_schema(form(schema), openapi=True)


@builtin(
    "schema_from_json_schema(schema: any) -> dict",
    keeps=["schema"],
    examples=[('schema_from_json_schema({type: "integer", minimum: 0})', "{min: 0, type: int}")],
)
def schema_from_json_schema(schema: Any) -> Schema:
    """The schema that JSON Schema writes this way."""
    return form(schema)


@builtin(
    "schema_from_openapi_schema(schema: any) -> dict",
    keeps=["schema"],
    examples=[('schema_from_openapi_schema({type: "string", nullable: true})', "{nullable: true, type: string}")],
)
def schema_from_openapi_schema(schema: Any) -> Schema:
    """The schema that OpenAPI writes this way."""
    return form(schema)
