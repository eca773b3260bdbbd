"""A run driven by hand: its clock stands still, its effects are answered when the test says so."""

from __future__ import annotations

from typing import Any

from harn.compiler.build import build, std_module
from harn.host.host import Host
from harn.source.file import SourceFile
from harn.vm.driver import schedule
from harn.vm.frame import Effect, Outcome, Returned
from harn.vm.link import link
from harn.vm.machine import Machine
from harn.vm.modules import Program
from harn.vm.scheduler import family
from tests.vm.running import Printed


def compiled(text: str) -> Program:
    """The code of a program."""
    file = SourceFile("by_hand.harn", text)
    built = build(file)
    assert built.entry is not None, built.diagnostics
    return Program(link(built.entry, file), built.modules, std_module)


class ByHand:
    """``flying``: effects nobody has answered yet, by number. ``wanted``: how long nobody can run, None for ever."""

    def __init__(self, program: Program, seed: int | None = None, **names: Any) -> None:
        self.printed = Printed()
        self.vm = Machine(Host.sandbox(env={"OWN_API_KEY": "x"}), self.printed, globals=names)
        self.vm.tasks.seed = seed
        self.seconds = 0.0
        self.vm.clock = lambda: self.seconds  # type: ignore[method-assign]
        self.root = self.vm.start(program)
        self.plan = schedule(self.vm, self.root)
        self.flying: dict[int, Effect] = {}
        self.wanted: float | None = None
        self.outcome: Outcome | None = None

    def go_on(self) -> bool:
        """Until nothing happens without an answer or time; False at the end."""
        try:
            while (action := next(self.plan))[0] != "idle":
                if action[0] == "perform":
                    self.flying[action[1]] = action[3]
                elif action[0] == "abandon":
                    del self.flying[action[1]]
        except StopIteration as end:
            self.outcome = end.value
            return False
        self.wanted = action[1]
        return True

    def let_time_pass(self) -> None:
        """Up to the next timer."""
        assert self.wanted is not None
        self.seconds += self.wanted

    def answer(self, number: int, value: Any) -> None:
        del self.flying[number]
        self.vm.inputs.answer(number, value)

    @property
    def output(self) -> str:
        return "".join(self.printed.parts)

    def waiting(self) -> set[type]:
        """The classes of all that tasks wait for."""
        return {type(task.waiting) for task in family(self.root) if task.waiting is not None}

    def assert_nothing_left(self) -> None:
        """The run has come to its end and nothing of it goes on: no task, timer, effect, permit, step."""
        vm, tasks = self.vm, self.vm.tasks
        assert isinstance(self.outcome, Returned), self.outcome
        assert tasks.alive == 0
        assert tasks.next() is None
        assert tasks.due() is None
        assert not tasks.performing
        assert not tasks.abandoned
        assert not self.flying
        assert family(self.root) == []
        assert self.root.permits == []
        for lock in vm.areas.get("locks", {}).values():
            assert (lock.held, lock.queue) == (0, []), lock.key
        assert not vm.areas.get("llm_turns")
