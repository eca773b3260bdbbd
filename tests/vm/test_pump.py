"""Frames, natives and errors together, on programs assembled by hand."""

from __future__ import annotations

from typing import Any

import pytest

from harn.code.assembler import Assembler
from harn.values.errors import HarnError
from harn.values.kinds import Closure, Generator
from harn.vm.frame import AGAIN, END, Answer, Call, Done, Native, Pull, Returned, Threw
from harn.vm.limits import Limits
from harn.vm.machine import Machine
from tests.vm.handmade import closure, finish, function, module

FUELS = [1, 3, 4096]


class Map(Native):
    """``map`` in its simplest form."""

    __slots__ = ("callback", "closed", "items", "out")
    name = "map"

    def __init__(self, items: list[Any], callback: Any) -> None:
        self.items = items
        self.callback = callback
        self.out: list[Any] = []
        self.closed = False

    def start(self) -> Answer:
        return self._next()

    def resume(self, value: Any) -> Answer:
        self.out.append(value)
        return self._next()

    def _next(self) -> Any:
        if len(self.out) == len(self.items):
            return Done(self.out)
        return (self.items[len(self.out)],)

    def close(self) -> None:
        self.closed = True


def divide_ten(asm: Assembler) -> None:
    for op in (("CONST", 10), ("LOAD", 0), ("DIV",), ("RETURN",)):
        asm.emit(*op)


@pytest.mark.parametrize("fuel", FUELS)
def test_a_native_maps_a_closure(fuel: int) -> None:
    ten_by = closure(module(function("ten_by", ("n",), divide_ten)), 0)
    outcome = finish(Machine(), Map([1, 2, 5], ten_by), fuel=fuel)
    assert isinstance(outcome, Returned)
    assert outcome.value == [10, 5, 2]


@pytest.mark.parametrize("fuel", FUELS)
def test_an_error_of_a_callback_passes_the_native_and_gains_its_line_class(fuel: int) -> None:
    ten_by = closure(module(function("ten_by", ("n",), divide_ten)), 0)
    native = Map([1, 0, 5], ten_by)
    outcome = finish(Machine(), native, fuel=fuel)
    assert isinstance(outcome, Threw)
    assert outcome.error.text() == "Runtime error: Division by zero"
    assert native.closed
    assert native.out == [10]


def caught_division(asm: Assembler) -> None:
    """try { 1 / 0 } catch (e) { e }"""
    start, end, handler = asm.label(), asm.label(), asm.label()
    asm.mark(start)
    for op in (("CONST", 1), ("CONST", 0), ("DIV",)):
        asm.emit(*op)
    asm.mark(end)
    asm.emit("RETURN")
    asm.handler(start, end, handler)
    asm.mark(handler)
    asm.emit("CAUGHT")
    asm.emit("RETURN")


def test_a_handler_of_the_same_frame_binds_the_bare_text() -> None:
    outcome = finish(Machine(), closure(module(function("f", (), caught_division)), 0))
    assert isinstance(outcome, Returned)
    assert outcome.value == "Division by zero"


def countdown(tail: bool) -> Any:
    """fn down(n) { if n < 1 { return "done" } return down(n - 1) }"""

    def build(asm: Assembler) -> None:
        more = asm.label()
        for op in (("LOAD", 0), ("CONST", 1), ("LT",), ("JUMP_IF_FALSE", more), ("CONST", "done"), ("RETURN",)):
            asm.emit(*op)
        asm.mark(more)
        asm.emit("LOAD_MODULE", 0, "down")
        for op in (("LOAD", 0), ("CONST", 1), ("SUB",), ("TAIL_CALL" if tail else "CALL", 1), ("RETURN",)):
            asm.emit(*op)

    instance = module(function("down", ("n",), build), names=("down",))
    instance.slots[0] = closure(instance, 0)
    return instance.slots[0]


@pytest.mark.parametrize("fuel", FUELS)
def test_tail_calls_do_not_grow_the_frame_list(fuel: int) -> None:
    outcome = finish(Machine(limits=Limits(depth=10)), countdown(tail=True), 10_000, fuel=fuel)
    assert isinstance(outcome, Returned)
    assert outcome.value == "done"


@pytest.mark.parametrize(("levels", "holds"), [(511, True), (512, False)])
def test_the_five_hundred_and_thirteenth_frame_overflows(levels: int, holds: bool) -> None:
    outcome = finish(Machine(), countdown(tail=False), levels)
    if holds:
        assert isinstance(outcome, Returned)
    else:
        assert isinstance(outcome, Threw)
        assert outcome.error.payload.startswith("Stack overflow: too many nested calls")


def test_a_native_that_calls_back_starts_the_count_anew() -> None:
    machine = Machine()
    down = countdown(tail=False)
    assert isinstance(finish(machine, Map([500, 500], down)), Returned)


def counting(asm: Assembler) -> None:
    """gen: yields 1, 2, then returns"""
    for number in (1, 2):
        asm.emit("CONST", number)
        asm.emit("YIELD")
        asm.emit("POP")
    asm.emit("CONST", None)
    asm.emit("RETURN")


def total(asm: Assembler) -> None:
    """sum over the argument with ``for``"""
    sum_slot, item = asm.slot(), asm.slot()
    top, end = asm.label(), asm.label()
    for op in (("CONST", 0), ("STORE", sum_slot), ("LOAD", 0), ("ITER",)):
        asm.emit(*op)
    asm.mark(top)
    for op in (
        ("FOR", end), ("STORE", item), ("LOAD", sum_slot), ("LOAD", item), ("ADD",), ("STORE", sum_slot), ("LOOP", top),
    ):  # fmt: skip
        asm.emit(*op)
    asm.mark(end)
    for op in (("END_FOR",), ("LOAD", sum_slot), ("RETURN",)):
        asm.emit(*op)


@pytest.mark.parametrize("fuel", FUELS)
def test_for_pulls_a_generator_to_its_end(fuel: int) -> None:
    instance = module(function("counting", (), counting, flags=("generator",)), function("total", ("xs",), total))
    machine = Machine()
    made = finish(machine, closure(instance, 0))
    assert isinstance(made, Returned)
    assert isinstance(made.value, Generator)
    outcome = finish(machine, closure(instance, 1), made.value, fuel=fuel)
    assert isinstance(outcome, Returned)
    assert outcome.value == 3
    assert made.value.done
    assert made.value.frames == []


@pytest.mark.parametrize("values", [[], [4], [1, 2, 3]])
def test_for_walks_a_list(values: list[int]) -> None:
    outcome = finish(Machine(), closure(module(function("total", ("xs",), total)), 0), values)
    assert isinstance(outcome, Returned)
    assert outcome.value == sum(values)


class PullAll(Native):
    """Draws everything from a source."""

    __slots__ = ("out", "source")

    def __init__(self, source: Any) -> None:
        self.source = source
        self.out: list[Any] = []

    def start(self) -> Answer:
        return Pull(self.source)

    def resume(self, value: Any) -> Answer:
        if value is END:
            return Done(self.out)
        self.out.append(value)
        return Pull(self.source)


@pytest.mark.parametrize("fuel", FUELS)
def test_a_native_draws_from_a_generator(fuel: int) -> None:
    machine = Machine()
    made = finish(machine, closure(module(function("g", (), counting, flags=("generator",))), 0))
    assert isinstance(made, Returned)
    outcome = finish(machine, PullAll(made.value), fuel=fuel)
    assert isinstance(outcome, Returned)
    assert outcome.value == [1, 2]


class Patient(Native):
    """Lets the safepoint look many times."""

    __slots__ = ("left",)

    def __init__(self, left: int) -> None:
        self.left = left

    def resume(self, value: Any) -> Answer:
        self.left -= 1
        return AGAIN if self.left else Done("rested")


def test_again_ends_the_slice_and_goes_on() -> None:
    outcome = finish(Machine(), Patient(5))
    assert isinstance(outcome, Returned)
    assert outcome.value == "rested"


def deferring(body_throws: bool, block_throws: bool) -> Any:
    """A function with two deferred blocks that log into its list argument by calling the second argument."""

    def build(asm: Assembler) -> None:
        first, second = asm.label(), asm.label()
        asm.emit("DEFER", (asm.defer_block(first), ()))
        asm.emit("DEFER", (asm.defer_block(second), ()))
        asm.emit("CONST", "body")
        asm.emit("THROW" if body_throws else "RETURN")
        for label, word, throws in ((first, "first", False), (second, "second", block_throws)):
            asm.mark(label)
            asm.emit("CONST", word)
            asm.emit("CALL_SLOT", 0, 1)
            asm.emit("POP")
            if throws:
                asm.emit("CONST", "from the block")
                asm.emit("THROW")
            else:
                asm.emit("END_DEFER")

    return closure(module(function("f", ("log",), build)), 0)


class Log:
    """A callable the pump understands, noting what it was called with."""

    harn_callable = True

    def __init__(self) -> None:
        self.seen: list[Any] = []

    def request(self, vm: Any, task: Any, args: list[Any]) -> tuple[Any, ...]:
        self.seen.extend(args)
        return ("deliver", None)


@pytest.mark.parametrize("body_throws", [False, True])
@pytest.mark.parametrize("block_throws", [False, True])
def test_deferred_blocks_run_once_each_newest_first(body_throws: bool, block_throws: bool) -> None:
    log = Log()
    outcome = finish(Machine(), deferring(body_throws, block_throws), log)
    assert log.seen == ["second", "first"]
    if block_throws:
        assert isinstance(outcome, Threw)
        assert outcome.error.payload == "from the block"
    elif body_throws:
        assert isinstance(outcome, Threw)
        assert outcome.error.payload == "body"
    else:
        assert isinstance(outcome, Returned)
        assert outcome.value == "body"


class Fails(Native):
    """A defect: raises what no native may raise."""

    __slots__ = ()

    def resume(self, value: Any) -> Answer:
        raise ZeroDivisionError("a defect")


def test_a_python_exception_is_a_defect_with_its_place_not_an_error_of_the_program() -> None:
    from harn.vm.defects import InternalFault
    from harn.vm.frame import Ended

    outcome = finish(Machine(), Fails())
    assert isinstance(outcome, Ended)
    assert isinstance(outcome.completion.payload, InternalFault)
    assert "ZeroDivisionError" in str(outcome.completion.payload)


def test_calling_what_is_no_function_is_a_type_error() -> None:
    class CallFive(Native):
        __slots__ = ()

        def start(self) -> Answer:
            return Call(5)

        def fail(self, error: HarnError) -> Answer:
            return Done(error.text())

    outcome = finish(Machine(), CallFive())
    assert isinstance(outcome, Returned)
    assert outcome.value == "Type error: Cannot call 5"


def test_a_throw_through_five_hundred_frames_needs_no_python_stack() -> None:
    import sys

    def build(asm: Assembler) -> None:
        """fn f(n) { if n < 1 { throw "deep" } let x = f(n - 1); return x }"""
        more = asm.label()
        for op in (("LOAD", 0), ("CONST", 1), ("LT",), ("JUMP_IF_FALSE", more), ("CONST", "deep"), ("THROW",)):
            asm.emit(*op)
        asm.mark(more)
        for op in (("LOAD", 0), ("CONST", 1), ("SUB",), ("CALL_MODULE", 0, "f", 1), ("RETURN",)):
            asm.emit(*op)

    instance = module(function("f", ("n",), build), names=("f",))
    instance.slots[0] = Closure(instance.code.functions[0], [], instance)
    limit = sys.getrecursionlimit()
    depth = 0
    frame: Any = sys._getframe()
    while frame is not None:
        depth, frame = depth + 1, frame.f_back
    sys.setrecursionlimit(depth + 60)
    try:
        outcome = finish(Machine(), instance.slots[0], 505)
    finally:
        sys.setrecursionlimit(limit)
    assert isinstance(outcome, Threw)
    assert outcome.error.payload == "deep"
