"""JSON text as values. Ints outside 64 bits and ``-0`` become floats; of equal keys the last counts.

Well-formed text goes through CPython's scanner. What that refuses, would read differently (halves of surrogate pairs) or cannot
hold (deep nesting) goes through the reader below, which keeps its own stack and knows the error texts:

    <reason> at line L column C        C counts bytes from 1; of what is missing at the end, the last byte's
"""

from __future__ import annotations

import math
from types import SimpleNamespace

from harn.source.typing import Any, Callable, NoReturn
from harn.values.operators import HIGHEST, LOWEST


class JsonError(ValueError):
    """Text that is no JSON; ``str()`` is reason and place."""


def from_json(text: str) -> Any:
    """The value of a JSON text. JsonError where it is none."""
    if "\\ud" not in text and "\\uD" not in text:
        scan = _scanner()
        start = len(text) - len(text.lstrip(_SPACE))
        try:
            value, end = scan(text, start)
        except (StopIteration, ValueError, RecursionError, SystemError):
            # SystemError: the scanner of 3.11 raises nothing where the json module, which has the exception, is not imported.
            return _Reader(text).read()
        if not text[end:].strip(_SPACE):
            return value
    return _Reader(text).read()


_SPACE = " \t\n\r"
_SHORT = 18
"""Digits, with a sign, that fit in 64 bits whatever they are."""


def _int(digits: str) -> int | float:
    if len(digits) <= _SHORT and digits != "-0":
        return int(digits)
    if len(digits) > 20 or digits == "-0":
        return _float(digits)
    number = int(digits)
    return number if LOWEST <= number <= HIGHEST else float(number)


def _float(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError("number out of range")
    return number


def _constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON")


Scan = Callable[[str, int], tuple[Any, int]]
_made: list[Scan] = []


def _scanner() -> Scan:
    """The scanner of CPython's json module; without that module, which is slow to import, where C has one."""
    if not _made:
        from _json import make_scanner

        settings: Any = SimpleNamespace(
            strict=True,
            object_hook=None,
            object_pairs_hook=None,
            parse_float=_float,
            parse_int=_int,
            parse_constant=_constant,
            memo={},
        )
        _made.append(make_scanner(settings))
    return _made[0]


_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_WORDS = {"n": ("null", None), "t": ("true", True), "f": ("false", False)}
_DIGITS = frozenset("0123456789")


class _Reader:
    """Reads one text from left to right; ``at`` is the next character."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def fail(self, reason: str, consumed: int | None = None) -> NoReturn:
        """An error after ``consumed`` characters; by default, at the next one."""
        end = min(len(self.text), self.at + 1) if consumed is None else consumed
        line = self.text.count("\n", 0, end) + 1
        begin = self.text.rfind("\n", 0, end) + 1
        column = len(self.text[begin:end].encode("utf-8", "surrogatepass"))
        raise JsonError(f"{reason} at line {line} column {column}")

    def next(self) -> str:
        """The next character, an empty text at the end; blanks are skipped."""
        text, at = self.text, self.at
        while at < len(text) and text[at] in _SPACE:
            at += 1
        self.at = at
        return text[at : at + 1]

    def read(self) -> Any:
        """The whole text as one value."""
        open_containers: list[Any] = []
        keys: list[str] = []
        while True:
            value, opened = self.begin(open_containers, keys)
            if opened:
                continue
            while open_containers:
                container = open_containers[-1]
                if container.__class__ is list:
                    container.append(value)
                    done = self.after_element()
                else:
                    container[keys[-1]] = value
                    done = self.after_entry(keys)
                if not done:
                    break
                value = open_containers.pop()
                if value.__class__ is dict:
                    keys.pop()
            else:
                if self.next():
                    self.fail("trailing characters")
                return value

    def begin(self, open_containers: list[Any], keys: list[str]) -> tuple[Any, bool]:
        """A scalar or empty container; or (None, True) where a container was opened and its first part comes next."""
        first = self.next()
        if first == "[":
            self.at += 1
            inner = self.next()
            if inner == "]":
                self.at += 1
                return [], False
            if not inner:
                self.fail("EOF while parsing a list")
            open_containers.append([])
            return None, True
        if first == "{":
            self.at += 1
            inner = self.next()
            if inner == "}":
                self.at += 1
                return {}, False
            if not inner:
                self.fail("EOF while parsing an object")
            keys.append(self.key(inner))
            open_containers.append({})
            return None, True
        return self.scalar(first), False

    def after_element(self) -> bool:
        """Past what follows an element; whether the list is complete."""
        found = self.next()
        if found == ",":
            self.at += 1
            found = self.next()
            if found == "]":
                self.fail("trailing comma")
            if not found:
                self.fail("EOF while parsing a value")
            return False
        if found != "]":
            self.fail("expected `,` or `]`" if found else "EOF while parsing a list")
        self.at += 1
        return True

    def after_entry(self, keys: list[str]) -> bool:
        """Past what follows an entry, the next key included; whether the object is complete."""
        found = self.next()
        if found == ",":
            self.at += 1
            found = self.next()
            if found == "}":
                self.fail("trailing comma")
            if not found:
                self.fail("EOF while parsing a value")
            keys[-1] = self.key(found)
            return False
        if found != "}":
            self.fail("expected `,` or `}`" if found else "EOF while parsing an object")
        self.at += 1
        return True

    def key(self, first: str) -> str:
        """A key and its colon."""
        if first != '"':
            self.fail("key must be a string")
        name = self.string()
        found = self.next()
        if found != ":":
            self.fail("expected `:`" if found else "EOF while parsing an object")
        self.at += 1
        return name

    def scalar(self, first: str) -> Any:
        """A string, number or word that begins with ``first``."""
        if first == '"':
            return self.string()
        if first == "-" or first in _DIGITS:
            return self.number()
        if first in _WORDS:
            word, value = _WORDS[first]
            for place, letter in enumerate(word):
                found = self.text[self.at + place : self.at + place + 1]
                if found != letter:
                    self.fail("expected ident" if found else "EOF while parsing a value", self.at + place + len(found))
            self.at += len(word)
            return value
        return self.fail("expected value" if first else "EOF while parsing a value")

    def string(self) -> str:
        """A string; ``at`` stands at its opening quote."""
        text, at = self.text, self.at + 1
        pieces: list[str] = []
        while True:
            begin = at
            while at < len(text) and text[at] not in '"\\' and text[at] >= " ":
                at += 1
            pieces.append(text[begin:at])
            if at == len(text):
                self.fail("EOF while parsing a string", at)
            if text[at] == '"':
                self.at = at + 1
                return "".join(pieces)
            if text[at] != "\\":
                self.fail("control character (\\u0000-\\u001F) found while parsing a string", at + 1)
            letter = text[at + 1 : at + 2]
            if letter == "u":
                character, at = self.escaped_character(at + 2)
                pieces.append(character)
            elif letter in _ESCAPES:
                pieces.append(_ESCAPES[letter])
                at += 2
            else:
                self.fail("invalid escape" if letter else "EOF while parsing a string", at + 1 + len(letter))

    def escaped_character(self, at: int) -> tuple[str, int]:
        """The character of the hex digits at ``at`` (two groups for a surrogate pair), and the place behind them."""
        first, at = self.hex_digits(at)
        if 0xDC00 <= first <= 0xDFFF:
            self.fail("lone leading surrogate in hex escape", at)
        if not 0xD800 <= first <= 0xDBFF:
            return chr(first), at
        for wanted in "\\u":
            found = self.text[at : at + 1]
            if found != wanted:
                self.fail("unexpected end of hex escape" if found else "EOF while parsing a string", at + len(found))
            at += 1
        second, at = self.hex_digits(at)
        if not 0xDC00 <= second <= 0xDFFF:
            self.fail("lone leading surrogate in hex escape", at)
        return chr(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)), at

    def hex_digits(self, at: int) -> tuple[int, int]:
        """Four hex digits and the place behind them."""
        digits = self.text[at : at + 4]
        if len(digits) < 4:
            self.fail("EOF while parsing a string", len(self.text))
        if not all(digit in "0123456789abcdefABCDEF" for digit in digits):
            self.fail("invalid escape", at + 4)
        return int(digits, 16), at + 4

    def number(self) -> int | float:
        """A number; ``at`` stands at its sign or first digit."""
        text, begin = self.text, self.at
        at = begin + (text[begin] == "-")
        if text[at : at + 1] == "0":
            at += 1
            if text[at : at + 1] in _DIGITS:
                self.fail("invalid number", at + 1)
        else:
            at = self.digits(at)
        whole = True
        if text[at : at + 1] == ".":
            at = self.digits(at + 1)
            whole = False
        if text[at : at + 1] in ("e", "E"):
            at += 1
            at = self.digits(at + (text[at : at + 1] in ("+", "-") and at < len(text)))
            whole = False
        self.at = at
        try:
            return (_int if whole else _float)(text[begin:at])
        except ValueError:
            self.fail("number out of range", at)

    def digits(self, at: int) -> int:
        """The place behind one or more digits."""
        end = at
        while self.text[end : end + 1] in _DIGITS:
            end += 1
        if end == at:
            found = self.text[at : at + 1]
            self.fail("invalid number" if found else "EOF while parsing a value", at + len(found))
        return end
