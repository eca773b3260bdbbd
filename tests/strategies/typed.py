"""Programs in which everything is annotated: texts, grown by type, so that nothing in them contradicts an annotation.

``well_typed()`` gives programs; ``with_one_error()`` gives a program and the number of a line in it that was replaced by one with
a value of another type; nothing else in it is wrong.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from hypothesis import strategies as st

PRELUDE = """\
type Open = {a: int, note?: string}
type Mode = "on" | "off"
type Msg = {kind: "num", n: int} | {kind: "text", s: string}
struct Point { x: int, label: string }
enum Light { Red, Amber(secs: int) }
interface Labelled { fn text(self) -> string }
impl Point {
  fn moved(self, by: int) -> Point { return Point {x: self.x + by, label: self.label} }
  fn text(self) -> string { return self.label }
}
fn same<T>(v: T) -> T { return v }
fn first_of<T>(xs: list<T>, otherwise: T) -> T { return len(xs) > 0 ? xs[0] : otherwise }
fn mapped<A, B>(xs: list<A>, f: fn(A) -> B) -> list<B> { return xs.map(f) }
fn applied(f: fn(int) -> int, n: int) -> int { return f(n) }
fn labelled(v: Labelled) -> string { return v.text() }
fn defaulted(n: int, by: int = 2) -> int { return n + by }
"""

HOLES = {
    "I": "int",
    "S": "string",
    "B": "bool",
    "L": "list<int>",
    "T": "list<string>",
    "M": "int | nil",
    "E": "int | string",
    "H": "{a: int, b: string | nil}",
    "O": "Open",
    "K": "Mode",
    "G": "Msg",
    "P": "Point",
    "C": "Light",
    "F": "fn(int) -> int",
    "D": "dict<string, int>",
    "J": "list<float>",
    "N": "list<int | nil>",
}
"""In the forms below ``@I`` is a hole for an int, and so on."""

TYPES = tuple(HOLES.values())

FORMS: dict[str, tuple[str, ...]] = {
    "int": (
        "3", "(@I + @I)", "(@I * @I)", "(@B ? @I : @I)", "len(@S)", "@L.count()", "(@M ?? @I)", "@H.a", "@O.a", "@P.x",
        "same(@I)", "applied(@F, @I)", "first_of(@L, @I)", "defaulted(@I)", "defaulted(@I, @I)", "@P.moved(@I).x",
        "@L.reduce(0, { a, b -> a })", "(abs(@I) ?? 0)", "(@L.first() ?? 0)", '@D.get("k", @I)', "unwrap(Ok(@I))",
        "unwrap_or(Err(@S), @I)", "(@L.max() ?? @I)", "stream.fold(@L, @I, { a, b -> a + b })", "@J.count()", "@N.count()",
        "(@L.find({ v -> v > 1 }) ?? @I)", "(@I |> abs)",
    ),
    "string": (
        '"t"', "(@S + @S)", '"<${@I}>"', "to_string(@I)", "@S.trim()", "@P.label", "@P.text()", "labelled(@P)", "same(@S)",
        '(@O.note ?? @S)', '(@H.b ?? "n")', "first_of(@T, @S)", "type_of(@E)", "@T.join(@S)", "@T.reduce(nil, { a, b -> b })",
        'env_or("NOT_SET", @S)', "(@S |> trim)", 'shared_cell("c", 1).key',
    ),
    "bool": ("true", "@I < @I", "!(@B)", "(@B && @B)", "(@M != nil)", "@L.contains(@I)", '(@K == "on")', "(@C == Light.Red)"),
    "list<int>": (
        "[1, 2]", "[@I, @I]", "@L.reverse()", "@L.filter({ v -> v > 1 })", "@L[0:1]", "mapped(@L, @F)", "same(@L)",
        "@D.values()", "@L.map(@F)", "@L.push(@I)", "@L.sort()", "stream.collect(stream.map(@L, @F))", "to_list(set(@L))",
        "iter(@L).chain(@L).take(3).to_list()", "stream.collect(stream.merge(@L, [@I]))", "@L.flat_map({ v -> [v, v] })",
        "(0 to 2).map(@F).to_list()", "set(@L).union(set(@I)).to_list()",
    ),
    "list<string>": ('["a"]', "[@S]", '"a b".split(" ")', "@D.keys()", "@T.sort()", "@T.map({ s: string -> s })", "@T.push(@S)"),
    "int | nil": ("nil", "@I", "(@B ? @I : nil)"),
    "int | string": ("1", "@I", "@S"),
    "{a: int, b: string | nil}": ("{a: 1, b: nil}", "{a: @I, b: @S}", "{a: @I, b: nil, c: @B}"),
    "Open": ("{a: 1}", "{a: @I}", "{a: @I, note: @S}"),
    "Mode": ('"on"', '"off"'),
    "Msg": ('{kind: "num", n: 1}', '{kind: "num", n: @I}', '{kind: "text", s: @S}'),
    "Point": ('Point {x: 1, label: "p"}', "Point {x: @I, label: @S}", "@P.moved(@I)", "same(@P)"),
    "Light": ("Light.Red", "Light.Amber(@I)"),
    "fn(int) -> int": ("{ n: int -> n }", "{ n: int -> n + @I }", "{ n: int -> applied({ m: int -> m + n }, @I) }"),
    "dict<string, int>": ("{k: 1}", "{k: @I, l: @I}", "@D.map_values(@F)", "@D.filter({ v -> v > 1 })", '@D.remove("k")'),
    "list<float>": ("[1.5]", "[1, 2.5]", "@L.sort()", "@L.map(@F)", "@L.push(1.5)", "@J.reverse()"),
    "list<int | nil>": ("[1, nil]", "[@M, @I]", "@L.map(@F)", "@L.push(nil)", "@L.sort()", "@N.take(1)"),
}  # fmt: skip
"""Expressions of each type, the first without holes."""

WRONG = {
    "int": '"no"', "string": "7", "bool": "7", "list<int>": '["no"]', "list<string>": "[7]",
    "int | nil": "true", "int | string": "nil", "{a: int, b: string | nil}": '{a: "no", b: nil}', "Open": "{note: 1}",
    "Mode": '"odd"', "Msg": '{kind: "num", n: "no"}', "Point": "Light.Red", "Light": "1", "fn(int) -> int": "1",
    "dict<string, int>": '{k: "no"}', "list<float>": '["no"]', "list<int | nil>": '["no"]',
}  # fmt: skip
"""For each type an expression that does not fit it."""

USES = (
    ("defaulted(@I)", 'defaulted("no")'),
    ("labelled(@P)", "labelled(1)"),
    ("range(0, @I).count()", 'range(0, "no").count()'),
    ("Point {x: @I, label: @S}", "Point {x: @I, label: 5}"),
    ("Light.Amber(@I)", 'Light.Amber("no")'),
    ("applied(@F, @I)", "applied(1, @I)"),
    ("first_of(@L, @I)", 'first_of([1], "no")'),
    ("@P.moved(@I)", 'Point {x: 1, label: "p"}.moved("no")'),
    ("keys(@D)", "keys([1])"),
    ("@I - 1", '"no" - 1'),
    ("@L.map(@F)", "@L.map({ a, b -> a })"),
    ("@L.reduce(@I, { a, b -> a + b })", "@L.reduce(@I, { a -> a })"),
    ("(0 to 2).map(@F).to_list()", "(0 to 2).map({ -> 1 }).to_list()"),
    ("@T.map({ s: string -> s })", "@T.map({ n: int -> n })"),
    ("@L.filter({ v -> v > 1 })", "@L.filter(keys(@D))"),
    ("@L.take(@I)", '@L.take("no")'),
    ("abs(@I)", 'abs("no")'),
    ("stream.collect(stream.map(@L, @F))", "stream.collect(stream.map(@L, 1))"),
)
"""Expressions, each with a wrong one of its kind."""

TESTS = {
    "int | nil": (("@ != nil", "int"), ("type_of(@) == \"int\"", "int"), ("!(@ == nil)", "int")),
    "int | string": (('type_of(@) == "int"', "int"), ('type_of(@) != "int"', "string")),
}  # fmt: skip
"""Conditions about a variable of a type, with the type it has where they hold."""


ARMS = {
    "Mode": (('"on"', ""), ('"off"', "")),
    "Light": (("Light.Red", ""), ("Light.Amber(_)", "")),
    "Msg": (('"num"', "n"), ('"text"', "s")),
}
"""Patterns that cover a type, with the field that is there where they match."""


class Function(NamedTuple):
    """A function that was generated: what it takes and gives."""

    name: str
    params: tuple[str, ...]
    result: str


class Grown(NamedTuple):
    """``lines`` of a program; ``places``: (line from 0, what makes it wrong)."""

    lines: list[str]
    places: list[tuple[int, str]]


class _Grower:
    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.functions: list[Function] = []
        self.lines = PRELUDE.splitlines()
        self.places: list[tuple[int, str]] = []
        self.names: dict[str, str] = {}
        self.count = 0

    def pick(self, number: int) -> int:
        return self.draw(st.integers(0, number - 1))

    # ------------------------------------------------------------------------------------------ expressions

    def value(self, type: str, depth: int = 2) -> str:
        """An expression of a type."""
        known = [name for name, held in self.names.items() if held == type]
        if known and self.pick(3):
            return known[self.pick(len(known))]
        calls = [f for f in self.functions if f.result == type]
        if depth > 0 and calls and not self.pick(3):
            found = calls[self.pick(len(calls))]
            return f"{found.name}({', '.join(self.value(p, depth - 1) for p in found.params)})"
        forms = FORMS[type]
        return self.filled(forms[self.pick(len(forms))] if depth > 0 else forms[0], depth - 1)

    def filled(self, form: str, depth: int = 1) -> str:
        """A form with expressions in its holes."""
        return re.sub("@([A-Z])", lambda hole: self.value(HOLES[hole[1]], depth), form)

    # ------------------------------------------------------------------------------------------ statements

    def line(self, text: str, wrong: str | None = None) -> None:
        if wrong is not None:
            self.places.append((len(self.lines), wrong))
        self.lines.append(text)

    def let(self, indent: str) -> None:
        type = TYPES[self.pick(len(TYPES))]
        self.count += 1
        name = f"v{self.count}"
        head = f"{indent}let {name}: {type} = "
        self.line(head + self.value(type), head + WRONG[type])
        self.names[name] = type

    def use(self, indent: str) -> None:
        right, wrong = USES[self.pick(len(USES))]
        self.line(f"{indent}println({self.filled(right)})", f"{indent}println({self.filled(wrong)})")

    def changed(self, indent: str) -> None:
        """A variable that is assigned another value of its type."""
        type = TYPES[self.pick(len(TYPES))]
        self.count += 1
        name = f"v{self.count}"
        self.line(f"{indent}var {name}: {type} = {self.value(type)}")
        self.line(f"{indent}{name} = {self.value(type)}", f"{indent}{name} = {WRONG[type]}")
        self.names[name] = type

    def inner(self, indent: str, names: dict[str, str] | None = None) -> None:
        """A statement in a block of its own, where some names have other types."""
        outer, self.names = self.names, {**self.names, **(names or {})}
        (self.let, self.use)[self.pick(2)](indent + "  ")
        self.names = outer

    def narrowed(self, indent: str) -> None:
        """A test of a variable, and what is known in it; or a field, or a way out of the block."""
        for name, held in self.names.items():
            if held in TESTS:
                tests = TESTS[held]
                test, known = tests[self.pick(len(tests))]
                self.line(f"{indent}if {test.replace('@', name)} {{")
                self.inner(indent, {name: known})
                self.line(f"{indent}}}")
                return
            if held == HOLES["H"] and name.startswith("v"):
                self.line(f"{indent}if {name}.b != nil {{")
                self.inner(indent, {f"{name}.b": "string"})
                self.line(f"{indent}}}")
                return

    def matched(self, indent: str) -> None:
        """A match that covers the type of a variable."""
        for name, held in self.names.items():
            if held not in ARMS:
                continue
            subject = f"{name}.kind" if held == "Msg" else name
            self.line(f"{indent}match {subject} {{")
            for pattern, field in ARMS[held]:
                known = {f"{name}.{field}": "int" if field == "n" else "string"} if field else {}
                self.line(f"{indent}  {pattern} -> {{")
                self.inner(indent + "  ", known)
                self.line(f"{indent}  }}")
            self.line(f"{indent}}}")
            return

    def loop(self, indent: str) -> None:
        self.count += 1
        name = f"v{self.count}"
        self.line(f"{indent}for {name} in {self.value('list<int>')} {{")
        self.inner(indent, {name: "int"})
        self.line(f"{indent}}}")

    def tried(self, indent: str) -> None:
        self.line(f"{indent}try {{")
        outer = self.names
        self.names = dict(outer)
        self.let(indent + "  ")
        self.names = outer
        self.line(f"{indent}}} catch (e) {{")
        self.inner(indent)
        self.line(f"{indent}}}")

    def closure(self, indent: str) -> None:
        """A closure with a name, and a call of it."""
        self.count += 1
        name = f"v{self.count}"
        self.line(f"{indent}let {name} = {{ n: int, s: string -> {self.value('int')} }}")
        right, wrong = f"{name}({self.value('int')}, {self.value('string')})", f"{name}({self.value('int')}, 5)"
        self.line(f"{indent}println({right})", f"{indent}println({wrong})")

    def statements(self, indent: str, number: int) -> None:
        makers = (
            self.let,
            self.let,
            self.use,
            self.changed,
            self.narrowed,
            self.matched,
            self.loop,
            self.tried,
            self.closure,
        )
        for _ in range(number):
            makers[self.pick(len(makers))](indent)

    # ------------------------------------------------------------------------------------------ programs

    def function(self, number: int) -> None:
        params = tuple(TYPES[self.pick(len(TYPES))] for _ in range(self.pick(3)))
        result = TYPES[self.pick(len(TYPES))]
        self.names = {f"p{n}": type for n, type in enumerate(params)}
        written = ", ".join(f"{name}: {type}" for name, type in self.names.items())
        self.line(f"fn f{number}({written}) -> {result} {{")
        self.statements("  ", self.pick(3))
        self.narrowed("  ")
        self.line(f"  return {self.value(result)}", f"  return {WRONG[result]}")
        self.line("}")
        self.functions.append(Function(f"f{number}", params, result))

    def program(self) -> Grown:
        for number in range(1 + self.pick(3)):
            self.function(number)
        self.names = {}
        self.line("pipeline default(task) {")
        self.let("  ")
        self.statements("  ", 2 + self.pick(4))
        self.narrowed("  ")
        self.matched("  ")
        self.line(f"  println({self.value('string')})")
        self.line("}")
        return Grown(self.lines, self.places)


@st.composite
def grown(draw: st.DrawFn) -> Grown:
    """A program with the places where a line can be replaced."""
    return _Grower(draw).program()


def well_typed() -> st.SearchStrategy[str]:
    """Programs without a contradiction."""
    return grown().map(lambda found: "\n".join(found.lines) + "\n")


@st.composite
def with_one_error(draw: st.DrawFn) -> tuple[str, int]:
    """A program with one wrong line, and its number (from 1)."""
    found = draw(grown())
    line, wrong = found.places[draw(st.integers(0, len(found.places) - 1))]
    lines = list(found.lines)
    lines[line] = wrong
    return "\n".join(lines) + "\n", line + 1
