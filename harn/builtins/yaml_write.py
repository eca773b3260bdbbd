"""Values as YAML in block style: keys sorted, lists not indented under their key, texts quoted only where they must be."""

from __future__ import annotations

import math
import re

from harn.builtins.yaml_scalars import needs_quotes
from harn.source.typing import Any, Iterator
from harn.values.display import display
from harn.values.kinds import Set, Struct
from harn.values.numerals import exponent_text
from harn.values.render import Opened, Openers, Part, render

LEVELS = 500
"""How deep lists and dicts may stand in each other."""
STEP = 2
"""Blanks that a level is indented by."""

_SIMPLE_KEY = 128
"""Bytes of a key in front of its colon; a longer one stands behind a question mark."""

_UNPRINTABLE = re.compile("[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_NOT_IN_BLOCK = re.compile(r" (?:\n|\Z)")
"""Blanks at the end of a line: nobody would see them."""
_NOT_PLAIN = re.compile(r"[ ,\[\]{}#&*!|>'\"%@`]|[-?:](?: |\Z)|---|\.\.\.|.*?(?::(?: |\Z)| #| \Z)", re.DOTALL)
"""What a text begins with, or has in it, that would mean something else."""

_ESCAPES = {
    "\0": "\\0", "\a": "\\a", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\v": "\\v", "\f": "\\f", "\r": "\\r", "\x1b": "\\e",
    '"': '\\"', "\\": "\\\\", "\x85": "\\N", "\u2028": "\\L", "\u2029": "\\P",
}  # fmt: skip
_ESCAPED = re.compile(f'["\\\\\n]|{_UNPRINTABLE.pattern}')


class Unwritable(ValueError):
    """A value that cannot be written."""


class _Node:
    """A list or dict that is not empty, at a column and a depth."""

    __slots__ = ("column", "level", "value")

    def __init__(self, value: Any, column: int, level: int) -> None:
        self.value = value
        self.column = column
        self.level = level


def to_yaml(value: Any, limit: int) -> str:
    """The YAML text of a value; LimitReached above ``limit`` characters, Unwritable where it is nested too deeply."""
    writer = _Writer()
    openers: Openers = {_Node: writer.opened}
    return render(writer.part(value, 0, 0, 0, 0), {str: str}, openers, display, limit) + "\n"


class _Writer:
    """Splits values into texts and further lists and dicts. A value that stands again at the same column is the same node."""

    def __init__(self) -> None:
        self.nodes: dict[tuple[int, int, int], _Node] = {}
        self.sets: dict[int, list[Any]] = {}

    def part(self, value: Any, home: int, lists: int, dicts: int, level: int) -> Any:
        """A value in a container at the column ``home``, or a node that begins at the column for its kind."""
        if value.__class__ is Struct:
            value = value.fields
        elif value.__class__ is Set:
            value = self.sets.setdefault(id(value), list(value))
        if value.__class__ is not list and value.__class__ is not dict:
            return scalar_text(value, home)
        if not value:
            return "[]" if value.__class__ is list else "{}"
        if level >= LEVELS:
            raise Unwritable(f"nested deeper than {LEVELS} levels")
        column = lists if value.__class__ is list else dicts
        return self.nodes.setdefault((id(value), column, level), _Node(value, column, level))

    def opened(self, node: _Node) -> Opened:
        """The parts of a node."""
        return self.elements(node) if node.value.__class__ is list else self.entries(node), ""

    def elements(self, node: _Node) -> Iterator[Part]:
        """``- a``, one below the other."""
        column = node.column
        before = "- "
        for item in node.value:
            yield before, self.part(item, column, column + STEP, column + STEP, node.level + 1)
            before = f"\n{' ' * column}- "

    def entries(self, node: _Node) -> Iterator[Part]:
        """``key: value``, one below the other. Lists begin on the next line at this column, dicts further in."""
        column, level = node.column, node.level + 1
        margin = "\n" + " " * column
        before = ""
        for key in sorted(node.value):
            value = node.value[key]
            label = before + _key(key, column, margin)
            if _is_simple(key):
                part = self.part(value, column, column, column + STEP, level)
                yield f"{label} " if part.__class__ is str else f"{label}\n{' ' * part.column}", part
            else:
                yield f"{label} ", self.part(value, column, column + STEP, column + STEP, level)
            before = margin


def _is_simple(key: str) -> bool:
    breaks = "\n" in key or "\r" in key or "\u2028" in key or "\u2029" in key
    return not breaks and len(key.encode("utf-8", "surrogatepass")) <= _SIMPLE_KEY


def _key(key: str, column: int, margin: str) -> str:
    label = text_scalar(key, column)
    return f"{label}:" if _is_simple(key) else f"? {label}{margin}:"


def scalar_text(value: Any, home: int) -> str:
    """A value that is no container, in one at the column ``home``."""
    if value is None:
        return "null"
    kind = value.__class__
    if kind is str:
        return text_scalar(value, home)
    if kind is float:
        if math.isfinite(value):
            return exponent_text(value)
        return ".nan" if value != value else ".inf" if value > 0 else "-.inf"
    shown = display(value)
    return shown if kind is int or kind is bool else text_scalar(shown, home)


def text_scalar(text: str, home: int) -> str:
    """A text in the simplest style that can hold it."""
    if _UNPRINTABLE.search(text) or ("\n" in text and _NOT_IN_BLOCK.search(text)):
        return '"' + _ESCAPED.sub(_escape, text) + '"'
    if "\n" in text:
        return _block(text, " " * (home + STEP))
    if needs_quotes(text) or _NOT_PLAIN.match(text):
        return "'" + text.replace("'", "''") + "'"
    return text


def _block(text: str, margin: str) -> str:
    """A text of several lines as it stands, behind a bar that says what becomes of the line breaks at its end."""
    ending = "+" if text == "\n" or text.endswith("\n\n") else "" if text.endswith("\n") else "-"
    indent = str(STEP) if text[0] in " \n" else ""
    lines = (text[:-1] if text.endswith("\n") else text).split("\n")
    return f"|{indent}{ending}\n" + "\n".join(margin + line if line else "" for line in lines)


def _escape(character: re.Match[str]) -> str:
    known = _ESCAPES.get(character.group())
    if known is not None:
        return known
    code = ord(character.group())
    return f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"
