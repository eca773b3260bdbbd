"""Building programs: what is kept, what is compiled again, and what is refused."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harn.code.codec import load
from harn.compiler import cache as caching
from harn.compiler.build import ENTRY, Build, build, std_module
from harn.compiler.cache import Cache
from harn.resolve.paths import STD_FOLDER, Sources
from harn.source.cache import cache_folder, write_private
from harn.source.file import SourceFile

MAIN = 'import "lib"\nprintln(one())\n'
LIB = "pub fn one() { return 1 }\n"


class Project:
    """Files in a folder, a cache beside them."""

    stamp = "one compiler"

    def __init__(self, root: Path) -> None:
        self.root = root / "project"
        self.root.mkdir()
        self.folder = root / "cache"
        self.folder.mkdir()
        self.write(main=MAIN, lib=LIB)

    def write(self, **texts: str) -> None:
        for name, text in texts.items():
            (self.root / f"{name}.harn").write_text(text)

    def build(self, name: str = "main", pipeline: str | None = None) -> Build:
        path = self.root / f"{name}.harn"
        return build(SourceFile(str(path), path.read_text()), pipeline=pipeline, cache=self.cache())

    def cache(self) -> Cache:
        """The cache as one compiler sees it, whatever happens to the files of this checkout while the tests run."""
        cache = Cache(str(self.folder))
        cache.stamp = self.stamp
        return cache

    def key(self, name: str) -> str:
        return str((self.root / f"{name}.harn").resolve())

    def compiled(self) -> set[str]:
        """Names of the modules that a build compiles now; the entry is ``main``."""
        return {"main" if key == ENTRY else Path(key).stem for key in self.build().compiled}

    def files(self) -> list[Path]:
        return sorted(self.folder.iterdir())


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_what_was_compiled_once_is_not_compiled_again(project: Project) -> None:
    first = project.build()
    assert first.compiled == {ENTRY, project.key("lib")}
    second = project.build()
    assert second.compiled == frozenset()
    assert (second.entry, second.modules) == (first.entry, first.modules)


def test_a_second_build_imports_neither_parser_nor_compiler(project: Project) -> None:
    project.build()
    script = (
        "import sys\nfrom harn.compiler.build import build\nfrom harn.compiler.cache import Cache\n"
        "from harn.source.file import SourceFile\npath = sys.argv[1]\ncache = Cache(sys.argv[2])\ncache.stamp = sys.argv[3]\n"
        "assert build(SourceFile(path, open(path).read()), cache=cache).compiled == frozenset()\n"
        "print(*(name for name in sys.modules if name.split('.')[0] in ('lark', 'attr', 'attrs') or 'syntax' in name))\n"
    )
    command = [sys.executable, "-c", script, str(project.root / "main.harn"), str(project.folder), project.stamp]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == ""


def test_other_modules_stay_when_one_changes(project: Project) -> None:
    project.write(main='import "left"\nimport "right"\n', left="", right="")
    project.build()
    project.write(left="pub fn two() { return 2 }\n")
    assert "left" in (again := project.compiled())
    assert "right" not in again
    project.write(main='import "right"\n')
    assert project.compiled() == {"main"}


def test_importers_are_compiled_again_when_exported_names_change(project: Project) -> None:
    project.write(lib='pub import "deep"\n', deep=LIB, main=MAIN)
    assert project.compiled() == {"main", "lib", "deep"}
    assert project.compiled() == set()
    project.write(deep=LIB + "pub fn two() {}\n")
    assert project.compiled() == {"main", "lib", "deep"}
    project.write(deep=LIB + "fn hidden() {}\npub fn two() {}\n")
    assert "lib" not in project.compiled()


def test_modules_that_import_each_other_are_kept(project: Project) -> None:
    project.write(lib='pub import "other"\n', other='import "lib"\npub fn one() { return 1 }\n')
    project.build()
    assert project.compiled() == set()


def test_pipelines_are_kept_apart(project: Project) -> None:
    project.write(main="pipeline a(t) { println(1) }\npipeline b(t) { println(2) }\n")
    assert project.build(pipeline="b").entry != project.build().entry
    assert project.build(pipeline="b").compiled == project.build().compiled == frozenset()


def test_imports_lead_where_they_lead_now(project: Project) -> None:
    first = project.build().entry
    assert first is not None
    assert first.imports[0].target == project.key("lib")
    (project.root / "lib").write_text("pub fn one() { return 3 }\n")  # goes before lib.harn
    second = project.build().entry
    assert second is not None
    assert second.imports[0].target == str((project.root / "lib").resolve())
    (project.root / "lib").unlink()
    (project.root / "lib.harn").unlink()
    third = project.build().entry
    assert third is not None
    assert "cannot read" in third.imports[0].problem


def test_the_name_of_a_file_is_the_one_it_is_called_by(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.build()
    monkeypatch.chdir(project.root)
    built = build(SourceFile("main.harn", MAIN), cache=project.cache())
    assert built.entry is not None
    assert built.entry.path == "main.harn"
    assert built.modules[project.key("lib")].path == "lib.harn"
    assert built.compiled == frozenset()


def test_errors_are_reported_and_not_kept(project: Project) -> None:
    for text in ("let = 1\n", "fn f() { break }\n"):
        project.write(main=text)
        built = project.build()
        assert built.entry is None
        assert len(built.diagnostics) == 1
    assert project.files() == []


def test_a_module_with_errors_fails_where_it_is_imported(project: Project) -> None:
    problems = {"fn (": "Import parse error: ", "fn f() { break }\n": "Import compile error: "}
    for text, problem in problems.items():
        project.write(lib=text, main='import "lib"\n')
        built = project.build()
        assert built.entry is not None
        assert built.entry.imports[0].problem.startswith(problem)
        assert built.modules == {}


@given(st.integers(0, 1000), st.binary(min_size=1, max_size=3), st.integers(0, 9))
def test_damaged_files_are_ignored_and_replaced(
    tmp_path_factory: pytest.TempPathFactory, permille: int, junk: bytes, dropped: int
) -> None:
    project = Project(tmp_path_factory.mktemp("damaged"))
    project.write(main="println(1)\n")
    whole = project.build()
    (kept,) = project.files()
    content = kept.read_bytes()
    place = len(content) * permille // 1000
    kept.write_bytes(content[:place] + junk + content[place + dropped :])
    again = project.build()
    assert again.entry == whole.entry
    assert project.build().compiled == frozenset()


def test_code_of_another_compiler_is_ignored(project: Project) -> None:
    project.build()
    project.stamp = "another"
    assert project.compiled() == {"main", "lib"}


def test_the_stamp_of_a_checkout_follows_the_compiler(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "compiler").mkdir()
    source = tmp_path / "compiler" / "a.py"
    source.write_text("1")
    monkeypatch.setattr(caching, "PACKAGE", str(tmp_path))
    before = caching.stamp()
    assert caching.stamp() == before
    source.write_text("22")
    assert caching.stamp() != before
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog" / "_index.bin").write_bytes(b"")
    installed = caching.stamp()
    source.write_text("333")
    assert caching.stamp() == installed


def test_a_folder_that_cannot_be_written_keeps_nothing(project: Project) -> None:
    project.folder.rmdir()
    assert project.compiled() == {"main", "lib"}
    assert project.compiled() == {"main", "lib"}
    assert not project.folder.exists()
    assert build(SourceFile("<text>", "println(1)"), cache=Cache(None)).entry is not None


def test_a_cache_others_can_write_is_none(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    assert cache_folder({"HARN_CACHE_DIR": str(shared)}) == str(shared)
    shared.chmod(0o777)
    assert cache_folder({"HARN_CACHE_DIR": str(shared)}) is None
    (tmp_path / "file").write_text("")
    assert cache_folder({"HARN_CACHE_DIR": str(tmp_path / "file" / "below")}) is None
    assert cache_folder({}) is None
    made = cache_folder({"XDG_CACHE_HOME": str(tmp_path / "new")})
    assert made is not None
    assert os.stat(made).st_mode & 0o777 == 0o700


def test_kept_code_is_private(project: Project) -> None:
    project.build()
    assert all(path.stat().st_mode & 0o077 == 0 for path in project.files())
    assert not write_private(project.folder / "missing" / "file", b"")


def test_the_oldest_files_go_when_there_are_too_many(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caching, "MOST_FILES", 6)
    for number in range(20):
        project.write(main=f"println({number})\n")
        build(SourceFile("<text>", f"println({number})\n"), cache=project.cache())
        assert len(project.files()) <= 6
    assert build(SourceFile("<text>", "println(19)\n"), cache=project.cache()).compiled == frozenset()


def test_many_processes_may_build_at_once(project: Project) -> None:
    """Some rewrite what the others read; every build gives the code of the text it was given."""
    script = (
        "import sys\nfrom harn.compiler.build import build\nfrom harn.compiler.cache import Cache\n"
        "from harn.source.file import SourceFile\n"
        "path, folder, number = sys.argv[1], sys.argv[2], int(sys.argv[3])\n"
        "for turn in range(25):\n"
        "    value = (number + turn) % 3\n"
        "    entry = build(SourceFile(path, f'println({value})'), cache=Cache(folder)).entry\n"
        "    assert entry.functions[0].code[0][1] == value\n"
    )
    command = [sys.executable, "-c", script, str(project.root / "main.harn"), str(project.folder)]
    running = [subprocess.Popen([*command, str(number)], stderr=subprocess.PIPE) for number in range(3)]
    assert [process.communicate()[1] for process in running] == [b""] * 3
    assert all(process.returncode == 0 for process in running)
    for path in project.files():
        load(path.read_bytes())


class InMemory(Sources):
    """Texts by name; nothing else can be read."""

    cached = False

    def __init__(self, texts: dict[str, str]) -> None:
        self.texts = texts

    def is_file(self, path: str) -> bool:
        return path in self.texts

    def is_folder(self, path: str) -> bool:
        return False

    def exists(self, path: str) -> bool:
        return path in self.texts

    def real(self, path: str) -> str:
        return path

    def read(self, path: str) -> bytes:
        return self.texts[path].encode()


def test_texts_may_come_from_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "outside.harn").write_text(LIB)
    texts = {"main.harn": f'import "lib"\nimport "{tmp_path}/outside"\n', "lib.harn": LIB}
    built = build(SourceFile("main.harn", texts["main.harn"]), sources=InMemory(texts))
    assert built.entry is not None
    assert list(built.modules) == ["lib.harn"]
    assert "cannot read" in built.entry.imports[1].problem
    assert build(SourceFile("main.harn", texts["main.harn"]), sources=InMemory(texts)).compiled


@pytest.mark.parametrize("path", sorted(Path(STD_FOLDER).rglob("*.harn")), ids=lambda path: path.stem)
def test_std_modules_compile(path: Path) -> None:
    key = f"std/{path.relative_to(STD_FOLDER).with_suffix('').as_posix()}"
    assert std_module(key).path == f"<std>/{path.relative_to(STD_FOLDER).as_posix()}"


def test_there_is_no_std_module_of_another_name() -> None:
    with pytest.raises(LookupError, match="Unknown stdlib module: std/nothing"):
        std_module("std/nothing")
