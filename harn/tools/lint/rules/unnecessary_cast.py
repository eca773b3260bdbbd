"""A conversion of a literal that is of that kind already."""

from __future__ import annotations

from collections.abc import Iterator

from harn.syntax import nodes
from harn.tools.lint.source import Edit, Finding, Source

CODE = "L023"


_KINDS: dict[str, tuple[type, ...]] = {
    "to_string": (nodes.StringLiteral, nodes.Interpolation),
    "to_int": (nodes.IntLiteral,),
    "to_float": (nodes.FloatLiteral,),
}


def find(source: Source) -> Iterator[Finding]:
    for call in source.variables.calls:
        name = call.callee.name
        if name in _KINDS and len(call.args) == 1 and isinstance(call.args[0], _KINDS[name]):
            word = name.removeprefix("to_")
            message = f"`{name}` is a no-op here — its argument is already {'an' if word == 'int' else 'a'} {word}"
            inner = source.text(call.args[0])
            yield Finding(message, call.span, f"write `{inner}`", (Edit(call.span, inner),))
