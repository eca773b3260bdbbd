"""The code table and the texts of files."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harn.source.codes import CodeRow
from harn.source.decode import decode
from harn.source.file import SourceFile
from harn.source.rows import rows
from harn.source.rows.syntax import SYNTAX_ROWS
from harn.source.span import Span
from harn.syntax.parser import parse


@pytest.mark.parametrize("row", SYNTAX_ROWS, ids=lambda row: row.code)
def test_a_syntax_row_explains_itself(row: CodeRow) -> None:
    assert row.explanation.endswith(".")
    assert {diagnostic.code for diagnostic in parse(SourceFile("failing.harn", row.failing)).diagnostics} == {row.code}
    assert not parse(SourceFile("corrected.harn", row.corrected)).diagnostics


def test_every_code_has_one_row() -> None:
    codes = list(rows())
    assert codes[: len(SYNTAX_ROWS)] == [f"S{number:03}" for number in range(1, len(SYNTAX_ROWS) + 1)]
    assert len(set(codes)) == len(codes)


@given(st.text(alphabet=st.sampled_from("a\né\r"), max_size=20), st.data())
def test_positions_are_those_of_the_text(text: str, data: st.DataObject) -> None:
    file = SourceFile("a.harn", text)
    offset = data.draw(st.integers(0, len(text)))
    line, column = file.position(offset)
    if text[offset : offset + 1] == "\n":
        offset = len(text[:offset].rstrip("\r"))
    assert line == text[:offset].count("\n") + 1
    assert column == offset - (text.rfind("\n", 0, offset) + 1) + 1
    assert (file.line(line) or "") == text.split("\n")[line - 1].rstrip("\r")


def test_bytes_that_are_no_text() -> None:
    file, problem = decode("a.harn", "é\nab".encode() + b"\xff\xfe" + "日".encode())
    assert file.text == "é\nab\ufffd\ufffd日"
    assert problem is not None
    assert problem.message == "the file is not UTF-8: unexpected ff at 2:3"
    assert problem.span == Span(4, 5)
    assert decode("a.harn", "日".encode())[1] is None
