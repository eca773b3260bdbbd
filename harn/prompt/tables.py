"""The parse tables of ``grammar/prompt.lark``: built by Lark once, then read as plain data without it.

A wheel carries the file beside this module; a checkout keeps it in the user's cache folder. It holds a checksum of its own
content and the digest of the grammar it was made of; a damaged or outdated one is ignored and made again.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import re
from functools import lru_cache

from harn.source.cache import cache_folder, write_private
from harn.source.typing import TYPE_CHECKING, Any, NamedTuple
from harn.syntax.automaton import Row

if TYPE_CHECKING:
    from lark import Lark

#: Changes whenever the meaning of the file does.
FORMAT = b"harn-prompt-tables-1\n"
START = "template"
_PACKAGE = os.path.dirname(os.path.abspath(__file__))
_DIGEST = hashlib.sha256().digest_size


class Tables:
    """A loaded grammar, in the shape ``harn.syntax.automaton.Stack`` runs.

    ``methods``: for each rule the name of the builder's method, empty where the rule passes its only child on. ``token`` matches
    what stands inside of tags, each terminal as a group; ``words`` maps the names that are terminals of their own.
    """

    def __init__(self, content: Content) -> None:
        self._rows: dict[int, Row] = content.rows
        self.starts = {START: content.start}
        self.ends = {START: content.end}
        self.methods = content.methods
        self.token: re.Pattern[str] = re.compile(content.pattern)
        self.words = content.words

    def row(self, state: int) -> Row:
        """What to do in a state."""
        return self._rows[state]


class Content(NamedTuple):
    """What the file holds. ``pattern`` is one regular expression with a named group for each terminal."""

    rows: dict[int, Row]
    start: int
    end: int
    methods: list[str]
    pattern: str
    words: dict[str, str]


@lru_cache(maxsize=1)
def load() -> Tables:
    """The tables of this process, from the wheel, the cache or the grammar itself."""
    source = grammar_source()
    key = hashlib.sha256(source.encode()).digest()
    content = _from_file(os.path.join(_PACKAGE, "_tables.bin"), key)
    if content is None:
        folder = cache_folder()
        path = os.path.join(folder, f"prompt-{key.hex()[:16]}.bin") if folder else ""
        content = _from_file(path, key) if path else None
        if content is None:
            content = build(source)
            if path:
                write_private(path, _packed(content, key))
    return Tables(content)


def grammar_source() -> str:
    """The text of the grammar, from the package of a wheel or from the checkout."""
    package = os.path.dirname(_PACKAGE)
    for folder in (package, os.path.dirname(package)):
        try:
            with open(os.path.join(folder, "grammar", "prompt.lark"), encoding="utf-8") as file:
                return file.read()
        except OSError:
            continue
    raise FileNotFoundError("grammar/prompt.lark is missing from this installation")


def build_tables(target: str | os.PathLike[str]) -> None:
    """Write the tables to a file, for the wheel to carry as ``harn/prompt/_tables.bin``."""
    source = grammar_source()
    with open(target, "wb") as file:
        file.write(_packed(build(source), hashlib.sha256(source.encode()).digest()))


def build(source: str) -> Content:
    """Make the tables anew."""
    import lark

    from harn.syntax.automaton import Automaton

    grammar = lark.Lark(source, parser="lalr", lexer="basic", start=START, maybe_placeholders=False)
    automaton = Automaton(grammar)
    states = grammar.parser.parser._parse_table.states
    patterns, words = _terminals(grammar)
    return Content(
        rows={int(state): automaton.row(state) for state in states},
        start=automaton.starts[START],
        end=automaton.ends[START],
        methods=[
            rule.alias or ""
            for rule in automaton.rules  # without a name it passes its only child on
        ],
        pattern="|".join(patterns),
        words=words,
    )


def _terminals(grammar: Lark) -> tuple[list[str], dict[str, str]]:
    """The patterns in the order in which they are tried, and the words among the terminals."""
    patterns, words = [], {}
    for terminal in sorted(grammar.terminals, key=lambda one: (-one.priority, -len(one.pattern.value), one.name)):
        value = terminal.pattern.value
        if terminal.pattern.type == "str":
            if value.isidentifier():
                words[value] = terminal.name
                continue
            value = re.escape(value)
        flags = "".join(sorted(terminal.pattern.flags))
        patterns.append(f"(?P<{terminal.name}>{f'(?{flags}:{value})' if flags else value})")
    return patterns, words


def _packed(content: Content, key: bytes) -> bytes:
    data = key + marshal.dumps(tuple(content))
    return FORMAT + hashlib.sha256(data).digest() + data


def _from_file(path: str, key: bytes) -> Content | None:
    """The content of a file, or None where it is missing, damaged or made for another grammar."""
    try:
        with open(path, "rb") as file:
            data = file.read()
        head, digest = len(FORMAT), len(FORMAT) + _DIGEST
        content = data[digest:]
        if (
            data[:head] != FORMAT
            or hashlib.sha256(content).digest() != data[head:digest]
            or not content.startswith(key)
        ):
            return None
        loaded: Any = marshal.loads(content[len(key) :])
        return Content(*loaded)
    except Exception:  # whatever is wrong with a cache, the grammar itself is at hand
        return None
