"""Every code of the checker explains itself: its failing program has it, its corrected one has nothing."""

from __future__ import annotations

import pytest

from harn.compiler.build import build
from harn.compiler.cache import Cache
from harn.source.codes import CodeRow
from harn.source.file import SourceFile
from harn.source.rows.types import TYPE_ROWS


def codes(text: str) -> set[str]:
    return {
        d.code for d in build(SourceFile("row.harn", text), cache=Cache(None), recheck=True, strict=True).diagnostics
    }


@pytest.mark.parametrize("row", TYPE_ROWS, ids=lambda row: row.code)
def test_a_row_explains_itself(row: CodeRow) -> None:
    assert row.explanation.endswith(".")
    assert codes(row.failing) == {row.code}
    assert codes(row.corrected) == set()
