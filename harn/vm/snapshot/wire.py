"""The bytes of a snapshot, below all meaning: numbers, texts, tables of texts, and the frame around the whole.

    bytes 0..7    magic
    byte  7       version of the format
    bytes 8..40   SHA-256 of everything behind them
    then          the body (see ``harn.vm.snapshot.encoder``)

A count is written before what it counts and takes at least a byte for each, so that a damaged count is met before anything is
made of it. Ints take seven bits a byte, lowest first, their sign in the lowest bit.
"""

from __future__ import annotations

import struct

from harn.source.digest import SIZE, digest
from harn.source.typing import Any
from harn.vm.snapshot.errors import SnapshotError, damaged

MAGIC = b"HARNRUN"
VERSION = 1
"""To be raised whenever the layout of the body changes; what classes hold is compared class by class."""

_HEAD = len(MAGIC) + 1 + SIZE
_LONGEST = 1_200
"""Bytes of the longest int there may be."""

_FLOAT = struct.Struct("<d")


def sealed(body: bytes) -> bytes:
    """A body with magic, version and checksum before it."""
    return MAGIC + bytes((VERSION,)) + digest(body) + body


def unsealed(data: bytes) -> bytes:
    """The body again. SnapshotError where these are no bytes of a snapshot, of another version, or damaged."""
    if data[: len(MAGIC)] != MAGIC or len(data) < _HEAD:
        raise SnapshotError("this is no snapshot of a Harn run")
    version = data[len(MAGIC)]
    if version != VERSION:
        raise SnapshotError(f"the snapshot has version {version} of the format, this Harn reads version {VERSION}")
    body = data[_HEAD:]
    if digest(body) != data[len(MAGIC) + 1 : _HEAD]:
        raise damaged("its checksum does not match")
    return body


class Writer:
    """Bytes that grow."""

    __slots__ = ("out",)

    def __init__(self) -> None:
        self.out = bytearray()

    def number(self, number: int) -> None:
        """An int of at least 0."""
        out = self.out
        while number > 127:
            out.append(number & 127 | 128)
            number >>= 7
        out.append(number)

    def signed(self, number: int) -> None:
        """Any int."""
        self.number(number << 1 if number >= 0 else (-number << 1) - 1)

    def real(self, number: float) -> None:
        """A float, NaN and zeros bit by bit."""
        self.out += _FLOAT.pack(number)

    def blob(self, data: bytes) -> None:
        """Bytes with their length before them."""
        self.number(len(data))
        self.out += data

    def text(self, text: str) -> None:
        """A text; half surrogate pairs travel too."""
        self.blob(text.encode("utf-8", "surrogatepass"))


class Reader:
    """Reads what a ``Writer`` wrote; SnapshotError where the bytes end too early or say what no writer says."""

    __slots__ = ("data", "place")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.place = 0

    def byte(self) -> int:
        """One byte."""
        place = self.place
        if place >= len(self.data):
            raise damaged("it ends too early")
        self.place = place + 1
        return self.data[place]

    def number(self) -> int:
        """An int of at least 0."""
        data, place = self.data, self.place
        if place < len(data) and data[place] < 128:
            self.place = place + 1
            return data[place]
        found = shift = 0
        end = min(len(data), place + _LONGEST)
        while place < end:
            byte = data[place]
            place += 1
            found |= (byte & 127) << shift
            if byte < 128:
                self.place = place
                return found
            shift += 7
        raise damaged("a number has no end")

    def signed(self) -> int:
        """Any int."""
        number = self.number()
        return -(number + 1 >> 1) if number & 1 else number >> 1

    def count(self) -> int:
        """How many things follow, none of which takes less than a byte."""
        number = self.number()
        if number > len(self.data) - self.place:
            raise damaged("it ends too early")
        return number

    def real(self) -> float:
        """A float."""
        return float(_FLOAT.unpack(self.take(_FLOAT.size))[0])

    def take(self, size: int) -> bytes:
        """That many bytes."""
        place = self.place
        if size > len(self.data) - place:
            raise damaged("it ends too early")
        self.place = place + size
        return self.data[place : place + size]

    def blob(self) -> bytes:
        """Bytes with their length before them."""
        return self.take(self.number())

    def text(self) -> str:
        """A text."""
        try:
            return self.blob().decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            raise damaged("a text is no text") from None

    def among(self, table: list[Any]) -> Any:
        """An entry of a table, by its number."""
        number = self.number()
        if number >= len(table):
            raise damaged("it names what it does not hold")
        return table[number]
