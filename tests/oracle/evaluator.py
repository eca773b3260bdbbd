"""The direct evaluator: walks the tree of a program of the pure subset and gives what it prints and how it ends.

Pure is what ``tests.strategies.pure`` grows: numbers, texts, lists, dicts, ranges, closures and functions, all statements but
those of tasks, generators, modules and types, and a handful of builtins. A program that runs for too long, or builds too much,
ends in TooLong, which no rule of the language names: a test that compares drops such a program.
"""

from __future__ import annotations

from typing import NamedTuple

from harn.syntax import nodes
from tests.oracle import expressions, statements
from tests.oracle.frame import Frame, Run, TooLong
from tests.oracle.values import Fault, show

__all__ = ["Outcome", "TooLong", "evaluate"]

_RULE_MODULES = (expressions, statements)
"""Imported because each enters its rules into the frame's table."""


class Outcome(NamedTuple):
    """``output``: everything printed. ``error``: the text of the uncaught error as ``catch`` would see it, None at a normal end;
    ``thrown`` tells a thrown value from an error of the language."""

    output: str
    error: str | None = None
    thrown: bool = False


def evaluate(program: nodes.Program) -> Outcome:
    """Run a program: its default pipeline or, without one, its statements in order."""
    run = Run()
    body = program.body
    if len(body) == 1 and isinstance(body[0], nodes.Pipeline):
        body = body[0].body
    frame = Frame(run, [{}])
    try:
        frame.call_body(body)
    except Fault as error:
        return Outcome("".join(run.printed), show(error.value), not error.raised)
    return Outcome("".join(run.printed))
