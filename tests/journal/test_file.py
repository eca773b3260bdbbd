"""The file of a journal: what was written is read, what was cut short is cut off, damage is told."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harn.vm.journal.file import MAGIC, JournalError, JournalFile

RECORDS = st.lists(st.tuples(st.integers(0, 255), st.binary(max_size=200)), max_size=12)


def written(path: Path, records: list[tuple[int, bytes]]) -> bytes:
    """A journal with these records; its bytes."""
    path.unlink(missing_ok=True)
    file = JournalFile.create(str(path))
    for kind, payload in records:
        file.write(kind, payload)
    file.close()
    return path.read_bytes()


def read(path: Path) -> list[tuple[int, bytes]]:
    file = JournalFile.reopen(str(path))
    try:
        return [(record.kind, record.payload) for record in file.records()]
    finally:
        file.close()


@given(RECORDS, RECORDS)
def test_what_was_written_is_read_and_gone_on_with(
    tmp_path_factory: pytest.TempPathFactory, first: list[tuple[int, bytes]], second: list[tuple[int, bytes]]
) -> None:
    path = tmp_path_factory.mktemp("journal") / "run"
    written(path, first)
    file = JournalFile.reopen(str(path))
    assert [(record.kind, record.payload) for record in file.records()] == first
    for kind, payload in second:
        file.write(kind, payload)
    file.close()
    assert read(path) == first + second


@given(RECORDS, st.data())
def test_a_cut_end_is_cut_off(
    tmp_path_factory: pytest.TempPathFactory, records: list[tuple[int, bytes]], data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("journal") / "run"
    whole = written(path, records)
    end = data.draw(st.integers(len(MAGIC), len(whole)))
    path.write_bytes(whole[:end] + data.draw(st.sampled_from([b"", bytes(40)])))
    found = read(path)
    assert found == records[: len(found)]
    assert path.read_bytes() == whole[: path.stat().st_size]
    again = JournalFile.reopen(str(path))
    assert len(list(again.records())) == len(found)
    again.write(7, b"more")
    again.close()
    assert read(path) == [*found, (7, b"more")]


@settings(max_examples=300)
@given(RECORDS.filter(bool), st.data())
def test_damage_is_told_and_never_passes_for_a_record(
    tmp_path_factory: pytest.TempPathFactory, records: list[tuple[int, bytes]], data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("journal") / "run"
    whole = bytearray(written(path, records))
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] ^= data.draw(st.integers(1, 255))
    path.write_bytes(whole)
    try:
        found = read(path)
    except JournalError as error:
        assert str(path) in str(error)  # noqa: PT017
    else:  # the last record looks as if it had been cut short
        assert found == records[:-1]


@given(RECORDS.filter(lambda records: len(records) > 1), st.data())
def test_a_missing_record_is_damage(
    tmp_path_factory: pytest.TempPathFactory, records: list[tuple[int, bytes]], data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("journal") / "run"
    written(path, records)
    file = JournalFile.reopen(str(path))
    places = [record.place for record in file.records()]
    file.close()
    gone = data.draw(st.integers(0, len(places) - 2))
    whole = path.read_bytes()
    path.write_bytes(whole[: places[gone]] + whole[places[gone + 1] :])
    if gone < len(places) - 2 and any(payload for _, payload in records[gone + 1 :]):
        with pytest.raises(JournalError, match="damaged"):
            read(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"let x = 1\n", "is no journal"),
        (MAGIC[:-1] + b"\x63", "format 99"),
    ],
)
def test_what_is_no_journal(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "run"
    path.write_bytes(content)
    with pytest.raises(JournalError, match=message):
        read(path)


def test_a_journal_is_not_overwritten(tmp_path: Path) -> None:
    written(tmp_path / "run", [(1, b"x")])
    with pytest.raises(JournalError, match="harn resume"):
        JournalFile.create(str(tmp_path / "run"))
    with pytest.raises(JournalError, match="No such file"):
        JournalFile.reopen(str(tmp_path / "other"))


@pytest.mark.parametrize("content", [b"", MAGIC[:3], MAGIC, MAGIC + b"\x10\0\0"])
def test_a_journal_without_a_record_is_begun_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "run").write_bytes(content)
    file = JournalFile.create(str(tmp_path / "run"))
    file.write(1, b"x")
    file.close()
    assert read(tmp_path / "run") == [(1, b"x")]


def test_a_file_belongs_to_one_process_while_that_lives(tmp_path: Path) -> None:
    path = tmp_path / "run"
    written(path, [(1, b"x")])
    script = (
        "import sys\nfrom harn.vm.journal.file import JournalFile\n"
        "file = JournalFile.reopen(sys.argv[1])\nprint('locked', flush=True)\nsys.stdin.read()"
    )
    holder = subprocess.Popen([sys.executable, "-c", script, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"locked\n"
    with pytest.raises(JournalError, match="in use"):
        JournalFile.reopen(str(path))
    holder.kill()
    holder.communicate()
    assert read(path) == [(1, b"x")]


def test_what_is_flushed_outlives_the_process(tmp_path: Path) -> None:
    path = tmp_path / "run"
    script = (
        "import os, sys\nfrom harn.vm.journal.file import JournalFile\nfile = JournalFile.create(sys.argv[1])\n"
        "file.write(1, b'kept')\nfile.flush()\nfile.write(2, b'lost')\nos._exit(9)"
    )
    subprocess.run([sys.executable, "-c", script, str(path)], check=False)
    assert read(path) == [(1, b"kept")]


def test_only_regular_files_are_journals(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in ("/dev/null", str(tmp_path / "pipe")):
        with pytest.raises(JournalError, match="is no regular file"):
            JournalFile.create(path)
    with pytest.raises(JournalError, match="Is a directory"):
        JournalFile.reopen(str(tmp_path))
