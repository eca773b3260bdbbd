"""Values as TOML: keys sorted, a table's plain entries before its tables, tables in lists under headers in double brackets."""

from __future__ import annotations

import math
import re

from harn.source.typing import Any, Iterator
from harn.values.display import display
from harn.values.kinds import Set, Struct, type_name
from harn.values.numerals import positional
from harn.values.operators import check_size
from harn.values.render import Leaves, Opened, Openers, Part, render

MOST_TABLES = 1_000_000
"""Headers that are written."""


class Unwritable(ValueError):
    """A value that TOML has no form for; ``str()`` says which."""


_UNSUPPORTED = {"list": "array", "set": "array", "nil": "unit", "int": "i64", "float": "f64", "bool": "bool"}


def to_toml(value: Any, limit: int) -> str:
    """The TOML text of a dict or struct; LimitReached above ``limit`` characters, Unwritable where it cannot be written."""
    table = _table(value)
    if table is None:
        raise Unwritable(f"unsupported {_UNSUPPORTED.get(type_name(value), 'str')} type")
    out: list[str] = []
    size = tables = 0
    # Tables still to come, the next one last: (header without brackets, brackets, table).
    todo: list[tuple[str, str, dict[str, Any]]] = [("", "", table)]
    while todo:
        path, brackets, table = todo.pop()
        tables += 1
        if tables > MOST_TABLES:
            raise Unwritable(f"more than {MOST_TABLES:,} tables")
        lines, inner = _split(table, path, limit)
        if path and (lines or not inner or brackets == "[["):
            closing = "]" * len(brackets)
            lines.insert(0, f"{brackets}{path}{closing}\n" if not out else f"\n{brackets}{path}{closing}\n")
        out += lines
        size += sum(map(len, lines))
        check_size(size, limit)
        todo += reversed(inner)
    return "".join(out)


def _split(table: dict[str, Any], path: str, limit: int) -> tuple[list[str], list[tuple[str, str, dict[str, Any]]]]:
    """The lines of a table's plain entries, and the tables in it."""
    lines: list[str] = []
    inner: list[tuple[str, str, dict[str, Any]]] = []
    for key in sorted(table):
        value = table[key]
        label = key_text(key)
        header = f"{path}.{label}" if path else label
        one = _table(value)
        many = _tables(value)
        if one is not None:
            inner.append((header, "[", one))
        elif many:
            inner += ((header, "[[", each) for each in many)
        else:
            lines.append(f"{label} = {render(value, _LEAVES, _OPENERS, _shown, limit)}\n")
    return lines, inner


def _table(value: Any) -> dict[str, Any] | None:
    if value.__class__ is Struct:
        value = value.fields
    return value if value.__class__ is dict else None


def _tables(value: Any) -> list[dict[str, Any]]:
    """The tables of a list or set that has nothing else in it."""
    if value.__class__ is not list and value.__class__ is not Set:
        return []
    found = []
    for item in value:
        table = _table(item)
        if table is None:
            return []
        found.append(table)
    return found


# ---------------------------------------------------------------------------------------------------- values in a line


def _nothing(value: Any) -> str:
    raise Unwritable("unsupported unit type")


def _float(number: float) -> str:
    if not math.isfinite(number):
        return "nan" if number != number else "inf" if number > 0 else "-inf"
    text = positional(number)
    return text if "." in text else f"{text}.0"


def _items(items: Any) -> Opened | str:
    return (_separated(items), "]") if items else "[]"


def _separated(items: Any) -> Iterator[Part]:
    before = "["
    for item in items:
        yield before, item
        before = ", "


def _inline(entries: dict[str, Any]) -> Opened | str:
    return (_pairs(entries), " }") if entries else "{}"


def _pairs(entries: dict[str, Any]) -> Iterator[Part]:
    before = "{ "
    for key in sorted(entries):
        yield f"{before}{key_text(key)} = ", entries[key]
        before = ", "


def _shown(value: Any) -> str:
    return text_in_quotes(display(value))


_LEAVES: Leaves = {
    str: lambda value: text_in_quotes(value),
    int: str,
    float: _float,
    bool: lambda value: "true" if value else "false",
    type(None): _nothing,
}
_OPENERS: Openers = {list: _items, Set: _items, dict: _inline, Struct: lambda value: _inline(value.fields)}

# -------------------------------------------------------------------------------------------------------------- texts

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_ESCAPES = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_ESCAPED = re.compile(r'["\\\x00-\x1f\x7f]')
_ESCAPED_IN_LINES = re.compile(r'["\\\x00-\x09\x0b-\x1f\x7f]')


def key_text(key: str) -> str:
    """A key, in quotes where it needs them."""
    if _BARE.fullmatch(key):
        return key
    if not _ESCAPED.search(key):
        return f'"{key}"'
    return f"'{key}'" if _is_literal(key) else f'"{_ESCAPED.sub(_escape, key)}"'


def _is_literal(text: str) -> bool:
    return "'" not in text and "\n" not in text and not _CONTROL.search(text)


def text_in_quotes(text: str) -> str:
    """A text in the quotes that need the fewest escapes; one with line breaks begins on a line of its own."""
    if not _ESCAPED.search(text):
        return f'"{text}"'
    if _is_literal(text):
        return f"'{text}'"
    begin = "\n" if "\n" in text else ""
    if not _CONTROL.search(text):
        if "\\" not in text and '"""' not in text:
            return f'"""{begin}{text}"""'
        if "'''" not in text:
            return f"'''{begin}{text}'''"
    if begin:
        return f'"""\n{_ESCAPED_IN_LINES.sub(_escape, text)}"""'
    return f'"{_ESCAPED.sub(_escape, text)}"'


def _escape(character: re.Match[str]) -> str:
    return _ESCAPES.get(character.group()) or f"\\u{ord(character.group()):04X}"
