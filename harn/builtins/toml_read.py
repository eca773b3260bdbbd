"""TOML as dicts, lists, texts, numbers and booleans; dates and times are texts.

A table remembers how it came to be, because that decides what may still be added to it.
"""

from __future__ import annotations

import re

from harn.builtins.toml_values import TomlFault, bare, quoted
from harn.source.typing import Any, NamedTuple
from harn.values.kinds import type_name

LEVELS = 100
"""How deep arrays and inline tables may stand in each other."""

HEADER, IMPLIED, DOTTED, INLINE, TABLES = "header", "implied", "dotted", "inline", "tables"
"""How a table came to be: by a header of its own, by a longer one, by a dotted key, in braces. TABLES is a list of tables that
headers in double brackets go on with."""

DUPLICATE = "duplicate key"
_LINE_END = "unexpected key or value, expected newline, `#`"
_IN_ARRAY = "unexpected `=` in array, expected value, `]`"
_IN_TABLE = "extra assignment between key-value pairs, expected `,`"
_NO_VALUE = "key with no value, expected `=`"
_NO_KEY = "unquoted keys cannot be empty, expected letters, numbers, `-`, `_`"
_BAD_KEY = "invalid unquoted key, expected letters, numbers, `-`, `_`"

_BLANK = re.compile(r"[ \t]*")
_SPACE = re.compile(r"(?:[ \t\n]+|\r\n|#[^\n]*)*")
_KEY = re.compile(r"""[^\s.=\[\]{}"',#]*""")
_PLAIN_KEY = re.compile(r"[A-Za-z0-9_-]+")
_WORD = re.compile(r"""[^\n#,=\[\]{}"']*""")
_TYPES = {"int": "integer", "float": "float", "bool": "boolean", "string": "string", "list": "array", "dict": "table"}


class Key(NamedTuple):
    """One part of a dotted key, and where it stands."""

    name: str
    start: int
    end: int
    quoted: bool


def from_toml(text: str) -> dict[str, Any]:
    """The table that a TOML text is. ValueError with the place in the text where it is none."""
    reader = _Reader(text)
    try:
        return reader.read()
    except TomlFault as fault:
        raise ValueError(_shown(text, fault)) from None


def _shown(text: str, fault: TomlFault) -> str:
    """What is wrong, with the line it is in. What is missing at the end counts to the last line."""
    start = min(fault.start, len(text))
    within = min(start, max(len(text) - 1, 0))
    begin = text.rfind("\n", 0, within) + 1
    end = text.find("\n", begin)
    line = text[begin : end if end >= 0 else len(text)].rstrip("\r")
    number = text.count("\n", 0, begin) + 1
    pad = " " * len(str(number))
    column = start - begin + 1
    marks = "^" * max(1, min(fault.end, begin + len(line)) - start)
    head = f"TOML parse error at line {number}, column {column}"
    return f"{head}\n{pad} |\n{number} | {line}\n{pad} | {' ' * (column - 1)}{marks}\n{fault.what}\n"


class _Reader:
    """Reads from the first line to the last; ``at`` is the next character."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = len("\ufeff") if text.startswith("\ufeff") else 0
        self.root: dict[str, Any] = {}
        self.table = self.root
        self.origins: dict[int, str] = {}
        self.level = 0

    def next(self) -> str:
        """The next character, an empty text at the end."""
        return self.text[self.at : self.at + 1]

    def skip(self, pattern: re.Pattern[str]) -> None:
        """Past what a pattern matches."""
        match = pattern.match(self.text, self.at)
        assert match is not None
        self.at = match.end()

    def accept(self, mark: str) -> bool:
        """Past a mark, if it comes next."""
        if not self.text.startswith(mark, self.at):
            return False
        self.at += len(mark)
        return True

    def fail(self, what: str) -> TomlFault:
        """An error at this place."""
        return TomlFault(what, self.at)

    def read(self) -> dict[str, Any]:
        """All lines."""
        while True:
            self.skip(_SPACE)
            if not self.next():
                return self.root
            if self.accept("["):
                self.header()
            elif self.next() in "]{},":
                raise self.fail("invalid key-value pair, expected key")
            else:
                self.assign(self.table, *self.pair(_LINE_END))
            self.skip(_BLANK)
            if self.next() not in ("", "\n", "#") and not self.text.startswith("\r\n", self.at):
                raise self.fail(_LINE_END)

    # ---------------------------------------------------------------------------------------------------- keys

    def key(self) -> list[Key]:
        """The parts of a dotted key. Their characters are looked at by ``check_key``, when it is sure to be one."""
        parts: list[Key] = []
        while True:
            self.skip(_BLANK)
            start = self.at
            if self.next() in ('"', "'") and self.next():
                name, self.at = quoted(self.text, start)
                parts.append(Key(name, start, self.at, True))
            else:
                self.skip(_KEY)
                if self.at == start:
                    raise self.fail(_NO_KEY)
                parts.append(Key(self.text[start : self.at], start, self.at, False))
            self.skip(_BLANK)
            if not self.accept("."):
                return parts

    def check_key(self, parts: list[Key]) -> None:
        """TomlFault at a character that needs quotes."""
        for part in parts:
            match = _PLAIN_KEY.match(part.name)
            fits = match.end() if match is not None else 0
            if not part.quoted and fits < len(part.name):
                raise TomlFault(_BAD_KEY, part.start + fits)

    def pair(self, stray: str) -> tuple[list[Key], Any]:
        """``key = value``; ``stray`` is what to say of a second ``=``."""
        parts = self.key()
        if not self.accept("="):
            raise self.fail(_NO_VALUE)
        self.check_key(parts)
        self.skip(_BLANK)
        if self.next() == "=":
            raise self.fail("extra `=`, expected nothing")
        return parts, self.value(stray)

    # -------------------------------------------------------------------------------------------------- tables

    def new(self, origin: str) -> dict[str, Any]:
        """An empty table."""
        made: dict[str, Any] = {}
        self.origins[id(made)] = origin
        return made

    def origin(self, value: Any) -> str:
        """How a table or list of tables came to be; empty for other values."""
        return self.origins.get(id(value), "")

    def header(self) -> None:
        """What stands behind the first bracket of a header, and which table the lines below belong to."""
        double = self.accept("[")
        parts = self.key()
        if not self.accept("]]" if double else "]"):
            end = self.at + 1 if double and self.next() == "]" else parts[-1].end
            raise TomlFault(f"unclosed {'array table' if double else 'table'}, expected `]`", end)
        self.check_key(parts)
        home = self.root
        for part in parts[:-1]:
            home = self.inner(home, part, IMPLIED)
        last = parts[-1]
        found = home.get(last.name)
        if double:
            if found is None:
                found = home[last.name] = []
                self.origins[id(found)] = TABLES
            elif self.origin(found) != TABLES:
                raise TomlFault(DUPLICATE, last.start)
            found.append(self.new(HEADER))
            self.table = found[-1]
        elif found is None:
            self.table = home[last.name] = self.new(HEADER)
        elif self.origin(found) == IMPLIED:
            self.origins[id(found)] = HEADER
            self.table = found
        else:
            raise TomlFault(DUPLICATE, last.start)

    def inner(self, home: dict[str, Any], part: Key, origin: str) -> dict[str, Any]:
        """The table of a part in another one, made where there is none: for a header, or for a dotted key."""
        found = home.get(part.name)
        if found is None:
            found = home[part.name] = self.new(origin)
            return found
        kind = self.origin(found)
        if kind == TABLES and origin == IMPLIED:
            return found[-1]  # type: ignore[no-any-return]
        if kind in (HEADER, IMPLIED) and origin == DOTTED:
            raise TomlFault(DUPLICATE, part.start)
        if kind in (HEADER, IMPLIED, DOTTED):
            return found  # type: ignore[no-any-return]
        name = "inline table" if kind == INLINE else _TYPES[type_name(found)]
        raise TomlFault(f"cannot extend value of type {name} with a dotted key", part.start)

    def assign(self, home: dict[str, Any], parts: list[Key], value: Any) -> None:
        """Put a value under a dotted key."""
        for part in parts[:-1]:
            home = self.inner(home, part, DOTTED)
        last = parts[-1]
        if last.name in home:
            raise TomlFault(DUPLICATE, last.start)
        home[last.name] = value

    # -------------------------------------------------------------------------------------------------- values

    def value(self, stray: str) -> Any:
        """A value; ``stray`` is what to say of a ``=`` behind it."""
        start = self.at
        first = self.next()
        if first in ('"', "'") and first:
            text, self.at = quoted(self.text, start)
            return text
        if first in ("[", "{"):
            self.level += 1
            if self.level > LEVELS:
                raise self.fail(f"values may be nested {LEVELS} levels deep, no deeper")
            self.at += 1
            found = self.array() if first == "[" else self.inline()
            self.level -= 1
            return found
        if first in ("]", "}", ","):
            opening = {"]": "missing array opening, expected `[`", "}": "missing inline table opening, expected `{`"}
            raise self.fail(opening.get(first, _LINE_END))
        self.skip(_WORD)
        word = self.text[start : self.at]
        if self.next() == "=":
            raise self.fail(stray)
        if self.next() in ('"', "'") and word and word[-1] not in " \t":
            raise TomlFault(f"missing opening quote, expected `{self.next()}`", start)
        self.at = start + len(word.rstrip(" \t\r"))
        return bare(self.text[start : self.at], start)

    def array(self) -> list[Any]:
        """What stands behind an opening bracket."""
        items: list[Any] = []
        comma = True
        while True:
            end = self.at
            self.skip(_SPACE)
            if not self.next():
                raise TomlFault("unclosed array, expected `]`", end)
            if self.accept("]"):
                return items
            if self.next() == ",":
                if comma:
                    raise self.fail("extra comma in array, expected value")
                self.at += 1
                comma = True
                continue
            if self.next() == "=":
                raise self.fail(_IN_ARRAY)
            if not comma:
                raise self.fail("missing comma between array elements, expected `,`")
            items.append(self.value(_IN_ARRAY))
            comma = False

    def inline(self) -> dict[str, Any]:
        """What stands behind an opening brace."""
        table = self.new(INLINE)
        made: list[dict[str, Any]] = [table]
        comma = True
        while True:
            end = self.at
            self.skip(_SPACE)
            if not self.next():
                raise TomlFault("unclosed inline table, expected `}`", end)
            if self.accept("}"):
                self.close(made)
                return table
            if self.next() == ",":
                if comma:
                    raise self.fail("extra comma in inline table, expected key")
                self.at += 1
                comma = True
                continue
            if not comma:
                missing = "missing comma between key-value pairs, expected `,`"
                raise self.fail(_IN_TABLE if self.next() == "=" else missing)
            parts, value = self.pair(_IN_TABLE)
            self.assign(table, parts, value)
            made += [part for part in self.way(table, parts) if self.origin(part) == DOTTED]
            comma = False

    def way(self, table: dict[str, Any], parts: list[Key]) -> list[dict[str, Any]]:
        """The tables that a dotted key leads through."""
        passed = []
        for part in parts[:-1]:
            table = table[part.name]
            passed.append(table)
        return passed

    def close(self, made: list[dict[str, Any]]) -> None:
        """Nothing can be added to an inline table from outside, nor to what dotted keys made in it."""
        for table in made:
            self.origins[id(table)] = INLINE
