"""Walking, moving, keeping and removing whole folders, on this machine, confined, and in memory."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from harn.host import trees
from harn.host.files import ConfinedFiles, NoFiles, SystemFiles, state_roots
from harn.testing.files import MemoryFiles
from harn.values.errors import HarnError, LimitReached

MANY = 10_000


def small_tree(files: Any, root: str) -> None:
    """``b/c/deep.txt``, ``b/.hidden`` and ``a.txt``."""
    files.keep(f"{root}/b/c/deep.txt", b"deep")
    files.write(f"{root}/b/.hidden", b"")
    files.write(f"{root}/a.txt", b"a")


def walked(files: Any, path: str, deepest: int | None = None, follow: bool = False) -> list[tuple[str, int]]:
    """What a walk finds, below the path, with its depth."""
    found = files.walk(path, deepest, follow, MANY)
    start = found[0]["path"] if found else ""
    return [(one["path"][len(start) :], one["depth"]) for one in found]


@pytest.fixture(params=["system", "confined", "memory"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Any, str]:
    """Files, and a folder in which they may be made."""
    if request.param == "memory":
        return MemoryFiles(), "/some"
    return (SystemFiles() if request.param == "system" else ConfinedFiles(tmp_path)), str(tmp_path)


def test_a_walk_goes_into_each_folder_before_it_goes_on(world: tuple[Any, str]) -> None:
    files, root = world
    small_tree(files, root)
    everything = [("", 0), ("/a.txt", 1), ("/b", 1), ("/b/.hidden", 2), ("/b/c", 2), ("/b/c/deep.txt", 3)]
    assert walked(files, root) == everything
    assert walked(files, root, 1) == [one for one in everything if one[1] <= 1]
    assert walked(files, f"{root}/a.txt") == [("", 0)]
    assert walked(files, f"{root}/none") == []
    assert files.walk(root, 0, False, MANY)[0] == {"path": root, "is_dir": True, "is_file": False, "depth": 0}
    with pytest.raises(LimitReached):
        files.walk(root, None, False, 5)


def test_relative_paths_are_walked_as_whole_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    small_tree(SystemFiles(), ".")
    for written in (".", "", "./", "././"):
        assert SystemFiles().whole(written) == str(tmp_path)
    assert [SystemFiles().whole(path) for path in ("/", "/a/./b/", "b//c")] == ["/", "/a/b", f"{tmp_path}/b/c"]
    assert SystemFiles().walk("./b", 1, False, MANY)[1]["path"] == f"{tmp_path}/b/.hidden"


def test_a_file_or_folder_gets_another_place(world: tuple[Any, str]) -> None:
    files, root = world
    small_tree(files, root)
    files.move(f"{root}/a.txt", f"{root}/b/c/deep.txt")
    files.move(f"{root}/b", f"{root}/moved")
    assert files.read_text(f"{root}/moved/c/deep.txt") == "a"
    assert walked(files, root) == [
        ("", 0), ("/moved", 1), ("/moved/.hidden", 2), ("/moved/c", 2), ("/moved/c/deep.txt", 3),
    ]  # fmt: skip
    for source, target in (("none", "x"), ("moved", "moved/c/inside"), ("moved/.hidden", "moved/c")):
        with pytest.raises(HarnError, match="move_file: copy failed: "):
            files.move(f"{root}/{source}", f"{root}/{target}")
    assert files.exists(f"{root}/moved/.hidden")


def test_between_devices_a_file_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    renamed = os.replace

    def replace(source: str, target: str) -> None:
        if os.path.dirname(source) != os.path.dirname(target):
            raise OSError(18, os.strerror(18))
        renamed(source, target)

    monkeypatch.setattr(os, "replace", replace)
    (tmp_path / "one").mkdir()
    (tmp_path / "a").write_text("text")
    (tmp_path / "a").chmod(0o640)
    SystemFiles().move(str(tmp_path / "a"), str(tmp_path / "one" / "b"))
    assert [one.name for one in (tmp_path / "one").iterdir()] == ["b"]
    assert (tmp_path / "one" / "b").stat().st_mode & 0o777 == 0o640
    assert not (tmp_path / "a").exists()
    with pytest.raises(HarnError, match=r"Invalid cross-device link \(os error 18\)"):
        SystemFiles().move(str(tmp_path / "one"), str(tmp_path / "two" / "one"))


def test_a_copy_keeps_permissions_and_takes_only_files(tmp_path: Path) -> None:
    files = SystemFiles()
    source, target = tmp_path / "a.sh", tmp_path / "b.sh"
    source.write_text("long content")
    source.chmod(0o750)
    target.write_text("longer content than that of the source")
    files.copy(str(source), str(target))
    assert (target.read_text(), target.stat().st_mode & 0o777) == ("long content", 0o750)
    files.copy(str(source), str(source))
    assert source.read_text() == "long content"
    os.mkfifo(tmp_path / "pipe")
    for name in (".", "pipe"):
        with pytest.raises(HarnError, match="Failed to copy"):
            files.copy(str(tmp_path / name), str(tmp_path / "c"))
    assert not (tmp_path / "c").exists()


def test_what_is_kept_is_old_or_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = SystemFiles()
    path = tmp_path / "deep" / "state.json"
    files.keep(str(path), b"first")
    (tmp_path / "link").symlink_to(path)
    files.keep(str(tmp_path / "link"), b"second")
    assert (tmp_path / "link").is_symlink()
    assert path.read_bytes() == b"second"

    def fails(source: str, target: str) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "replace", fails)
    with pytest.raises(HarnError, match="No space left on device"):
        files.keep(str(path), b"third")
    assert path.read_bytes() == b"second"
    assert [one.name for one in path.parent.iterdir()] == ["state.json"]


def test_a_link_in_a_removed_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "file").write_text("keep")
    (tmp_path / "away" / "below").mkdir(parents=True)
    (tmp_path / "away" / "below" / "link").symlink_to(tmp_path / "precious")
    (tmp_path / "away" / "link").symlink_to(tmp_path / "precious")
    SystemFiles().delete(str(tmp_path / "away"))
    assert [one.name for one in tmp_path.iterdir()] == ["precious"]
    assert (tmp_path / "precious" / "file").read_text() == "keep"


def test_a_folder_deeper_than_any_stack_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkdir("top")
    os.chdir("top")
    for _ in range(3_000):
        os.mkdir("d")
        os.chdir("d")
    Path("file").write_text("x")
    os.chdir(tmp_path)
    trees.remove("top")
    assert list(tmp_path.iterdir()) == []


def test_links_are_followed_where_that_is_asked_but_never_in_a_circle(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "file").write_text("")
    (tmp_path / "a" / "back").symlink_to(tmp_path)
    (tmp_path / "also").symlink_to(tmp_path / "a")
    (tmp_path / "dangling").symlink_to(tmp_path / "none")
    below = [one for one, _ in walked(SystemFiles(), str(tmp_path))]
    assert below == ["", "/a", "/a/back", "/a/file", "/also", "/dangling"]
    below = [one for one, _ in walked(SystemFiles(), str(tmp_path), follow=True)]
    assert below == ["", "/a", "/a/file", "/also", "/also/file", "/dangling"]


def test_nothing_leads_out_of_a_confined_folder(tmp_path: Path) -> None:
    outside, root = tmp_path / "outside", tmp_path / "root"
    outside.mkdir()
    root.mkdir()
    (outside / "secret").write_text("s")
    (root / "link").symlink_to(outside)
    (root / "own").write_text("mine")
    files = ConfinedFiles(root)
    assert [one for one, _ in walked(files, str(root), follow=True)] == ["", "/own"]
    for act in (
        lambda: files.move("link/secret", "stolen"),
        lambda: files.move("own", "link/own"),
        lambda: files.move("own", "../own"),
        lambda: files.move(".", "inside"),
        lambda: files.copy("link/secret", "stolen"),
        lambda: files.keep("link/state", b""),
        lambda: files.walk("link", None, False, MANY),
        lambda: files.walk("..", None, False, MANY),
    ):
        with pytest.raises(HarnError, match="lies outside of the folder"):
            act()
    files.move("link", "renamed")  # the link itself
    assert (root / "renamed").is_symlink()
    assert sorted(one.name for one in outside.iterdir()) == ["secret"]
    files.delete("renamed")
    assert (outside / "secret").exists()


def test_where_there_are_no_files_nothing_is_done(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    a, b = str(tmp_path / "a"), str(tmp_path / "b")
    files = NoFiles()
    for act in (
        lambda: files.move(a, b),
        lambda: files.copy(a, b),
        lambda: files.keep(b, b""),
        lambda: files.kept(a),
        lambda: files.walk(a, None, False, MANY),
        lambda: files.delete(a),
        lambda: files.names(str(tmp_path)),
        lambda: files.facts(a),
        lambda: files.make_folder(b),
        lambda: files.append(a, b""),
    ):
        with pytest.raises(HarnError, match="policy"):
            act()
    assert [one.name for one in tmp_path.iterdir()] == ["a"]


def test_the_nearest_folder_above_with_a_name(tmp_path: Path) -> None:
    files = SystemFiles()
    (tmp_path / "harn.toml").write_text("")
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    assert files.above(str(inner), "harn.toml") == str(tmp_path)
    (tmp_path / "a" / ".git").mkdir()
    assert files.above(str(inner), "harn.toml") is None
    assert ConfinedFiles(inner).above(str(inner), "harn.toml") is None
    assert NoFiles().above("/", "harn.toml") is None


def test_where_state_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARN_STATE_DIR", "elsewhere")
    assert SystemFiles().roots("/p")["worktrees"] == "/p/elsewhere/worktrees"
    plain = {"state": "/p/.harn", "runs": "/p/.harn-runs", "worktrees": "/p/.harn/worktrees"}
    assert state_roots("/p", {}) == MemoryFiles().roots("/p") == plain
    assert state_roots("/p", {"HARN_STATE_DIR": "/var/s", "HARN_WORKTREE_DIR": "w"}) == {
        "state": "/var/s", "runs": "/p/.harn-runs", "worktrees": "/p/w",
    }  # fmt: skip
    assert ConfinedFiles(tmp_path).roots("/p")["state"] == str(tmp_path / ".harn")
    assert NoFiles().roots("/p") == plain


def test_names_that_are_no_utf8_can_be_shown(tmp_path: Path) -> None:
    os.close(os.open(os.fsencode(tmp_path) + b"/caf\xe9", os.O_CREAT))
    assert SystemFiles().names(str(tmp_path)) == ["caf\ufffd"]
    assert walked(SystemFiles(), str(tmp_path)) == [("", 0), ("/caf\ufffd", 1)]
