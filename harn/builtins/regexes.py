"""Regular expressions: leftmost-first, Unicode, no look-around and no back-references (``regex_syntax`` reads them)."""

from __future__ import annotations

from harn.builtins.strings import text_of
from harn.catalog.record import builtin
from harn.source.typing import Any, Iterator
from harn.values.errors import thrown
from harn.values.operators import check_size
from harn.vm.machine import Context

SECONDS = 5.0
"""The longest one search may take: some patterns need exponential time in the engine below."""


def _search(pattern: Any, flags: Any, text: str) -> Iterator[Any]:
    """The matches of a pattern in a text, from the left; thrown strings where pattern or time are no good.

    An empty match is none where the match before it has just ended, other than the engine below has it.
    """
    from harn.builtins.regex_syntax import RegexFault, compiled

    try:
        machine = compiled(text_of(pattern), text_of(flags))
    except RegexFault as fault:
        raise thrown(f"Invalid regex: {fault}") from None
    end = -1
    try:
        for match in machine.finditer(text, timeout=SECONDS):
            if match.end() > match.start() or match.start() != end:
                yield match
            end = match.end()
    except TimeoutError:
        raise thrown(f"Regex took longer than {SECONDS:g} s on this text") from None


@builtin(
    'regex_match(pattern: any, text?: any, flags: any = "") -> list<string>?',
    examples=[('regex_match("[0-9]+", "a1 b22")', "[1, 22]"), ('regex_match("B", "abc", "i")', "[b]")],
)
def regex_match(pattern: Any, text: Any = None, flags: Any = "") -> list[str] | None:
    """All parts of a text that a pattern matches, nil where there is none. Flags: any of `i`, `m`, `s`, `x`."""
    if text is None:
        return None
    return [match.group() for match in _search(pattern, flags, text_of(text))] or None


@builtin(
    'regex_split(text: any, pattern: any, flags: any = "") -> list<string>',
    examples=[('regex_split("a, b,c", ",\\\\s*")', "[a, b, c]")],
)
def regex_split(text: Any, pattern: Any, flags: Any = "") -> list[str]:
    """The parts of a text between the matches of a pattern."""
    whole = text_of(text)
    parts: list[str] = []
    place = 0
    for match in _search(pattern, flags, whole):
        parts.append(whole[place : match.start()])
        place = match.end()
    return [*parts, whole[place:]]


@builtin(
    "regex_captures(pattern: any, text?: any) -> list<dict>",
    examples=[('regex_captures("(\\\\w)(\\\\d)?", "a1 b").map({ m -> m.groups })', "[[a, 1], [b, nil]]")],
)
def regex_captures(pattern: Any, text: Any = None) -> list[dict[str, Any]]:
    """One dict a match: `match`, `groups` (nil where one took no part) and each named group that did."""
    if text is None:
        return []
    found: list[dict[str, Any]] = []
    for match in _search(pattern, "", text_of(text)):
        named = {name: part for name, part in match.groupdict().items() if part is not None}
        found.append({**named, "match": match.group(), "groups": list(match.groups())})
    return found


@builtin(
    "regex_replace(pattern: any, replacement: any, text: any) -> string",
    aliases=["regex_replace_all"],
    ctx=True,
    examples=[('regex_replace("(\\\\w+)-(\\\\w+)", "$2-$1", "hello-world")', "world-hello")],
)
def regex_replace(ctx: Context, pattern: Any, replacement: Any, text: Any) -> str:
    """A text with all matches replaced. In the replacement `$1`, `$name`, `${name}` stand for groups, `$$` for a dollar."""
    whole = text_of(text)
    pieces = list(_replacement(text_of(replacement)))
    out: list[str] = []
    place = size = 0
    for match in _search(pattern, "", whole):
        out.append(whole[place : match.start()])
        size += len(out[-1])
        for is_group, piece in pieces:
            out.append(_group(match, piece) if is_group else piece)
            size += len(out[-1])
        check_size(size, ctx.vm.value_bytes)
        place = match.end()
    out.append(whole[place:])
    return "".join(out)


def _replacement(text: str) -> Iterator[tuple[bool, str]]:
    """(is a group, text) of the parts of a replacement: the longest run of word characters after `$` is a name."""
    place = 0
    while True:
        dollar = text.find("$", place)
        if dollar < 0 or dollar + 1 >= len(text):
            yield False, text[place:]
            return
        yield False, text[place:dollar]
        follows = text[dollar + 1]
        if follows == "$":
            yield False, "$"
            place = dollar + 2
            continue
        if follows == "{":
            end = text.find("}", dollar)
            if end > dollar + 2:
                yield True, text[dollar + 2 : end]
                place = end + 1
                continue
        end = dollar + 1
        while end < len(text) and text[end].isascii() and (text[end].isalnum() or text[end] == "_"):
            end += 1
        yield (True, text[dollar + 1 : end]) if end > dollar + 1 else (False, "$")
        place = end


def _group(match: Any, name: str) -> str:
    """What a group matched, empty for an unknown one or one that took no part."""
    try:
        part = match.group(int(name) if name.isdecimal() else name)
    except (IndexError, KeyError):
        return ""
    return part or ""
