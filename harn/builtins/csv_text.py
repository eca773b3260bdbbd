"""CSV: rows of texts, read and written.

A cell may stand in double quotes, doubled inside of it, and then hold separators and line breaks. Rows end with LF, CR LF or CR.
"""

from __future__ import annotations

import re
from functools import lru_cache

from harn.builtins.strings import text_of
from harn.catalog.record import builtin
from harn.source.typing import Any, Iterator
from harn.values.errors import thrown
from harn.values.operators import check_size
from harn.vm.machine import Context

_BYTE_ORDER_MARK = "\ufeff"


@lru_cache(maxsize=16)
def _cell(separator: str) -> re.Pattern[str]:
    """One cell and what ends it: (quoted part, what follows its closing quote, cell without quotes, end).

    A quoted part that is never closed reaches to the end of the text. What follows a closing quote still belongs to the cell.
    No part can match in a second way, so nothing is ever tried twice.
    """
    plain = f"[^{re.escape(separator)}\r\n]*"
    return re.compile(f'(?:"([^"]*(?:""[^"]*)*)(?:"({plain}))?|({plain}))({re.escape(separator)}|\r\n|\r|\n|\\Z)')


def _rows(text: str, separator: str) -> Iterator[list[str]]:
    """The rows of a text but for the empty lines."""
    match = _cell(separator).match
    place = len(_BYTE_ORDER_MARK) if text.startswith(_BYTE_ORDER_MARK) else 0
    row: list[str] = []
    while True:
        found = match(text, place)
        assert found is not None
        quoted, behind, plain, end = found.groups()
        row.append(plain if quoted is None else quoted.replace('""', '"') + (behind or ""))
        place = found.end()
        if end == separator:
            continue
        if len(row) > 1 or row[0] or quoted is not None:
            yield row
        if place >= len(text):
            return
        row = []


def _separator(name: str, options: dict[str, Any] | None) -> str:
    """The character between cells: the first of the option, a comma without one."""
    wanted = (options or {}).get("delimiter")
    separator = wanted[0] if wanted.__class__ is str and wanted else ","
    if separator in '"\r\n':
        raise thrown(f"{name}: the delimiter cannot be a quote or a line break")
    return str(separator)


def _has_headers(options: dict[str, Any] | None) -> bool:
    return (options or {}).get("headers") is True


@builtin(
    "csv_parse(text: any, options?: dict) -> list",
    examples=[
        ('csv_parse("a,b\\n1,\\"x, y\\"")', "[[a, b], [1, x, y]]"),
        ('csv_parse("name,age\\nAda,36", {headers: true})', "[{age: 36, name: Ada}]"),
        ('csv_parse("1;2", {delimiter: ";"})', "[[1, 2]]"),
    ],
)
def csv_parse(text: Any, options: dict[str, Any] | None = None) -> list[Any]:
    """The rows of a CSV text, lists of texts. With `headers: true` the first row names the columns, and the others are dicts: of
    cells that are missing the text is empty, surplus ones are left out. `delimiter` is the character between cells.
    """
    rows = _rows(text_of(text), _separator("csv_parse", options))
    if not _has_headers(options):
        return list(rows)
    header = next(rows, [])
    return [{**dict.fromkeys(header, ""), **dict(zip(header, row, strict=False))} for row in rows]


@builtin(
    "csv_stringify(rows: list, options?: dict) -> string",
    ctx=True,
    examples=[
        ('csv_stringify([["a", "b, c"], [1, 2.0]])', 'a,"b, c"\n1,2.0\n'),
        ("csv_stringify([{b: 1, a: 2}, {b: 3}], {headers: true})", "a,b\n2,1\n,3\n"),
    ],
)
def csv_stringify(ctx: Context, rows: list[Any], options: dict[str, Any] | None = None) -> str:
    """The CSV text of rows, each a list of cells or each a dict; dicts have all keys of any of them as their columns, sorted, and
    with `headers: true` the first line names these. `delimiter` is the character between cells.
    """
    separator = _separator("csv_stringify", options)
    lines: list[str] = []
    size = 0
    for cells in _cells(rows, _has_headers(options)):
        line = separator.join(_quoted(text_of(cell), separator) for cell in cells)
        lines.append(line or '""')
        size += len(lines[-1]) + 1
        check_size(size, ctx.vm.value_bytes)
    return "".join(f"{line}\n" for line in lines)


def _cells(rows: list[Any], headers: bool) -> Iterator[list[Any]]:
    """The cells of every line. HarnError where rows are of different kinds or lengths."""
    if rows and rows[0].__class__ is dict:
        if not all(row.__class__ is dict for row in rows):
            raise thrown("csv_stringify: mixed list/dict rows are not supported")
        columns = sorted({key for row in rows for key in row})
        if headers:
            yield list(columns)
        for row in rows:
            yield [row.get(column, "") for column in columns]
        return
    for place, row in enumerate(rows):
        if row.__class__ is not list:
            raise thrown("csv_stringify: each row must be a list of cells (or use dict rows)")
        if len(row) != len(rows[0]):
            before = len(rows[place - 1])
            raise thrown(
                f"csv_stringify: CSV error: found record with {len(row)} fields, "
                f"but the previous record has {before} fields"
            )
        yield row


def _quoted(cell: str, separator: str) -> str:
    """A cell in quotes where it needs them."""
    if separator in cell or '"' in cell or "\n" in cell or "\r" in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell
