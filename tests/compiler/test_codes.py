"""The code table's rows of this stage: the failing program gets the code, the corrected one none."""

from __future__ import annotations

import pytest

from harn.compiler import concurrency
from harn.compiler.faults import CompileFault
from harn.source.codes import CodeRow
from harn.source.rows.compile import COMPILE_ROWS
from tests.compiler.building import compiled


@pytest.fixture(autouse=True)
def without_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program that lacks a construct lacks it in every build."""
    monkeypatch.setattr(concurrency, "known", lambda key: False)


@pytest.mark.parametrize("row", COMPILE_ROWS, ids=lambda row: row.code)
def test_rows_are_provoked_and_corrected(row: CodeRow) -> None:
    with pytest.raises(CompileFault) as caught:
        compiled(row.failing)
    assert {diagnostic.code for diagnostic in caught.value.diagnostics} == {row.code}
    compiled(row.corrected)


def test_faults_name_place_and_line() -> None:
    with pytest.raises(CompileFault) as caught:
        compiled("let a = 1\nfor i in [1] {\n  let f = { -> continue }\n}\nbreak\n")
    first, second = caught.value.diagnostics
    assert first.short == "Compile error at line 3: continue outside of loop"
    assert first.place == ("test.harn", 3, 16)
    assert second.message == "break outside of loop"
