"""Where import paths lead."""

from __future__ import annotations

from pathlib import Path

import pytest

from harn.resolve.graph import load_graph
from harn.resolve.paths import Sources, Target, locate
from harn.source.file import SourceFile


def place(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")


def led(root: Path, written: str, importer: str = "main.harn") -> str:
    """Where a path leads, relative to the root; the problem where it leads nowhere."""
    target = locate(written, str(root / importer), Sources())
    if target.key:
        assert target.key == str(Path(target.path).resolve())
        return str(Path(target.path).relative_to(root))
    return target.problem


def test_paths_are_relative_to_the_importing_file(tmp_path: Path) -> None:
    place(tmp_path, "main.harn", "a.harn", "lib/a.harn", "lib/b.harn")
    assert led(tmp_path, "a") == "a.harn"
    assert led(tmp_path, "./lib/a.harn") == "lib/a.harn"
    assert led(tmp_path, "b", "lib/a.harn") == "lib/b.harn"
    assert led(tmp_path, "../a", "lib/b.harn") == "a.harn"
    assert led(tmp_path, str(tmp_path / "lib" / "a")) == "lib/a.harn"


def test_the_exact_file_goes_before_the_one_with_a_suffix(tmp_path: Path) -> None:
    place(tmp_path, "lib", "lib.harn", "v1.2.harn")
    assert led(tmp_path, "lib") == "lib"
    assert led(tmp_path, "v1.2.harn") == "v1.2.harn"


def test_a_folder_does_not_hide_the_module_beside_it(tmp_path: Path) -> None:
    place(tmp_path, "lib/x.harn", "lib.harn")
    assert led(tmp_path, "lib") == "lib.harn"


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("nothing", "nothing.harn': No such file or directory (os error 2)"),
        ("nothing.txt", "nothing.txt': No such file or directory (os error 2)"),
        ("folder", "folder': Is a directory (os error 21)"),
        ("a\0b", "a\0b': file name contained an unexpected NUL byte"),
        ("", "Is a directory (os error 21)"),
    ],
)
def test_paths_that_lead_nowhere(tmp_path: Path, written: str, problem: str) -> None:
    (tmp_path / "folder").mkdir()
    found = led(tmp_path, written)
    assert found.startswith("Import error: cannot read '")
    assert found.endswith(problem)


@pytest.mark.parametrize("written", ["std/nothing", "std/", "std/../paths", "std/a.b", "std//x"])
def test_std_modules_there_are_not(tmp_path: Path, written: str) -> None:
    assert led(tmp_path, written) == f"Unknown stdlib module: {written}"


def test_packages_are_found_upwards_until_the_repository_ends(tmp_path: Path) -> None:
    place(tmp_path, ".harn/packages/far/lib.harn", "work/.harn/packages/near/lib.harn", "work/src/main.harn")
    assert led(tmp_path, "near", "work/src/main.harn") == "work/.harn/packages/near/lib.harn"
    assert led(tmp_path, "far", "work/src/main.harn") == ".harn/packages/far/lib.harn"
    (tmp_path / "work" / ".git").mkdir()
    assert "cannot read" in led(tmp_path, "far", "work/src/main.harn")
    assert led(tmp_path, "near", "work/src/main.harn") == "work/.harn/packages/near/lib.harn"


def test_modules_of_a_package(tmp_path: Path) -> None:
    root = ".harn/packages/acme"
    place(tmp_path, f"{root}/lib.harn", f"{root}/a.harn", f"{root}/src/b.harn", f"{root}/deep/lib.harn", "outside.harn")
    (tmp_path / root / "harn.toml").write_text(
        '[exports]\nb = "src/b.harn"\n"x/y" = "src/b"\nbad = 3\nout = "../../../outside.harn"\n'
    )
    assert led(tmp_path, "acme") == f"{root}/lib.harn"
    assert led(tmp_path, "acme/a") == f"{root}/a.harn"
    assert led(tmp_path, "acme/deep") == f"{root}/deep/lib.harn"
    assert led(tmp_path, "acme/b") == f"{root}/src/b.harn"
    assert led(tmp_path, "acme/x/y") == f"{root}/src/b.harn"
    for nowhere in ("acme/bad", "acme/out", "acme/missing", "acme/../acme/a/..", "other"):
        assert "cannot read" in led(tmp_path, nowhere)


def test_a_package_cannot_be_left_by_a_link(tmp_path: Path) -> None:
    place(tmp_path, ".harn/packages/acme/lib.harn", "secret.harn")
    (tmp_path / ".harn/packages/acme/link.harn").symlink_to(tmp_path / "secret.harn")
    assert "cannot read" in led(tmp_path, "acme/link")


@pytest.mark.parametrize("manifest", ["exports = 3", "[exports", "\0", "exports = [1]"])
def test_a_broken_manifest_exports_nothing(tmp_path: Path, manifest: str) -> None:
    place(tmp_path, ".harn/packages/acme/src/b.harn")
    (tmp_path / ".harn/packages/acme/harn.toml").write_text(manifest)
    assert "cannot read" in led(tmp_path, "acme/b")


def test_the_text_of_a_module_that_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "a.harn"
    path.write_bytes(b"\xff")
    gone = Target(str(tmp_path / "gone"), str(tmp_path / "gone"))
    assert str(Sources().text(Target(str(path), str(path)))).endswith("a.harn': stream did not contain valid UTF-8")
    assert str(Sources().text(gone)).endswith("gone': No such file or directory (os error 2)")


def test_the_graph_reads_every_module_once(tmp_path: Path) -> None:
    texts = {
        "main.harn": 'import "a"\nimport { b } from "b.harn"\nimport "gone"\n',
        "a.harn": 'import "b"\nimport "main"\n',
        "b.harn": 'import "a"\nimport "broken"\npub fn b() {}\n',
        "broken.harn": "fn (",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    graph = load_graph(SourceFile(str(tmp_path / "main.harn"), texts["main.harn"]))
    assert [Path(module.file.path).name for module in graph] == [
        "main.harn",
        "a.harn",
        "b.harn",
        "main.harn",
        "broken.harn",
    ]
    assert not graph.entry.resolved
    first, second, gone = graph.entry.imports
    assert graph.problem(first.target) == graph.problem(second.target) == ""
    assert "cannot read" in graph.problem(gone.target)
    assert list(graph.problems) == [str((tmp_path / "broken.harn").resolve())]
    assert next(iter(graph.problems.values())).startswith("Import parse error: ")


def test_a_file_with_errors_has_no_imports(tmp_path: Path) -> None:
    graph = load_graph(SourceFile(str(tmp_path / "main.harn"), 'import "a"\nlet = 3'))
    assert graph.entry.program is None
    assert graph.entry.diagnostics
    assert graph.entry.imports == ()
