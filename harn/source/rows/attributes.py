"""Codes of the checks of attributes."""

from __future__ import annotations

from harn.source.codes import CodeRow

ATTRIBUTE_ROWS: tuple[CodeRow, ...] = (
    CodeRow(
        "T090",
        "argument of @step or @persona that is not as it must be",
        "The arguments of these attributes are named and fixed when the program is compiled: texts, symbols, numbers, lists and"
        " dicts. One that is unknown or of the wrong kind has no effect. Without a `name` a step is known by its function's"
        " name, which changes when the function is renamed.",
        '@step(name: "plan", budget: {max_tokens: 0})\nfn plan(task) {\n  return task\n}\n'
        "pipeline default(task) {\n  println(plan(task))\n}\n",
        '@step(name: "plan", budget: {max_tokens: 400})\nfn plan(task) {\n  return task\n}\n'
        "pipeline default(task) {\n  println(plan(task))\n}\n",
    ),
)
