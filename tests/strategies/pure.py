"""Programs that can be run anywhere: they print, they end, and they touch nothing.

They are grown by type, so that most of what they do succeeds: a place for an int gets an expression that gives an int. Errors
come from where they are wanted, inside ``try`` (the state ``risky``) and now and then outside. Loops count to a few, functions
call only functions before them, or themselves with a smaller number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar

from hypothesis import strategies as st

from harn.syntax import nodes
from harn.syntax.nodes import Name
from tests.strategies import words
from tests.strategies.grower import Grower


class Kind(NamedTuple):
    """What a variable holds: a base kind, for collections that of the elements, for functions those of parameters and result."""

    name: str
    parts: tuple[Kind, ...] = ()


INT, FLOAT, BOOL, TEXT = Kind("int"), Kind("float"), Kind("bool"), Kind("text")
INTS, TEXTS, GRID = Kind("list", (INT,)), Kind("list", (TEXT,)), Kind("list", (Kind("list", (INT,)),))
DICT = Kind("dict", (INT,))
CAUGHT = Kind("caught")
DATA = (INT, TEXT, BOOL, INTS, FLOAT, DICT, GRID, TEXTS)
NAMES = ("a", "b", "c", "d", "x", "y", "z")
KEYS = ("k", "m", "one")
EDGES = (0, 1, 2, 3, 2**63 - 1, 2**62, 10**9)
MAX_ROUNDS = 4
MAX_SHARE = 9

T = TypeVar("T")


class Variable(NamedTuple):
    """``safe``: a call of it raises nothing."""

    kind: Kind
    mutable: bool = False
    safe: bool = True


class Pure(Grower):
    """A grower that knows the variables in scope and what may stand where it is."""

    def __init__(self, draw: Callable[[st.SearchStrategy[int]], int], size: int) -> None:
        super().__init__(draw, size)
        self.scopes: list[dict[str, Variable]] = [{}]
        self.functions = 0
        self.in_function = False
        self.in_loop = False
        self.risky = False
        self.counters = 0

    @contextmanager
    def scope(self, **state: bool) -> Iterator[None]:
        """A block of its own, in which some of the states differ."""
        before = {name: getattr(self, name) for name in state}
        self.scopes.append({})
        for name, value in state.items():
            setattr(self, name, value)
        try:
            yield
        finally:
            self.scopes.pop()
            for name, value in before.items():
                setattr(self, name, value)

    def visible(self) -> dict[str, Variable]:
        merged: dict[str, Variable] = {}
        for scope in self.scopes:
            merged |= scope
        return merged

    def names_of(self, kind: Kind, mutable: bool = False) -> list[str]:
        return [name for name, found in self.visible().items() if found.kind == kind and (found.mutable or not mutable)]

    def fresh(self, kind: Kind, mutable: bool = False) -> str:
        """A name not yet declared in this scope, though perhaps in one around it."""
        free = [name for name in NAMES if name not in self.scopes[-1]]
        if free:
            name = self.choose(free)
        else:
            self.counters += 1
            name = f"v{self.counters}"
        self.scopes[-1][name] = Variable(kind, mutable, safe=not self.risky)
        return name

    def functions_giving(self, result: Kind) -> list[tuple[str, Kind]]:
        """The functions that may be called here for such a result; where nothing may go wrong, only those that raise nothing."""
        return [
            (name, found.kind)
            for name, found in self.visible().items()
            if found.kind.name == "fn" and found.kind.parts[-1] == result and (found.safe or self.risky)
        ]

    def share(self, make: Callable[[], T]) -> T:
        """Grow something with a small part of the budget."""
        before = self.left
        part = self.left = min(before, 1 + self.below(MAX_SHARE))
        made = make()
        self.left += before - part
        return made


# ------------------------------------------------------------------------------------------------ expressions by kind


def value(g: Pure, kind: Kind) -> nodes.Expr:
    """An expression that gives a value of a kind, if nothing goes wrong on the way."""
    g.left -= 1
    if g.left <= 0:
        return leaf(g, kind)
    if g.risky and g.rarely():
        return mistake(g)
    makers = _MAKERS[kind.name]
    choice = g.below(len(makers) + 4)
    if choice < 2:
        return leaf(g, kind)
    if choice == 2:
        return called(g, kind)
    if choice == 3:
        return chosen(g, kind)
    return makers[choice - 4](g, kind)


def leaf(g: Pure, kind: Kind) -> nodes.Expr:
    known = g.names_of(kind)
    if known and g.coin():
        return Name(g.choose(known))
    if kind == INT:
        return nodes.IntLiteral(g.choose(EDGES) if g.rarely() else g.below(10))
    if kind == FLOAT:
        return nodes.FloatLiteral(g.choose((0.5, 0.0, 1.0, 2.25, 0.1, 1e15, 1e-7)))
    if kind == BOOL:
        return nodes.BoolLiteral(g.coin())
    if kind == TEXT:
        return nodes.StringLiteral(words.text(g) if g.rarely() else g.choose(("", "a", "xyz", "né", " 12")))
    if kind.name == "list":
        return nodes.ListLiteral(() if g.left <= 0 else tuple(value(g, kind.parts[0]) for _ in range(g.below(4))))
    if kind == DICT:
        return nodes.DictLiteral(() if g.left <= 0 else tuple(entry(g) for _ in range(g.below(3))))
    return closure(g, kind)


def entry(g: Pure) -> nodes.DictEntry:
    return nodes.DictEntry(nodes.StringLiteral(g.choose(KEYS)), value(g, INT))


def some_kind(g: Pure) -> Kind:
    return g.choose(DATA)


def anything(g: Pure) -> nodes.Expr:
    return value(g, some_kind(g))


def called(g: Pure, kind: Kind) -> nodes.Expr:
    """A call of a function in scope that gives this kind, or a closure made for the purpose."""
    known = [
        (name, found.kind)
        for name, found in g.visible().items()
        if found.kind.name == "fn" and found.kind.parts[-1] == kind
    ]
    if not known:
        return leaf(g, kind)
    name, function = g.choose(known)
    args = tuple(value(g, part) for part in function.parts[:-1])
    if len(args) == 1 and g.rarely():
        return nodes.Pipe(args[0], Name(name))
    if args and g.rarely():
        return nodes.Call(Name(name), (args[0], nodes.Spread(nodes.ListLiteral(args[1:]))))
    return nodes.Call(Name(name), args)


def chosen(g: Pure, kind: Kind) -> nodes.Expr:
    """One of two values of a kind, or a value that replaces nil."""
    form = g.below(4)
    if form == 0:
        return nodes.Ternary(condition(g), value(g, kind), value(g, kind))
    if form == 1:
        return nodes.If(condition(g), result_block(g, kind), result_block(g, kind))
    if form == 2:
        return matched(g, kind)
    body = result_block(g, kind, risky=True)
    with g.scope():
        caught = g.fresh(CAUGHT)
        return nodes.Try(body, nodes.Catch(result_block(g, kind), caught))


def result_block(g: Pure, kind: Kind, **state: bool) -> nodes.Block:
    """Statements of which the last one is a value."""
    with g.scope(**state):
        return (*g.some(lambda _: statement(g), most=1), value(g, kind))


def condition(g: Pure) -> nodes.Expr:
    return value(g, BOOL)


def matched(g: Pure, kind: Kind) -> nodes.Expr:
    subject_kind = g.choose((INT, TEXT, BOOL, INTS, DICT))
    arms = [arm(g, subject_kind, kind) for _ in range(g.below(3))]
    if not (g.risky and g.rarely()):
        arms.append(nodes.Arm(Name("_"), result_block(g, kind)))
    return nodes.Match(value(g, subject_kind), tuple(arms))


def arm(g: Pure, subject: Kind, kind: Kind) -> nodes.Arm:
    with g.scope():
        pattern: nodes.Expr | nodes.OrPattern
        if subject in (INTS, DICT):
            pattern = _parts_pattern(g, subject)
        elif g.coin():
            pattern = nodes.OrPattern((_literal(g, subject), _literal(g, subject)))
        else:
            pattern = Name(g.fresh(subject)) if g.coin() else _literal(g, subject)
        guard = condition(g) if g.coin() else None
        return nodes.Arm(pattern, result_block(g, kind), guard)


def _literal(g: Pure, kind: Kind) -> nodes.Expr:
    if kind == INT:
        return nodes.IntLiteral(g.below(4))
    return nodes.BoolLiteral(g.coin()) if kind == BOOL else nodes.StringLiteral(g.choose(("", "a", "xyz")))


def _parts_pattern(g: Pure, kind: Kind) -> nodes.Expr:
    """A list or dict pattern. In a dict no names are bound: that of a missing key would be nil."""
    if kind == INTS:
        return nodes.ListLiteral(
            tuple(Name(g.fresh(INT)) if g.coin() else nodes.IntLiteral(g.below(3)) for _ in range(g.below(3)))
        )
    parts = (Name("_") if g.coin() else nodes.IntLiteral(g.below(3)) for _ in range(g.below(3)))
    return nodes.DictLiteral(
        tuple(nodes.DictEntry(nodes.StringLiteral(key), part) for key, part in zip(KEYS, parts, strict=False))
    )


def mistake(g: Pure) -> nodes.Expr:
    """An expression that raises, or that an ill-typed operand makes odd."""
    form = g.below(6)
    if form == 0:
        return nodes.Binary(g.choose(("/", "%")), value(g, INT), nodes.IntLiteral(0))
    if form == 1:
        return nodes.Binary(
            g.choose(("+", "-", "*", "/", "%", "**")), leaf(g, some_kind(g)), leaf(g, g.choose((TEXT, BOOL, DICT)))
        )
    if form == 2:
        return nodes.Index(leaf(g, g.choose((INTS, INT, TEXT))), leaf(g, g.choose((TEXT, FLOAT, BOOL))))
    if form == 3:
        return nodes.Unary("-", leaf(g, g.choose((TEXT, INTS, BOOL))))
    if form == 4:
        return nodes.Slice(leaf(g, g.choose((DICT, INT))), None, None)
    return nodes.Property(leaf(g, g.choose((INT, BOOL, FLOAT))), "k")


# ---- ints


def int_arithmetic(g: Pure, kind: Kind) -> nodes.Expr:
    return nodes.Binary(g.choose(("+", "-", "*")), value(g, INT), value(g, INT))


def int_division(g: Pure, kind: Kind) -> nodes.Expr:
    divisor: nodes.Expr = nodes.IntLiteral(1 + g.below(9))
    return nodes.Binary(g.choose(("/", "%")), value(g, INT), nodes.Unary("-", divisor) if g.coin() else divisor)


def int_power(g: Pure, kind: Kind) -> nodes.Expr:
    return nodes.Binary("**", value(g, INT), nodes.IntLiteral(g.choose((0, 1, 2, 3, 64))))


def negated(g: Pure, kind: Kind) -> nodes.Expr:
    return nodes.Unary("-", value(g, kind))


def size(g: Pure, kind: Kind) -> nodes.Expr:
    return nodes.Call(Name("len"), (value(g, g.choose((INTS, TEXT, DICT, GRID))),))


def element(g: Pure, kind: Kind) -> nodes.Expr:
    found: nodes.Expr
    if g.coin():
        found = nodes.Index(value(g, INTS), value(g, INT))
    elif g.coin():
        found = nodes.Property(value(g, DICT), g.choose(KEYS), optional=g.rarely())
    else:
        found = nodes.Index(value(g, DICT), value(g, g.choose((TEXT, INT))), optional=g.rarely())
    return nodes.Binary("??", found, value(g, INT))


def reduced(g: Pure, kind: Kind) -> nodes.Expr:
    return nodes.MethodCall(value(g, INTS), "reduce", (value(g, INT), callback(g, (INT, INT), INT)))


# ---- floats, bools, texts


def float_arithmetic(g: Pure, kind: Kind) -> nodes.Expr:
    left, right = (FLOAT, g.choose((FLOAT, INT))) if g.coin() else (INT, FLOAT)
    return nodes.Binary(g.choose(("+", "-", "*", "/")), value(g, left), value(g, right))


def comparison(g: Pure, kind: Kind) -> nodes.Expr:
    operator = g.choose(("==", "<", "!=", ">", "<=", ">="))
    first = some_kind(g)
    return nodes.Binary(operator, value(g, first), value(g, some_kind(g) if g.rarely() else first))


def membership(g: Pure, kind: Kind) -> nodes.Expr:
    operator = g.choose(("in", "not in"))
    if g.coin():
        return nodes.Binary(operator, value(g, INT), interval(g))
    return nodes.Binary(operator, value(g, g.choose((INT, TEXT))), value(g, g.choose((INTS, TEXT, DICT))))


def logic(g: Pure, kind: Kind) -> nodes.Expr:
    if g.rarely():
        return nodes.Unary("!", anything(g))
    return nodes.Binary(g.choose(("&&", "||")), anything(g) if g.rarely() else condition(g), condition(g))


def joined(g: Pure, kind: Kind) -> nodes.Expr:
    return nodes.Binary("+", value(g, kind), value(g, kind))


def shown(g: Pure, kind: Kind) -> nodes.Expr:
    if g.coin():
        return nodes.Call(Name("to_string"), (anything(g),))
    g.in_hole += 1
    held = anything(g)
    g.in_hole -= 1
    return nodes.Interpolation(("<", held, ">"))


def cut(g: Pure, kind: Kind) -> nodes.Expr:
    bounds = [None if g.coin() else nodes.IntLiteral(g.below(4)) for _ in range(2)]
    start, end = (nodes.Unary("-", bound) if bound and g.rarely() else bound for bound in bounds)
    return nodes.Slice(value(g, kind), start, end)


def letter(g: Pure, kind: Kind) -> nodes.Expr:
    return nodes.Binary("??", nodes.Index(value(g, TEXT), value(g, INT)), value(g, TEXT))


def repeated(g: Pure, kind: Kind) -> nodes.Expr:
    return nodes.Binary("*", value(g, TEXT), nodes.IntLiteral(g.below(3)))


# ---- collections


def list_(g: Pure, kind: Kind) -> nodes.Expr:
    items = (nodes.Spread(value(g, kind)) if g.rarely() else value(g, kind.parts[0]) for _ in range(g.below(4)))
    return nodes.ListLiteral(tuple(items))


def pushed(g: Pure, kind: Kind) -> nodes.Expr:
    return nodes.MethodCall(value(g, kind), "push", (value(g, kind.parts[0]),))


def mapped(g: Pure, kind: Kind) -> nodes.Expr:
    source = g.choose((INTS, TEXTS))
    return nodes.MethodCall(value(g, source), "map", (callback(g, source.parts, kind.parts[0]),))


def filtered(g: Pure, kind: Kind) -> nodes.Expr:
    return nodes.MethodCall(value(g, kind), "filter", (callback(g, kind.parts, BOOL),))


def dict_(g: Pure, kind: Kind) -> nodes.Expr:
    entries: list[nodes.DictEntry | nodes.Spread] = []
    for _ in range(g.below(4)):
        if g.rarely():
            entries.append(nodes.Spread(value(g, DICT)))
        elif g.rarely():
            entries.append(nodes.DictEntry(value(g, g.choose((TEXT, INT))), value(g, INT), computed=True))
        else:
            entries.append(entry(g))
    return nodes.DictLiteral(tuple(entries))


def interval(g: Pure) -> nodes.Range:
    return nodes.Range(nodes.IntLiteral(g.below(3)), nodes.IntLiteral(g.below(5)), exclusive=g.coin())


# ---- functions


def closure(g: Pure, kind: Kind) -> nodes.Closure:
    with g.scope(in_function=True, in_loop=False):
        params = tuple(nodes.Param(g.fresh(part)) for part in kind.parts[:-1])
        body = g.some(lambda _: statement(g), most=2)
        return nodes.Closure(params, (*body, value(g, kind.parts[-1])), keyword=g.coin())


def callback(g: Pure, params: Sequence[Kind], result: Kind) -> nodes.Expr:
    """A closure for a builtin to call; what it raises would carry a line, so it raises nothing."""
    known = [name for name in g.names_of(Kind("fn", (*params, result))) if g.visible()[name].safe]
    if known and g.coin():
        return Name(g.choose(known))
    with g.scope(risky=False, in_function=True, in_loop=False):
        names = tuple(nodes.Param(g.fresh(part)) for part in params)
        return nodes.Closure(names, (value(g, result),))


_MAKERS: dict[str, Sequence[Callable[[Pure, Kind], nodes.Expr]]] = {
    "int": (int_arithmetic, int_arithmetic, int_division, element, size, negated, int_power, reduced),
    "float": (float_arithmetic, float_arithmetic, negated),
    "bool": (comparison, comparison, logic, membership),
    "text": (joined, shown, shown, cut, letter, repeated),
    "list": (list_, list_, joined, pushed, mapped, filtered, cut),
    "dict": (dict_, joined),
    "fn": (closure,),
}


# ------------------------------------------------------------------------------------------------ statements


def small(g: Pure, kind: Kind) -> nodes.Expr:
    """A value for a statement, which leaves most of the budget to the statements after it."""
    return g.share(lambda: value(g, kind))


def statement(g: Pure) -> nodes.Statement:
    makers = _STATEMENTS if g.left > 0 else _SMALL_STATEMENTS
    return makers[g.below(len(makers))](g)


def block(g: Pure, **state: bool) -> nodes.Block:
    with g.scope(**state):
        return g.some(lambda _: statement(g), most=3)


def printed(g: Pure) -> nodes.Statement:
    return nodes.Call(Name("println"), (small(g, some_kind(g)),))


def let(g: Pure) -> nodes.Statement:
    kind = Kind("fn", (INT, g.choose((INT, TEXT, INTS)))) if g.rarely() else some_kind(g)
    made, mutable = small(g, kind), g.below(3) > 0
    return nodes.Let(nodes.NamePattern(g.fresh(kind, mutable)), made, mutable=mutable)


def destructured(g: Pure) -> nodes.Statement:
    made: nodes.Expr
    if g.coin():
        made = small(g, INTS)
        items = [_defaulted_item(g) for _ in range(g.below(3))]
        rest = [nodes.ListPatternItem(g.fresh(INTS), rest=True)] if g.coin() else []
        return nodes.Let(nodes.ListPattern((*items, *rest)), made)
    made = small(g, DICT)
    fields = [_defaulted_field(g, key) for key in KEYS[: g.below(3)]]
    others = [nodes.DictPatternField(g.fresh(DICT), rest=True)] if g.coin() else []
    return nodes.Let(nodes.DictPattern((*fields, *others)), made)


def _defaulted_item(g: Pure) -> nodes.ListPatternItem:
    default = small(g, INT)  # before the name it is for can be seen
    return nodes.ListPatternItem(g.fresh(INT), default)


def _defaulted_field(g: Pure, key: str) -> nodes.DictPatternField:
    default = small(g, INT)
    return nodes.DictPatternField(key, g.fresh(INT), default)


def assigned(g: Pure) -> nodes.Statement:
    known = [name for kind in DATA for name in g.names_of(kind, mutable=True)]
    if not known:
        return let(g)
    name = g.choose(known)
    kind = g.visible()[name].kind
    if kind in (INT, FLOAT) and g.coin():
        return nodes.Assign(Name(name), g.choose(("+=", "-=", "*=")), small(g, kind))
    if kind.name in ("list", "dict", "text") and g.coin():
        return nodes.Assign(Name(name), "+=", small(g, kind))
    return nodes.Assign(Name(name), "=", small(g, kind))


def element_assigned(g: Pure) -> nodes.Statement:
    """Into a variable that holds a collection: the place may be missing only where an error is welcome."""
    dicts, lists, grids = (g.names_of(kind, mutable=True) for kind in (DICT, INTS, GRID))
    if dicts and g.coin():
        target = nodes.Property(Name(g.choose(dicts)), g.choose(KEYS))
        return nodes.Assign(target, "=", small(g, INT))
    if lists and g.risky:
        place = nodes.Index(Name(g.choose(lists)), small(g, INT))
        return nodes.Assign(place, g.choose(("=", "+=")), small(g, INT))
    if lists:
        return _guarded_element(g, g.choose(lists))
    if grids and g.risky:
        row = nodes.Index(Name(g.choose(grids)), nodes.IntLiteral(g.below(2)))
        return nodes.Assign(nodes.Index(row, nodes.IntLiteral(g.below(2))), "=", small(g, INT))
    return assigned(g)


def _guarded_element(g: Pure, name: str) -> nodes.Statement:
    """``if len(xs) > i { xs[i] = v }``"""
    place = nodes.IntLiteral(g.below(3))
    known = nodes.Binary(">", nodes.Call(Name("len"), (Name(name),)), place)
    change = nodes.Assign(nodes.Index(Name(name), place), g.choose(("=", "+=", "-=")), small(g, INT))
    return nodes.If(known, (change,))


def if_(g: Pure) -> nodes.Statement:
    return nodes.If(small(g, some_kind(g)) if g.rarely() else small(g, BOOL), block(g), block(g) if g.coin() else None)


def for_(g: Pure) -> nodes.Statement:
    kind = g.choose((INT, INTS, TEXTS, GRID, DICT))
    over = interval(g) if kind == INT else small(g, kind)
    with g.scope(in_loop=True):
        pattern: nodes.Pattern
        if kind == DICT:
            pattern = nodes.DictPattern(
                (nodes.DictPatternField("key", g.fresh(TEXT)), nodes.DictPatternField("value", g.fresh(INT)))
            )
        else:
            element_kind = INT if kind == INT else kind.parts[0]
            pattern = nodes.NamePattern(g.fresh(element_kind))
        return nodes.For(pattern, over, block(g))


def while_(g: Pure) -> nodes.Statement:
    """A loop with a counter of its own, which nothing else can assign."""
    g.counters += 1
    counter = f"i{g.counters}"
    up = nodes.Assign(Name(counter), "=", nodes.Binary("+", Name(counter), nodes.IntLiteral(1)))
    few = nodes.Binary("<", Name(counter), nodes.IntLiteral(g.below(MAX_ROUNDS)))
    test = nodes.Binary("&&", few, small(g, BOOL)) if g.coin() else few
    start = nodes.Let(nodes.NamePattern(counter), nodes.IntLiteral(0), mutable=True)
    with g.scope(in_loop=True):
        loop = nodes.While(test, (up, *block(g)))
    return nodes.If(nodes.BoolLiteral(True), (start, loop))


def leave(g: Pure) -> nodes.Statement:
    """Leave what can be left here, on a condition."""
    ways: list[nodes.Statement] = []
    if g.in_loop:
        ways += [nodes.Break(), nodes.Continue()]
    if g.in_function:
        ways.append(nodes.Return(small(g, some_kind(g))))
    if g.risky:
        ways.append(nodes.Throw(small(g, some_kind(g))))
    return nodes.If(small(g, BOOL), (g.choose(ways),)) if ways else printed(g)


def try_(g: Pure) -> nodes.Statement:
    body = block(g, risky=True)
    with g.scope():
        catch = None
        if g.coin():
            name = g.fresh(CAUGHT)
            show = nodes.Call(Name("println"), (Name(name),))
            catch = nodes.Catch((show, *block(g)), name)
        cleanup = block(g) if catch is None or g.coin() else None
    if catch is None and not g.risky:  # what nobody catches ends the program
        catch = nodes.Catch((nodes.Call(Name("println"), (Name("error"),)),), "error")
    return nodes.Try(body, catch, cleanup)


def guard(g: Pure) -> nodes.Statement:
    return nodes.Guard(small(g, BOOL), block(g))


def require(g: Pure) -> nodes.Statement:
    if not g.risky:
        return guard(g)
    return nodes.Require(small(g, BOOL), small(g, some_kind(g)) if g.coin() else None)


def defer(g: Pure) -> nodes.Statement:
    if not g.in_function:
        return printed(g)
    with g.scope(in_loop=False, risky=False):
        return nodes.Defer((printed(g), *block(g)))


def fn(g: Pure) -> nodes.Statement:
    """A function that those after it may call. It sees the variables before it."""
    g.functions += 1
    name = f"f{g.functions}"
    params = tuple(g.choose((INT, TEXT, INTS)) for _ in range(g.below(3)))
    result = g.choose((INT, INT, TEXT, INTS, BOOL))
    if g.rarely():
        return _recursive(g, name)
    with g.scope(in_function=True, in_loop=False):
        names = [nodes.Param(g.fresh(kind)) for kind in params]
        if g.rarely():
            default = small(g, INT)
            names.append(nodes.Param(g.fresh(INT), default=default))
        body = (*block(g), nodes.Return(small(g, result)))
        if g.rarely():
            body = (nodes.Try(body, None, block(g)),)
    g.scopes[-1][name] = Variable(Kind("fn", (*params, result)), safe=not g.risky)
    return nodes.Fn(name, tuple(names), body)


def _recursive(g: Pure, name: str) -> nodes.Statement:
    """``fn f(n) { if n <= 0 || n > 6 { return .. } ..; return f(n - 1) op .. }``, in a tail call now and then."""
    with g.scope(in_function=True, in_loop=False):
        g.scopes[-1]["n"] = Variable(INT)
        number = Name("n")
        outside = nodes.Binary("||", *_bounds(number))
        stop = nodes.If(outside, (nodes.Return(small(g, INT)),))
        again: nodes.Expr = nodes.Call(Name(name), (nodes.Binary("-", number, nodes.IntLiteral(1)),))
        if g.coin():
            again = nodes.Binary(g.choose(("+", "*", "-")), small(g, INT), again)
        body = (stop, *block(g, in_function=False), nodes.Return(again))
    g.scopes[-1][name] = Variable(Kind("fn", (INT, INT)), safe=not g.risky)
    return nodes.Fn(name, (nodes.Param("n"),), body)


def _bounds(number: nodes.Expr) -> tuple[nodes.Expr, nodes.Expr]:
    return nodes.Binary("<=", number, nodes.IntLiteral(0)), nodes.Binary(">", number, nodes.IntLiteral(6))


_SMALL_STATEMENTS: Sequence[Callable[[Pure], nodes.Statement]] = (printed, let, assigned)
_STATEMENTS: Sequence[Callable[[Pure], nodes.Statement]] = (
    printed, let, assigned, for_, if_, fn, element_assigned, try_, while_, leave, assigned, printed, let, for_, try_, assigned,
    element_assigned, destructured, guard, require, defer, fn,
)  # fmt: skip


# ------------------------------------------------------------------------------------------------ programs


def program(g: Pure) -> nodes.Program:
    body: tuple[nodes.Statement, ...] = tuple(statement(g) for _ in range(2 + g.below(9)))
    last = [nodes.Call(Name("println"), (Name(name),)) for name in g.scopes[0]]
    body = (*body, *last)
    return nodes.Program((nodes.Pipeline("default", ("task",), body),) if g.coin() else body)


def programs(size: int = 150) -> st.SearchStrategy[nodes.Program]:
    """Closed programs that end, print, and are of about so many nodes."""
    sizes = st.sampled_from((size // 4, size // 2, size, size))

    @st.composite
    def strategy(draw: Callable[[st.SearchStrategy[Any]], Any]) -> nodes.Program:
        return program(Pure(draw, draw(sizes)))

    return strategy()
