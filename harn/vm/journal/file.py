"""The file of a journal: records that are only ever added at its end.

    magic      8 bytes, the last of them the version of the format
    record     length u32, kind u8, zero u8, check u16 | checksum u32 | as many bytes as the length says

``check`` covers the first six bytes, so that a length can be trusted before what it spans is read; the checksum covers the
bytes and the record's number, so that no record can be missing, doubled or in another place. A record that the file ends in
the middle of was being written when its process died: it is cut off when the file is opened to go on. Anything else that
does not fit is damage, and told.
"""

from __future__ import annotations

import os
import stat
from struct import Struct
from zlib import crc32

from harn.source.typing import TYPE_CHECKING, Callable, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

MAGIC = b"HARNJL\x00\x01"

_FRONT = Struct("<IBx")
_HEAD = Struct("<IBxHI")
_MOST = 2**32 - 1
_BLOCK = 2**16


class JournalError(Exception):
    """The journal cannot be used; the message is for the user."""


class Record(NamedTuple):
    """One record as it stands in the file. ``place``: the offset of its first byte."""

    kind: int
    payload: bytes
    place: int


class JournalFile:
    """An open journal, locked for this process as long as it is open.

    ``write`` collects, ``flush`` hands everything over to the system (what survives the death of the process), ``sync`` to the
    disk (what survives a loss of power). JournalError where the file cannot be used or no longer be written.
    """

    def __init__(self, path: str, handle: int, count: int, size: int) -> None:
        self.path = path
        self.count = count
        self.size = size
        self._handle = handle
        self._parts: list[bytes] = []
        self._reads_only = False

    @classmethod
    def create(cls, path: str) -> JournalFile:
        """A new journal. JournalError where there is a file with anything in it, but for a journal that never had a record."""
        handle = _open(path, os.O_RDWR | os.O_CREAT)
        try:
            lock(handle, path)
            if cls(path, handle, 0, 0)._holds_anything():
                raise JournalError(
                    f"{path} is not empty: `harn resume {path}` goes on with the run it holds; delete it to start anew"
                )
            os.ftruncate(handle, 0)
            file = cls(path, handle, 0, len(MAGIC))
            file._parts.append(MAGIC)  # goes out with the first record, so that no file is without one
        except BaseException:
            os.close(handle)
            raise
        return file

    @classmethod
    def reopen(cls, path: str) -> JournalFile:
        """An existing journal, to be read and then gone on with."""
        handle = _open(path, os.O_RDWR)
        try:
            lock(handle, path)
        except BaseException:
            os.close(handle)
            raise
        return cls(path, handle, 0, 0)

    @classmethod
    def look(cls, path: str) -> JournalFile:
        """An existing journal, to be read only; a run may be going on."""
        file = cls(path, _open(path, os.O_RDONLY), 0, 0)
        file._reads_only = True
        return file

    def records(self) -> Iterator[Record]:
        """Every record from the beginning. When it is exhausted, a record that was cut short is gone from the file."""
        end = os.fstat(self._handle).st_size
        with open(os.dup(self._handle), "rb") as source:
            source.seek(0)
            magic = source.read(len(MAGIC))
            if magic != MAGIC:
                raise JournalError(_stranger(self.path, magic))
            self.count, self.size = 0, len(MAGIC)
            while self.size < end:
                record = self._next(source.read, end)
                if record is None:
                    break
                self.count += 1
                self.size += _HEAD.size + len(record.payload)
                yield record
        if self.size < end and not self._reads_only:
            os.ftruncate(self._handle, self.size)

    def _holds_anything(self) -> bool:
        content = os.pread(self._handle, len(MAGIC), 0) if hasattr(os, "pread") else MAGIC
        if len(content) < len(MAGIC):
            return not MAGIC.startswith(content)
        try:
            return any(True for _ in self.records())
        except JournalError:
            return True

    def _next(self, read: Callable[[int], bytes], end: int) -> Record | None:
        """The record at ``size``; None where it was never written to its end."""
        head = read(_HEAD.size)
        if len(head) < _HEAD.size:
            return None
        length, kind, check, checksum = _HEAD.unpack(head)
        if check != crc32(head[: _FRONT.size]) & 0xFFFF:
            if _zeros(read):
                return None
            raise self._damaged("its head does not match its checksum")
        if self.size + _HEAD.size + length > end:
            return None
        payload = read(length)
        if len(payload) < length:
            return None
        if crc32(payload, self.count) != checksum:
            if _zeros(read):
                return None
            raise self._damaged("its checksum does not match")
        return Record(kind, payload, self.size)

    def _damaged(self, why: str) -> JournalError:
        return JournalError(f"{self.path} is damaged: record {self.count + 1}, at byte {self.size}: {why}")

    def write(self, kind: int, payload: bytes) -> None:
        """Add a record; it may stay with this process until ``flush``."""
        if len(payload) > _MOST:
            raise JournalError(f"{self.path}: one record would take {len(payload):,} bytes")
        front = _FRONT.pack(len(payload), kind)
        head = _HEAD.pack(len(payload), kind, crc32(front) & 0xFFFF, crc32(payload, self.count))
        self._parts.append(head)
        self._parts.append(payload)
        self.count += 1
        self.size += len(head) + len(payload)
        if len(payload) >= _BLOCK:
            self.flush()

    def flush(self) -> None:
        """See to it that every record written outlives this process."""
        parts = self._parts
        if parts:
            self._parts = []
            self._append(b"".join(parts))

    def sync(self) -> None:
        """See to it that every record written is on the disk."""
        self.flush()
        try:
            os.fdatasync(self._handle) if hasattr(os, "fdatasync") else os.fsync(self._handle)
        except OSError as error:
            raise self._failed(error) from None

    def close(self) -> None:
        """Flush, and let others have the file."""
        if self._handle >= 0:
            handle, self._handle = self._handle, -1
            try:
                parts, self._parts = self._parts, []
                if parts:
                    _write_all(handle, b"".join(parts))
            except OSError as error:
                raise self._failed(error) from None
            finally:
                os.close(handle)

    def _append(self, data: bytes) -> None:
        try:
            _write_all(self._handle, data)
        except OSError as error:
            raise self._failed(error) from None

    def _failed(self, error: OSError) -> JournalError:
        return JournalError(f"the journal {self.path} cannot be written: {error.strerror}")


def lock(handle: int, path: str) -> None:
    """Keep other processes off an open file until it is closed or this process ends. JournalError where one has it."""
    try:
        import fcntl
    except ImportError:  # Windows
        _lock_first_byte(handle, path)
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise _in_use(path) from None
    except OSError as error:
        raise JournalError(f"{path} cannot be locked: {error.strerror}") from None


def _lock_first_byte(handle: int, path: str) -> None:
    import msvcrt

    os.lseek(handle, 0, os.SEEK_SET)
    try:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    except OSError:
        raise _in_use(path) from None


def _in_use(path: str) -> JournalError:
    return JournalError(f"{path} is in use: the run it holds is going on in another process")


def _open(path: str, flags: int) -> int:
    flags |= os.O_APPEND | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        handle = os.open(path, flags, 0o600)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise JournalError(f"cannot open {path}: {reason}") from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise JournalError(f"{path} is no regular file")
    return handle


def _write_all(handle: int, data: bytes) -> None:
    done = os.write(handle, data)
    while done < len(data):
        done += os.write(handle, memoryview(data)[done:])


def _zeros(read: Callable[[int], bytes]) -> bool:
    """Whether nothing follows but zeros: room the system had made, but not filled, when the power went."""
    while block := read(_BLOCK):
        if any(block):
            return False
    return True


def _stranger(path: str, magic: bytes) -> str:
    if not magic:
        return f"{path} is empty: it holds no run"
    if magic[:-1] == MAGIC[:-1]:
        return f"{path} is a journal of format {magic[-1]}; this version of Harn reads format {MAGIC[-1]}"
    return f"{path} is no journal of a Harn run"
