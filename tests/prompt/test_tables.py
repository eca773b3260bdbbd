"""The parse tables of templates: no conflicts, made once, read without Lark."""

from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
from pathlib import Path

import lark
import pytest

from harn.prompt import tables
from harn.prompt.builder import TemplateBuilder


def test_the_grammar_has_no_conflicts(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger=lark.logger.name):
        tables.build(tables.grammar_source())
    assert not caplog.records


def test_every_rule_has_a_method_and_every_method_a_rule() -> None:
    methods = {name for name in tables.load().methods if name}
    public = {name for name in vars(TemplateBuilder) if not name.startswith("_")}
    assert methods == public - {"number"}


@pytest.mark.parametrize("damage", [b"", b"harn", "front", "middle"])
def test_a_damaged_file_is_made_again(damage: bytes | str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARN_CACHE_DIR", str(tmp_path / "cache"))
    whole = tables.load.__wrapped__()
    (path,) = (tmp_path / "cache").iterdir()
    data = path.read_bytes()
    if isinstance(damage, str):
        at = 3 if damage == "front" else len(data) // 2
        damage = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
    path.write_bytes(damage)
    again = tables.load.__wrapped__()
    assert len(path.read_bytes()) > len(data) // 2
    assert (again.methods, again.words, again.token) == (whole.methods, whole.words, whole.token)


def test_a_warm_run_imports_neither_lark_nor_the_front_end(tmp_path: Path) -> None:
    program = tmp_path / "letter.harn"
    program.write_text('println(render("a.prompt", {who: "Ada"}))\n')
    (tmp_path / "a.prompt").write_text("Dear {{ who | upper }}")
    command = [sys.executable, "-X", "importtime", "-m", "harn", "run", str(program)]
    for _ in range(2):
        env = os.environ | {"HARN_CACHE_DIR": str(tmp_path / "cache")}
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
        assert done.stdout == "Dear ADA\n"
    found = set(re.findall(r"^import time:.*\|\s+([\w.]+)$", done.stderr, re.MULTILINE))
    assert "harn.prompt.parser" in found
    assert not {name for name in found if name.split(".")[0] in ("lark", "attr", "attrs", "anyio", "typing")}
