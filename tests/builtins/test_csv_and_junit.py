"""CSV and JUnit reports: against Python's own readers, round trips, and texts that are neither."""

from __future__ import annotations

import csv
import io
import re
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harn.values.errors import HarnError, LimitReached
from tests.builtins.driving import call

cells = st.text('ab,;"\n\r é', max_size=5)
tables = st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), max_size=5))


@given(tables)
def test_what_is_written_is_read_again(rows: list[list[str]]) -> None:
    text = call("csv_stringify", rows)
    assert call("csv_parse", text) == rows
    assert list(csv.reader(io.StringIO(text, newline=""))) == rows


@given(st.text('ab,"\n\r é', max_size=16))
def test_any_text_has_the_rows_that_python_finds(text: str) -> None:
    wanted = [row for row in csv.reader(io.StringIO(text, newline="")) if row]
    assert call("csv_parse", text) == wanted


@given(st.lists(st.dictionaries(st.text('a,"é', max_size=2), cells, min_size=1, max_size=3), min_size=1, max_size=4))
def test_dicts_come_back_with_all_columns(rows: list[dict[str, str]]) -> None:
    columns = sorted({key for row in rows for key in row})
    text = call("csv_stringify", rows, {"headers": True})
    full = [{column: row.get(column, "") for column in columns} for row in rows]
    assert call("csv_parse", text, {"headers": True}) == full


def test_large_and_hostile_tables() -> None:
    assert call("csv_parse", '"' * 300_001)[0][0].count('"') == 150_000
    assert len(call("csv_parse", "a," * 200_000)[0]) == 200_001
    assert call("csv_parse", "\n" * 500_000) == []
    with pytest.raises(LimitReached):
        call("csv_stringify", [["x" * 1000]] * 100, value_bytes=50_000)
    for separator in '"\n\r':
        with pytest.raises(HarnError, match="delimiter"):
            call("csv_parse", "a", {"delimiter": separator})


# ------------------------------------------------------------------------------------------------------------- JUnit

words = st.text("ab<>&\"' é]", max_size=6)


def case(name: str, group: str, ms: int, inside: str) -> str:
    return f"<testcase classname={quoteattr(group)} name={quoteattr(name)} time='{ms / 1000}'>{inside}</testcase>"


@given(words, words, st.integers(0, 10**7), words, words, st.sampled_from(["failure", "error"]), st.booleans())
def test_a_case_is_read_as_it_was_written(
    name: str, group: str, ms: int, message: str, body: str, tag: str, cdata: bool
) -> None:
    shown = f"<![CDATA[{body}]]>" if cdata and "]]>" not in body else escape(body)
    report = f"<?xml version='1.0'?><testsuite>{case(name, group, ms, f'<{tag} message={quoteattr(message)}>{shown}</{tag}>')}"
    (found,) = call("parse_junit_xml", report)
    assert found == {
        "name": f"{group}::{name}" if group and name else name,
        "status": "failed" if tag == "failure" else "errored",
        "duration_ms": ms,
        "message": f"{message}\n{body.strip()}" if body.strip() else message,
        "stdout": None,
        "stderr": None,
    }


@given(st.lists(st.sampled_from(
    ["<testcase name='a'>", "</testcase>", "<failure", " message=\"m\"", ">", "</failure>", "<skipped/>", "<!--", "-->",
     "<![CDATA[", "]]>", "<", "/>", "text", "&lt;", "&#0;", "&#xD800;", "&#9999999;", "<system-out>", "</system-out>"]
), max_size=14))  # fmt: skip
def test_any_report_gives_records(pieces: list[str]) -> None:
    text = "".join(pieces)
    found = call("parse_junit_xml", text)
    assert len(found) <= text.count("<testcase")
    assert all(sorted(record) == ["duration_ms", "message", "name", "status", "stderr", "stdout"] for record in found)
    assert call("parse_junit_xml", text.encode()) == found


@pytest.mark.parametrize(
    ("report", "count"),
    [
        ("<testcase name='a'/>" * 20_000, 20_000),
        ("<testcase name='a'>" * 50_000, 0),
        ("<" * 200_000, 0),
        ("<a b='" * 50_000, 0),
        ("<!--" * 50_000, 0),
        ("<testcase name='a'><failure>" + "<b>" * 50_000 + "</failure></testcase>", 1),
        ("<testcase time='" + "9" * 400 + "'/>", 1),
        (b"\xff<testcase/>", 0),
    ],
)
def test_hostile_reports(report: Any, count: int) -> None:
    assert len(call("parse_junit_xml", report)) == count


def test_entities_are_decoded_once() -> None:
    (found,) = call("parse_junit_xml", "<testcase name='&amp;lt; &#65;&#x42; &lol; &#xD800;'/>")
    assert re.sub(r"\s+", " ", found["name"]) == "&lt; AB &lol; &#xD800;"
