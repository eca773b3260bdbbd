"""Files of the system and confined ones: texts of failures, and that nothing leads out of a sandbox's folder."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harn.host.files import ConfinedFiles, NoFiles, SystemFiles
from harn.values.errors import HarnError, LimitReached


def test_what_is_written_is_read(tmp_path: Path) -> None:
    files = SystemFiles()
    path = str(tmp_path / "a.txt")
    files.write(path, "żółw\n".encode())
    files.append(path, b"more")
    assert files.read_text(path) == "żółw\nmore"
    assert files.exists(path)
    files.copy(path, path + ".2")
    assert files.names(str(tmp_path)) == ["a.txt", "a.txt.2"]
    facts = files.facts(path)
    assert (facts["size"], facts["is_file"], facts["is_dir"], facts["readonly"]) == (12, True, False, False)
    files.delete(path)
    assert not files.exists(path)


def test_folders_that_others_count_on_are_not_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor one that holds such a folder, nor by another name for it: `delete_file(temp_dir())` is a slip."""
    inner = tmp_path / "outer" / "inner"
    inner.mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "outer")
    files = SystemFiles()
    needed: list[tuple[Callable[[], None], str]] = [
        (lambda: monkeypatch.setattr(tempfile, "tempdir", str(inner)), "the folder for temporary files"),
        (lambda: monkeypatch.setenv("HOME", str(inner)), "the home folder"),
        (lambda: monkeypatch.chdir(inner), "the working folder"),
    ]
    for set_up, words in needed:
        set_up()
        for path in (inner, inner.parent, tmp_path / "link" / "inner", tmp_path / "outer" / ".." / "outer"):
            with pytest.raises(HarnError) as raised:
                files.delete(str(path))
            assert f"Failed to delete directory {path}: it is, or holds, {words}" in raised.value.text()
        monkeypatch.undo()
    assert inner.is_dir()
    files.delete(str(inner.parent))
    assert not inner.exists()


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (lambda files: files.read_text("no"), "Thrown: Failed to read file no: No such file or directory (os error 2)"),
        (lambda files: files.read_text("."), "Thrown: Failed to read file .: Is a directory (os error 21)"),
        (
            lambda files: files.write("no/a", b""),
            "Thrown: Failed to write file no/a: No such file or directory (os error 2)",
        ),
        (
            lambda files: files.append("no/a", b""),
            "Thrown: Failed to open file no/a: No such file or directory (os error 2)",
        ),
        (lambda files: files.delete("no"), "Thrown: Failed to delete file no: No such file or directory (os error 2)"),
        (
            lambda files: files.names("no"),
            "Thrown: Failed to list directory no: No such file or directory (os error 2)",
        ),
        (lambda files: files.facts("no"), "Thrown: Failed to stat no: No such file or directory (os error 2)"),
        (lambda files: files.copy("no", "b"), "Thrown: Failed to copy no to b: No such file or directory (os error 2)"),
        (lambda files: files.read("a\0b"), "Thrown: Failed to read file a\0b: embedded null byte"),
    ],
)
def test_failures_name_the_path_as_it_was_written(
    act: object, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(HarnError) as caught:
        act(SystemFiles())  # type: ignore[operator]
    assert str(caught.value) == told


def test_text_must_be_utf8(tmp_path: Path) -> None:
    path = tmp_path / "latin"
    path.write_bytes(b"caf\xe9")
    with pytest.raises(HarnError, match="stream did not contain valid UTF-8"):
        SystemFiles().read_text(str(path))


def test_a_file_larger_than_wanted_is_a_limit(tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.write_bytes(b"x" * 100)
    assert len(SystemFiles().read(str(path), 100)) == 100
    with pytest.raises(LimitReached) as caught:
        SystemFiles().read(str(path), 99)
    assert (caught.value.kind, caught.value.limit) == ("value_bytes", 99)


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="needs a file without an end")
def test_a_file_without_an_end_is_a_limit() -> None:
    with pytest.raises(LimitReached):
        SystemFiles().read("/dev/zero", 10_000_000)


class TestConfined:
    """A folder with a secret beside it, and links that lead there."""

    @pytest.fixture
    def files(self, tmp_path: Path) -> ConfinedFiles:
        root = tmp_path / "root"
        (root / "inner").mkdir(parents=True)
        (root / "inner" / "a.txt").write_text("inside")
        (tmp_path / "secret.txt").write_text("secret")
        (tmp_path / "rooted").mkdir()
        (root / "file_link").symlink_to(tmp_path / "secret.txt")
        (root / "folder_link").symlink_to(tmp_path)
        (root / "good_link").symlink_to(root / "inner" / "a.txt")
        (root / "dangling").symlink_to(tmp_path / "made.txt")
        return ConfinedFiles(root)

    def test_inside_all_is_well(self, files: ConfinedFiles) -> None:
        assert files.read_text("inner/a.txt") == "inside"
        assert files.read_text("inner/../inner/a.txt") == "inside"
        assert files.read_text("good_link") == "inside"
        assert files.read_text(files.root + "/inner/a.txt") == "inside"
        files.write("inner/b.txt", b"new")
        assert files.names("inner") == ["a.txt", "b.txt"]
        assert files.folder() == files.root

    @pytest.mark.parametrize(
        "path",
        [
            "../secret.txt",
            "inner/../../secret.txt",
            "file_link",
            "folder_link/secret.txt",
            "../rooted/x",
            "/etc/passwd",
            "..",
        ],
    )
    def test_nothing_outside_is_touched(self, files: ConfinedFiles, path: str, tmp_path: Path) -> None:
        for act in (
            files.read,
            files.exists,
            files.facts,
            files.names,
            files.make_folder,
            lambda p: files.write(p, b"x"),
            lambda p: files.append(p, b"x"),
            lambda p: files.copy(p, "stolen"),
            lambda p: files.copy("inner/a.txt", p),
        ):
            with pytest.raises(HarnError, match=r"Error \[policy\]: `.*` lies outside of the folder"):
                act(path)
        assert (tmp_path / "secret.txt").read_text() == "secret"
        assert not (Path(files.root) / "stolen").exists()

    def test_a_dangling_link_makes_no_file_outside(self, files: ConfinedFiles, tmp_path: Path) -> None:
        with pytest.raises(HarnError, match="policy"):
            files.write("dangling", b"x")
        assert not (tmp_path / "made.txt").exists()

    def test_a_link_is_deleted_and_not_what_it_leads_to(self, files: ConfinedFiles, tmp_path: Path) -> None:
        files.delete("folder_link")
        files.delete("file_link")
        assert (tmp_path / "secret.txt").exists()
        assert "folder_link" not in files.names(".")

    @pytest.mark.parametrize("path", [".", "", "inner/.."])
    def test_the_root_itself_stays(self, files: ConfinedFiles, path: str) -> None:
        with pytest.raises(HarnError, match="policy"):
            files.delete(path)
        assert os.path.isdir(files.root)

    @given(st.lists(st.sampled_from(["..", ".", "inner", "folder_link", "file_link", "x", "", "/"]), max_size=8))
    def test_no_path_leads_out(self, tmp_path_factory: pytest.TempPathFactory, parts: list[str]) -> None:
        base = tmp_path_factory.mktemp("confined")
        (base / "root" / "inner").mkdir(parents=True)
        (base / "root" / "folder_link").symlink_to(base)
        (base / "root" / "file_link").symlink_to(base / "secret")
        files = ConfinedFiles(base / "root")
        try:
            found = files.locate("/".join(parts))
        except HarnError:
            return
        assert os.path.realpath(found) == found
        assert found == files.root or found.startswith(files.root + os.sep)


def test_no_files_at_all() -> None:
    files = NoFiles()
    for act in (files.read, files.exists, files.names, files.delete, files.make_folder):
        with pytest.raises(HarnError, match=r"Error \[policy\]: this host has no files \(effects fs.read, fs.write\)"):
            act("x")


def test_the_folder_for_temporary_files(tmp_path: Path) -> None:
    assert SystemFiles().temporary() == tempfile.gettempdir()
    confined = ConfinedFiles(tmp_path)
    confined.write(f"{confined.temporary()}/a", b"x")
    assert (tmp_path / "a").read_bytes() == b"x"
