"""Running programs with many tasks on a clock that only moves when somebody sleeps, their turns drawn from a seed."""

from __future__ import annotations

from typing import Any, NamedTuple

import harn
from harn.embed.running import Running
from harn.host.clock import VirtualClock
from harn.host.host import Host
from harn.vm.machine import Machine


class Ran(NamedTuple):
    """The value of a program that has ended, what it printed, and its machine."""

    value: Any
    output: str
    vm: Machine


def scheduled(source: str, seed: int | None = None) -> Ran:
    """Run a program to its end; without a seed in the order tasks get ready."""
    running = Running(host=Host.system().replacing(clock=VirtualClock()))
    running.vm.tasks.seed = seed
    result = running.finish(harn.compile(source)._code(running, None))
    return Ran(result.value, result.stdout, running.vm)
