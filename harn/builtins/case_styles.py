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


def _camel(words: list[str]) -> str:
    return words[0] + _capitalised(words[1:]) if words else ""


def _split(text: Any, separator: str) -> list[str]:
    """The words of a name in snake or kebab case, lower case: the other separator is part of a word."""
    return [word.lower() for word in text_of(text).split(separator) if word]


@builtin("snake_to_camel(text: any) -> string", examples=[('snake_to_camel("a_name")', "aName")])
def snake_to_camel(text: Any) -> str:
    """A name in snake case as one in camel case."""
    return _camel(_split(text, "_"))


@builtin("kebab_to_camel(text: any) -> string", examples=[('kebab_to_camel("a-name")', "aName")])
def kebab_to_camel(text: Any) -> str:
    """A name in kebab case as one in camel case."""
    return _camel(_split(text, "-"))


@builtin("snake_to_pascal(text: any) -> string", examples=[('snake_to_pascal("a_name")', "AName")])
def snake_to_pascal(text: Any) -> str:
    """A name in snake case as one in Pascal case."""
    return _capitalised(_split(text, "_"))


@builtin(
    "camel_to_snake(text: any) -> string",
    aliases=["pascal_to_snake"],
    examples=[('camel_to_snake("parseJSONBody")', "parse_json_body")],
)
def camel_to_snake(text: Any) -> str:
    """A name in camel or Pascal case as one in snake case."""
    return "_".join(words_of(text_of(text)))


@builtin("kebab_to_snake(text: any) -> string", examples=[('kebab_to_snake("a-name")', "a_name")])
def kebab_to_snake(text: Any) -> str:
    """A name in kebab case as one in snake case."""
    return "_".join(_split(text, "-"))


@builtin("camel_to_kebab(text: any) -> string", examples=[('camel_to_kebab("aName")', "a-name")])
def camel_to_kebab(text: Any) -> str:
    """A name in camel or Pascal case as one in kebab case."""
    return "-".join(words_of(text_of(text)))


@builtin("snake_to_kebab(text: any) -> string", examples=[('snake_to_kebab("a_name")', "a-name")])
def snake_to_kebab(text: Any) -> str:
    """A name in snake case as one in kebab case."""
    return "-".join(_split(text, "_"))


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
