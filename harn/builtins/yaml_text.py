"""YAML: values to text and back."""

from __future__ import annotations

from harn.builtins.strings import text_of
from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.values.errors import thrown
from harn.vm.machine import Context


@builtin(
    "yaml_parse(text: any) -> any",
    examples=[
        ('yaml_parse("name: Ada\\ntags: [a, 1]")', "{name: Ada, tags: [a, 1]}"),
        ('yaml_parse("- yes\\n- 0x1F\\n- ~")', "[yes, 31, nil]"),
    ],
)
def yaml_parse(text: Any) -> Any:
    """The value of a YAML document by the core schema of YAML 1.2: `yes`, `on` and dates are texts. Keys become texts. An empty
    document is nil. Throws `YAML parse error: ...` with the place where the text is no YAML or holds several documents.
    """
    from harn.builtins.yaml_read import KeyFault, YamlFault, from_yaml

    try:
        return from_yaml(text_of(text))
    except KeyFault as fault:
        raise thrown(f"yaml_parse: {fault}") from None
    except YamlFault as fault:
        raise thrown(f"YAML parse error: {fault}") from None


@builtin(
    "yaml_stringify(value?: any) -> string",
    ctx=True,
    examples=[
        ('yaml_stringify({name: "Ada", tags: ["a", "1"]})', "name: Ada\ntags:\n- a\n- '1'\n"),
        ("yaml_stringify([1.0, nil, {}])", "- 1.0\n- null\n- {}\n"),
    ],
)
def yaml_stringify(ctx: Context, value: Any = None) -> str:
    """The YAML text of a value, a line for every entry, keys sorted. Sets are written as lists, structs as dicts, and what YAML
    has no form for as its display text.
    """
    from harn.builtins.yaml_write import Unwritable, to_yaml

    try:
        return to_yaml(value, ctx.vm.value_bytes)
    except Unwritable as fault:
        raise thrown(f"yaml_stringify: {fault}") from None
