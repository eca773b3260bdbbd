"""Case styles of names: snake_case, kebab-case, camelCase, PascalCase."""

from __future__ import annotations

from harn.builtins.strings import text_of
from harn.catalog.record import builtin
from harn.source.typing import Any


def words_of(text: str) -> list[str]:
    """The words of a name, lower case: split at ``_`` and ``-``, before a capital that begins a word, after an acronym."""
    words: list[str] = []
    word = ""
    for place, char in enumerate(text):
        if char in "_-":
            words.append(word)
            word = ""
            continue
        if char.isupper() and word:
            before = word[-1]
            after = text[place + 1] if place + 1 < len(text) else ""
            if before.islower() or before.isnumeric() or (before.isupper() and after.islower()):
                words.append(word)
                word = ""
        word += char
    words.append(word)
    return [word.lower() for word in words if word]


def _capitalised(words: list[str]) -> str:
    return "".join(word[:1].upper() + word[1:] for word in words)


def _camel(text: str) -> str:
    words = words_of(text)
    return words[0] + _capitalised(words[1:]) if words else ""


@builtin(
    "snake_to_camel(text: any) -> string", aliases=["kebab_to_camel"], examples=[('snake_to_camel("a_name")', "aName")]
)
def snake_to_camel(text: Any) -> str:
    """A name in camel case."""
    return _camel(text_of(text))


@builtin("snake_to_pascal(text: any) -> string", examples=[('snake_to_pascal("a_name")', "AName")])
def snake_to_pascal(text: Any) -> str:
    """A name in Pascal case."""
    return _capitalised(words_of(text_of(text)))


@builtin(
    "camel_to_snake(text: any) -> string",
    aliases=["pascal_to_snake", "kebab_to_snake"],
    examples=[('camel_to_snake("parseJSONBody")', "parse_json_body")],
)
def camel_to_snake(text: Any) -> str:
    """A name in snake case."""
    return "_".join(words_of(text_of(text)))


@builtin(
    "camel_to_kebab(text: any) -> string", aliases=["snake_to_kebab"], examples=[('camel_to_kebab("aName")', "a-name")]
)
def camel_to_kebab(text: Any) -> str:
    """A name in kebab case."""
    return "-".join(words_of(text_of(text)))


@builtin(
    "uppercase_first(text: any) -> string",
    aliases=["camel_to_pascal"],
    examples=[('uppercase_first("hello")', "Hello")],
)
def uppercase_first(text: Any) -> str:
    """A text with its first character in upper case."""
    whole = text_of(text)
    return whole[:1].upper() + whole[1:]


@builtin(
    "lowercase_first(text: any) -> string",
    aliases=["pascal_to_camel"],
    examples=[('lowercase_first("Hello")', "hello")],
)
def lowercase_first(text: Any) -> str:
    """A text with its first character in lower case."""
    whole = text_of(text)
    return whole[:1].lower() + whole[1:]


@builtin("title_case(text: any) -> string", examples=[('title_case("hello o\'brien")', "Hello O'brien")])
def title_case(text: Any) -> str:
    """A text with the first letter after white space in upper case, all others in lower case."""
    out: list[str] = []
    begins = True
    for char in text_of(text):
        out.append(char.upper() if begins else char.lower())
        begins = char.isspace()
    return "".join(out)
