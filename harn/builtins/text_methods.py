"""Methods of texts beyond those of ``strings``. Positions count Unicode scalar values."""

from __future__ import annotations

from harn.builtins.strings import text_of
from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.values.operators import check_size
from harn.vm.machine import Context


def _whole(value: Any, otherwise: int) -> int:
    return value if value.__class__ is int else otherwise


@builtin("string.count() -> int", aliases=["len"], examples=[('"caf\u00e9".count()', "4")])
def string_count(receiver: str) -> int:
    """The number of characters."""
    return len(receiver)


@builtin("string.empty() -> bool", examples=[('"".empty()', "true")])
def string_empty(receiver: str) -> bool:
    """Whether there is no character."""
    return not receiver


@builtin("string.chars() -> list<string>", examples=[('"abc".chars()', "[a, b, c]")])
def string_chars(receiver: str) -> list[str]:
    """The characters, one text each."""
    return list(receiver)


@builtin(
    "string.char_at(index: any | int) -> string?", examples=[('"abc".char_at(1)', "b"), ('"abc".char_at(-1)', "nil")]
)
def string_char_at(receiver: str, index: Any) -> str | None:
    """The character at a position from 0, nil outside."""
    place = _whole(index, -1)
    return receiver[place] if 0 <= place < len(receiver) else None


@builtin(
    "string.substring(start: any | int, end?: any | int) -> string",
    examples=[('"hello".substring(1, 3)', "el"), ('"hello".substring(3, 1)', ""), ('"hello".substring(-2)', "hello")],
)
def string_substring(receiver: str, start: Any, end: Any = None) -> str:
    """The characters from `start` up to `end`, which is left out; a bound below 0 counts as 0."""
    low = max(0, _whole(start, 0))
    high = len(receiver) if end is None else max(0, _whole(end, len(receiver)))
    return receiver[low:high]


@builtin("string.slice(start: any | int, end?: any | int) -> string", examples=[('"hello".slice(-3, -1)', "ll")])
def string_slice(receiver: str, start: Any, end: Any = None) -> str:
    """The characters from `start` up to `end`; negative bounds count from the end."""
    return receiver[_whole(start, 0) : None if end is None else _whole(end, len(receiver))]


@builtin("string.index_of(part: any) -> int", examples=[('"banana".index_of("na")', "2"), ('"a".index_of("x")', "-1")])
def string_index_of(receiver: str, part: Any) -> int:
    """Where another text first occurs, -1 where it does not."""
    return receiver.find(text_of(part))


@builtin("string.last_index_of(part: any) -> int", examples=[('"banana".last_index_of("na")', "4")])
def string_last_index_of(receiver: str, part: Any) -> int:
    """Where another text last occurs, -1 where it does not."""
    return receiver.rfind(text_of(part))


@builtin("string.starts_with(part: any) -> bool", examples=[('"hello".starts_with("he")', "true")])
def string_starts_with(receiver: str, part: Any) -> bool:
    """Whether the text begins with another."""
    return receiver.startswith(text_of(part))


@builtin("string.ends_with(part: any) -> bool", examples=[('"hello".ends_with("lo")', "true")])
def string_ends_with(receiver: str, part: Any) -> bool:
    """Whether the text ends with another."""
    return receiver.endswith(text_of(part))


def split_lines(text: str) -> list[str]:
    """The lines: separated by a line feed, a carriage return before it dropped; no empty one at the end."""
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    return [line.removesuffix("\r") for line in lines]


@builtin("string.lines() -> list<string>", examples=[('"a\\nb\\n".lines()', "[a, b]")])
def string_lines(receiver: str) -> list[str]:
    """The lines of the text."""
    return split_lines(receiver)


# The language trims what Unicode calls White_Space; Python's strip also takes the four separators U+001C..U+001F.
_BLANKS = "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"


def trim_text(text: str) -> str:
    """The text without white space at both ends."""
    return text.strip(_BLANKS)


@builtin("string.trim(...ignored: any) -> string", examples=[('"  a ".trim()', "a")])
def string_trim(receiver: str, *ignored: Any) -> str:
    """The text without white space at both ends."""
    return trim_text(receiver)


@builtin("string.trim_start(...ignored: any) -> string", examples=[('" a".trim_start()', "a")])
def string_trim_start(receiver: str, *ignored: Any) -> str:
    """The text without white space in front."""
    return receiver.lstrip(_BLANKS)


@builtin("string.trim_end(...ignored: any) -> string", examples=[('"a ".trim_end()', "a")])
def string_trim_end(receiver: str, *ignored: Any) -> str:
    """The text without white space behind."""
    return receiver.rstrip(_BLANKS)


def _padding(ctx: Context, receiver: str, width: Any, fill: Any) -> str:
    missing = max(0, _whole(width, 0) - len(receiver))
    check_size(len(receiver) + missing, ctx.vm.value_bytes)
    return (text_of(fill)[:1] or " ") * missing


@builtin(
    'string.pad_left(width: any | int, fill: any = " ") -> string', ctx=True, examples=[('"7".pad_left(3, "0")', "007")]
)
def string_pad_left(ctx: Context, receiver: str, width: Any, fill: Any = " ") -> str:
    """The text filled up in front to a width; too long a text stays."""
    return _padding(ctx, receiver, width, fill) + receiver


@builtin(
    'string.pad_right(width: any | int, fill: any = " ") -> string',
    ctx=True,
    examples=[('"7".pad_right(3, ".")', "7..")],
)
def string_pad_right(ctx: Context, receiver: str, width: Any, fill: Any = " ") -> str:
    """The text filled up behind to a width; too long a text stays."""
    return receiver + _padding(ctx, receiver, width, fill)


@builtin("string.reverse() -> string", examples=[('"abc".reverse()', "cba")])
def string_reverse(receiver: str) -> str:
    """The characters in reverse order."""
    return receiver[::-1]
