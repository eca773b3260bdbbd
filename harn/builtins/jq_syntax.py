"""The query language of ``jq`` and ``jq_first``: a text is read into the expressions below.

query    = stream { "|" stream }                     stream = test { "," test }
test     = compared { ("and" | "or") compared }      compared = single [ ("==" | "!=" | "<" | ">") single ]
single   = "not" single | "(" query ")" | path | ".." | "{" [ key ":" value { "," key ":" value } ] "}" | literal
         | "length" | "keys" | "values" | "type" | "map" "(" query ")" | "select" "(" query ")"
path     = "." [ name ] { "." name | [ "." ] "[" [ string | int | [ int ] ":" [ int ] ] "]" }
value    = test { "|" test }
"""

from __future__ import annotations

import re

from harn.source.typing import Any, NamedTuple, NoReturn
from harn.values.json_read import JsonError, from_json
from harn.values.operators import HIGHEST, LOWEST


class QueryFault(ValueError):
    """A text that is no query; ``str()`` says what was expected where."""


class Pipe(NamedTuple):
    """Each stage gets what the one before gives."""

    stages: tuple[Any, ...]


class Comma(NamedTuple):
    """What all give, one after the other."""

    items: tuple[Any, ...]


class Path(NamedTuple):
    """Steps into a value, from the left; without any the value itself."""

    steps: tuple[Any, ...]


class Field(NamedTuple):
    """The entry of a name."""

    name: str


class Each(NamedTuple):
    """All elements or entries."""


class Place(NamedTuple):
    """The element at an index, from the end where it is negative."""

    number: int


class Part(NamedTuple):
    """The elements between two bounds, which may be missing."""

    start: int | None
    end: int | None


class Descend(NamedTuple):
    """A value and everything in it."""


class Function(NamedTuple):
    """``length``, ``keys``, ``values`` or ``type`` of a value."""

    name: str


class Map(NamedTuple):
    """The list of what a query gives for the elements."""

    body: Any


class Select(NamedTuple):
    """A value where a query finds it true."""

    test: Any


class Object(NamedTuple):
    """A dict of the first results of queries."""

    entries: tuple[tuple[str, Any], ...]


class Literal(NamedTuple):
    """A value that stands in the query."""

    value: Any


class Compare(NamedTuple):
    """Whether the first results of two queries stand in a relation."""

    left: Any
    op: str
    right: Any


class Logic(NamedTuple):
    """Whether queries find a value true, the first one and those behind ``and`` and ``or``, from the left."""

    first: Any
    others: tuple[tuple[str, Any], ...]


class Not(NamedTuple):
    """Whether a query finds a value untrue."""

    test: Any


LEVELS = 50
"""How deep queries may stand in each other."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")
_NUMBER = re.compile(r"-?\d*(?:\.\d*)?(?:[eE][+-]?\d*)?", re.ASCII)
_INT = re.compile(r"-?\d+", re.ASCII)
_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_SPACE = re.compile(r"\s*")
_WORDS = {"true": True, "false": False, "null": None, "nil": None}
_FUNCTIONS = frozenset(("length", "keys", "values", "type"))
_SHOWN = 200
"""Characters of the query that an error quotes."""


def parse(text: str) -> Any:
    """The query a text stands for. QueryFault where it is none."""
    reader = _Reader(text)
    query = reader.query()
    reader.space()
    if reader.at < len(text):
        reader.fail("unexpected input")
    return query


class _Reader:
    """Reads from left to right; ``at`` is the next character."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.level = 0

    def fail(self, what: str) -> NoReturn:
        """An error at this place."""
        rest = self.text[self.at :]
        raise QueryFault(f"jq: {what} near '{rest if len(rest) <= _SHOWN else rest[:_SHOWN] + '...'}'")

    def space(self) -> None:
        """Past blanks."""
        match = _SPACE.match(self.text, self.at)
        assert match is not None
        self.at = match.end()

    def accept(self, mark: str) -> bool:
        """Past a mark, if it comes next."""
        self.space()
        if self.text.startswith(mark, self.at):
            self.at += len(mark)
            return True
        return False

    def expect(self, mark: str) -> None:
        """Past a mark that must come next."""
        if not self.accept(mark):
            self.fail(f"expected '{mark}'")

    def name(self) -> str | None:
        """A name, if one comes next."""
        self.space()
        return self.key()

    def key(self) -> str | None:
        """A name, if it begins right here: what stands behind the blank in `. and .a` is an operator."""
        match = _NAME.match(self.text, self.at)
        if match is None:
            return None
        self.at = match.end()
        return match.group()

    def word(self, *words: str) -> str | None:
        """One of some words, if it comes next as a whole."""
        before = self.at
        found = self.name()
        if found in words:
            return found
        self.at = before
        return None

    def deeper(self) -> None:
        """Enter a query within the one that is read."""
        self.level += 1
        if self.level > LEVELS:
            raise QueryFault(f"jq: queries may be nested {LEVELS} levels deep, no deeper")

    def query(self) -> Any:
        """Stages between bars."""
        return self.piped(self.stream)

    def piped(self, stage: Any) -> Any:
        """Stages of a kind between bars."""
        self.deeper()
        stages = [stage()]
        while self.accept("|"):
            stages.append(stage())
        self.level -= 1
        return stages[0] if len(stages) == 1 else Pipe(tuple(stages))

    def stream(self) -> Any:
        """Tests between commas."""
        items = [self.test()]
        while self.accept(","):
            items.append(self.test())
        return items[0] if len(items) == 1 else Comma(tuple(items))

    def test(self) -> Any:
        """Comparisons between ``and`` and ``or``, which bind alike, from the left."""
        first = self.compared()
        others: list[tuple[str, Any]] = []
        while (op := self.word("and", "or")) is not None:
            others.append((op, self.compared()))
        return Logic(first, tuple(others)) if others else first

    def compared(self) -> Any:
        """One value, or two with a relation between them."""
        left = self.single()
        for op in ("==", "!=", "<", ">"):
            if self.accept(op):
                return Compare(left, op, self.single())
        return left

    def single(self) -> Any:
        """What stands between operators."""
        if self.word("not"):
            self.deeper()
            negated = Not(self.single())
            self.level -= 1
            return negated
        if self.accept("("):
            query = self.query()
            self.expect(")")
            return query
        if self.accept(".."):
            return Descend()
        self.space()
        first = self.text[self.at : self.at + 1]
        if first == ".":
            return self.path()
        if first == "{":
            return self.entries()
        if first == '"':
            return Literal(self.string())
        if first == "-" or (first.isascii() and first.isdigit()):
            return Literal(self.number())
        return self.named()

    def named(self) -> Any:
        """A word and what belongs to it."""
        word = self.name()
        if word is None:
            self.fail("expected expression")
        if word in _WORDS:
            return Literal(_WORDS[word])
        if word in _FUNCTIONS:
            return Function(word)
        if word not in ("map", "select"):
            raise QueryFault(f"jq: unknown identifier '{word}'")
        self.expect("(")
        body = self.query()
        self.expect(")")
        return Map(body) if word == "map" else Select(body)

    def path(self) -> Path:
        """A dot, and steps."""
        self.expect(".")
        steps: list[Any] = []
        first = self.key()
        if first is not None:
            steps.append(Field(first))
        while True:
            if self.accept("["):
                steps.append(self.bracket())
            elif self.accept("."):
                if self.accept("["):
                    steps.append(self.bracket())
                    continue
                name = self.key()
                if name is None:
                    self.fail("expected field name")
                steps.append(Field(name))
            else:
                return Path(tuple(steps))

    def bracket(self) -> Any:
        """What stands in brackets, the first of which was read."""
        if self.accept("]"):
            return Each()
        self.space()
        if self.text[self.at : self.at + 1] == '"':
            step: Any = Field(self.string())
        else:
            start = self.bound()
            if self.accept(":"):
                step = Part(start, self.bound())
            elif start is None:
                self.fail("expected ']'")
            else:
                step = Place(start)
        self.expect("]")
        return step

    def entries(self) -> Object:
        """A dict."""
        self.expect("{")
        entries: list[tuple[str, Any]] = []
        while not self.accept("}"):
            self.space()
            key = self.string() if self.text[self.at : self.at + 1] == '"' else self.name()
            if key is None:
                self.fail("expected object key")
            self.expect(":")
            entries.append((key, self.piped(self.test)))
            if not self.accept(","):
                self.expect("}")
                break
        return Object(tuple(entries))

    def string(self) -> str:
        """A text as JSON writes it."""
        match = _STRING.match(self.text, self.at)
        if match is None:
            raise QueryFault("jq: unterminated string literal")
        self.at = match.end()
        try:
            return str(from_json(match.group()))
        except JsonError as error:
            raise QueryFault(f"jq: invalid string literal: {error}") from None

    def number(self) -> int | float:
        """An int, or a float where there is a point or an exponent."""
        match = _NUMBER.match(self.text, self.at)
        assert match is not None
        digits = match.group()
        self.at = match.end()
        try:
            if not _INT.fullmatch(digits):
                value: int | float = float(digits)
            elif len(digits) > 20 or not LOWEST <= int(digits) <= HIGHEST:
                raise ValueError
            else:
                value = int(digits)
        except ValueError:
            self.fail("invalid number")
        return value

    def bound(self) -> int | None:
        """An int, if one comes next; one that no list is as long as counts as one of 64 bits."""
        self.space()
        match = _INT.match(self.text, self.at)
        if match is None:
            return None
        self.at = match.end()
        digits = match.group()
        if len(digits) > 19:
            return LOWEST if digits[0] == "-" else HIGHEST
        return int(digits)
