"""JSON: values to text and back."""

from __future__ import annotations

from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.values.display import display
from harn.values.errors import thrown
from harn.values.json_read import JsonError, from_json
from harn.values.json_write import to_json
from harn.vm.machine import Context


@builtin(
    "json_stringify(value?: any) -> string",
    ctx=True,
    examples=[('json_stringify({b: [1.0, nil], a: "x"})', '{"a":"x","b":[1,null]}'), ("json_stringify(2.5)", "2.5")],
)
def json_stringify(ctx: Context, value: Any = None) -> str:
    """The JSON text of a value: compact, keys sorted. What JSON cannot hold becomes `null`."""
    return to_json(value, ctx.vm.value_bytes)


@builtin(
    "json_parse(text: any) -> any",
    examples=[('json_parse("[1, 2.5, null]")', "[1, 2.5, nil]"), ('json_parse("1e2")', "100.0")],
)
def json_parse(text: Any) -> Any:
    """The value of a JSON text. Throws `JSON parse error: ...` with the place where the text is none."""
    try:
        return from_json(text if text.__class__ is str else display(text))
    except JsonError as error:
        raise thrown(f"JSON parse error: {error}") from None
