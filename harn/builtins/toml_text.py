"""TOML: dicts to text and back."""

from __future__ import annotations

from harn.builtins.strings import text_of
from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.values.errors import thrown
from harn.vm.machine import Context


@builtin(
    "toml_parse(text: any) -> dict",
    examples=[
        ('toml_parse("name = \\"Ada\\"\\n[db]\\nports = [1, 2]")', "{db: {ports: [1, 2]}, name: Ada}"),
        ('toml_parse("day = 2026-04-25").day', "2026-04-25"),
    ],
)
def toml_parse(text: Any) -> dict[str, Any]:
    """The dict of a TOML text; dates and times are texts. Throws `TOML parse error: ...` with the line it is about where the text
    is no TOML.
    """
    from harn.builtins.toml_read import from_toml

    try:
        return from_toml(text_of(text))
    except ValueError as fault:
        raise thrown(f"TOML parse error: {fault}") from None


@builtin(
    "toml_stringify(value?: any) -> string",
    ctx=True,
    examples=[
        ('toml_stringify({name: "Ada", db: {port: 1}})', 'name = "Ada"\n\n[db]\nport = 1\n'),
        ("toml_stringify({a: [1, 2.0]})", "a = [1, 2.0]\n"),
    ],
)
def toml_stringify(ctx: Context, value: Any = None) -> str:
    """The TOML text of a dict, keys sorted, plain entries before tables. Sets are written as arrays, structs as tables, and what
    TOML has no form for as its display text; nil cannot be written.
    """
    from harn.builtins.toml_write import Unwritable, to_toml

    try:
        return to_toml(value, ctx.vm.value_bytes)
    except Unwritable as fault:
        raise thrown(f"toml_stringify: {fault}") from None
