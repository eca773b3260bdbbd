"""An arm whose pattern stands in an earlier one, which always wins."""

from __future__ import annotations

from collections.abc import Iterator

from harn.syntax import nodes
from harn.tools.lint.source import Finding, Source

CODE = "L013"


def find(source: Source) -> Iterator[Finding]:
    for node in source.of(nodes.Match):
        seen = set()
        for arm in node.arms:
            if arm.guard is None and not isinstance(arm.pattern, nodes.Name):
                text = source.text(arm.pattern)
                if text in seen:
                    yield Finding(
                        "duplicate match arm pattern", arm.pattern.span, "remove the arm, or change its pattern"
                    )
                seen.add(text)
