"""Functions of the embedding program: signatures, closures both ways, exceptions, policies, async ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anyio
import pytest

import harn
from harn.embed.functions import type_words


def returned(expression: str, **functions: Callable[..., Any]) -> Any:
    """What a program that is this expression gives."""
    return harn.run(f"pipeline default(t) {{ return {expression} }}", functions=functions).value


class TestSignatures:
    """Counts and kinds of arguments are checked as for builtins."""

    def test_from_hints(self) -> None:
        def scale(x: float, by: int = 2, *rest: str) -> float:
            return x * by + len(rest)

        assert returned("scale(1.5)", scale=scale) == 3.0
        assert returned('scale(1, 3, "a", "b")', scale=scale) == 5
        with pytest.raises(harn.ThrownError, match=r"Arity mismatch: 'scale' expects at least 1"):
            returned("scale()", scale=scale)
        with pytest.raises(harn.ThrownError, match="'scale' parameter `by` expects int, got string"):
            returned('scale(1, "x")', scale=scale)

    def test_from_words(self) -> None:
        @harn.function("fn(q: string, n?: int) -> list<string>", effects={"net.http"})
        def search(q, n=1):  # type: ignore[no-untyped-def]
            return [q] * n

        assert returned('search("a", 2)', search=search) == ["a", "a"]
        with pytest.raises(harn.ThrownError, match="'search' parameter `q` expects string, got int"):
            returned("search(1)", search=search)
        with pytest.raises(harn.ThrownError, match=r"`search` is not permitted here: its effect net\.http is denied"):
            harn.run('search("a")', functions={"search": search}, deny="net.http")

    @pytest.mark.parametrize(
        ("hint", "words"),
        [
            (int, "int"),
            (str | None, "string|nil"),
            (list[int], "list<int>"),
            (dict[str, float], "dict<string, float>"),
            (Callable[[int], int], "closure"),
            (Any, "any"),
            (int | Any, "any"),
            (complex, "any"),
            (set[str], "set"),
        ],
    )
    def test_hints_in_harns_words(self, hint: Any, words: str) -> None:
        assert type_words(hint) == words

    def test_what_cannot_be_offered(self) -> None:
        with pytest.raises(ValueError, match="unknown effect"):
            harn.function(effects={"magic"})
        with pytest.raises(ValueError, match="expected"):
            harn.function("fn(q: ")
        with pytest.raises(ValueError, match="cannot be the name of a function"):
            returned("1", **{"a b": lambda: 1})
        with pytest.raises(TypeError, match="which cannot be called"):
            returned("1", f=3)  # type: ignore[arg-type]

        def keyword(*, k: int) -> int:
            return k

        with pytest.raises(TypeError, match="needs `k` by keyword"):
            returned("1", keyword=keyword)

    def test_a_function_is_a_value(self) -> None:
        assert returned("[1, 2].map(double)", double=lambda n: 2 * n) == [2, 4]
        assert returned("type_of(double)", double=lambda n: n) == "builtin"


class TestClosures:
    """Closures reach Python and come back."""

    def test_called_inside_a_host_function(self) -> None:
        assert returned("apply({ x -> x * 10 }, 4)", apply=lambda f, x: f(x) + 1) == 41

    def test_they_come_back_as_the_same_value(self) -> None:
        source = "let k = 3\nlet g = same({ x -> x + k })\nlet l = same(len)\nreturn [g(7), l([1])]"
        assert harn.run(source, functions={"same": lambda f: f}).value == [10, 1]

    def test_nested_calls_share_limits_and_output(self) -> None:
        source = (
            "fn down(n) {\n  println(n)\n  return if n == 0 { 0 } else { call(down, n - 1) }\n}\n"
            "pipeline default(t) { down(5) }"
        )
        assert harn.run(source, functions={"call": lambda f, n: f(n)}).stdout == "5\n4\n3\n2\n1\n0\n"
        with pytest.raises(harn.ThrownError, match="nested more than 16 deep"):
            harn.run(source.replace("down(5)", "down(50)"), functions={"call": lambda f, n: f(n)})
        endless = "pipeline default(t) { call({ x -> while true { } }, 1) }"
        with pytest.raises(harn.LimitError, match="instructions"):
            harn.run(endless, functions={"call": lambda f, n: f(n)}, limits=harn.Limits(instructions=100_000))

    def test_a_plain_function_cannot_wait(self) -> None:
        with pytest.raises(harn.ThrownError, match=r"waits for clock\.sleep: make the host function async"):
            returned("apply({ x -> sleep(1ms) }, 4)", apply=lambda f, x: f(x))

    def test_exit_ends_the_run_through_the_host_function(self) -> None:
        def careless(f: Any) -> Any:
            try:
                return f()
            except Exception:
                return "swallowed"

        out = harn.run("pipeline default(t) {\n  println(call({ -> exit(3) }))\n}", functions={"call": careless})
        assert (out.exit_code, out.stdout) == (3, "")

    def test_errors_pass_through_the_host_function(self) -> None:
        source = "pipeline default(t) {\n  try { call({ -> throw {a: 1} }) } catch (e) { return e }\n}"
        assert harn.run(source, functions={"call": lambda f: f()}).value == {"a": 1}

        def handled(f: Any) -> Any:
            try:
                return f()
            except harn.ThrownError as error:
                return ["handled", error.value]

        assert harn.run(source, functions={"call": handled}).value == ["handled", {"a": 1}]

    def test_one_of_another_run_is_refused(self) -> None:
        stranger = harn.run("pipeline default(t) { return { -> 1 } }").value
        assert stranger() == 1
        with pytest.raises(harn.ThrownError, match="a Python Closure has no counterpart"):
            returned("give()", give=lambda: stranger)


class TestExceptions:
    """What a host function raises."""

    def test_it_can_be_caught(self) -> None:
        def boom() -> None:
            raise KeyError("lost")

        caught = returned("try { boom() } catch (e) { e }", boom=boom)
        assert caught == {"category": "host_error", "message": "'lost'", "type": "KeyError"}

    def test_uncaught_it_is_the_cause(self) -> None:
        cause = ValueError("bad")

        def boom() -> None:
            raise cause

        with pytest.raises(harn.ThrownError) as caught:
            returned("boom()", boom=boom)
        assert caught.value.__cause__ is cause
        assert caught.value.value["category"] == "host_error"

    def test_a_value_that_cannot_go_in(self) -> None:
        with pytest.raises(harn.ThrownError, match="a Python object has no counterpart in Harn"):
            returned("make()", make=object)

    def test_a_plain_function_that_gives_something_to_await(self) -> None:
        async def later() -> int:
            return 1

        with pytest.raises(harn.ThrownError, match="declare it with async def"):
            returned("make()", make=lambda: later())


class TestAsync:
    """``async def`` functions, under both event loops and without one."""

    SOURCE = (
        "fn twice(f, x) { return f(f(x)) }\n"
        'pipeline default(t) {\n  sleep(1ms)\n  println("x")\n  return apply(twice, { n -> n * 3 }, 2) + plain(1)\n}'
    )

    @staticmethod
    async def apply(f: Any, g: Any, x: Any) -> Any:
        await anyio.sleep(0.001)
        return await f(g, x)

    @pytest.mark.parametrize("backend", ["asyncio", "trio"])
    def test_run_async(self, backend: str) -> None:
        async def main() -> harn.Result:
            return await harn.run_async(self.SOURCE, functions={"apply": self.apply, "plain": lambda n: n})

        out = anyio.run(main, backend=backend)
        assert (out.value, out.stdout) == (19, "x\n")

    def test_run_blocks_where_no_loop_runs(self) -> None:
        out = harn.run(self.SOURCE, functions={"apply": self.apply, "plain": lambda n: n})
        assert out.value == 19

    def test_run_inside_a_loop_says_what_to_do(self) -> None:
        async def main() -> None:
            harn.run(self.SOURCE, functions={"apply": self.apply, "plain": lambda n: n})

        with pytest.raises(harn.HarnError, match="await run_async instead"):
            anyio.run(main)

    def test_many_runs_at_once(self) -> None:
        async def main() -> list[int]:
            values: list[int] = []

            async def one(n: int) -> None:
                source = f"pipeline default(t) {{\n  sleep(2ms)\n  return {n} + wait({n})\n}}"
                out = await harn.run_async(source, functions={"wait": self.wait})
                values.append(out.value)

            async with anyio.create_task_group() as group:
                for n in range(20):
                    group.start_soon(one, n)
            return sorted(values)

        assert anyio.run(main) == [2 * n for n in range(20)]

    @staticmethod
    async def wait(n: int) -> int:
        await anyio.sleep(0.001)
        return n

    @pytest.mark.parametrize("backend", ["asyncio", "trio"])
    @pytest.mark.parametrize("body", ["while true { }", "sleep(100s)", "wait(100)"])
    def test_cancelling_cleans_up(self, backend: str, body: str) -> None:
        seen: list[str] = []
        source = f'pipeline default(t) {{\n  defer {{ note("deferred") }}\n  try {{ {body} }} finally {{ note("finally") }}\n}}'

        async def wait(n: int) -> None:
            await anyio.sleep(n)

        async def main() -> None:
            with anyio.move_on_after(0.1):
                await harn.run_async(source, functions={"note": seen.append, "wait": wait})

        anyio.run(main, backend=backend)
        assert seen == ["finally", "deferred"]

    def test_a_computing_program_does_not_hold_up_the_loop(self) -> None:
        ticks: list[int] = []

        async def main() -> None:
            async def tick() -> None:
                while True:
                    ticks.append(1)
                    await anyio.sleep(0)

            async with anyio.create_task_group() as group:
                group.start_soon(tick)
                await harn.run_async("var i = 0\nwhile i < 200000 { i = i + 1 }")
                group.cancel_scope.cancel()

        anyio.run(main)
        assert len(ticks) > 2
