"""Free functions over texts. Arguments that are no text are taken as their display text."""

from __future__ import annotations

from harn.builtins.strings import text_of
from harn.builtins.text_methods import trim_text
from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.values.errors import runtime_error
from harn.values.operators import check_size
from harn.vm.machine import Context


@builtin("trim(text: any) -> string", examples=[('trim("  a ")', "a"), ("trim(nil)", "nil")])
def trim(text: Any) -> str:
    """A text without white space at both ends."""
    return trim_text(text_of(text))


@builtin("lowercase(text: any) -> string", examples=[('lowercase("ABC")', "abc")])
def lowercase(text: Any) -> str:
    """A text in lower case."""
    return text_of(text).lower()


@builtin("uppercase(text: any) -> string", examples=[('uppercase("abc")', "ABC"), ("uppercase(nil)", "NIL")])
def uppercase(text: Any) -> str:
    """A text in upper case."""
    return text_of(text).upper()


@builtin("starts_with(text: any, part: any) -> bool", examples=[('starts_with("hello", "he")', "true")])
def starts_with(text: Any, part: Any) -> bool:
    """Whether a text begins with another."""
    return text_of(text).startswith(text_of(part))


@builtin("ends_with(text: any, part: any) -> bool", examples=[('ends_with("hello", "lo")', "true")])
def ends_with(text: Any, part: Any) -> bool:
    """Whether a text ends with another."""
    return text_of(text).endswith(text_of(part))


@builtin(
    "substring(text: any, start: any | int, length?: any | int) -> string",
    examples=[('substring("hello", 1, 3)', "ell"), ('substring("hello", 3)', "lo"), ('substring("hello", 1, -1)', "")],
)
def substring(text: Any, start: Any, length: Any = None) -> str:
    """The part of a text from a position on, `length` characters long. Negative numbers count as 0."""
    whole = text_of(text)
    low = max(0, start) if start.__class__ is int else 0
    if length.__class__ is not int:
        return whole[low:]
    return whole[low : low + max(0, length)]


@builtin(
    "format(template: any, ...values: any) -> string",
    ctx=True,
    examples=[
        ('format("{} + {}", 1, 2)', "1 + 2"),
        ('format("Hi {who}", {who: "Bob"})', "Hi Bob"),
        ('format("{} {}", 1)', "1 {}"),
    ],
)
def format_(ctx: Context, template: Any, *values: Any) -> str:
    """A text with its placeholders filled: each `{}` by the next value or, given a dict, each `{key}` by its entry.

    A placeholder without a value stays as it is; surplus values are ignored.
    """
    text = text_of(template)
    named = values[0] if values and values[0].__class__ is dict else None
    filled = _fill_named(text, named) if named is not None else _fill_in_order(text, list(values))
    size = 0
    for part in filled:
        size += len(part)
        check_size(size, ctx.vm.value_bytes)
    return "".join(filled)


def _fill_in_order(text: str, values: list[Any]) -> list[str]:
    pieces = text.split("{}")
    out = [pieces[0]]
    for place, piece in enumerate(pieces[1:]):
        out += [text_of(values[place]) if place < len(values) else "{}", piece]
    return out


def _fill_named(text: str, values: dict[str, Any]) -> list[str]:
    out: list[str] = []
    place = 0
    while True:
        start = text.find("{", place)
        end = text.find("}", start) if start >= 0 else -1
        if end < 0:
            return [*out, text[place:]]
        key = text[start + 1 : end]
        if key in values:
            out += [text[place:start], text_of(values[key])]
            place = end + 1
        else:
            out.append(text[place : start + 1])
            place = start + 1


@builtin(
    'str_pad(text: any, width: any | int, fill: any = " ", side: any = "right") -> string',
    ctx=True,
    examples=[('str_pad("ha", 5, ".", "left")', "...ha"), ('str_pad("x", 4, "-", "both")', "-x--")],
)
def str_pad(ctx: Context, text: Any, width: Any, fill: Any = " ", side: Any = "right") -> str:
    """A text filled up to a width in grapheme clusters, on the `left`, the `right` or `both` sides."""
    whole = text_of(text)
    missing = (width if width.__class__ is int else 0) - len(graphemes(whole))
    if missing <= 0:
        return whole
    with_ = (graphemes(text_of(fill)) or [" "])[0]
    check_size(len(whole) + missing * len(with_), ctx.vm.value_bytes)
    where = text_of(side).lower()
    if where not in ("left", "right", "both"):
        raise runtime_error("str_pad: side must be left, right, or both")
    before = missing if where == "left" else missing // 2 if where == "both" else 0
    return with_ * before + whole + with_ * (missing - before)


def graphemes(text: str) -> list[str]:
    """The extended grapheme clusters of a text."""
    if text.isascii() and "\r" not in text:
        return list(text)
    import regex

    found: list[str] = regex.findall(r"\X", text)
    return found


@builtin("unicode_graphemes(text: any) -> list<string>", examples=[('unicode_graphemes("e\u0301x").count', "2")])
def unicode_graphemes(text: Any) -> list[str]:
    """What a reader sees as characters: extended grapheme clusters."""
    return graphemes(text_of(text))


@builtin(
    'unicode_normalize(text: any, form: any = "NFC") -> string', examples=[('len(unicode_normalize("e\u0301"))', "1")]
)
def unicode_normalize(text: Any, form: Any = "NFC") -> str:
    """A text in one of the normal forms `NFC`, `NFD`, `NFKC`, `NFKD`."""
    from unicodedata import normalize

    name: Any = text_of(form).upper()
    if name not in ("NFC", "NFD", "NFKC", "NFKD"):
        raise runtime_error("unicode_normalize: form must be NFC, NFD, NFKC, or NFKD")
    return normalize(name, text_of(text))
