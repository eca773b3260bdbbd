"""Codes of the lexer and the parser."""

from __future__ import annotations

from harn.source.codes import CodeRow

SYNTAX_ROWS: tuple[CodeRow, ...] = (
    CodeRow(
        "S001",
        "unexpected character",
        "The character begins no token of the language. Strings stand in double quotes; `#` begins a comment"
        " nowhere but in a first line `#!...`; an interpolation `${}` needs an expression inside.",
        "pipeline default(task) {\n  let a = `x`\n}\n",
        'pipeline default(task) {\n  let a = "x"\n}\n',
    ),
    CodeRow(
        "S002",
        "unterminated string",
        'A string in `"` or `r"` ends on the line it begins on; a string in `"""` may hold line ends. Braces'
        " inside `${...}` count wherever they stand, so a lone brace in a nested string ends the"
        " interpolation too early.",
        'pipeline default(task) {\n  println("hello)\n}\n',
        'pipeline default(task) {\n  println("hello")\n}\n',
    ),
    CodeRow(
        "S003",
        "unterminated block comment",
        "A comment that begins with `/*` ends with `*/`. Such comments nest: each `/*` inside needs its own `*/`.",
        "/* outer /* inner */\npipeline default(task) {\n}\n",
        "/* outer /* inner */ */\npipeline default(task) {\n}\n",
    ),
    CodeRow(
        "S004",
        "unexpected token",
        "The token cannot stand here. The message names what could have stood in its place; often something"
        " is missing right before it.",
        "pipeline default(task) {\n  let a = 1 +\n}\n",
        "pipeline default(task) {\n  let a = 1 + 2\n}\n",
    ),
    CodeRow(
        "S005",
        "unexpected end of file",
        "The text ends inside something: most often a bracket was opened and not closed.",
        "pipeline default(task) {\n  println(1)\n",
        "pipeline default(task) {\n  println(1)\n}\n",
    ),
    CodeRow(
        "S006",
        "missing separator",
        "Two statements on one line need a `;` between them, also behind a block. A line that begins with an"
        " operator goes on with the line before it, but for `-`, `(`, `[` and `?`, which begin a new"
        " statement.",
        "pipeline default(task) {\n  let a = 1 let b = 2\n}\n",
        "pipeline default(task) {\n  let a = 1; let b = 2\n}\n",
    ),
    CodeRow(
        "S007",
        "reserved word as a name",
        "The word has a meaning in the language, so nothing can be named by it. It is an ordinary word behind"
        " a dot and as the key of a dict.",
        "pipeline default(task) {\n  let match = 1\n}\n",
        "pipeline default(task) {\n  let found = {match: 1}.match\n}\n",
    ),
    CodeRow(
        "S008",
        "misplaced part",
        "Each part is right by itself but stands where it cannot: a parameter without default behind one with"
        " a default, a rest parameter or pattern that is not the last, an option `parallel` does not know, a"
        " `select` with both `timeout` and `default`.",
        "fn area(width = 1, height) {\n  return width * height\n}\n",
        "fn area(width, height = 1) {\n  return width * height\n}\n",
    ),
    CodeRow(
        "S009",
        "attribute without a declaration",
        "An attribute belongs to the declaration behind it: fn, tool, skill, eval_pack, pipeline, struct,"
        " enum, type, interface or impl.",
        '@deprecated(since: "1")\nlet a = 1\n',
        '@deprecated(since: "1")\nfn a() {\n  return 1\n}\n',
    ),
    CodeRow(
        "S010",
        "text behind an interpolated expression",
        "`${...}` in a string holds one expression; something stands behind it. Text that is no expression at"
        " all is taken as written, without the `${` and `}`.",
        'let name = "a"\nprintln("${name name}")\n',
        'let name = "a"\nprintln("${name} ${name}")\n',
    ),
    CodeRow(
        "S011",
        "nested too deeply",
        "Brackets, and chains of operators, accesses or `else if`, may have 1000 levels together. Give the"
        " inner parts names, or build a long text or sum from a list.",
        f"let a = {'(' * 1100}1{')' * 1100}\n",
        "let a = (1)\n",
    ),
    CodeRow(
        "S012",
        "not plain UTF-8",
        "Programs are UTF-8 text without a byte order mark. Bytes that are no UTF-8, and lone surrogates, are refused.",
        '\ufeffprintln("a")\n',
        'println("a")\n',
    ),
)
