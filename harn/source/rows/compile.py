"""Codes of the resolver and the compiler."""

from __future__ import annotations

from harn.source.codes import CodeRow

COMPILE_ROWS: tuple[CodeRow, ...] = (
    CodeRow(
        "N001",
        "call of an undefined name",
        "Nothing of that name is declared in the file, imported or built in. The check is off where an import leads"
        " nowhere: then the call fails when it is reached.",
        "pipeline default(task) {\n  pritnln(1)\n}\n",
        "pipeline default(task) {\n  println(1)\n}\n",
    ),
    CodeRow(
        "C001",
        "break or continue outside of a loop",
        "`break` and `continue` belong to the innermost `for` or `while` around them. A closure, a function and the body of a"
        " task are places of their own, outside of the loops around them.",
        "pipeline default(task) {\n  for i in [1, 2] {\n    let stop = { -> break }\n    stop()\n  }\n}\n",
        "pipeline default(task) {\n  for i in [1, 2] {\n    break\n  }\n}\n",
    ),
    CodeRow(
        "C002",
        "try* outside of a function",
        "`try*` lets an error go on to whoever called the function it stands in. Statements at the top level of a file have"
        " no caller.",
        'fn risky() {\n  throw "no"\n}\nlet x = try* risky()\n',
        'fn risky() {\n  throw "no"\n}\nfn careful() {\n  return try* risky()\n}\nprintln(try { careful() })\n',
    ),
    CodeRow(
        "C003",
        "or-pattern that binds",
        "The alternatives of a pattern `a | b` are literals or `_`. Names and patterns of lists, dicts or enums would bind"
        " different things in different alternatives; write an arm for each.",
        'pipeline default(task) {\n  match 1 {\n    1 | x -> { println("one") }\n  }\n}\n',
        'pipeline default(task) {\n  match 1 {\n    1 | 2 -> { println("small") }\n    x -> { println(x) }\n  }\n}\n',
    ),
    CodeRow(
        "C004",
        "construct that is not available",
        "The language has the construct, this build of Harn does not: the builtins it is made of are missing.",
        "pipeline default(task) {\n  let h = spawn { 1 }\n}\n",
        "pipeline default(task) {\n  let h = { -> 1 }\n}\n",
    ),
)
