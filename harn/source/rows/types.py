"""Codes of the type checker."""

from __future__ import annotations

from harn.source.codes import CodeRow

TYPE_ROWS: tuple[CodeRow, ...] = (
    CodeRow(
        "T001",
        "value does not fit the declared type",
        "The annotation of a variable says what it holds; its first value is something else. Change the"
        " annotation, or the value.",
        'pipeline default(task) {\n  let age: int = "40"\n  println(age)\n}\n',
        "pipeline default(task) {\n  let age: int = 40\n  println(age)\n}\n",
    ),
    CodeRow(
        "T002",
        "assignment of another type",
        "A `var` keeps the type it is declared with, or that of its first value. One that begins as nil takes"
        " the type of the first"
        " other value and may be nil again. Declare it as a union where it shall hold several types.",
        'pipeline default(task) {\n  var n = 1\n  n = "two"\n  println(n)\n}\n',
        'pipeline default(task) {\n  var n: int | string = 1\n  n = "two"\n  println(n)\n}\n',
    ),
    CodeRow(
        "T003",
        "return of another type",
        "A function or pipeline says behind `->` what it returns. Results are not compared when the program"
        " runs, so this is the"
        " only place where a wrong one is told.",
        "fn name() -> string {\n  return 5\n}\nprintln(name())\n",
        'fn name() -> string {\n  return "five"\n}\nprintln(name())\n',
    ),
    CodeRow(
        "T004",
        "argument of another type",
        "The parameter of a function is annotated, and an argument does not fit. When the program runs the call"
        " would fail.",
        'fn double(n: int) -> int {\n  return n * 2\n}\nprintln(double("4"))\n',
        "fn double(n: int) -> int {\n  return n * 2\n}\nprintln(double(4))\n",
    ),
    CodeRow(
        "T005",
        "wrong number of arguments",
        "A call passes fewer arguments than the function needs, or more than it takes. The call fails when it"
        " is reached.",
        "fn add(a, b) {\n  return a + b\n}\nprintln(try { add(1) })\n",
        "fn add(a, b = 1) {\n  return a + b\n}\nprintln(add(1))\n",
    ),
    CodeRow(
        "T006",
        "operands that do not go together",
        "Arithmetic takes numbers; `+` joins two texts, two lists or two dicts as well, and `*` repeats a text."
        " Nothing is converted"
        " silently: write a text with `${}` in it, or convert with `to_string`, `to_int` or `to_float`.",
        'pipeline default(task) {\n  println("n = " + 5)\n}\n',
        'pipeline default(task) {\n  println("n = ${5}")\n}\n',
    ),
    CodeRow(
        "T007",
        "comparison of different kinds",
        "`<`, `>`, `<=` and `>=` order numbers and texts. Between other kinds, or a number and a text, the"
        " order says nothing.",
        'pipeline default(task) {\n  println("10" < 9)\n}\n',
        "pipeline default(task) {\n  println(10 < 9)\n}\n",
    ),
    CodeRow(
        "T008",
        "pattern that never matches",
        "A literal of one kind is compared with a value of another. Only ints and floats match each other.",
        'fn name(n: int) {\n  match n {\n    "one" -> { println("1") }\n    _ -> { println("other") }\n '
        " }\n}\nname(1)\n",
        'fn name(n: int) {\n  match n {\n    1 -> { println("1") }\n    _ -> { println("other") }\n  }\n}\nname(1)\n',
    ),
    CodeRow(
        "T009",
        "match that leaves cases out",
        "A `match` on an enum, on a union of literals, on shapes that differ in a tag or on a union of plain"
        " types covers all of them"
        " or has an arm `_`. A value without an arm fails when the program runs.",
        'enum Light { Red, Green }\nfn go(l: Light) {\n  match l {\n    Light.Green -> { println("go") }\n '
        " }\n}\ngo(Light.Green)\n",
        'enum Light { Red, Green }\nfn go(l: Light) {\n  match l {\n    Light.Green -> { println("go") }\n   '
        " Light.Red -> {"
        ' println("stop") }\n  }\n}\ngo(Light.Green)\n',
    ),
    CodeRow(
        "T011",
        "unreachable(x) can be reached",
        "`unreachable(x)` claims that all types of `x` were handled before it. The message names those that were not.",
        'fn text(v: int | string) -> string {\n  if type_of(v) == "int" {\n    return "int"\n  }\n '
        " unreachable(v)\n}\n"
        "println(text(1))\n",
        'fn text(v: int | string) -> string {\n  if type_of(v) == "int" {\n    return "int"\n  }\n  if'
        ' type_of(v) == "string" {\n'
        "    return v\n  }\n  unreachable(v)\n}\nprintln(text(1))\n",
    ),
    CodeRow(
        "T012",
        "unknown value not tested for every kind",
        "Some kinds of an `unknown` value were tested with `type_of`, and then the program claims that no other"
        " is left: with"
        " `unreachable`, `throw` or a function that never returns. The message names the kinds that were not tested.",
        'fn text(v: unknown) -> string {\n  if type_of(v) == "string" {\n    return v\n  }\n '
        ' unreachable()\n}\nprintln(text("a"))\n',
        'fn text(v: unknown) -> string {\n  if type_of(v) == "string" {\n    return v\n  }\n  return'
        ' "other"\n}\nprintln(text("a"))\n',
    ),
    CodeRow(
        "T013",
        "unreachable code",
        "The statement before it always leaves the block: by `return`, `throw`, `break` or `continue`, or in"
        " both branches of an `if`.",
        'fn one() {\n  return 1\n  println("never")\n}\nprintln(one())\n',
        'fn one() {\n  println("always")\n  return 1\n}\nprintln(one())\n',
    ),
    CodeRow(
        "T014",
        "assignment to something immutable",
        "`let`, parameters and loop variables keep their value. Declare a `var` for what changes.",
        "fn count(n) {\n  let total = 0\n  if n > 100 {\n    total = n\n  }\n  return total\n}\nprintln(count(1))\n",
        "fn count(n) {\n  var total = 0\n  if n > 100 {\n    total = n\n  }\n  return total\n}\nprintln(count(1))\n",
    ),
    CodeRow(
        "T015",
        "unknown struct",
        "A struct literal names a struct that is neither declared in the file nor imported.",
        "struct Point { x: int }\nlet p = Pont {x: 1}\nprintln(p)\n",
        "struct Point { x: int }\nlet p = Point {x: 1}\nprintln(p)\n",
    ),
    CodeRow(
        "T016",
        "field of another type",
        "The value of a field in a struct literal does not fit the type the struct declares for it.",
        'struct Point { x: int }\nlet p = Point {x: "1"}\nprintln(p)\n',
        "struct Point { x: int }\nlet p = Point {x: 1}\nprintln(p)\n",
    ),
    CodeRow(
        "T017",
        "unknown or missing field",
        "A struct literal has a field that the struct does not declare, or lacks one that is not optional"
        " (`name?: T`). Missing"
        " fields read as nil.",
        "struct Point { x: int }\nlet p = Point {y: 1}\nprintln(p.x)\n",
        "struct Point { x: int, y?: int }\nlet p = Point {x: 1, y: 1}\nprintln(p.x)\n",
    ),
    CodeRow(
        "T018",
        "type parameter against its variance",
        "A parameter marked `out` may stand where values come out of a type, one marked `in` where they go in."
        " Fields of structs and"
        " elements of lists and dicts are both, so neither may stand there.",
        "type Box<out T> = fn(T) -> int\nprintln(1)\n",
        "type Box<in T> = fn(T) -> int\nprintln(1)\n",
    ),
    CodeRow(
        "T019",
        "type without the methods of an interface",
        "`where T: I` asks for a struct whose `impl` has all methods of `I`, with as many parameters and with"
        " types that fit.",
        "interface Priced { fn price(self) -> int }\nstruct Book { title: string }\nimpl Book { fn label(self)"
        " -> string { return"
        " self.title } }\nfn total<T>(x: T) -> int where T: Priced { return x.price() }\nprintln(total(Book"
        ' {title: "t"}))\n',
        "interface Priced { fn price(self) -> int }\nstruct Book { title: string }\nimpl Book { fn price(self)"
        " -> int { return 5 } }\n"
        'fn total<T>(x: T) -> int where T: Priced { return x.price() }\nprintln(total(Book {title: "t"}))\n',
    ),
    CodeRow(
        "T020",
        "method the interface does not have",
        "Of a value whose type is a parameter `T` with `where T: I` only the methods of `I` are known.",
        "interface Named { fn name(self) -> string }\nstruct A { x: int }\nimpl A { fn name(self) -> string {"
        ' return "a" }\n'
        "  fn size(self) -> int { return 1 } }\nfn show<T>(v: T) where T: Named { println(v.size()) }\nshow(A"
        " {x: 1})\n",
        "interface Named { fn name(self) -> string }\nstruct A { x: int }\nimpl A { fn name(self) -> string {"
        ' return "a" } }\n'
        "fn show<T>(v: T) where T: Named { println(v.name()) }\nshow(A {x: 1})\n",
    ),
    CodeRow(
        "T021",
        "stream against its type",
        "A `gen fn` returns `Stream<T>` and gives values with `emit`, each of type `T`. `emit` belongs to a"
        " `gen fn`, `yield` to a"
        " plain function.",
        'gen fn nums() -> Stream<int> {\n  emit "one"\n}\nfor n in nums() {\n  println(n)\n}\n',
        "gen fn nums() -> Stream<int> {\n  emit 1\n}\nfor n in nums() {\n  println(n)\n}\n",
    ),
    CodeRow(
        "T022",
        "deprecated function",
        "The function is marked `@deprecated`, or a builtin that another one replaces. The help names what to use.",
        '@deprecated(since: "2", use: "add")\nfn plus(a, b) {\n  return a + b\n}\nprintln(plus(1, 2))\n',
        "fn add(a, b) {\n  return a + b\n}\nprintln(add(1, 2))\n",
    ),
    CodeRow(
        "T023",
        "attribute without effect",
        "The attribute is not known, or stands on a kind of declaration that it says nothing about.",
        "@test\nfn check_it() {\n  return 1\n}\nprintln(check_it())\n",
        "@test\npipeline check_it(task) {\n  println(1)\n}\n",
    ),
    CodeRow(
        "T024",
        "type parameter that would be two types",
        "A type parameter stands for one type in a call. Two arguments ask for different ones.",
        'fn same<T>(a: T, b: T) -> T {\n  return a\n}\nprintln(same(1, "x"))\n',
        "fn same<T>(a: T, b: T) -> T {\n  return a\n}\nprintln(same(1, 2))\n",
    ),
    CodeRow(
        "T025",
        "wrong number of type arguments",
        "A call with `<...>` gives a type for each type parameter of the function, in order.",
        "fn first<T>(xs: list<T>) -> T {\n  return xs[0]\n}\nprintln(first<int, string>([1]))\n",
        "fn first<T>(xs: list<T>) -> T {\n  return xs[0]\n}\nprintln(first<int>([1]))\n",
    ),
    CodeRow(
        "T026",
        "alias of itself",
        "A type alias stands for another type; one that leads back to itself stands for nothing. Inside of a"
        " list, dict or shape it"
        " may name itself.",
        "type Tree = Tree\nprintln(1)\n",
        "type Tree = {value: int, kids: list<Tree>}\nprintln(1)\n",
    ),
    CodeRow(
        "T027",
        "value that its enum does not declare",
        "The enum has no such variant, or the variant declares another payload. Such a value can be made when"
        " the program runs, but"
        " no `match` on the enum takes it.",
        "enum Light { Red, Green }\nlet l = Light.Blue\nprintln(l)\n",
        "enum Light { Red, Green }\nlet l = Light.Green\nprintln(l)\n",
    ),
    CodeRow(
        "T028",
        "value from outside that was not checked",
        "Told with `--strict-types`: a field or element is read from a value that came from outside of the"
        " program, such as the result"
        " of `json_parse`, before `schema_expect`, `schema_is` or an annotation said what it is.",
        'fn name(text) {\n  let data = json_parse(text)\n  return data.name\n}\nprintln(name("{\\"name\\": 1}"))\n',
        "fn name(text) {\n  let data: {name: int} = json_parse(text)\n  return data.name\n}\n"
        'println(name("{\\"name\\": 1}"))\n',
    ),
    CodeRow(
        "T029",
        "argument of a kind that a builtin does not take",
        "A builtin compares the kinds of its arguments with its signature when it is called. Where the argument is surely of"
        " another kind, the call can only fail: an error. Where only an annotation says so, which nobody enforces, or where"
        " an error may be expected, as in `try`, it is a warning.",
        'println(range("1", 3).to_list())\n',
        "println(range(1, 3).to_list())\n",
    ),
    CodeRow(
        "T030",
        "unknown type",
        "An annotation names a type that is neither one of the language nor declared or imported. Every value fits it, so the"
        " annotation checks nothing.",
        'fn loud(text: strng) -> string {\n  return "${text}!"\n}\nprintln(loud("a"))\n',
        'fn loud(text: string) -> string {\n  return "${text}!"\n}\nprintln(loud("a"))\n',
    ),
    CodeRow(
        "T031",
        "limit of another type",
        "`max_concurrent` says how many branches of a `parallel` run at once: an int, or nil for any number.",
        'println(parallel each [1, 2] with {max_concurrent: "2"} { n -> n * 2 })\n',
        "println(parallel each [1, 2] with {max_concurrent: 2} { n -> n * 2 })\n",
    ),
    CodeRow(
        "T032",
        "import that leads nowhere",
        "The imported file is missing, cannot be read, or is no program: the message names its first error. Told by"
        " `harn check`; when the program runs, the import fails with the same words.",
        'import { total } from "./no_such_file"\nprintln(total([1]))\n',
        'import { int_to_string } from "std/text"\nprintln(type_of(int_to_string))\n',
    ),
    CodeRow(
        "T033",
        "argument that a builtin is not for",
        "The builtin takes any value there, because programs pass on what they do not know, but of this kind it makes nothing of"
        " use: it answers nil, zero or an empty list, goes on as if nothing had been passed, or fails with words of its own.",
        'println([3, 1].map(2))\nprintln(abs("-2"))\n',
        "println([3, 1].map({ n -> n * 2 }))\nprintln(abs(-2))\n",
    ),
    CodeRow(
        "T034",
        "callback that does not take what it is given",
        "A builtin calls the function it was given with a fixed number of values: methods of lists and sets with one element,"
        " `reduce` with the result so far and the next element. A function with more or fewer required parameters fails when it"
        " is called, and so does one with a parameter of another kind.",
        "println(try { [3, 1].map({ n, place -> n * place }) })\nprintln([].map({ n, place -> n * place }))\n",
        "println([3, 1].enumerate().map({ e -> e.value * e.index }))\n",
    ),
)
