"""Archives: tar and zip files as bytes, their entries as dicts of ``path`` and ``content`` (and ``mode``, in tar).

Paths stay inside of the archive: one that is absolute or goes up is refused, both in what is made and in what is read, so that
a program may put a path behind a folder of its own. What is made holds no times and no owners.
"""

from __future__ import annotations

from harn.builtins.byte_texts import data_of
from harn.builtins.tar_format import BLOCK, Entry, TarFault, read_tar, write_tar
from harn.builtins.unpacking import PackingFault, Pieces
from harn.catalog.record import builtin
from harn.source.typing import Any, Iterator
from harn.values.errors import runtime_error
from harn.values.kinds import Struct, type_name
from harn.values.operators import check_size
from harn.vm.machine import Context

_USUAL_MODE = 0o644
_LONGEST_NAME = 65_535
"""Bytes of a name in a zip archive."""
_ENTRY = 500
"""Bytes of memory that an entry takes at least."""


def _stays_inside(path: str) -> bool:
    """Whether a path names something below the folder it is put behind, on any system."""
    parts = path.replace("\\", "/").split("/")
    drive = len(parts[0]) == 2 and parts[0][1] == ":" and len(parts) > 1
    return "\0" not in path and parts[0] != "" and not drive and ".." not in parts


def _entries(builtin: str, given: list[Any]) -> Iterator[tuple[Entry, Any]]:
    """The entries to be written, and what was given for each; a runtime error names the first that cannot be."""
    for number, one in enumerate(given, 1):
        fields = one.fields if one.__class__ is Struct else one if one.__class__ is dict else {}
        entry = f"{builtin}: entry {number}"
        for name in ("path", "content"):
            if name not in fields:
                raise runtime_error(f"{entry} is missing {name}")
            if name == "path":
                _check_path(entry, fields["path"])
        content = fields["content"]
        if content.__class__ is not bytes and content.__class__ is not str:
            raise runtime_error(f"{entry} content must be bytes or string, got {type_name(content)}")
        data = data_of(content)
        if data and fields["path"].endswith("/"):
            raise runtime_error(f"{entry} path names a folder, which has no content")
        yield Entry(fields["path"], data, _USUAL_MODE), fields.get("mode")


def _check_path(entry: str, path: Any) -> None:
    if path.__class__ is not str:
        raise runtime_error(f"{entry} path must be a string, got {type_name(path)}")
    if not path:
        raise runtime_error(f"{entry} path must not be empty")
    if not _stays_inside(path):
        raise runtime_error(f"{entry} path leaves the archive: {path}")


@builtin(
    "tar_create(entries: list) -> bytes",
    ctx=True,
    examples=[('bytes_len(tar_create([{path: "a.txt", content: "x"}]))', "2048")],
)
def tar_create(ctx: Context, entries: list[Any]) -> bytes:
    """A tar archive of `{path, content, mode}`, content being bytes or a text. A path that ends with `/` is a folder."""
    found: list[Entry] = []
    size = 0
    for number, (entry, mode) in enumerate(_entries("tar_create", entries), 1):
        if mode is not None and mode.__class__ is not int:
            raise runtime_error(f"tar_create: entry {number} mode must be an int, got {type_name(mode)}")
        if mode is not None and not 0 <= mode <= 0o7777:
            raise runtime_error(f"tar_create: entry {number} mode must be between 0 and {0o7777}")
        found.append(entry if mode is None else entry._replace(mode=mode))
        size += len(entry.content) + 2 * BLOCK
        check_size(size, ctx.vm.value_bytes)
    return write_tar(found)


@builtin(
    "tar_extract(archive: bytes) -> list<{path: string, content: bytes, mode: int}>",
    ctx=True,
    examples=[
        (
            'tar_extract(tar_create([{path: "a.txt", content: "x", mode: 493}]))',
            '[{content: b"78", mode: 493, path: a.txt}]',
        )
    ],
)
def tar_extract(ctx: Context, archive: bytes) -> list[dict[str, Any]]:
    """The files of a tar archive: `{path, content, mode}`. Folders, links and devices are passed over."""
    found: list[dict[str, Any]] = []
    try:
        for path, content, mode in read_tar(archive):
            _check_found("tar_extract", len(found) + 1, path)
            found.append({"path": path, "content": content, "mode": mode})
            check_size(_ENTRY * len(found), ctx.vm.value_bytes)
    except TarFault as fault:
        raise runtime_error(f"tar_extract: {fault}") from None
    return found


def _check_found(builtin: str, number: int, path: str) -> None:
    if not _stays_inside(path):
        raise runtime_error(f"{builtin}: entry {number} path leaves the archive: {path[:200]}")


# ---------------------------------------------------------------------------------------------------------------- zip


@builtin(
    "zip_create(entries: list) -> bytes",
    ctx=True,
    examples=[('bytes_to_hex(bytes_slice(zip_create([{path: "a", content: "x"}]), 0, 4))', "504b0304")],
)
def zip_create(ctx: Context, entries: list[Any]) -> bytes:
    """A zip archive of `{path, content}`, content being bytes or a text. A path that ends with `/` is a folder."""
    from io import BytesIO
    from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

    out = BytesIO()
    taken: set[str] = set()
    size = 0
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for entry, _ in _entries("zip_create", entries):
            if entry.path in taken:
                raise runtime_error(f"zip_create: entry {len(taken) + 1} path is there already: {entry.path}")
            if len(data_of(entry.path)) > _LONGEST_NAME:
                raise runtime_error(f"zip_create: entry {len(taken) + 1} path is longer than {_LONGEST_NAME} bytes")
            taken.add(entry.path)
            size += len(entry.content) + len(entry.path)
            check_size(size, ctx.vm.value_bytes)
            info = ZipInfo(entry.path)  # without a time it is from 1980
            info.create_system, info.external_attr = 3, (0o100000 | entry.mode) << 16
            info.compress_type = ZIP_DEFLATED
            archive.writestr(info, entry.content)
    return out.getvalue()


@builtin(
    "zip_extract(archive: bytes) -> list<{path: string, content: bytes}>",
    ctx=True,
    examples=[('zip_extract(zip_create([{path: "a", content: "x"}]))', '[{content: b"78", path: a}]')],
)
def zip_extract(ctx: Context, archive: bytes) -> list[dict[str, Any]]:
    """The files of a zip archive: `{path, content}`, together no larger than a value may be. Folders are passed over."""
    import struct
    import zlib
    from io import BytesIO
    from zipfile import BadZipFile, ZipFile

    damage = (BadZipFile, OSError, EOFError, ValueError, OverflowError, NotImplementedError, struct.error, zlib.error)
    found: list[dict[str, Any]] = []
    pieces = Pieces(ctx.vm.value_bytes)
    try:
        opened = ZipFile(BytesIO(archive))
        for info in opened.infolist():
            if not info.filename.endswith("/"):
                _check_found("zip_extract", len(found) + 1, info.filename)
                check_size(_ENTRY * len(found), ctx.vm.value_bytes)
                found.append({"path": info.filename, "content": _unzipped(opened, info, pieces)})
    except damage as fault:
        raise runtime_error(f"zip_extract: {str(fault) or 'the archive is damaged'}") from None
    return found


def _unzipped(archive: Any, info: Any, pieces: Pieces) -> bytes:
    """The content of one entry; ``pieces`` counts what all entries hold together."""
    from zipfile import ZIP_DEFLATED, ZIP_STORED

    if info.flag_bits & 1:
        raise PackingFault("encrypted entries are not supported")
    if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise PackingFault(f"compression method {info.compress_type} is not supported")
    pieces.parts.clear()
    with archive.open(info) as stream:
        while piece := stream.read(2**16):
            pieces.add(piece)
    return pieces.joined()
