"""Programs in which everything is annotated: texts, grown by type, so that nothing in them contradicts an annotation.

``well_typed()`` gives programs; ``with_one_error()`` gives a program and the line of a ``let`` in it whose value was replaced by
one of another type; nothing else in it is wrong.
"""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import strategies as st

INT, TEXT, BOOL, INTS, TEXTS = "int", "string", "bool", "list<int>", "list<string>"
MAYBE, SHAPE, EITHER = "int | nil", "{a: int, b: string}", "int | string"
TYPES = (INT, TEXT, BOOL, INTS, TEXTS, MAYBE, SHAPE, EITHER)

WRONG = {
    INT: '"no"', TEXT: "7", BOOL: "7", INTS: '["no"]', TEXTS: "[7]", MAYBE: "true", SHAPE: '{a: "no", b: "x"}', EITHER: "nil",
}  # fmt: skip
"""For each type an expression that does not fit it."""


class Function(NamedTuple):
    """A function that was generated: what it takes and gives."""

    name: str
    params: tuple[str, ...]
    result: str


class Grown(NamedTuple):
    """``lines`` of a program; ``places``: (line from 0, text before the value, type) of what can be replaced."""

    lines: list[str]
    places: list[tuple[int, str, str]]


class _Grower:
    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.functions: list[Function] = []
        self.lines: list[str] = []
        self.places: list[tuple[int, str, str]] = []
        self.names: dict[str, str] = {}
        self.count = 0

    def pick(self, number: int) -> int:
        return self.draw(st.integers(0, number - 1))

    def value(self, type: str, depth: int = 2) -> str:
        """An expression of a type."""
        known = [name for name, held in self.names.items() if held == type]
        if known and self.pick(3):
            return known[self.pick(len(known))]
        calls = [f for f in self.functions if f.result == type]
        if depth and calls and not self.pick(3):
            found = calls[self.pick(len(calls))]
            return f"{found.name}({', '.join(self.value(p, depth - 1) for p in found.params)})"
        return self.made(type, depth)

    def made(self, type: str, depth: int) -> str:
        """An expression of a type that is written out."""
        deeper = depth - 1
        plain = {INT: str(self.pick(9)), TEXT: '"t"', BOOL: "true", INTS: "[1, 2]", TEXTS: '["a"]', MAYBE: "nil"}
        if not depth and type in plain:
            return plain[type]
        forms: tuple[str, ...]
        if type == INT:
            forms = (
                "({0} + {0})",
                "({0} * {0})",
                "({2} ? {0} : {0})",
                "len({1})",
                "{3}.count()",
                "({4} ?? {0})",
                "{5}.a",
            )
        elif type == TEXT:
            forms = ("({1} + {1})", '"<${{{0}}}>"', "to_string({0})", "{5}.b", "{1}.upper()", "{1}.trim()")
        elif type == BOOL:
            forms = ("{0} < {0}", "!({2})", "({2} && {2})", "({4} != nil)", "{3}.contains({0})")
        elif type == INTS:
            forms = ("[{0}, {0}]", "{3}.reverse()", "{3}.filter({{ v -> v > 1 }})", "{3}[0:1]")
        elif type == TEXTS:
            forms = ("[{1}]", '"a b".split(" ")')
        elif type == SHAPE:
            forms = ("{{a: {0}, b: {1}}}", "{{a: {0}, b: {1}, c: {2}}}")
        else:
            forms = ("{0}", "nil") if type == MAYBE else ("{0}", "{1}")
        form = forms[self.pick(len(forms))]
        parts = [
            self.value(t, max(deeper, 0)) if f"{{{n}}}" in form else "" for n, t in enumerate((INT, TEXT, BOOL, INTS))
        ]
        maybe = self.maybe() if "{4}" in form else ""
        return form.format(*parts, maybe, '{a: 1, b: "s"}' if "{5}" in form else "")

    def maybe(self) -> str:
        """A variable that may be nil, or nil."""
        known = [name for name, held in self.names.items() if held == MAYBE]
        return known[self.pick(len(known))] if known else "nil"

    def let(self, indent: str) -> None:
        type = TYPES[self.pick(len(TYPES))]
        self.count += 1
        head = f"{indent}let v{self.count}: {type} = "
        value = self.value(type)
        self.places.append((len(self.lines), head, type))
        self.lines.append(head + value)
        self.names[f"v{self.count}"] = type

    def narrowed(self, indent: str) -> None:
        """A test of a variable, and what is known in it."""
        for name, held in list(self.names.items()):
            if held in (MAYBE, EITHER):
                test = f"{name} != nil" if held == MAYBE else f'type_of({name}) == "int"'
                self.lines.append(f"{indent}if {test} {{")
                outer, self.names = self.names, {**self.names, name: INT}
                self.let(indent + "  ")
                self.names = outer
                self.lines.append(f"{indent}}}")
                return

    def function(self, number: int) -> None:
        params = tuple(TYPES[self.pick(len(TYPES))] for _ in range(self.pick(3)))
        result = TYPES[self.pick(len(TYPES))]
        self.names = {f"p{n}": type for n, type in enumerate(params)}
        written = ", ".join(f"{name}: {type}" for name, type in self.names.items())
        self.lines.append(f"fn f{number}({written}) -> {result} {{")
        for _ in range(self.pick(3)):
            self.let("  ")
        self.narrowed("  ")
        self.lines += [f"  return {self.value(result)}", "}"]
        self.functions.append(Function(f"f{number}", params, result))

    def program(self) -> Grown:
        for number in range(1 + self.pick(3)):
            self.function(number)
        self.names = {}
        self.lines.append("pipeline default(task) {")
        for _ in range(2 + self.pick(3)):
            self.let("  ")
        self.narrowed("  ")
        self.lines += [f"  println({self.value(TEXT)})", "}"]
        return Grown(self.lines, self.places)


@st.composite
def grown(draw: st.DrawFn) -> Grown:
    """A program with the places where a value can be replaced."""
    return _Grower(draw).program()


def well_typed() -> st.SearchStrategy[str]:
    """Programs without a contradiction."""
    return grown().map(lambda found: "\n".join(found.lines) + "\n")


@st.composite
def with_one_error(draw: st.DrawFn) -> tuple[str, int]:
    """A program with one wrong value, and the line (from 1) where it stands."""
    found = draw(grown())
    line, head, type = found.places[draw(st.integers(0, len(found.places) - 1))]
    lines = list(found.lines)
    lines[line] = head + WRONG[type]
    return "\n".join(lines) + "\n", line + 1
