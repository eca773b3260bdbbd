"""Signatures of builtins, written in Harn syntax and read into plain tuples.

    fn split(text: any, sep: any = " ") -> list<string>
    list.map<U>(f: fn(T) -> U) -> list<U>
    range(a: int, b?: int) -> range
    set(...items: any) -> set
    stream::map(source?: any, f?: any) -> iter<any>        in a namespace: called as stream.map
    pi: float                                              a constant: no parameters, and no call

``fn`` is optional. ``name?`` marks an argument that may be missing and has no value then; ``= literal`` gives one.

A parameter's type says which kinds the machine lets in: a value of any other is refused before the implementation runs. Where the
language is quiet about a wrong kind (``abs("x")`` is nil, ``xs.map(7)`` too), the type is a union with ``any``: everything is let
in, and its other members say what the parameter is for, so that the checker can warn of what is surely none of them.

    abs(x: any | number) -> number?
    list.map<U>(f?: any | fn(T) -> U) -> list<U>

A plain ``any`` is a parameter that makes something of every kind. The parameters of a function type are the values the callback
gets, in order. Two names stand for several kinds: ``number`` (int and float), ``iterable<T>`` (what an iterator can be made of).
Types are nested tuples, cheap to marshal and to compare:

    ("name", "list", (arg, ...))  ("union", (t, ...))  ("shape", ((field, t, optional), ...))
    ("fn", (t, ...), t)           ("literal", value)
"""

from __future__ import annotations

from harn.source.typing import Any, NamedTuple

TypeTerm = tuple[Any, ...]
ANY: TypeTerm = ("name", "any", ())

MISSING = "<missing>"
"""Default of an optional parameter without a value: the implementation sees its own Python default."""


class Parameter(NamedTuple):
    """One parameter: ``kind`` is ``required``, ``optional`` or ``rest``."""

    name: str
    type: TypeTerm
    kind: str
    default: Any = MISSING


class Signature(NamedTuple):
    """A parsed signature. ``receiver`` is the type name of a method (``list`` of ``list.map``), else empty."""

    receiver: str
    name: str
    type_params: tuple[str, ...]
    params: tuple[Parameter, ...]
    result: TypeTerm

    @property
    def key(self) -> str:
        """The index key: ``split`` or ``list.map``."""
        return f"{self.receiver}.{self.name}" if self.receiver else self.name

    @property
    def least(self) -> int:
        """The fewest arguments a call may pass."""
        return sum(p.kind == "required" for p in self.params)

    @property
    def most(self) -> int:
        """The most arguments a call may pass; -1 for any number."""
        return -1 if any(p.kind == "rest" for p in self.params) else len(self.params)


class SignatureError(ValueError):
    """A signature that cannot be read: a defect of the record."""


def parse_signature(text: str) -> Signature:
    """Read one signature; SignatureError tells what was expected where."""
    return _Reader(text).signature()


def parse_type(text: str) -> TypeTerm:
    """Read one type."""
    reader = _Reader(text)
    found = reader.type()
    reader.end()
    return found


def _tokens(text: str) -> list[str]:
    import re

    pattern = r'\s*("(?:[^"\\]|\\.)*"|-?\d+\.\d+|-?\d+|\.\.\.|->|[\w]+|[^\s\w])'
    return re.findall(pattern, text)


class _Reader:
    """A recursive-descent reader over the tokens of one signature."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = _tokens(text)
        self.at = 0

    @property
    def next(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, wanted: str | None = None) -> str:
        token = self.next
        if (wanted is not None and token != wanted) or not token:
            raise SignatureError(f"expected {wanted or 'more'} at token {self.at} of {self.text!r}, found {token!r}")
        self.at += 1
        return token

    def accept(self, token: str) -> bool:
        if self.next == token:
            self.at += 1
            return True
        return False

    def end(self) -> None:
        if self.next:
            raise SignatureError(f"unexpected {self.next!r} in {self.text!r}")

    def signature(self) -> Signature:
        if self.next == "fn" and self.at + 1 < len(self.tokens) and self.tokens[1] != "(":
            self.take()
        parts = [self.take()]
        while self.accept("."):
            parts.append(self.take())
        if self.accept(":"):
            if self.next != ":":
                constant = Signature("", parts[0], (), (), self.type())
                self.end()
                return constant
            self.take(":")
            parts[-1] += f".{self.take()}"
        type_params: list[str] = []
        if self.accept("<"):
            while not self.accept(">"):
                type_params.append(self.take())
                self.accept(",")
        self.take("(")
        params: list[Parameter] = []
        while not self.accept(")"):
            params.append(self.parameter())
            self.accept(",")
        result = self.type() if self.accept("->") else ("name", "nil", ())
        self.end()
        return Signature(".".join(parts[:-1]), parts[-1], tuple(type_params), tuple(params), result)

    def parameter(self) -> Parameter:
        rest = self.accept("...")
        name = self.take()
        optional = self.accept("?")
        found = self.type() if self.accept(":") else ANY
        if self.accept("="):
            return Parameter(name, found, "optional", self.literal())
        return Parameter(name, found, "rest" if rest else "optional" if optional else "required")

    def literal(self) -> Any:
        token = self.take()
        words: dict[str, Any] = {"nil": None, "true": True, "false": False}
        if token in words:
            return words[token]
        if token.startswith('"'):
            return token[1:-1].replace("\\n", "\n").replace("\\t", "\t").replace('\\"', '"')
        if token in "[{":
            self.take("]" if token == "[" else "}")
            return token
        return float(token) if "." in token else int(token)

    def type(self) -> TypeTerm:
        self.accept("|")
        members = [self.single()]
        while self.accept("|"):
            members.append(self.single())
        return members[0] if len(members) == 1 else ("union", tuple(members))

    def single(self) -> TypeTerm:
        token = self.take()
        if token == "fn":
            self.take("(")
            params: list[TypeTerm] = []
            while not self.accept(")"):
                params.append(self.type())
                self.accept(",")
            return ("fn", tuple(params), self.type() if self.accept("->") else ANY)
        if token == "{":
            fields: list[tuple[str, TypeTerm, bool]] = []
            while not self.accept("}"):
                name = self.take()
                optional = self.accept("?")
                self.take(":")
                fields.append((name, self.type(), optional))
                self.accept(",")
            return ("shape", tuple(fields))
        if token == "(":
            inner = self.type()
            self.take(")")
            return inner
        if token.startswith('"'):
            return ("literal", token[1:-1])
        if token.lstrip("-").isdigit():
            return ("literal", int(token))
        args: list[TypeTerm] = []
        if self.accept("<"):
            while not self.accept(">"):
                args.append(self.type())
                self.accept(",")
        if self.accept("?"):
            return ("union", (("name", token, tuple(args)), ("name", "nil", ())))
        return ("name", token, tuple(args))


def show_type(term: TypeTerm) -> str:
    """A type as Harn writes it."""
    tag = term[0]
    if tag == "name":
        return f"{term[1]}<{', '.join(map(show_type, term[2]))}>" if term[2] else str(term[1])
    if tag == "union":
        return "|".join(map(show_type, term[1]))
    if tag == "fn":
        return f"fn({', '.join(map(show_type, term[1]))}) -> {show_type(term[2])}"
    if tag == "shape":
        return "{" + ", ".join(f"{n}{'?' if o else ''}: {show_type(t)}" for n, t, o in term[1]) + "}"
    return f'"{term[1]}"' if isinstance(term[1], str) else str(term[1])
