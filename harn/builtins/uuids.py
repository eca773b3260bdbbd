"""UUIDs: names of 128 bits, drawn, derived from other names, or read. They are texts, in small letters with dashes."""

from __future__ import annotations

from harn.builtins.byte_texts import data_of
from harn.builtins.strings import text_of
from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.values.errors import runtime_error
from harn.vm.frame import Answer, Done, Effect, Native, Perform
from harn.vm.machine import Context

_NAMESPACES = {"dns": 0x6BA7B810, "url": 0x6BA7B811, "oid": 0x6BA7B812, "x500": 0x6BA7B814}
"""Word -> the first 32 bits of the namespace of RFC 9562; all four go on with the same 96."""
_NAMESPACES_END = bytes.fromhex("9dad11d180b400c04fd430c8")

AREA = "uuid_v7"
"""Area of the machine: (milliseconds, random 74 bits) of the UUID given last."""
_TAIL_BITS = 74
_STEP_BITS = 32


def uuid_text(data: bytes) -> str:
    """The text of 16 bytes."""
    digits = data.hex()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def marked(data: bytes, version: int) -> bytes:
    """16 bytes with the version and the variant of RFC 9562 written over six of their bits."""
    number = int.from_bytes(data[:16], "big")
    number = number & ~(0xF << 76) | version << 76
    number = number & ~(0b11 << 62) | 0b10 << 62
    return number.to_bytes(16, "big")


def uuid_data(text: str) -> bytes | None:
    """The 16 bytes a text names: 32 digits, the same with dashes, and that in braces or behind ``urn:uuid:``; else None."""
    if len(text) == 38 and text[0] + text[-1] == "{}":
        text = text[1:-1]
    elif len(text) == 45 and text.startswith("urn:uuid:"):
        text = text[9:]
    if len(text) == 36:
        groups = text.split("-")
        if [len(group) for group in groups] != [8, 4, 4, 4, 12]:
            return None
        text = "".join(groups)
    if len(text) != 32 or text.strip("0123456789abcdefABCDEF"):
        return None
    return bytes.fromhex(text)


class RandomUuid(Native):
    """Draws 122 bits."""

    __slots__ = ()
    name = "uuid"

    def start(self) -> Answer:
        return Perform(Effect("random", "bytes", 16, idempotent=True))

    def resume(self, value: Any) -> Answer:
        return Done(uuid_text(marked(value, 4)))


class OrderedUuid(Native):
    """Reads the clock, then draws.

    A UUID that would not come after the one before, because the clock shows the same millisecond or was set back, takes that
    one's time, and its random part plus a random step.
    """

    __slots__ = ("now",)
    name = "uuid_v7"
    in_context = True

    def __init__(self) -> None:
        self.now = -1

    def resume_in(self, context: Context, value: Any) -> Answer:
        if value is None:
            return Perform(Effect("clock", "now_ms", idempotent=True))
        if self.now < 0:
            self.now = max(0, value)
            return Perform(Effect("random", "bytes", 10, idempotent=True))
        drawn = int.from_bytes(value, "big")
        tail = drawn % 2**_TAIL_BITS
        ms, last = context.vm.areas.get(AREA, (-1, 0))
        if self.now > ms:
            ms = self.now
        else:
            tail = last + 1 + drawn % 2**_STEP_BITS
            ms, tail = ms + tail // 2**_TAIL_BITS, tail % 2**_TAIL_BITS
        context.vm.areas[AREA] = (ms, tail)
        # 48 bits of time, 4 of version, 12 random, 2 of variant, 62 random
        number = ms % 2**48 << 80 | tail >> 62 << 64 | tail % 2**62
        return Done(uuid_text(marked(number.to_bytes(16, "big"), 7)))


@builtin("uuid() -> string", form="native", effects=["random"], examples=[("len(uuid())", "36")])
def uuid() -> Native:
    """A random UUID, version 4."""
    return RandomUuid()


@builtin("uuid_v7() -> string", form="native", effects=["clock", "random"], examples=[("uuid_v7()[14]", "7")])
def uuid_v7() -> Native:
    """A UUID of version 7: time first, then chance. Within a run each is greater than the one before."""
    return OrderedUuid()


@builtin(
    "uuid_v5(namespace: any, name: any) -> string",
    examples=[('uuid_v5("dns", "www.example.com")', "2ed6657d-e927-568b-95e1-2665a8aea6a2")],
)
def uuid_v5(namespace: Any, name: Any) -> str:
    """The UUID of version 5 that a name has in a namespace: `dns`, `url`, `oid`, `x500` or a UUID."""
    from hashlib import sha1

    text = text_of(namespace)
    first = _NAMESPACES.get(text.lower().removeprefix("namespace_"))
    space = uuid_data(text) if first is None else first.to_bytes(4, "big") + _NAMESPACES_END
    if space is None:
        raise runtime_error("uuid_v5: namespace must be a UUID or one of dns/url/oid/x500")
    return uuid_text(marked(sha1(space + data_of(name), usedforsecurity=False).digest(), 5))


@builtin(
    "uuid_parse(text?: any) -> string?",
    examples=[
        ('uuid_parse("{6BA7B810-9DAD-11D1-80B4-00C04FD430C8}")', "6ba7b810-9dad-11d1-80b4-00c04fd430c8"),
        ('uuid_parse("not-a-uuid")', "nil"),
    ],
)
def uuid_parse(text: Any = None) -> str | None:
    """A UUID in its usual form: with dashes and small letters; nil for what is none."""
    data = uuid_data(text_of(text))
    return None if data is None else uuid_text(data)


@builtin("uuid_nil() -> string", examples=[("uuid_nil()", "00000000-0000-0000-0000-000000000000")])
def uuid_nil() -> str:
    """The UUID of nothing: all zeros."""
    return uuid_text(bytes(16))
