"""The parse tables of ``grammar/harn.lark``: built by Lark once, then loaded from a cache.

Building takes most of a second, loading some 60 ms. A wheel carries the tables ready-made beside this module; a checkout keeps
them in the user's cache folder. The file holds a SHA-256 of its own content; a damaged, foreign or unreadable one is ignored
and built again. Pickle is loaded from two places only: this package's own folder, and the cache folder, which belongs to the
user and which nobody else can write (harn/source/cache.py).
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import pickle
import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import lark

from harn.source.cache import cache_folder, write_private
from harn.syntax.automaton import Automaton

#: Changes whenever the meaning of the cache file does.
FORMAT = b"harn-tables-1\n"
START_RULES = ("program", "interpolation", "type")
_PACKAGE = Path(__file__).resolve().parent
_DIGEST = hashlib.sha256().digest_size


class AlwaysLexed:
    """Lark's hook for tokens that its contextual lexer knows in every state; the feeder decides about them."""

    always_accept = ("NEWLINE", "LBRACE")

    def process(self, stream: Iterator[lark.Token]) -> Iterator[lark.Token]:
        """The tokens as they come."""
        return stream


class Tables(NamedTuple):
    """A loaded grammar.

    ``grammar``: Lark's object, which lexes. ``automaton``: runs its tables. ``reserved``: the words that cannot be names.
    ``line_end``: matches a line end that counts. ``openings``: the words that begin a statement and never an expression.
    """

    grammar: lark.Lark
    automaton: Automaton
    reserved: frozenset[str]
    line_end: re.Pattern[str]
    openings: frozenset[str]


@lru_cache(maxsize=1)
def load() -> Tables:
    """The tables of this process, from the wheel, the cache or the grammar itself."""
    source = grammar_source()
    key = _key(source)
    grammar = _from_file(_PACKAGE / "_tables.bin", key)
    if grammar is None:
        cached = cache_folder()
        path = Path(cached) / f"grammar-{key.hex()[:16]}.bin" if cached else None
        grammar = _from_file(path, key) if path else None
        if grammar is None:
            grammar = build(source)
            if path:
                write_private(path, _packed(grammar, key))
    automaton = Automaton(grammar)
    statement, expression = (automaton.row(automaton.starts[rule]).keys() for rule in ("program", "interpolation"))
    words = {terminal.name: terminal.pattern.value for terminal in grammar.terminals}
    return Tables(
        grammar,
        automaton,
        reserved_words(grammar),
        re.compile(words["NEWLINE"]),
        frozenset(words[name] for name in statement - expression if words.get(name, "").isidentifier()),
    )


def reserved_words(grammar: lark.Lark) -> frozenset[str]:
    """The words that cannot be names: the terminals of the grammar that are plain words."""
    words = (terminal.pattern.value for terminal in grammar.terminals if terminal.pattern.type == "str")
    return frozenset(word for word in words if word.isidentifier())


def grammar_source() -> str:
    """The text of the grammar, from the package of a wheel or from the checkout."""
    for path in (_PACKAGE.parent / "grammar" / "harn.lark", _PACKAGE.parent.parent / "grammar" / "harn.lark"):
        with contextlib.suppress(OSError):
            return path.read_text(encoding="utf-8")
    raise FileNotFoundError("grammar/harn.lark is missing from this installation")


def build_tables(target: str | os.PathLike[str]) -> None:
    """Write the tables to a file, for the wheel to carry as ``harn/syntax/_tables.bin``."""
    source = grammar_source()
    Path(target).write_bytes(_packed(build(source), _key(source)))


def build(source: str) -> lark.Lark:
    """Make the tables anew. Lark tells its logger of each conflict it settles by shifting."""
    return lark.Lark(
        source,
        parser="lalr",
        lexer="contextual",
        start=list(START_RULES),
        postlex=AlwaysLexed(),
        maybe_placeholders=False,
    )


def _key(source: str) -> bytes:
    """What tables depend on besides this module: grammar, Lark, Python."""
    tag = f"{lark.__version__} {sys.implementation.cache_tag}\n"
    return hashlib.sha256(tag.encode() + source.encode()).digest()


def _packed(grammar: lark.Lark, key: bytes) -> bytes:
    buffer = io.BytesIO()
    grammar.save(buffer, exclude_options=("postlex",))
    content = key + buffer.getvalue()
    return FORMAT + hashlib.sha256(content).digest() + content


def _from_file(path: Path, key: bytes) -> lark.Lark | None:
    """The tables in a file, or None where it is missing, damaged or made for another grammar."""
    try:
        data = path.read_bytes()
        if not data.startswith(FORMAT):
            return None
        digest, content = data[len(FORMAT) : len(FORMAT) + _DIGEST], data[len(FORMAT) + _DIGEST :]
        if hashlib.sha256(content).digest() != digest or not content.startswith(key):
            return None
        saved = pickle.loads(content[len(key) :])
        grammar = lark.Lark.__new__(lark.Lark)
        return grammar._load(saved, postlex=AlwaysLexed())
    except Exception:  # whatever is wrong with a cache, the grammar itself is at hand
        return None
