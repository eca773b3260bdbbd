"""The parse tables: their conflicts, their cache, the words they reserve."""

from __future__ import annotations

import logging
import os
import stat
from itertools import pairwise
from pathlib import Path

import lark
import pytest

from harn.syntax import tables

#: Where both going on with an element and beginning the next one (or ending a construct) would be possible, by the terminal and
#: the rule that could have ended. Lark goes on; each of these is meant.
CONFLICTS = {
    ("LPAR", "primary : NAME"),  # f (x): a call
    ("LPAR", "postfix : postfix DOT WORD"),  # a.f (x): a call
    ("LPAR", "postfix : postfix OPT_DOT WORD"),
    ("LSQB", "unary : postfix"),  # xs [0]: an index
    ("MINUS", "chain : unary"),  # a -b: a subtraction
    ("MINUS", "chain : operands"),
    ("VBAR", "type : type_primary"),  # fn() -> A | B: a function that gives A or B
    ("VBAR", "type : union"),
    ("ELSE", "if_expr : IF expr block"),  # the else of the nearest if
}


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of the test's own, and tables not loaded yet."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("HARN_CACHE_DIR", str(folder))
    monkeypatch.setattr(tables, "load", tables.load.__wrapped__)
    return folder


def test_only_the_conflicts_that_are_meant(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger=lark.logger.name):
        tables.build(tables.grammar_source())
    lines = [record.getMessage() for record in caplog.records]
    found = {
        (said.split("terminal ")[1].split(":")[0], rule.strip(" *<>"))
        for said, rule in pairwise(lines)
        if said.startswith("Shift/Reduce conflict")
    }
    assert found == CONFLICTS


def test_reserved_words() -> None:
    reserved = tables.load().reserved
    assert {"let", "fn", "match", "eval_pack", "to", "exclusive", "nil"} <= reserved
    assert not {"gen", "each", "settle", "with", "not", "out", "where", "timeout", "self", "description"} & reserved
    assert len(reserved) == 46


def test_tables_are_kept_for_the_next_process(empty_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tables.load()
    (path,) = empty_cache.iterdir()
    assert stat.S_IMODE(empty_cache.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    monkeypatch.setattr(tables, "build", None)  # a second load must not need it
    assert tables.load().reserved


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "foreign"])
def test_a_damaged_cache_is_made_anew(empty_cache: Path, damage: str) -> None:
    tables.load()
    (path,) = empty_cache.iterdir()
    whole = path.read_bytes()
    middle = len(whole) // 2
    path.write_bytes(
        {
            "cut": whole[:middle],
            "flipped": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
            "empty": b"",
            "foreign": b"\x80\x04" + whole,
        }[damage]
    )
    assert tables.load().reserved
    assert tables._from_file(path, tables._key(tables.grammar_source())) is not None


def test_tables_for_another_grammar_are_not_used(empty_cache: Path, tmp_path: Path) -> None:
    target = tmp_path / "tables.bin"
    tables.build_tables(target)
    key = tables._key(tables.grammar_source())
    assert tables._from_file(target, key) is not None
    assert tables._from_file(target, key[::-1]) is None
    assert tables._from_file(tmp_path / "none.bin", key) is None


@pytest.mark.skipif(os.geteuid() == 0, reason="root can write anywhere")
def test_a_home_that_cannot_be_written_does_not_matter(empty_cache: Path) -> None:
    empty_cache.mkdir(mode=0o500)
    assert tables.load().reserved
    assert not list(empty_cache.iterdir())


def test_a_cache_that_is_a_file_does_not_matter(empty_cache: Path) -> None:
    empty_cache.write_text("")
    assert tables.load().reserved
