"""From the text of a template to its tree."""

from __future__ import annotations

from functools import lru_cache

from harn.prompt import tables, wording
from harn.prompt.builder import TemplateBuilder
from harn.prompt.nodes import Template
from harn.prompt.scanner import scan
from harn.syntax.automaton import Stack
from harn.syntax.depth import MAX_DEPTH

_NESTING = {"IF": 1, "FOR": 1, "END": -1, "LPAR": 1, "RPAR": -1}
#: Templates up to this many characters are remembered, the latest 64 of them.
REMEMBERED = 16_384


def parse(text: str) -> Template:
    """The tree of a template; raises Fault where it is none. The same text gives the same tree."""
    return _remembered(text) if len(text) <= REMEMBERED else _parse(text)


def _parse(text: str) -> Template:
    loaded = tables.load()
    builder = TemplateBuilder(loaded.methods)
    stack = Stack(loaded, tables.START, builder.methods)
    tokens = scan(text, loaded)
    begin = blocks = parentheses = 0  # where the tag begins that is being read; how many are open
    for at, token in enumerate(tokens):
        kind = token.type
        if kind in wording.HEADS:
            begin, parentheses, builder.tag = at, 0, token.start_pos
            blocks += _NESTING.get(kind, 0)
        elif kind in _NESTING:
            parentheses += _NESTING[kind]
        if blocks > MAX_DEPTH or parentheses > MAX_DEPTH:
            raise wording.too_deep(tokens[begin], token)
        if not stack.feed(token):
            raise wording.misfit(stack, tokens, begin, at)
    if not stack.finish():
        raise wording.unclosed(stack, tokens)
    return Template(text, tuple(stack.values[0]))


_remembered = lru_cache(maxsize=64)(_parse)
