"""Codes of the promises that ``@invariant`` makes, judged by ``harn check --invariants``."""

from __future__ import annotations

from harn.source.codes import CodeRow

INVARIANT_ROWS: tuple[CodeRow, ...] = (
    CodeRow(
        "I001",
        "an @invariant that cannot be read",
        "`@invariant` takes the name of a promise first, `fs.writes`, `budget.remaining` or `approval.reachability`, and what"
        " that promise needs after it. It stands on a function, tool or pipeline. A promise nobody can read keeps nothing.",
        '@invariant("fs.writes")\nfn save(text) {\n  write_file("out/a.txt", text)\n}\n',
        '@invariant("fs.writes", "out/**")\nfn save(text) {\n  write_file("out/a.txt", text)\n}\n',
    ),
    CodeRow(
        "I010",
        "a write outside the allowed globs",
        "With `fs.writes` a function promises that whatever it and the functions it calls write lies within some globs, where"
        " `*` stays in one folder and `**` goes into any. The path has to be a literal, or a name bound once to one: what is"
        " put together at run time cannot be proved.",
        '@invariant("fs.writes", "out/**")\nfn save(text) {\n  write_file("/etc/passwd", text)\n}\n',
        '@invariant("fs.writes", "out/**")\nfn save(text) {\n  write_file("out/a.txt", text)\n}\n',
    ),
    CodeRow(
        "I011",
        "an assignment that may increase a budget",
        "With `budget.remaining` a function promises that a value, `target:`, never grows: it may be left as it is, something may"
        " be subtracted from it, or it is set from `llm_budget_remaining()`.",
        '@invariant("budget.remaining", target: "left")\nfn spend(cost) {\n  var left = llm_budget_remaining()\n'
        "  left = left + cost\n  return left\n}\n",
        '@invariant("budget.remaining", target: "left")\nfn spend(cost) {\n  var left = llm_budget_remaining()\n'
        "  left = left - cost\n  return left\n}\n",
    ),
    CodeRow(
        "I012",
        "an effect outside before anybody approved",
        "With `approval.reachability` a function promises that it changes nothing outside, files, processes, the network, before"
        " `request_approval(...)` was called, on whatever way it gets there; inside a closure of `dual_control(...)` and in a"
        " step with `approval: required` people have agreed already.",
        '@invariant("approval.reachability")\nfn ship(fast) {\n  if !fast {\n    request_approval("ship it?")\n  }\n'
        '  write_file("out/ship.txt", "now")\n}\n',
        '@invariant("approval.reachability")\nfn ship() {\n  request_approval("ship it?")\n'
        '  write_file("out/ship.txt", "now")\n}\n',
    ),
)
