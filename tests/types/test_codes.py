"""Every code of the checker explains itself: its failing program has it, its corrected one has nothing."""

from __future__ import annotations

import pytest

from harn.compiler.build import build
from harn.compiler.cache import Cache
from harn.resolve.imports import failing_imports
from harn.source.codes import CodeRow
from harn.source.file import SourceFile
from harn.source.rows.types import TYPE_ROWS


def codes(text: str) -> set[str]:
    file = SourceFile("row.harn", text)
    built = build(file, cache=Cache(None), recheck=True, strict=True)
    failing = failing_imports(built.entry.imports, file) if built.entry is not None else []
    return {d.code for d in (*built.diagnostics, *failing)}


@pytest.mark.parametrize("row", TYPE_ROWS, ids=lambda row: row.code)
def test_a_row_explains_itself(row: CodeRow) -> None:
    assert row.explanation.endswith(".")
    assert codes(row.failing) == {row.code}
    assert codes(row.corrected) == set()
