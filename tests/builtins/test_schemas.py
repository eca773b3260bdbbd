"""Schemas: validation against a plain reading of the rules, edits, JSON Schema and back, and schemas gone wild."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harn.values.equality import equal
from harn.values.errors import HarnError
from harn.values.kinds import Enum, Struct
from tests.builtins.driving import call
from tests.strategies.values import POINT, json_values


def errors(value: Any, schema: Any) -> list[str]:
    """What is wrong with a value."""
    result: Enum = call("schema_check", value, schema)
    return [] if result.variant == "Ok" else list(result.payload[0]["errors"])


leaf_schemas = st.sampled_from(
    [
        {"type": "int"},
        {"type": "string"},
        {"type": "bool"},
        {"type": "nil"},
        {"type": "float"},
        {},
        {"enum": [1, "a", None]},
    ]
)
schemas = st.recursive(
    leaf_schemas,
    lambda inner: st.one_of(
        st.builds(lambda items: {"type": "list", "items": items}, inner),
        st.builds(lambda extra: {"type": "dict", "additional_properties": extra}, inner),
        st.builds(
            lambda properties, required: {"type": "dict", "properties": properties, "required": required},
            st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
            st.lists(st.sampled_from("abc"), max_size=2, unique=True),
        ),
        st.builds(lambda branches: {"union": branches}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda schema: {**schema, "nullable": True}, inner),
    ),
    max_leaves=8,
)

KINDS = {int: "int", str: "string", bool: "bool", type(None): "nil", float: "float", list: "list", dict: "dict"}


def fits(value: Any, schema: dict[str, Any]) -> bool:
    """A second reading of the rules, short because it gives no reasons."""
    if value is None and schema.get("nullable"):
        return True
    if "type" in schema and KINDS[type(value)] != schema["type"]:
        return False
    if "enum" in schema and not any(equal(value, one) for one in schema["enum"]):
        return False
    if "union" in schema and not any(fits(value, branch) for branch in schema["union"]):
        return False
    if isinstance(value, list):
        return all(fits(item, schema.get("items", {})) for item in value)
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        extra = schema.get("additional_properties", {})
        return all(key in value for key in schema.get("required", [])) and all(
            fits(inner, properties.get(key, extra)) for key, inner in value.items()
        )
    return True


@settings(max_examples=150)
@given(json_values, schemas)
def test_validation_agrees_with_a_plain_reading(value: Any, schema: Any) -> None:
    assert (errors(value, schema) == []) == fits(value, schema)
    assert call("schema_is", value, schema) == fits(value, schema)


@settings(max_examples=80)
@given(json_values, schemas)
def test_a_schema_means_the_same_after_json_schema_and_back(value: Any, schema: Any) -> None:
    back = call("schema_from_json_schema", call("schema_to_json_schema", schema))
    if "nullable" not in str(schema):  # JSON Schema has no word for a nullable union
        assert errors(value, back) == errors(value, schema)


@settings(max_examples=60)
@given(schemas)
def test_canonical_form_is_stable(schema: Any) -> None:
    once = call("schema_from_json_schema", schema)
    assert call("schema_from_json_schema", once) == once


def test_partial_requires_nothing_at_any_depth() -> None:
    schema = {"required": ["a"], "properties": {"a": {"required": ["b"]}}, "union": [{"required": ["c"]}]}
    assert "required" not in str(call("schema_partial", schema))


@pytest.mark.parametrize("schema", [5, None, [1], {"items": 5}, {"union": 5}, {"properties": {"a": 1}}])
def test_what_is_no_schema(schema: Any) -> None:
    with pytest.raises(HarnError):
        call("schema_is", 1, schema)
    result = call("schema_check", 1, schema)
    assert result.variant == "Err"
    assert set(result.payload[0]) == {"errors", "message"}


def test_structs_count_as_dicts_and_stay_structs() -> None:
    point = Struct(POINT, {"x": 1, "y": 2})
    schema = {"type": "dict", "properties": {"x": {"type": "int"}, "z": {"default": 0}}}
    result = call("schema_parse", point, schema).payload[0]
    assert isinstance(result, Struct)
    assert result.fields == {"x": 1, "y": 2, "z": 0}
    assert point.fields == {"x": 1, "y": 2}


@pytest.mark.parametrize(
    "schema", [{"$ref": "#"}, {"$ref": "#/no"}, {"union": [{"$ref": "#"}]}, {"all_of": [{"$ref": "#"}]}]
)
def test_references_that_lead_nowhere(schema: Any) -> None:
    assert errors(1, schema)


def test_values_and_schemas_may_be_deep() -> None:
    value: Any = []
    schema: Any = {"type": "list"}
    for _ in range(5_000):
        value = [value]
        schema = {"type": "list", "items": schema}
    assert call("schema_is", value, schema)
    assert call("schema_is", value, {"type": "list", "items": {"$ref": "#"}})
    assert call("schema_to_json_schema", schema)["type"] == "array"


def test_shared_parts_are_walked_once() -> None:
    schema: Any = {"type": "dict"}
    for _ in range(60):
        schema = {"type": "dict", "properties": {"a": schema, "b": schema}}
    assert call("schema_is", {"a": {"b": {}}}, schema)
    assert call("schema_partial", schema)["type"] == "dict"


@pytest.mark.parametrize("branching", ["union", "defaults"])
def test_a_schema_gone_wild_is_given_up(branching: str) -> None:
    value: Any = 1
    if branching == "union":
        schema: Any = {"type": "list", "items": {"union": [{"$ref": "#"}, {"$ref": "#"}]}}
        for _ in range(30):
            value = [value]
    else:
        schema = {"default": {}}
        for _ in range(40):
            schema = {"default": {}, "properties": {"a": schema, "b": schema}}
        value = {}
    with pytest.raises(HarnError, match="too many branches"):
        call("schema_parse", value, schema)
