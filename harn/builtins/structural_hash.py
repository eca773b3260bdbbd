"""A number made of a value's kind and content, for buckets and indexes; ``sha256`` and its kin are for anything else."""

from __future__ import annotations

from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.values.hash_keys import hash_key
from harn.values.operators import wrap
from harn.vm.frame import AGAIN, Answer, Done, Native
from harn.vm.machine import Context

_BASIS = 0xCBF29CE484222325
_PRIME = 0x100000001B3
_SLICE = 10_000
"""Bytes hashed between two looks of the safepoint: about a millisecond."""


class Fnv1a(Native):
    """The 64-bit FNV-1a hash of ``data``."""

    __slots__ = ("data", "done", "hash")
    name = "hash_value"

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.done = 0
        self.hash = _BASIS

    def resume(self, value: Any) -> Answer:
        number = self.hash
        for byte in self.data[self.done : self.done + _SLICE]:
            number = (number ^ byte) * _PRIME & 0xFFFFFFFFFFFFFFFF
        self.hash = number
        self.done += _SLICE
        return AGAIN if self.done < len(self.data) else Done(wrap(number))


@builtin(
    "hash_value(value?: any) -> int",
    form="native",
    ctx=True,
    examples=[
        ('hash_value("abc")', "323934355992950501"),
        ("hash_value([1, 2]) == hash_value([2, 1])", "false"),
        ("hash_value({a: 1, b: 2}) == hash_value({b: 2, a: 1.0})", "true"),
    ],
)
def hash_value(ctx: Context, value: Any = None) -> Native:
    """A number of 64 bits that equal values share; the same in every run. Values of different kinds have different ones, an int
    and the float it equals have the same.
    """
    return Fnv1a(hash_key(value, ctx.vm.value_bytes))
