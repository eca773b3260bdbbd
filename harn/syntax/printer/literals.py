"""Numbers, durations, strings and their interpolations."""

from __future__ import annotations

from decimal import Decimal
from math import isinf

from harn.syntax.literals import UNITS
from harn.syntax.nodes import (
    BoolLiteral,
    DurationLiteral,
    FloatLiteral,
    Interpolation,
    IntLiteral,
    Name,
    NilLiteral,
    StringLiteral,
)
from harn.syntax.printer.engine import Printer, Steps, prints

_SHOWN_UNITS = ("h", "m", "s")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"})


def quoted(text: str) -> str:
    """A text as a plain string literal."""
    return f'"{escaped(text)}"'


def escaped(text: str, before_hole: bool = False) -> str:
    """The inside of a plain string literal, or a part of one right before a ``${``.

    Only backslash, quote, newline, tab and a dollar that would open an interpolation have escapes; every other character
    stands for itself.
    """
    text = text.translate(_ESCAPES).replace("${", "\\${")
    return text[:-1] + "\\$" if before_hole and text.endswith("$") else text


def duration_text(milliseconds: int) -> str:
    """A duration in the largest unit, up to hours, that gives a whole number."""
    for unit in _SHOWN_UNITS:
        if milliseconds and milliseconds % UNITS[unit] == 0:
            return f"{milliseconds // UNITS[unit]}{unit}"
    return f"{milliseconds}ms"


def float_text(value: float) -> str:
    """Digits on both sides of the point and no exponent, the only form the language has; always read back as the same float."""
    if isinf(value):
        digits = "1" + "0" * 309
    else:
        digits = format(Decimal(repr(value)), "f")
    return digits if "." in digits else digits + ".0"


@prints(IntLiteral)
def int_literal(p: Printer, node: IntLiteral, depth: int) -> str:
    return str(node.value)


@prints(FloatLiteral)
def float_literal(p: Printer, node: FloatLiteral, depth: int) -> str:
    return node.text or float_text(node.value)


@prints(BoolLiteral)
def bool_literal(p: Printer, node: BoolLiteral, depth: int) -> str:
    return "true" if node.value else "false"


@prints(NilLiteral)
def nil_literal(p: Printer, node: NilLiteral, depth: int) -> str:
    return "nil"


@prints(DurationLiteral)
def duration_literal(p: Printer, node: DurationLiteral, depth: int) -> str:
    return node.text or duration_text(node.milliseconds)


@prints(Name)
def name(p: Printer, node: Name, depth: int) -> str:
    return node.name


@prints(StringLiteral)
def string_literal(p: Printer, node: StringLiteral, depth: int) -> str:
    written = p.origin.spelling(node.span)
    if written:
        return written
    if node.form == "raw" and not set(node.value) & {'"', "\n"}:
        return f'r"{node.value}"'
    if node.form == "block" and _fits_block(node.value):
        return f'"""\n{node.value}\n"""'
    return quoted(node.value)


@prints(Interpolation)
def interpolation(p: Printer, node: Interpolation, depth: int) -> Steps:
    written = p.origin.spelling(node.span)
    if written:
        return written
    pieces = ['"']
    for part, following in zip(node.parts, (*node.parts[1:], ""), strict=True):
        if isinstance(part, str):
            pieces.append(escaped(part, before_hole=not isinstance(following, str)))
        else:
            pieces.append("${" + (yield p.node(part, depth)) + "}")
    return "".join(pieces) + '"'


def _fits_block(value: str) -> bool:
    """Whether a text between triple quotes reads back as itself: nothing is escaped there, and common indentation is removed."""
    if '"""' in value or "${" in value or "\r" in value or value.endswith('"'):
        return False
    lines = value.split("\n")
    if any(line and not line.strip() for line in lines):
        return False
    return any(line and line[0] not in " \t" for line in lines)
