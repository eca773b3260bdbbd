"""Building a collection step by step copies it a bounded number of times: counted in copied elements, never timed.

And calls in tail position need no frames, however many there are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from harn.catalog import index
from harn.vm import loop
from harn.vm.ops import places
from tests.vm.running import Running, program, tree

ROUNDS = 3_000
FORMS = [
    "xs = xs + [i]",
    "xs = xs.push(i)",
    "xs += [i]",
    "xs = xs + [i, i]",
    "xs += [...[i, i]]",
    "xs[0] = i",
    "xs[i % len(xs)] += i",
    'd["k${i}"] = i',
    "d[i] = i",
    "d.k = i",
    "d = d + {[i]: i}",
    "d += {[i]: i}",
]
PLACES = {
    "function": "fn body() {{\n{start}\n{loop}\n}}\nbody()\n",
    "script": "{start}\n{loop}\n",
    "closure": "let body = {{ ->\n{start}\n{loop}\n}}\nbody()\n",
    "pipeline": "{start}\npipeline default(task) {{\n{loop}\n}}\n",
}
START = "var xs = [0]\nvar d = {}\nxs[0] = 1\nd.k = 1"


class Copied:
    """Counts the elements of every list and dict that the machine copies to change it."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.elements = 0
        patch.setattr(places, "_copy", self.counting(places._copy))
        patch.setattr(places, "add", self.counting(places.add))
        patch.setattr(loop, "add", self.counting(loop.add))
        push = index.record("list.push")
        assert push is not None
        patch.setattr(push, "fn", self.counting(push.fn))

    def counting(self, copy: Callable[..., Any]) -> Callable[..., Any]:
        def counted(first: Any, *others: Any) -> Any:
            if isinstance(first, list | dict):
                self.elements += len(first)
            return copy(first, *others)

        return counted


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("form", FORMS)
def test_building_is_linear(place: str, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    body = f"for i in 1 to {ROUNDS} {{ {form} }}"
    copied = Copied(monkeypatch)
    Running(program(tree(PLACES[place].format(start=START, loop=body)))).finish(10**9)
    assert copied.elements < 10 * ROUNDS


def test_one_copy_is_made_where_a_value_is_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    rounds = f"for i in 1 to {ROUNDS}"
    text = f"var xs = [0]\n{rounds} {{ xs += [i] }}\nlet held = xs\n{rounds} {{ xs[i] = 0 }}\nprintln(held[7])\n"
    copied = Copied(monkeypatch)
    assert Running(program(tree(text))).finish(10**9).output == "7\n"
    assert ROUNDS < copied.elements < 2 * ROUNDS


@pytest.mark.parametrize(
    "text",
    [
        "fn f(n) {\n if n == 0 { return #  }\n return f(n - 1)\n}\nprintln(f(10000))\n",
        "fn f(n) {\n if n == 0 { return # }\n return n - 1 |> f\n}\nprintln(f(10000))\n",
        "fn even(n) {\n if n == 0 { return # }\n return odd(n - 1)\n}\nfn odd(n) { return even(n - 1) }\nprintln(even(10000))\n",
        "fn f(n, g) {\n if n == 0 { return # }\n return g(n - 1, g)\n}\nprintln(f(10000, f))\n",
        "pipeline default(task) {\n fn f(n) {\n  if n == 0 { return # }\n  return f(n - 1)\n }\n println(f(10000))\n}\n",
    ],
)
def test_tail_calls_need_no_frames(text: str) -> None:
    running = Running(program(tree(text.replace("#", '"end"'))))
    most = 0
    while (ending := running.advance(50)) is None:
        most = max(most, len(running.task.frames))
    assert ending.output == "end\n"
    assert most <= 6
