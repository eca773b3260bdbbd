"""Codes of the lexer and the parser."""

from __future__ import annotations

from harn.source.codes import CodeRow

SYNTAX_ROWS: tuple[CodeRow, ...] = (
    CodeRow(
        "S001",
        "unexpected character",
        "The character cannot begin any token of the language at this place.",
        "pipeline default(task) {\n  let a = `x`\n}\n",
        'pipeline default(task) {\n  let a = "x"\n}\n',
    ),
)
