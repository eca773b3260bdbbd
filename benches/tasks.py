"""What tasks cost: against the same programs written by hand with anyio, in memory, and until a cancellation takes effect.

spawn and await       10,000 tasks that give a number, each spawned and awaited; and the ratio to an anyio task group
parallel              the same by `parallel`
waiting, MB           memory of a whole process with 10,000 tasks that wait for a channel
cancelled loop, ms    from `cancel` of a task in a tight loop to its `finally` block
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from time import perf_counter

import anyio

from benches.timing import medians
from harn.source.file import SourceFile
from harn.tools.bench import Subject

TASKS = 10_000

SPAWN = """\
pipeline default(task) {
  var tasks = []
  for i in 1 to TASKS { tasks = tasks.push(spawn { i * 2 }) }
  var sum = 0
  for one in tasks { sum = sum + await(one) }
  return sum
}
"""
PARALLEL = """\
pipeline default(task) {
  return (parallel TASKS { i -> i * 2 }).sum()
}
"""
WAITING = """\
pipeline default(task) {
  let gate = channel("gate")
  var tasks = []
  for i in 1 to TASKS { tasks = tasks.push(spawn { receive(gate) }) }
  sleep(1ms)
  close_channel(gate)
  for one in tasks { await(one) }
}
"""
LOOP = """\
pipeline default(task) {
  let ended = channel("ended")
  let looping = spawn { try { while true { } } finally { send(ended, timestamp()) } }
  sleep(2ms)
  let asked = timestamp()
  cancel(looping)
  return receive(ended) - asked
}
"""


def measure(rounds: int) -> dict[str, float]:
    """Medians, see above; times of tasks in milliseconds."""
    spawn, parallel = _subject(SPAWN), _subject(PARALLEL)
    subjects = {"anyio": _by_hand, "spawn": spawn.run, "parallel": parallel.run, "loop": _cancelled_loop}
    times = medians(subjects, rounds)
    return {
        "anyio task group, ms": times["anyio"] * 1000,
        "spawn and await, ms": times["spawn"] * 1000,
        "spawn and await / anyio": times["spawn"] / times["anyio"],
        "parallel, ms": times["parallel"] * 1000,
        "parallel / anyio": times["parallel"] / times["anyio"],
        "waiting, MB": _waiting(),
        "cancelled loop, ms": times["loop"] * 1000,
    }


def _subject(text: str) -> Subject:
    return Subject(SourceFile("tasks.harn", text.replace("TASKS", str(TASKS))))


def _by_hand() -> float:
    async def double(number: int, results: list[int]) -> None:
        results[number] = number * 2

    async def main() -> float:
        start = perf_counter()
        results = [0] * TASKS
        async with anyio.create_task_group() as group:
            for number in range(TASKS):
                group.start_soon(double, number, results)
        assert sum(results) == TASKS * (TASKS - 1)
        return perf_counter() - start

    return anyio.run(main)


def _cancelled_loop() -> float:
    subject = _subject(LOOP)
    subject.run()
    return float(subject.value)


def _waiting() -> float:
    """Peak memory of a process of its own, in MB."""
    with tempfile.NamedTemporaryFile("w", suffix=".harn") as file:
        file.write(WAITING.replace("TASKS", str(TASKS)))
        file.flush()
        child = subprocess.Popen([sys.executable, "-m", "harn", "run", file.name])
        _, status, usage = os.wait4(child.pid, 0)
    assert status == 0, status
    return usage.ru_maxrss / 1024
