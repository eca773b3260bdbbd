"""Tar and zip: round trips, archives of other programs, damage, and paths that would lead out."""

from __future__ import annotations

import tarfile
import zipfile
from io import BytesIO
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from harn.builtins.tar_format import BLOCK
from harn.values.errors import HarnError, LimitReached
from tests.builtins.driving import call

segments = st.text(
    st.characters(exclude_characters="/\\\0", exclude_categories=["Cs"]), min_size=1, max_size=40
).filter(lambda text: text not in (".", "..") and not text.endswith(":"))
paths = st.lists(segments, min_size=1, max_size=6).map("/".join)
contents = st.one_of(st.binary(max_size=40), st.sampled_from([b"", bytes(BLOCK), bytes(BLOCK + 1)]))
entries = st.lists(
    st.fixed_dictionaries({"path": paths, "content": contents, "mode": st.integers(0, 0o7777)}),
    max_size=4,
    unique_by=lambda entry: entry["path"],
)


def fault(name: str, *args: Any) -> str:
    with pytest.raises(HarnError) as caught:
        call(name, *args)
    return str(caught.value).removeprefix(f"Runtime error: {name}: ")


# ---------------------------------------------------------------------------------------------------------------- tar


@given(entries)
@example([{"path": "a" * 100, "content": b"", "mode": 0}, {"path": "é/" * 60 + "x", "content": b"1", "mode": 1}])
def test_tar_round_trip(files: list[dict[str, Any]]) -> None:
    archive = call("tar_create", files)
    assert len(archive) % BLOCK == 0
    assert call("tar_create", files) == archive
    assert call("tar_extract", archive) == files
    with tarfile.open(fileobj=BytesIO(archive)) as others:
        read = [(member.name, member.mode, others.extractfile(member).read()) for member in others]  # type: ignore[union-attr]
    assert read == [(one["path"], one["mode"], one["content"]) for one in files]


@given(entries, st.sampled_from([tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]))
def test_tar_files_of_python(files: list[dict[str, Any]], form: int) -> None:
    out = BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for one in files:
            info = tarfile.TarInfo(one["path"])
            info.size, info.mode, info.mtime = len(one["content"]), one["mode"], 1.5
            try:
                archive.addfile(info, BytesIO(one["content"]))
            except ValueError:  # a name that form cannot hold
                return
    assert call("tar_extract", out.getvalue()) == files


def test_what_is_no_file_is_passed_over() -> None:
    out = BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for kind in (tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
            info = tarfile.TarInfo("special")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        archive.addfile(tarfile.TarInfo("file"))
    assert [one["path"] for one in call("tar_extract", out.getvalue())] == ["file"]
    assert call("tar_extract", call("tar_create", [{"path": "folder/", "content": ""}])) == []


def header(name: bytes, size: bytes, kind: bytes = b"0") -> bytes:
    head = name.ljust(100, b"\0") + b"0000644\0" * 3 + size.ljust(12, b"\0") + b"0" * 11 + b"\0"
    rest = kind + bytes(100) + b"ustar\x0000"
    return (head + b"%06o\0 " % (sum(head) + sum(rest) + 256) + rest).ljust(BLOCK, b"\0")


@pytest.mark.parametrize(
    ("archive", "text"),
    [
        (b"no archive", "unexpected end of archive"),
        (b"x" * BLOCK, "invalid number in an archive header"),
        (header(b"a", b"1").replace(b"a", b"b", 1), "archive header checksum mismatch"),
        (header(b"a", b"777"), "unexpected end of archive"),
        (header(b"a", b"\xff" * 12), "negative number in an archive header"),
        (header(b"a", b"\x80" + b"\xff" * 11), "unexpected end of archive"),
        (header(b"\xff", b"0"), "entry path is not valid UTF-8"),
        (header(b"a", b"0", b"S"), "sparse files are not supported"),
        (header(b"a", b"10", b"x") + b"9 size=-5".ljust(BLOCK, b"\0"), "invalid extended header"),
        (
            header(b"a", b"13", b"x") + b"11 path=/x\n".ljust(BLOCK, b"\0") + header(b"b", b"0"),
            "entry 1 path leaves the archive: /x",
        ),
    ],
)
def test_damaged_tar_archives(archive: bytes, text: str) -> None:
    assert fault("tar_extract", archive) == text


def test_chains_of_names_do_not_pile_up() -> None:
    chain = (header(b"a", b"1", b"L") + b"n".ljust(BLOCK, b"\0")) * 3000
    assert call("tar_extract", chain + header(b"b", b"0")) == [{"path": "n", "content": b"", "mode": 0o644}]


@settings(max_examples=100)
@given(st.data())
def test_damaged_tar_archives_never_do_harm(data: st.DataObject) -> None:
    archive = bytearray(call("tar_create", [{"path": "a" * 120, "content": "x" * 600}, {"path": "b", "content": "y"}]))
    for _ in range(data.draw(st.integers(1, 3))):
        archive[data.draw(st.integers(0, len(archive) - 1))] = data.draw(st.integers(0, 255))
    try:
        call("tar_extract", bytes(archive))
    except HarnError:
        pass


# ---------------------------------------------------------------------------------------------------------------- zip


@given(entries)
def test_zip_round_trip(files: list[dict[str, Any]]) -> None:
    archive = call("zip_create", files)
    wanted = [{"path": one["path"], "content": one["content"]} for one in files]
    assert call("zip_create", files) == archive
    assert call("zip_extract", archive) == wanted
    with zipfile.ZipFile(BytesIO(archive)) as others:
        assert others.testzip() is None
        assert others.namelist() == [one["path"] for one in files]


def zipped(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return out.getvalue()


def test_zip_files_of_python() -> None:
    archive = zipped(("folder/", b""), ("é/a", b"x"), ("b", b""), method=zipfile.ZIP_STORED)
    assert call("zip_extract", archive) == [{"path": "é/a", "content": b"x"}, {"path": "b", "content": b""}]


def test_damaged_zip_archives() -> None:
    assert fault("zip_extract", b"nope") == "File is not a zip file"
    assert "compression method 14 is not supported" in fault(
        "zip_extract", zipped(("a", b"x"), method=zipfile.ZIP_LZMA)
    )
    whole = zipped(("a", b"hello"), method=zipfile.ZIP_STORED)
    assert "Bad CRC-32" in fault("zip_extract", whole.replace(b"hello", b"jello"))
    locked = bytearray(whole)
    locked[whole.index(b"PK\x01\x02") + 8] |= 1
    assert fault("zip_extract", bytes(locked)) == "encrypted entries are not supported"


@settings(max_examples=150)
@given(st.data())
def test_damaged_zip_archives_never_do_harm(data: st.DataObject) -> None:
    archive = bytearray(zipped(("a", b"x" * 100), ("b/c", b"y")))
    for _ in range(data.draw(st.integers(1, 4))):
        archive[data.draw(st.integers(0, len(archive) - 1))] = data.draw(st.integers(0, 255))
    try:
        call("zip_extract", bytes(archive), value_bytes=10**6)
    except (HarnError, LimitReached):
        pass


def test_entries_together_end_at_the_limit() -> None:
    archive = zipped(*((str(number), bytes(3 * 10**5)) for number in range(5)))
    with pytest.raises(LimitReached):
        call("zip_extract", archive, value_bytes=10**6)
    with pytest.raises(LimitReached):
        call("zip_create", [{"path": "a", "content": bytes(10**5)}] * 1, value_bytes=10**4)
    with pytest.raises(LimitReached):
        call("tar_create", [{"path": "a", "content": ""}] * 20, value_bytes=10**4)


# -------------------------------------------------------------------------------------------------------------- paths


@pytest.mark.parametrize(
    "path", ["/etc/x", "../x", "a/../../x", "a/..", "..", "\\x", "..\\x", "C:/x", "c:\\x", "a\0b", "//h/x"]
)
def test_paths_stay_inside(path: str) -> None:
    for name in ("tar", "zip"):
        text = f"entry 1 path leaves the archive: {path}"
        assert fault(f"{name}_create", [{"path": path, "content": ""}]) == text
    if "\0" not in path:
        assert fault("zip_extract", zipped((path, b""))) == f"entry 1 path leaves the archive: {path}"
        out = BytesIO()
        with tarfile.open(fileobj=out, mode="w") as archive:
            archive.addfile(tarfile.TarInfo(path))
        assert fault("tar_extract", out.getvalue()) == f"entry 1 path leaves the archive: {path}"


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        (5, "entry 1 is missing path"),
        ({"path": "a/", "content": "x"}, "entry 1 path names a folder, which has no content"),
        ({"path": "a", "content": None}, "entry 1 content must be bytes or string, got nil"),
    ],
)
def test_entries_that_cannot_be_written(entry: Any, text: str) -> None:
    for name in ("tar_create", "zip_create"):
        assert fault(name, [entry]) == text


def test_names_in_a_zip_archive() -> None:
    twice = [{"path": "a", "content": ""}] * 2
    assert fault("zip_create", twice) == "entry 2 path is there already: a"
    assert len(call("tar_extract", call("tar_create", twice))) == 2
    assert fault("zip_create", [{"path": "é" * 40_000, "content": ""}]) == "entry 1 path is longer than 65535 bytes"
