"""Effects of many tasks are performed at once, and abandoned where nobody wants their answers any more."""

from __future__ import annotations

from typing import Any

import anyio
import pytest

import harn
from harn.host.clock import VirtualClock
from harn.host.host import Host

ALL = """
pipeline default(task) {
  return parallel each [1, 2, 3, 4] { n -> meet(n) }
}
"""

BACKENDS = pytest.mark.parametrize("backend", ["asyncio", "trio"])


def run(backend: str, source: str, **options: Any) -> harn.Result:
    async def main() -> harn.Result:
        return await harn.run_async(source, **options)

    return anyio.run(main, backend=backend)


@BACKENDS
def test_all_are_on_their_way_at_once(backend: str) -> None:
    here: list[int] = []
    all_here = anyio.Event()

    async def meet(n: int) -> int:
        here.append(n)
        if len(here) == 4:
            all_here.set()
        await all_here.wait()
        return n * 10

    assert run(backend, ALL, functions={"meet": meet}).value == [10, 20, 30, 40]


def test_a_run_that_blocks_goes_on_with_an_event_loop() -> None:
    source = """
pipeline default(task) {
  let found = parallel each ["a", "b"] { name ->
    exec("sh", "-c", "touch ${name}; for i in $(seq 500); do test -e a -a -e b && break; sleep 0.01; done; ls").stdout
  }
  return found
}
"""
    import tempfile
    from contextlib import chdir

    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        assert harn.run(source).value == ["a\nb\n"] * 2


@BACKENDS
def test_other_tasks_go_on_meanwhile(backend: str) -> None:
    source = """
pipeline default(task) {
  let opener = spawn { for i in 1 to 3 { sleep(1ms) }; open() }
  println(wait())
}
"""
    opened = anyio.Event()

    async def wait() -> str:
        await opened.wait()
        return "opened"

    assert run(backend, source, functions={"wait": wait, "open": opened.set}).stdout == "opened\n"


@BACKENDS
@pytest.mark.parametrize(
    "wait",
    [
        "try { deadline 5ms { forever() } } catch e { println(e) }",
        "let h = spawn { forever() }\n sleep(5ms)\n cancel(h)",
    ],
)
def test_an_effect_that_nobody_wants_is_cancelled(backend: str, wait: str) -> None:
    seen: list[str] = []

    async def forever() -> None:
        try:
            await anyio.sleep_forever()
        finally:
            seen.append("cancelled")

    run(
        backend,
        f"pipeline default(task) {{\n {wait}\n sleep(20ms)\n look() }}",
        functions={"forever": forever, "look": lambda: seen.append("looked")},
    )
    assert seen == ["cancelled", "looked"]


@BACKENDS
def test_a_closure_runs_as_one_more_task(backend: str) -> None:
    """Two host calls that each await a closure: the closures take turns, and a cancelled one cleans up."""
    source = """
pipeline default(task) {
  let log = channel("log", 20)
  parallel each ["a", "b"] { name ->
    call({ -> for i in 1 to 3 { send(log, "${name}${i}") sleep(2ms) } })
  }
  try {
    deadline 5ms { call({ -> try { sleep(1m) } finally { send(log, "cleaned") } }) }
  } catch e { send(log, e) }
  sleep(5ms)
  close_channel(log)
  return stream.collect(log)
}
""".replace(") sleep(2ms)", ")\n sleep(2ms)")

    async def call(function: Any) -> Any:
        return await function()

    found = run(backend, source, functions={"call": call}).value
    assert sorted(found[:2]) == ["a1", "b1"]
    if backend == "asyncio":  # trio begins tasks in an order of chance
        assert found[:2] == ["a1", "b1"]
    assert sorted(found[:6]) == ["a1", "a2", "a3", "b1", "b2", "b3"]
    assert sorted(found[6:]) == ["Deadline exceeded", "cleaned"]


@BACKENDS
def test_a_virtual_clock_waits_for_effects(backend: str) -> None:
    """A sleep of an hour is over at once, but not before what takes real time."""
    source = """
pipeline default(task) {
  let real = spawn { wait() }
  let r = try { deadline 1h { await(real) } } catch e { e }
  sleep(10h)
  return [r, monotonic_ms()]
}
"""

    async def wait() -> str:
        await anyio.sleep(0.02)
        return "done"

    out = run(backend, source, functions={"wait": wait}, host=Host.sandbox(clock=VirtualClock()))
    assert out.value == ["done", 36_000_000]


@BACKENDS
def test_a_limit_ends_a_run_in_which_all_wait(backend: str) -> None:
    async def wait() -> None:
        await anyio.sleep_forever()

    with pytest.raises(harn.LimitError, match="seconds"):
        run(backend, ALL.replace("meet(n)", "wait()"), functions={"wait": wait}, limits=harn.Limits(seconds=0.02))


@BACKENDS
def test_what_a_host_function_raises_reaches_its_task_alone(backend: str) -> None:
    async def meet(n: int) -> int:
        if n % 2:
            raise ValueError(f"odd {n}")
        return n

    out = run(backend, ALL.replace("parallel each", "parallel settle"), functions={"meet": meet})
    assert (out.value["succeeded"], out.value["failed"]) == (2, 2)
