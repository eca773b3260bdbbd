"""Code on disk and as text: what comes back is what went in, and nothing else comes back."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harn.code.chunk import ImportSpec, ModuleChunk, RefusedCode
from harn.code.codec import dump, load, module_digest
from harn.code.digests import function_digest
from harn.code.disassembly import assemble, disassemble
from harn.code.opcodes import NUMBER
from tests.code.plain import module_of
from tests.code.test_verifier import assembled, code, sound
from tests.strategies.code import Body, statements


def module(body: Body = ()) -> ModuleChunk:
    """A module with something in every field."""
    made = module_of(assembled(body), sound(), names=("x", "y"))
    spec = ImportSpec("lib/a", ("y",), True, (("y", 1),), (3, 9), "/lib/a.harn")
    return made._replace(
        exports=(("x", 0),), private=(("y", 1),), imports=(spec,), pipelines=("default",), source_digest="d"
    )


ABOUT = ("anything", 1, ("plain", None))
DATA = dump(ABOUT, (module(),))


@given(statements())
def test_what_is_loaded_is_what_was_dumped(body: Body) -> None:
    assert load(dump(ABOUT, (module(body),))) == (ABOUT, (module(body),))


@given(st.integers(0, len(DATA) - 1), st.integers(1, 255))
def test_any_changed_byte_is_refused(place: int, change: int) -> None:
    damaged = bytearray(DATA)
    damaged[place] ^= change
    with pytest.raises(RefusedCode):
        load(bytes(damaged))


@given(st.integers(0, len(DATA) - 1))
def test_a_cut_file_is_refused(size: int) -> None:
    with pytest.raises(RefusedCode):
        load(DATA[:size])


@given(st.binary(max_size=80))
def test_any_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(RefusedCode):
        load(data)
    with pytest.raises(RefusedCode):
        load(DATA + data + b"\0")


@given(statements())
def test_a_disassembly_assembles_to_the_same_module(body: Body) -> None:
    text = json.dumps(disassemble(module(body)))
    assert assemble(json.loads(text)) == module(body)


def test_constants_keep_their_kinds_in_a_disassembly() -> None:
    chunk = code(*(("CONST", v) for v in (1, 1.0, True, None, "1", float("inf"), -0.0)), ("RETURN", None))
    back = assemble(json.loads(json.dumps(disassemble(module_of(chunk)))))
    assert [repr(arg) for _, arg in back.functions[0].code] == [repr(arg) for _, arg in chunk.code]


@pytest.mark.parametrize("damage", [{"schema": "other"}, {"functions": 3}, {"imports": [{}]}, {"names": {"x": 1}}])
def test_something_else_is_no_disassembly(damage: dict[str, object]) -> None:
    with pytest.raises(RefusedCode):
        assemble({**disassemble(module()), **damage})


def test_the_digest_of_a_function_ignores_places() -> None:
    here = module()
    moved = here.functions[0]._replace(spans=tuple((a + 7, b + 7) for a, b in here.functions[0].spans), span=(7, 9))
    assert function_digest(here._replace(functions=(moved, *here.functions[1:])), 0) == function_digest(here, 0)
    assert module_digest(here._replace(functions=(moved, *here.functions[1:]))) != module_digest(here)


def test_the_digest_of_a_function_covers_the_functions_made_in_it() -> None:
    outer = code(("CLOSURE", 1), ("RETURN",))
    one, two = code(("CONST", 1), ("RETURN",)), code(("CONST", 2), ("RETURN",))
    assert function_digest(module_of(outer, one), 0) != function_digest(module_of(outer, two), 0)
    # The number a function happens to have says nothing about what it does.
    far = outer._replace(code=((NUMBER["CLOSURE"], 2), *outer.code[1:]))
    assert function_digest(module_of(outer, one), 0) == function_digest(module_of(far, two, one), 0)
