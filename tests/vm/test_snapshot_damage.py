"""Bytes that ``freeze`` did not write give a SnapshotError, whatever they are, soon, and run nothing."""

from __future__ import annotations

import contextlib
import tracemalloc
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harn.vm.modules import Program
from harn.vm.snapshot import SnapshotError, freeze, thaw
from harn.vm.snapshot.wire import Reader, Writer, sealed, unsealed
from tests.vm.frozen import asleep, fresh, program

RICH = """struct Point { x: int }
enum Shape { Dot(p), None }
fn doubled(n) { return n * 2 }
fn waits(n) {
  let found = channel("found", 2)
  let made = [1, 2.5, "three", nil, {four: 5}, Point({x: 6}), Shape.Dot(7), set(8), 9 to 10, 1s]
  let later = iter([1, 2]).map({ v -> doubled(v) + n })
  mutex { deadline 5s { select { v from found { v } timeout 1s { later.to_list() } } } }
  return made
}
pipeline default() {
  let task = spawn { waits(3) }
  try { await(task) } finally { println("left") }
}
"""


@cache
def rich() -> tuple[Program, bytes]:
    """A run that holds something of nearly everything."""
    code = program(Path(mkdtemp()), RICH)
    return code, freeze(asleep(code))


def attempt(data: bytes) -> None:
    """Thaw what may or may not be a snapshot; nothing but SnapshotError comes of it."""
    with contextlib.suppress(SnapshotError):
        thaw(data, fresh(), rich()[0])


def test_the_run_itself_is_read_again() -> None:
    code, data = rich()
    thaw(data, fresh(), code)


@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    with pytest.raises(SnapshotError):
        thaw(data, fresh(), rich()[0])


@given(st.data())
def test_a_part_of_a_snapshot(choice: st.DataObject) -> None:
    data = rich()[1]
    cut = choice.draw(st.integers(0, len(data) - 1))
    with pytest.raises(SnapshotError):
        thaw(data[:cut], fresh(), rich()[0])


@given(st.data())
def test_a_flipped_bit(choice: st.DataObject) -> None:
    data = bytearray(rich()[1])
    place = choice.draw(st.integers(0, 8 * len(data) - 1))
    data[place // 8] ^= 1 << place % 8
    with pytest.raises(SnapshotError):
        thaw(bytes(data), fresh(), rich()[0])


@given(st.data())
def test_changed_bytes_with_a_right_checksum(choice: st.DataObject) -> None:
    body = bytearray(unsealed(rich()[1]))
    for _ in range(choice.draw(st.integers(1, 4))):
        place = choice.draw(st.integers(0, len(body) - 1))
        if choice.draw(st.booleans()):
            body[place] = choice.draw(st.integers(0, 255))
        else:
            body[place:place] = choice.draw(st.binary(max_size=4))
    attempt(sealed(bytes(body)))


@given(st.binary(max_size=300))
def test_any_body(body: bytes) -> None:
    with pytest.raises(SnapshotError):
        thaw(sealed(body), fresh(), rich()[0])


def test_large_counts_make_nothing_large() -> None:
    body = Writer()
    body.text("1")
    body.text("")
    body.number(2**62)
    tracemalloc.start()
    with pytest.raises(SnapshotError, match="ends too early"):
        thaw(sealed(bytes(body.out) + b"\0" * 1_000), fresh(), rich()[0])
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


@pytest.mark.parametrize(
    "name", ["os:system", "harn.cli.main:main", "harn.vm.frame:Call.x", "harn.vm.frame:nothing", "subprocess"]
)
def test_only_records_can_be_named(name: str) -> None:
    body = Writer()
    body.text("1")
    body.text("")
    body.number(1)
    body.text(name)
    body.number(1)
    body.number(0)
    body.number(0)
    with pytest.raises(SnapshotError):
        thaw(sealed(bytes(body.out)), fresh(), rich()[0])


def test_another_version_of_the_format_is_told() -> None:
    data = bytearray(rich()[1])
    data[7] += 1
    with pytest.raises(SnapshotError, match="version 2 of the format, this Harn reads version 1"):
        thaw(bytes(data), fresh(), rich()[0])


@given(st.integers(-(2**80), 2**80), st.floats(), st.text(), st.binary())
def test_what_is_written_is_read(number: int, real: float, text: str, data: bytes) -> None:
    writer = Writer()
    writer.signed(number)
    writer.real(real)
    writer.text(text)
    writer.blob(data)
    reader = Reader(bytes(writer.out))
    assert (reader.signed(), repr(reader.real()), reader.text(), reader.blob()) == (number, repr(real), text, data)
