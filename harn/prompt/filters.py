"""The filters of templates: ``{{ value | name: argument }}``, one record each."""

from __future__ import annotations

import re

from harn.prompt.fault import Fault, Place
from harn.prompt.texts import text_of, truthy
from harn.source.span import NOWHERE
from harn.source.spelling import nearest
from harn.source.typing import Any, Callable, NamedTuple
from harn.values.json_write import to_exact_json
from harn.values.kinds import Range, Set, type_name
from harn.values.operators import check_size

Values = list[Any]


class Filter(NamedTuple):
    """``apply(value, arguments, limit)`` gives the new value; ``least`` and ``most``: how many arguments there may be."""

    apply: Callable[[Any, Values, int], Any]
    least: int
    most: int


FILTERS: dict[str, Filter] = {}
"""Name -> filter."""

_Apply = Callable[[Any, Values, int], Any]


def _filter(name: str, least: int = 0, most: int | None = None) -> Callable[[_Apply], _Apply]:
    def declare(apply: _Apply) -> _Apply:
        FILTERS[name] = Filter(apply, least, least if most is None else most)
        return apply

    return declare


def apply_filter(name: str, value: Any, arguments: Values, limit: int) -> Any:
    """The value behind a filter. Raises Fault, its place still open, and LimitReached."""
    fault = filter_fault(name, len(arguments))
    if fault is not None:
        raise fault
    return FILTERS[name].apply(value, arguments, limit)


def filter_fault(name: str, count: int) -> Fault | None:
    """Why no value can go through a filter with so many arguments, its place still open; None where some can."""
    found = FILTERS.get(name)
    if found is None:
        near = nearest(name, FILTERS)
        return _fault(f"unknown filter `{name}`", f"did you mean `{near}`?" if near else "")
    if found.least <= count <= found.most:
        return None
    counts = f"{found.least}" if found.least == found.most else f"{found.least} to {found.most}"
    return _fault(f"filter `{name}` got wrong number of arguments", f"`{name}` takes {counts}, got {count}")


def _fault(message: str, help: str = "") -> Fault:
    return Fault(message, Place(0, NOWHERE), help)


# --------------------------------------------------------------------------------------------- of texts


@_filter("upper")
def _upper(value: Any, arguments: Values, limit: int) -> str:
    """In upper case."""
    return _within(text_of(value, limit).upper(), limit)


@_filter("lower")
def _lower(value: Any, arguments: Values, limit: int) -> str:
    """In lower case."""
    return _within(text_of(value, limit).lower(), limit)


@_filter("trim")
def _trim(value: Any, arguments: Values, limit: int) -> str:
    """Without blanks and line ends around it."""
    return text_of(value, limit).strip()


@_filter("capitalize")
def _capitalize(value: Any, arguments: Values, limit: int) -> str:
    """The first character in upper case, all others in lower case."""
    text = text_of(value, limit)
    return _within(text[:1].upper() + _lower_each(text[1:]), limit)


@_filter("title")
def _title(value: Any, arguments: Values, limit: int) -> str:
    """Every word capitalized."""
    words = _WORDS.sub(lambda word: word[0][0].upper() + _lower_each(word[0][1:]), text_of(value, limit))
    return _within(words, limit)


@_filter("lines")
def _lines(value: Any, arguments: Values, limit: int) -> list[str]:
    """The list of its lines."""
    return text_of(value, limit).split("\n")


@_filter("replace", 2)
def _replace(value: Any, arguments: Values, limit: int) -> str:
    """Every occurrence of the first argument replaced by the second."""
    text, old, new = (text_of(part, limit) for part in (value, *arguments))
    if len(new) > len(old):
        check_size(len(text) + text.count(old) * (len(new) - len(old)), limit)
    return text.replace(old, new)


@_filter("indent", 1, 2)
def _indent(value: Any, arguments: Values, limit: int) -> str:
    """Its lines moved to the right by so many blanks, empty ones left alone; the first one only with a second argument."""
    width = arguments[0]
    if width.__class__ is not int:
        raise _fault("`indent` requires an integer width")
    first = len(arguments) > 1 and truthy(arguments[1])
    text = text_of(value, limit)
    lines = text.split("\n")
    width = max(0, width)
    check_size(len(text) + width * sum(map(bool, lines[not first :])), limit)
    if width == 0:
        return text
    blanks = " " * width
    return "\n".join(blanks + line if line and (number or first) else line for number, line in enumerate(lines))


@_filter("escape_md")
def _escape_md(value: Any, arguments: Values, limit: int) -> str:
    """A backslash before every character that means something in Markdown."""
    return _within(_MARKDOWN.sub(r"\\\g<0>", text_of(value, limit)), limit)


# --------------------------------------------------------------------------------------------- of collections


@_filter("length")
def _length(value: Any, arguments: Values, limit: int) -> int:
    """How many characters, elements or entries; 0 of nil."""
    if value is None:
        return 0
    if value.__class__ not in (str, list, dict, Set, Range):
        raise _fault(f"`length` not defined for {type_name(value)}")
    if isinstance(value, Range):
        return value.count()
    return len(value)


@_filter("first")
def _first(value: Any, arguments: Values, limit: int) -> Any:
    """The first element or character; nil where there is none."""
    return _element(value, 0)


@_filter("last")
def _last(value: Any, arguments: Values, limit: int) -> Any:
    """The last element or character; nil where there is none."""
    return _element(value, -1)


@_filter("reverse")
def _reverse(value: Any, arguments: Values, limit: int) -> Any:
    """A list or text from its end; anything else as it is."""
    return value[::-1] if value.__class__ in (list, str) else value


@_filter("join", 1)
def _join(value: Any, arguments: Values, limit: int) -> str:
    """The texts of the elements with a separator between them; a text as it is."""
    if isinstance(value, str):
        return value
    if value.__class__ not in (list, Set):
        raise _fault(f"`join` requires a list (got {type_name(value)})")
    separator = text_of(arguments[0], limit)
    texts = [text_of(element, limit) for element in value]
    check_size(sum(map(len, texts)) + len(separator) * max(0, len(texts) - 1), limit)
    return separator.join(texts)


# --------------------------------------------------------------------------------------------- of anything


@_filter("default", 1)
def _default(value: Any, arguments: Values, limit: int) -> Any:
    """The argument in place of a value that counts as false."""
    return value if truthy(value) else arguments[0]


@_filter("json", 0, 1)
def _json(value: Any, arguments: Values, limit: int) -> str:
    """As JSON, keys sorted; with a true argument over several lines."""
    text = to_exact_json(value, limit)
    return _on_lines(text, limit) if arguments and truthy(arguments[0]) else text


# --------------------------------------------------------------------------------------------- below them

_WORDS = re.compile(r"\S+")
_MARKDOWN = re.compile(r"[\\`*_{}\[\]()#+\-.!|<>]")
_JSON = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|\[\]|\{\}|[\[\]{},:]')


def _within(text: str, limit: int) -> str:
    check_size(len(text), limit)
    return text


def _lower_each(text: str) -> str:
    """In lower case, each character by itself: a sigma at the end of a word is no special case."""
    return text.lower() if "Σ" not in text else "σ".join(part.lower() for part in text.split("Σ"))


def _element(value: Any, at: int) -> Any:
    if value.__class__ is Set:
        value = list(value.members.values())
    return value[at] if value.__class__ in (list, str) and value else None


def _on_lines(text: str, limit: int) -> str:
    """Compact JSON with a line for every element and entry, two blanks deeper for every level."""
    out: list[str] = []
    size = level = position = 0
    for found in _JSON.finditer(text):
        piece = found[0]
        if piece in ("[", "{"):
            level += 1
            piece += "\n" + "  " * level
        elif piece in ("]", "}"):
            level -= 1
            piece = "\n" + "  " * level + piece
        elif piece == ",":
            piece += "\n" + "  " * level
        elif piece == ":":
            piece += " "
        out += (text[position : found.start()], piece)
        size += found.start() - position + len(piece)
        check_size(size, limit)
        position = found.end()
    out.append(text[position:])
    return "".join(out)
