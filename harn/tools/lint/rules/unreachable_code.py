"""Statements behind one that always leaves the block."""

from __future__ import annotations

from collections.abc import Iterator

from harn.tools.lint.flow import blocks, leaves
from harn.tools.lint.source import Finding, Source

CODE = "L010"


def find(source: Source) -> Iterator[Finding]:
    for block in blocks(source.nodes):
        for place, statement in enumerate(block[:-1]):
            if leaves(statement):
                message = "unreachable code after a terminating statement"
                yield Finding(message, block[place + 1].span, "remove the code, or the statement before it")
                break
