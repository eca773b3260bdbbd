"""Values across the border: a round trip is the identity, copies are copies, what does not fit is refused."""

from __future__ import annotations

import collections
import dataclasses
import enum
from datetime import timedelta
from typing import Any, NamedTuple

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import harn
from harn.embed.border import RunBorder
from harn.embed.values import ConversionError, to_harn, to_python
from harn.values.equality import equal
from harn.vm.limits import Limits
from harn.vm.machine import Machine

INTS = st.integers(-(2**63), 2**63 - 1)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
ATOMS = st.one_of(
    st.none(),
    st.booleans(),
    INTS,
    st.floats(allow_nan=False),
    TEXTS,
    st.binary(max_size=8),
    st.integers(-(10**12), 10**12).map(lambda ms: timedelta(milliseconds=ms)),
    st.builds(harn.Range, INTS, INTS, st.booleans()),
)
HASHABLE = st.one_of(INTS, TEXTS)
VALUES: st.SearchStrategy[Any] = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(TEXTS, inner, max_size=4),
        st.tuples(inner, inner),
        st.frozensets(HASHABLE, max_size=4),
        st.builds(lambda v: harn.Enum("Result", "Ok", (v,)), inner),
    ),
    max_leaves=12,
)


def border(**limits: Any) -> RunBorder:
    return RunBorder(Machine(limits=Limits(**limits)))


@given(VALUES)
def test_from_python_and_back(value: Any) -> None:
    run = border()
    assert to_python(to_harn(value, run), run) == value


@given(VALUES)
def test_from_harn_and_back(value: Any) -> None:
    run = border()
    inside = to_harn(value, run)
    assert equal(to_harn(to_python(inside, run), run), inside)


@given(VALUES)
def test_through_a_program(value: Any) -> None:
    assert harn.run("pipeline default(t) { return give() }", functions={"give": lambda: value}).value == value


PROGRAM = harn.compile(
    "struct Point { x: int, y: int }\nenum Shape { Circle(r), Empty }\n"
    "impl Point { fn sum(self) { return self.x + self.y } }\n"
    "fn make(x) { return Point { x: x, y: 2 } }\nfn sum(p) { return p.sum() }\nfn circle(r) { return Shape.Circle(r) }\n"
    "fn radius(s) { return match s { Shape.Circle(r) -> { r }\n Shape.Empty -> { 0 } } }\n"
    "fn same(v) { return v }\nfn kind(v) { return type_of(v) }\nfn show(v) { return to_string(v) }\n"
)


def test_structs_and_enums() -> None:
    point = PROGRAM.call("make", 1)
    assert point == harn.Struct("Point", {"x": 1, "y": 2})
    assert point["x"] == 1
    assert PROGRAM.call("sum", point) == PROGRAM.call("sum", harn.Struct("Point", {"x": 1, "y": 2})) == 3
    circle = PROGRAM.call("circle", 5)
    assert circle == harn.Enum("Shape", "Circle", [5])
    assert [PROGRAM.call("radius", shape) for shape in (circle, harn.Enum("Shape", "Empty"))] == [5, 0]


def test_the_kinds_programs_see() -> None:
    kinds = {
        "nil": None, "bool": True, "int": 1, "float": 1.0, "string": "a", "bytes": b"a", "list": [1], "dict": {"a": 1},
        "pair": (1, 2), "set": {1}, "duration": timedelta(seconds=1), "range": harn.Range(1, 2),
        "enum": harn.Enum("Result", "Ok", [1]),
    }  # fmt: skip
    assert {kind: PROGRAM.call("kind", value) for kind, value in kinds.items()} == {kind: kind for kind in kinds}
    assert PROGRAM.call("kind", (1, 2, 3)) == "list"


def test_sets_that_python_cannot_hold() -> None:
    run = border()
    mixed = to_harn(harn.Set([[1], [2]]), run)
    assert to_python(mixed, run) == harn.Set([[2], [1]])
    assert PROGRAM.call("show", harn.Set([[1], [1]])) == "set([1])"
    one = to_python(to_harn(harn.Set([1, True]), run), run)
    assert len(one) == 2


def test_objects_with_fields_go_in_as_dicts() -> None:
    @dataclasses.dataclass
    class Data:
        a: int
        b: list[int]

    @attrs.frozen
    class Frozen:
        a: int

    class Named(NamedTuple):
        a: int
        b: int

    class Model:
        def model_dump(self) -> dict[str, Any]:
            return {"a": [Data(1, [2])]}

    for value, wanted in (
        (Data(1, [2]), {"a": 1, "b": [2]}),
        (Frozen(1), {"a": 1}),
        (Named(1, 2), {"a": 1, "b": 2}),
        (Model(), {"a": [{"a": 1, "b": [2]}]}),
        (collections.OrderedDict(b=1, a=2), {"a": 2, "b": 1}),
    ):
        assert PROGRAM.call("same", value) == wanted


def test_subclasses_become_plain_values() -> None:
    class Text(str):
        pass

    class Number(enum.IntEnum):
        ONE = 1

    found = PROGRAM.call("same", [Text("a"), Number.ONE, bytearray(b"x")])
    assert [type(part) for part in found] == [str, int, bytes]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (2**63, "does not fit into 64 bits"),
        (-(2**63) - 1, "does not fit into 64 bits"),
        ([10**5000], "does not fit into 64 bits"),
        (object(), "a Python object has no counterpart in Harn"),
        ([1, {"a": {1j}}], "a Python complex has no counterpart in Harn"),
        ({1: 2}, "the keys of a dict must be texts, not int"),
        ("\ud800", "half a surrogate pair"),
        ({"\ud800": 1}, "half a surrogate pair"),
        (lambda: 1, "a Python function has no counterpart in Harn"),
        (int, "a Python type has no counterpart in Harn"),
        (harn.Struct("Nothing", {}), "declares no struct Nothing"),
        (harn.Struct("Point", {"z": 1}), "the struct Point has no field 'z'"),
        (harn.Enum("Shape", "Square"), "declares no enum variant Shape.Square"),
        (iter([1]), "has no counterpart in Harn"),
    ],
)
def test_what_does_not_fit_is_refused(value: Any, told: str) -> None:
    with pytest.raises(ConversionError, match=told):
        PROGRAM.call("same", value)


def test_a_value_that_contains_itself_is_refused() -> None:
    loop: list[Any] = [1]
    loop.append({"a": (loop, 2)})
    with pytest.raises(ConversionError, match="contains itself"):
        PROGRAM.call("same", loop)


def test_neither_side_sees_the_others_changes() -> None:
    given_list = [1, [2]]
    seen: list[Any] = []
    source = "pipeline default(t) {\n  var xs = give()\n  xs[0] = 9\n  look(xs)\n  xs[1][0] = 8\n  return xs\n}"
    out = harn.run(source, functions={"give": lambda: given_list, "look": seen.append})
    assert (given_list, seen, out.value) == ([1, [2]], [[9, [2]]], [9, [8]])
    seen[0].append(5)
    assert out.value == [9, [8]]


def test_depth_and_sharing_cost_nothing() -> None:
    deep: list[Any] = []
    shared: list[Any] = [1]
    for _ in range(100_000):
        deep = [deep]
    for _ in range(60):
        shared = [shared, shared]
    run = border()
    for value in (deep, shared):
        there = to_harn(value, run)
        back = to_python(there, run)
        assert len(back) == len(value)


def test_sizes_are_limited() -> None:
    for value in ("x" * 101, b"x" * 101, [0] * 13, {str(n): n for n in range(13)}, set(range(13))):
        with pytest.raises(harn.LimitError, match=r"100 bytes for one value \(value_bytes\)"):
            harn.run(
                "pipeline default(t) { return len(give()) }",
                functions={"give": lambda value=value: value},
                limits=harn.Limits(value_bytes=100),
            )
