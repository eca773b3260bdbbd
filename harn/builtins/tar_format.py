"""Tar archives: a row of blocks of 512 bytes, a header and then the content for each entry, two empty blocks at the end.

    name 100 | mode 8 | owner 16 | size 12 | time 12 | checksum 8 | type 1 | link 100 | magic 8 | ... | prefix 155

Numbers are octal digits, or with the first bit set a big-endian number. A name that does not fit stands in an entry of its own
before its entry: of type ``x`` as a record ``path=...`` (POSIX), of type ``L`` as its content (GNU). Both are read, the first
is written. Nothing here recurses or seeks back, and no entry holds more than the archive itself.
"""

from __future__ import annotations

from harn.source.typing import Iterator, NamedTuple

BLOCK = 512
_END = bytes(2 * BLOCK)
_LONGEST_NAME = 100
_FILES, _FOLDER = b"0\x007", b"5"
_POSIX_NAME, _GNU_NAME = b"x", b"L"


class TarFault(ValueError):
    """Bytes that are no tar archive; the message says why."""


class Entry(NamedTuple):
    """A file of an archive. ``mode`` holds the twelve bits of its permissions."""

    path: str
    content: bytes
    mode: int


# ------------------------------------------------------------------------------------------------------------ writing


def write_tar(entries: list[Entry]) -> bytes:
    """The archive of some entries, in their order; a path that ends with a slash is a folder. Times and owners are 0."""
    out: list[bytes] = []
    for path, content, mode in entries:
        name = path.encode("utf-8", "surrogatepass")
        if len(name) > _LONGEST_NAME:
            out += _member(b"@LongName", _record(b"path", name), 0o644, _POSIX_NAME)
        out += _member(name[:_LONGEST_NAME], content, mode, _FOLDER if path.endswith("/") else b"0")
    return b"".join([*out, _END])


def _member(name: bytes, content: bytes, mode: int, kind: bytes) -> list[bytes]:
    head = name.ljust(100, b"\0") + b"%07o\0" % mode + b"0000000\0" * 2 + b"%011o\0" % len(content) + b"%011o\0" % 0
    rest = kind + bytes(100) + (b"ustar\x0000" if kind == _POSIX_NAME else b"ustar  \0")
    checksum = b"%07o\0" % (sum(head) + sum(rest) + 8 * 0x20)
    return [(head + checksum + rest).ljust(BLOCK, b"\0"), content, bytes(-len(content) % BLOCK)]


def _record(key: bytes, value: bytes) -> bytes:
    """``length key=value`` and a line break; the length counts its own digits."""
    bare = len(key) + len(value) + 3
    length = bare + len(str(bare))
    length = bare + len(str(length))
    return b"%d %b=%b\n" % (length, key, value)


# ------------------------------------------------------------------------------------------------------------ reading


def read_tar(data: bytes) -> Iterator[Entry]:
    """The files of an archive, in order; folders, links and devices are passed over. TarFault where it is damaged."""
    place = 0
    name: bytes | None = None
    records: dict[bytes, bytes] = {}
    while place < len(data):
        header = data[place : place + BLOCK]
        if len(header) < BLOCK:
            raise TarFault("unexpected end of archive")
        if not header.strip(b"\0"):
            return
        _check(header)
        kind = header[156:157]
        size = _number(header[124:136])
        if b"size" in records and kind not in (_POSIX_NAME, _GNU_NAME):
            size = _decimal(records[b"size"])
        place += BLOCK
        content = data[place : place + size]
        if len(content) < size:
            raise TarFault("unexpected end of archive")
        place += size + -size % BLOCK
        if kind == _GNU_NAME:
            name = content.partition(b"\0")[0]
        elif kind == _POSIX_NAME:
            records = _records(content)
        else:
            path = records.get(b"path") or name or _short_name(header)
            if kind == b"S" or any(key.startswith(b"GNU.sparse") for key in records):
                raise TarFault("sparse files are not supported")
            if kind in _FILES and not path.endswith(b"/"):
                yield Entry(_decoded(path), content, _number(header[100:108]) & 0o7777)
            name, records = None, {}


def _check(header: bytes) -> None:
    blanked = header[:148] + b" " * 8 + header[156:]
    given = _number(header[148:156])
    signed = sum(byte - 256 if byte > 127 else byte for byte in blanked)
    if given != sum(blanked) and given != signed:
        raise TarFault("archive header checksum mismatch")


def _number(field: bytes) -> int:
    if field[0] & 0x80:
        if field[0] & 0x40:
            raise TarFault("negative number in an archive header")
        return int.from_bytes(field, "big") & ((1 << (8 * len(field) - 1)) - 1)
    digits = field.partition(b"\0")[0].strip(b" ")
    if digits.strip(b"01234567"):
        raise TarFault("invalid number in an archive header")
    return int(digits or b"0", 8)


def _short_name(header: bytes) -> bytes:
    name, prefix = (field.partition(b"\0")[0] for field in (header[:100], header[345:500]))
    return prefix + b"/" + name if prefix and header[257:263] == b"ustar\0" else name


def _records(content: bytes) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    place = 0
    while place < len(content) and content[place]:
        blank = content.find(b" ", place, place + 20)
        length = _decimal(content[place : max(blank, place)])
        record = content[place : place + length]
        key, equals, value = record[blank + 1 - place : -1].partition(b"=")
        if len(record) < length or record[-1:] != b"\n" or not equals:
            raise TarFault("invalid extended header")
        found[key] = value
        place += length
    return found


def _decimal(digits: bytes) -> int:
    if not digits or len(digits) > 19 or digits.strip(b"0123456789"):
        raise TarFault("invalid extended header")
    return int(digits)


def _decoded(path: bytes) -> str:
    try:
        return path.decode("utf-8")
    except UnicodeDecodeError:
        raise TarFault("entry path is not valid UTF-8") from None
