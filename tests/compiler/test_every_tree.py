"""Whatever can be parsed compiles to sound code, or is refused with a diagnostic."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harn.code.verifier import verify
from harn.compiler import concurrency, declarations
from harn.compiler.compiler import compile_module
from harn.compiler.faults import CompileFault
from harn.source.file import SourceFile
from harn.syntax import nodes
from tests.strategies import trees

FILE = SourceFile("test.harn", "")


@pytest.fixture(autouse=True, scope="module")
def everything_exists() -> Any:
    """Let the builtins that constructs lower to exist, so that their code is looked at before they do."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(concurrency, "known", lambda key: True)
        patch.setattr(declarations, "known", lambda key: True)
        patch.setattr("harn.compiler.compiler.undefined_calls", lambda *args: [])
        yield


@given(trees.programs(60), st.booleans())
def test_code_of_any_tree_is_sound(program: nodes.Program, entry: bool) -> None:
    imports = {node.path: ("a", "b") for node in program.body if isinstance(node, nodes.Import)}
    try:
        module = compile_module(program, FILE, entry=entry, imports=imports)
    except CompileFault:
        return
    verify(module)
    assert all(chunk.code for chunk in module.functions)


@given(trees.programs(40))
def test_compiling_twice_gives_the_same(program: nodes.Program) -> None:
    imports = {node.path: () for node in program.body if isinstance(node, nodes.Import)}
    try:
        first = compile_module(program, FILE, entry=True, imports=imports)
    except CompileFault:
        return
    assert compile_module(program, FILE, entry=True, imports=imports) == first
