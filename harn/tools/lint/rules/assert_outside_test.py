"""`assert`, `assert_eq` and `assert_ne` are for tests; elsewhere `require` says what must hold."""

from __future__ import annotations

from collections.abc import Iterator

from harn.syntax import nodes
from harn.tools.lint.flow import test_spans
from harn.tools.lint.source import Finding, Source

CODE = "L026"


_ASSERTIONS = frozenset(("assert", "assert_eq", "assert_ne"))
_TEST_FOLDERS = frozenset(("test", "tests"))


def find(source: Source) -> Iterator[Finding]:
    tests = test_spans(source.program)
    if _TEST_FOLDERS.intersection(source.file.path.replace("\\", "/").split("/")):
        return
    if not tests and not any(isinstance(node, nodes.Pipeline) for node in source.program.body):
        return
    for call in source.variables.calls:
        name = call.callee.name
        if name in _ASSERTIONS and not any(span.start <= call.span.start < span.end for span in tests):
            message = f"`{name}` is intended for test pipelines, not production control flow"
            yield Finding(message, call.span, "use `require` for what must hold outside of tests")
