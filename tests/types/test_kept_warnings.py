"""What the checker warns of is told at every run, also where the code comes from the cache."""

from __future__ import annotations

from pathlib import Path

import pytest

from harn.compiler.build import Build, build
from harn.compiler.cache import Cache
from harn.source.diagnostic import Diagnostic
from harn.source.file import SourceFile
from harn.source.render import render

LIBRARY = "pub fn twice(n: int) -> int {\n  return n * 2\n}\n"
PROGRAM = 'import { twice } from "lib"\nfn f() {\n  return twice(1, 2)\n  println("never")\n}\nprintln(f())\n'


@pytest.fixture
def program(tmp_path: Path) -> SourceFile:
    (tmp_path / "lib.harn").write_text(LIBRARY)
    path = tmp_path / "main.harn"
    path.write_text(PROGRAM)
    return SourceFile(str(path), PROGRAM)


def built(file: SourceFile, folder: Path, strict: bool = False) -> Build:
    return build(file, cache=Cache(str(folder / "cache")), strict=strict, recheck=strict)


def shown(found: list[Diagnostic]) -> list[str]:
    return [render(diagnostic) for diagnostic in found]


def test_code_from_the_cache_warns_alike(program: SourceFile, tmp_path: Path) -> None:
    (tmp_path / "cache").mkdir()
    first, second = built(program, tmp_path), built(program, tmp_path)
    assert first.compiled
    assert not second.compiled
    assert [d.code for d in first.diagnostics] == ["T005", "T013"]
    assert shown(second.diagnostics) == shown(first.diagnostics)


def test_what_strict_checks_say_is_not_kept(tmp_path: Path) -> None:
    (tmp_path / "cache").mkdir()
    text = "fn f(t) {\n  let d = json_parse(t)\n  return d.name\n}\nprintln(f)\n"
    path = tmp_path / "main.harn"
    path.write_text(text)
    file = SourceFile(str(path), text)
    assert [d.code for d in built(file, tmp_path, strict=True).diagnostics] == ["T028"]
    assert built(file, tmp_path).diagnostics == []
    assert built(file, tmp_path).diagnostics == []
