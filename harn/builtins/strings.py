"""Texts. Arguments that are no text are taken as their display text."""

from __future__ import annotations

from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.values.display import display
from harn.values.operators import check_size
from harn.vm.machine import Context


def text_of(value: Any) -> str:
    """A text as it is, anything else as its display text."""
    return value if value.__class__ is str else display(value)


def split_text(text: str, separator: str) -> list[str]:
    """The parts between separators; an empty one separates before, between and behind all characters."""
    return text.split(separator) if separator else ["", *text, ""]


def join_texts(values: list[Any], separator: str, limit: int) -> str:
    """The display texts of values with a separator between them; LimitReached above ``limit`` characters."""
    texts = [text_of(value) for value in values]
    check_size(sum(map(len, texts)) + len(separator) * max(0, len(texts) - 1), limit)
    return separator.join(texts)


def replace_text(text: str, old: str, new: str, limit: int) -> str:
    """The text with every ``old`` replaced; LimitReached above ``limit`` characters."""
    if len(new) > len(old):
        check_size(len(text) + text.count(old) * (len(new) - len(old)), limit)
    return text.replace(old, new)


@builtin(
    'split(text: any, separator: any = " ") -> list<string>',
    examples=[('split("a b")', "[a, b]"), ('split("1,2", ",")', "[1, 2]"), ('split("ab", "")', "[, a, b, ]")],
)
def split(text: Any, separator: Any = " ") -> list[str]:
    """The parts of a text between separators."""
    return split_text(text_of(text), text_of(separator))


@builtin(
    'join(values: any | list, separator: any = "") -> string',
    ctx=True,
    examples=[('join([1, nil, "x"], "-")', "1-nil-x"), ("join([])", "")],
)
def join(ctx: Context, values: Any, separator: Any = "") -> str:
    """The display texts of a list's elements with a separator between them; an empty text for what is no list."""
    return join_texts(values, text_of(separator), ctx.vm.value_bytes) if values.__class__ is list else ""


@builtin(
    'replace(text: any, old: any, new: any = "") -> string',
    ctx=True,
    examples=[('replace("banana", "an", "o")', "booa"), ('replace("banana", "n")', "baaa")],
)
def replace(ctx: Context, text: Any, old: Any, new: Any = "") -> str:
    """A text with every occurrence of another replaced, or removed."""
    return replace_text(text_of(text), text_of(old), text_of(new), ctx.vm.value_bytes)


@builtin('string.split(separator: any = ",") -> list<string>', examples=[('"a,b".split()', "[a, b]")])
def string_split(receiver: str, separator: Any = ",") -> list[str]:
    """The parts of the text between separators."""
    return split_text(receiver, text_of(separator))


@builtin("string.replace(old: any, new: any) -> string", ctx=True, examples=[('"banana".replace("a", "_")', "b_n_n_")])
def string_replace(ctx: Context, receiver: str, old: Any, new: Any) -> str:
    """The text with every occurrence of another replaced."""
    return replace_text(receiver, text_of(old), text_of(new), ctx.vm.value_bytes)


@builtin("string.contains(part: any) -> bool", examples=[('"room 101".contains(101)', "true")])
def string_contains(receiver: str, part: Any) -> bool:
    """Whether another text occurs in the text."""
    return text_of(part) in receiver


@builtin(
    "string.repeat(times: any | int = 1) -> string",
    ctx=True,
    examples=[('"ab".repeat(2)', "abab"), ('"ab".repeat(-1)', "")],
)
def string_repeat(ctx: Context, receiver: str, times: Any = 1) -> str:
    """The text that many times in a row; once where the number is no int."""
    count = times if times.__class__ is int else 1
    check_size(len(receiver) * max(0, count), ctx.vm.value_bytes)
    return receiver * count


@builtin("string.lowercase() -> string", aliases=["lower", "to_lower"], examples=[('"ÀB".lower()', "àb")])
def string_lowercase(receiver: str) -> str:
    """The text in lower case."""
    return receiver.lower()


@builtin("string.uppercase() -> string", aliases=["upper", "to_upper"], examples=[('"straße".upper()', "STRASSE")])
def string_uppercase(receiver: str) -> str:
    """The text in upper case."""
    return receiver.upper()
