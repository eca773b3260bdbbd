"""Grown programs of the pure subset: the machine against the direct evaluator, slices of one step against one slice, and
every instruction against its row in the table of opcodes."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from harn.syntax import nodes
from harn.syntax.printer import print_node
from tests.oracle.evaluator import Outcome, TooLong, evaluate
from tests.strategies import pure
from tests.vm.checked_loop import Checked
from tests.vm.running import Running, program

PLENTY = 10**9


@given(pure.programs())
def test_machine_and_evaluator_agree(grown: nodes.Program) -> None:
    try:
        expected = evaluate(grown)
    except TooLong:
        return
    found = Running(program(grown)).finish(PLENTY)
    assert plain(found.output) == expected.output, print_node(grown)
    assert (plain(found.error), found.thrown) == (plain(uncaught(expected)), expected.thrown), print_node(grown)


HINT = re.compile(r"(?:Runtime error: )?(Undefined variable: \w+)(?: \(did you mean `\w+`\?\))?")


def plain(text: str | None) -> str | None:
    """A text without the names the machine suggests for unknown ones, and the class that comes with them."""
    return text and HINT.sub(r"\1", text)


def uncaught(expected: Outcome) -> str | None:
    """The text of an error that leaves the run: one of the language without a class gains one."""
    error = expected.error
    if error is None or expected.thrown or error.startswith(("Runtime error: ", "Type error: ")):
        return error
    return f"Runtime error: {error}"


@given(pure.programs(), st.sampled_from((1, 1, 2, 7, 40)))
def test_slices_change_nothing(grown: nodes.Program, fuel: int) -> None:
    code = program(grown)
    whole, sliced = Running(code), Running(code)
    assert sliced.finish(fuel) == whole.finish(PLENTY)
    assert sliced.used == whole.used
    assert whole.slices == 1


@given(pure.programs(), st.sampled_from((1, PLENTY)))
def test_every_instruction_keeps_to_its_stack_effect(grown: nodes.Program, fuel: int) -> None:
    code = program(grown)
    assert Running(code).finish(fuel, CHECKED.run) == Running(code).finish(PLENTY)


CHECKED = Checked()
