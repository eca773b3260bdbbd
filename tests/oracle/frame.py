"""Calls, scopes and variables of the evaluator; what each node means stands in ``expressions`` and ``statements``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from harn.syntax import nodes
from tests.oracle import values
from tests.oracle.values import Fault, Value, fault, show, type_error

MAX_STEPS = 20_000
MAX_SIZE = 20_000
MAX_OUTPUT = 100_000
MAX_DEPTH = 60


class TooLong(Exception):
    """The program does more than a test wants to wait for."""


class Cell(NamedTuple):
    """A variable at one moment."""

    value: Value
    mutable: bool = False


Scope = dict[str, Cell]


class Function:
    """A function or closure with the variables it saw when it was made."""

    def __init__(self, name: str, params: tuple[nodes.Param, ...], body: nodes.Block, seen: Scope) -> None:
        self.name = name
        self.params = params
        self.body = body
        self.seen = seen

    def __call__(self) -> None:
        """Only so that ``callable`` tells a function from data."""

    def __str__(self) -> str:
        return f"<fn({', '.join(('...' if param.rest else '') + param.name for param in self.params)})>"


class Returning(Exception):
    def __init__(self, value: Value) -> None:
        self.value = value


class Breaking(Exception):
    pass


class Continuing(Exception):
    pass


class Run:
    """What one run shares: the output and the patience left."""

    def __init__(self) -> None:
        self.printed: list[str] = []
        self.written = 0
        self.steps = 0
        self.depth = 0

    def step(self) -> None:
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise TooLong

    def print(self, text: str) -> None:
        self.printed.append(text)
        self.written += len(text)
        if self.written > MAX_OUTPUT:
            raise TooLong

    def sized(self, value: Value) -> Value:
        """A value just made, if it is of bearable size."""
        if type(value) in (str, list, dict) and len(value) > MAX_SIZE:
            raise TooLong
        return value


class Frame:
    """One call: its scopes, innermost last, and the blocks it has deferred."""

    def __init__(self, run: Run, scopes: list[Scope]) -> None:
        self.run = run
        self.scopes = scopes
        self.deferred: list[tuple[list[Scope], nodes.Block]] = []

    # -------------------------------------------------------------------------------------- calls and blocks

    def call_body(self, body: nodes.Block) -> Value:
        """The body of a call with everything it defers: what it returns, or the value of its last statement."""
        try:
            try:
                return self.statements(body)
            finally:
                self.run_deferred()
        except Returning as leaving:
            return leaving.value

    def run_deferred(self) -> None:
        """Newest first; all run, and the last return or error of one replaces what the call would have given."""
        left: Fault | Returning | None = None
        while self.deferred:
            scopes, body = self.deferred.pop()
            kept, self.scopes = self.scopes, scopes
            try:
                self.block(body)
            except (Fault, Returning) as leaving:
                left = leaving
            finally:
                self.scopes = kept
        if left is not None:
            raise left

    def block(self, body: nodes.Block, scope: Scope | None = None) -> Value:
        """Statements in a scope of their own."""
        self.scopes.append({} if scope is None else scope)
        try:
            return self.statements(body)
        finally:
            self.scopes.pop()

    def statements(self, body: nodes.Block) -> Value:
        value: Value = None
        for statement in body:
            value = self.evaluate(statement)
        return value

    def evaluate(self, node: Any) -> Value:
        self.run.step()
        return RULES[type(node)](self, node)

    def combine(self, operator: str, left: Value, right: Value) -> Value:
        """``left operator right``, for the operators that evaluate both sides."""
        if operator == "*" and {type(left), type(right)} == {str, int} and len(show(left)) + len(show(right)) > 20:
            raise TooLong  # a long text, or one repeated often
        return self.run.sized(values.BINARY[operator](left, right))

    # -------------------------------------------------------------------------------------- variables

    def declare(self, name: str, value: Value, mutable: bool = False) -> None:
        if name != "_":
            self.scopes[-1][name] = Cell(value, mutable)

    def look_up(self, name: str) -> Value:
        for scope in reversed(self.scopes):
            if name in scope:
                return scope[name].value
        raise fault(f"Undefined variable: {name}")

    def store(self, name: str, value: Value) -> None:
        for scope in reversed(self.scopes):
            if name in scope:
                if not scope[name].mutable:
                    raise fault(f"Cannot assign to immutable binding: {name}")
                scope[name] = Cell(value, True)
                return
        raise fault(f"Undefined variable: {name}")

    def require_mutable(self, name: str) -> None:
        """Refuse a variable that nothing can be assigned to."""
        cell = next((scope[name] for scope in reversed(self.scopes) if name in scope), None)
        if cell is not None and not cell.mutable:
            raise fault(f"Cannot assign to immutable binding: {name}")

    def visible(self) -> Scope:
        """All variables as they are now, for a closure to keep."""
        seen: Scope = {}
        for scope in self.scopes:
            seen |= scope
        return seen

    def bind(self, pattern: nodes.Pattern, value: Value, mutable: bool) -> None:
        """Bind the names of a pattern; a default stands in for nil and may use the names before it."""
        if isinstance(pattern, nodes.NamePattern):
            self.declare(pattern.name, value, mutable)
        elif isinstance(pattern, nodes.ListPattern):
            if type(value) is not list:
                raise type_error(f"cannot destructure {values.kind(value)} with [...] pattern — expected list")
            for position, item in enumerate(pattern.items):
                found = value[position:] if item.rest else values.item(value, position)
                self.declare(item.name, self.or_default(found, item.default), mutable)
        elif isinstance(pattern, nodes.DictPattern):
            if type(value) is not dict:
                raise type_error(f"cannot destructure {values.kind(value)} with {{...}} pattern — expected dict")
            rest = dict(value)
            for field in pattern.fields:
                found = rest if field.rest else rest.pop(field.key, None)
                self.declare(field.alias or field.key, self.or_default(found, field.default), mutable)

    def or_default(self, value: Value, default: nodes.Expr | None) -> Value:
        return self.evaluate(default) if value is None and default is not None else value

    def catching(self, catch: nodes.Catch, value: Value) -> Scope:
        """The scope of a catch block."""
        return {} if catch.name is None else {catch.name: Cell(value)}

    # -------------------------------------------------------------------------------------- functions

    def apply(self, function: Value, args: list[Value]) -> Value:
        """Call a function with arguments already evaluated."""
        if not isinstance(function, Function):
            raise type_error(f"Cannot call {show(function)}")
        rest = bool(function.params) and function.params[-1].rest
        most = len(function.params) - rest
        least = sum(param.default is None for param in function.params) - rest
        if len(args) < least or (len(args) > most and not rest):
            raise fault(f"Arity mismatch: '{function.name}' expects {most} argument(s), got {len(args)}")
        if self.run.depth >= MAX_DEPTH:
            raise TooLong
        self.run.depth += 1
        frame = Frame(self.run, [dict(function.seen), {}])
        try:
            for position, param in enumerate(function.params):
                if param.rest:
                    given: Value = args[most:]
                elif position < len(args):
                    given = args[position]
                else:
                    given = None if param.default is None else frame.evaluate(param.default)
                frame.declare(param.name, given)
            value = frame.call_body(function.body)
        finally:
            self.run.depth -= 1
        return value

    def arguments(self, written: tuple[nodes.Expr | nodes.Spread, ...]) -> list[Value]:
        args: list[Value] = []
        for argument in written:
            if isinstance(argument, nodes.Spread):
                args += self.spread_list(argument)
            else:
                args.append(self.evaluate(argument))
        return args

    def spread_list(self, node: nodes.Spread) -> list[Value]:
        value = self.evaluate(node.value)
        if type(value) is not list:
            raise type_error(f"cannot destructure {values.kind(value)} with [...] pattern — expected list")
        return value


Rule = Callable[[Frame, Any], Value]
RULES: dict[type, Rule] = {}


def evaluates(*classes: type) -> Callable[[Rule], Rule]:
    def enter(rule: Rule) -> Rule:
        RULES.update(dict.fromkeys(classes, rule))
        return rule

    return enter
