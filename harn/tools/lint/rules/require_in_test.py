"""`require` in a test, whose failures `assert` and its kin tell better."""

from __future__ import annotations

from collections.abc import Iterator

from harn.syntax import nodes
from harn.tools.lint.flow import test_spans
from harn.tools.lint.source import Finding, Source

CODE = "L027"


def find(source: Source) -> Iterator[Finding]:
    tests = test_spans(source.program)
    for node in source.of(nodes.Require):
        if any(span.start <= node.span.start < span.end for span in tests):
            yield Finding(
                "`require` is intended for runtime invariants, not tests", node.span, "use `assert` or `assert_eq`"
            )
