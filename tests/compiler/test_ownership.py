"""Values never alias, however names are assigned, changed and passed on: programs against a model that copies everything."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import harn
from tests.compiler.building import compiled, function, words

NAMES = ("a", "b", "c")
Step = tuple[Any, ...]

_name = st.sampled_from(NAMES)
_place = st.integers(0, 1)
_number = st.integers(0, 99)
_simple = st.one_of(
    st.tuples(st.just("literal"), _name, st.lists(_number, min_size=2, max_size=3)),
    st.tuples(st.just("copy"), _name, _name),
    st.tuples(st.just("set"), _name, _place, _number),
    st.tuples(st.just("put"), _name, _place, _name),
    st.tuples(st.just("deep"), _name, _place, _place, _number),
    st.tuples(st.just("append"), _name, _number),
    st.tuples(st.just("append name"), _name, _name),
    st.tuples(st.just("push"), _name, _name),
    st.tuples(st.just("extend"), _name, _name),
    st.tuples(st.just("add to"), _name, _number),
    st.tuples(st.just("wrap"), _name, _name),
    st.tuples(st.just("take"), _name, _name, _place),
    st.tuples(st.just("called"), _name, _name),
    st.tuples(st.just("closure"), _name, _name),
    st.tuples(st.just("late operand"), _name, _number),
    st.tuples(st.just("both"), _name, _name, _number),
    st.tuples(st.just("slice"), _name, _name),
)
_step: st.SearchStrategy[Step] = st.one_of(
    _simple,
    st.tuples(st.just("each"), _name, st.lists(_simple, max_size=3)),
    st.tuples(st.just("try"), st.lists(_simple, max_size=3)),
)

HELPERS = """
fn touched(xs) {
  var own = xs
  own[0] = "touched"
  own = own + ["more"]
  return own
}
fn same(xs) { return xs }
"""


def program(steps: list[Step]) -> list[str]:
    """The lines of the steps; after each of the outermost all names are printed."""
    lines = [f"var {name}: any = [{number}, {number}]" for number, name in enumerate(NAMES)]
    for step in steps:
        lines += written(step)
        lines.append('println("${a} ${b} ${c}")')
    return lines


def written(step: Step) -> list[str]:
    """A step as program text."""
    match step:
        case ("literal", name, items):
            return [f"{name} = {items}"]
        case ("copy", name, other):
            return [f"{name} = {other}"]
        case ("set", name, place, number):
            return [f"{name}[{place}] = {number}"]
        case ("put", name, place, other):
            return [f"{name}[{place}] = {other}"]
        case ("deep", name, place, inner, number):
            return [f'if type_of({name}[{place}]) == "list" {{ {name}[{place}][{inner}] = {number} }}']
        case ("append", name, number):
            return [f"{name} = {name} + [{number}]"]
        case ("append name", name, other):
            return [f"{name} += [{other}]"]
        case ("push", name, other):
            return [f"{name} = {name}.push({other})"]
        case ("extend", name, other):
            return [f"{name} = {name} + {other}"]
        case ("add to", name, number):
            return [f'if type_of({name}[0]) == "int" {{ {name}[0] += {number} }}']
        case ("wrap", name, other):
            return [f"{name} = [{other}, {{k: {other}}}]"]
        case ("take", name, other, place):
            return [f'if type_of({other}[{place}]) == "list" {{ {name} = {other}[{place}] }}']
        case ("called", name, other):
            return [f"if true {{ let t = touched({other}); {name} = same(t) }}"]
        case ("closure", name, other):
            return [f'if true {{ let f = {{ -> {other} }}; {other}[0] = "later"; {name} = f() }}']
        case ("late operand", name, number):
            return [f"{name} = {name} + if true {{ {name}[0] = {number}; [{number}] }} else {{ [] }}"]
        case ("both", name, other, number):
            return [f"{other} = [{name}, if true {{ {name}[1] = {number}; {name} }} else {{ nil }}]"]
        case ("slice", name, other):
            return [f"{name} = {other}[0:]"]
        case ("each", name, inner):
            body = [line for one in inner for line in written(one)]
            return [f"for x in {name}[0:2] {{", "if len(a) + len(b) + len(c) > 60 { break }", *body, "}"]
        case ("try", inner):
            return ["try {", *[line for one in inner for line in written(one)], "throw 1", "} catch { }"]
    raise AssertionError(step)


class Model:
    """The same steps on Python lists, copying at every assignment.

    ``shared``: whether closures read the variables themselves, as those of an imported module do.
    """

    def __init__(self, shared: bool) -> None:
        self.shared = shared
        self.values: dict[str, Any] = {name: [number, number] for number, name in enumerate(NAMES)}

    def read(self, name: str) -> Any:
        return copy.deepcopy(self.values[name])

    def run(self, step: Step) -> None:
        values, read = self.values, self.read
        match step:
            case ("literal", name, items):
                values[name] = list(items)
            case ("copy" | "slice", name, other):
                values[name] = read(other)
            case ("set", name, place, number):
                values[name][place] = number
            case ("put", name, place, other):
                values[name][place] = read(other)
            case ("deep", name, place, inner, number):
                if isinstance(values[name][place], list):
                    values[name][place][inner] = number
            case ("append", name, number):
                values[name].append(number)
            case ("append name" | "push", name, other):
                values[name].append(read(other))
            case ("extend", name, other):
                values[name] = read(name) + read(other)
            case ("add to", name, number):
                if type(values[name][0]) is int:
                    values[name][0] += number
            case ("wrap", name, other):
                values[name] = [read(other), {"k": read(other)}]
            case ("take", name, other, place):
                if isinstance(values[other][place], list):
                    values[name] = read(other)[place]
            case ("called", name, other):
                values[name] = ["touched", *read(other)[1:], "more"]
            case ("closure", name, other):
                held = read(other)
                values[other][0] = "later"
                values[name] = read(other) if self.shared else held
            case ("late operand", name, number):
                before = read(name)
                values[name] = [*before, number]
            case ("both", name, other, number):
                before = read(name)
                values[name][1] = number
                values[other] = [before, read(name)]
            case ("each", name, inner):
                for _ in values[name][:2]:
                    if sum(len(values[n]) for n in NAMES) > 60:
                        break
                    for one in inner:
                        self.run(one)
            case ("try", inner):
                for one in inner:
                    self.run(one)

    def shown(self) -> str:
        return " ".join(show(self.values[name]) for name in NAMES)


def show(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(show, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {show(item)}' for key, item in sorted(value.items()))}}}"
    return str(value)


def expected(steps: list[Step], shared: bool = False) -> str:
    model = Model(shared)
    out = []
    for step in steps:
        model.run(step)
        out.append(model.shown())
    return "".join(f"{line}\n" for line in out)


def small(steps: list[Step]) -> bool:
    """Doubling a list at every step soon prints more than a test should."""
    return sum(step[0] in ("extend", "wrap", "both", "push", "append name", "put") for step in steps) < 9


@given(st.lists(_step, max_size=14).filter(small))
def test_locals_never_alias(steps: list[Step]) -> None:
    lines = "\n".join(program(steps))
    assert harn.run(f"{HELPERS}fn body() {{\n{lines}\n}}\nbody()\n").stdout == expected(steps)


@given(st.lists(_step, max_size=10).filter(small))
def test_script_variables_and_captures_never_alias(steps: list[Step]) -> None:
    lines = "\n".join(program(steps))
    assert harn.run(f"{HELPERS}{lines}\n").stdout == expected(steps)


@given(steps=st.lists(_step, max_size=10).filter(small))
def test_module_variables_never_alias(tmp_path_factory: pytest.TempPathFactory, steps: list[Step]) -> None:
    folder = tmp_path_factory.mktemp("module")
    variables, rest = program([]), program(steps)[len(NAMES) :]
    parts = "\n".join([*variables, HELPERS, "fn body() {", *rest, "}"])
    (folder / "m.harn").write_text(parts)
    (folder / "main.harn").write_text('import "m"\nbody()\n')
    assert harn.load(folder / "main.harn").run().stdout == expected(steps, shared=True)


def test_growing_and_changing_are_in_place() -> None:
    module = compiled(
        """
fn f(n) {
  var xs = []
  var d = {}
  for i in 0 to n {
    xs = xs + [i]
    xs = xs.push(i)
    xs += [i, i]
    xs[i] = xs[i] + 1
    d[i] = i
    d = d + {k: i}
    d.k += 1
  }
  return [xs, d]
}
"""
    )
    found = words(function(module, "f"))
    assert [word for word in found if word in ("APPEND", "EXTEND", "SET_INDEX", "SET_FIELD", "SET_PATH")] == [
        "APPEND", "APPEND", "EXTEND", "SET_INDEX", "SET_INDEX", "EXTEND", "SET_FIELD",
    ]  # fmt: skip
    # The only reads that give up ownership: the way of `push` that is not a list's, and the result.
    assert found.count("LOAD_SHARED") == 3


def test_sums_of_numbers_need_no_flag() -> None:
    module = compiled("fn f(xs) {\n  var total = 0\n  for x in xs { total += x }\n  return total\n}\n")
    assert "ACCUMULATE" in words(function(module, "f"))
