"""The driver for effects that wait at the same time: one anyio task group a run, under asyncio or trio.

The machine stays in one coroutine, which makes the turns; every effect that waits is performed in a coroutine of its own, whose
answer goes to ``vm.inputs``. Effects are shielded from the surroundings, because a run that is cancelled from there cleans up and
may need them; they are cancelled one by one where nobody wants their answers any more, and all of them at the end of the run.
"""

from __future__ import annotations

from collections.abc import Callable, Generator

import anyio
import sniffio
from anyio import CancelScope, create_task_group, get_cancelled_exc_class, move_on_after
from anyio.abc import TaskGroup
from anyio.lowlevel import checkpoint

from harn.source.typing import Any
from harn.values.errors import HarnError, LimitReached
from harn.vm.driver import Action, Ends, Standing, schedule
from harn.vm.frame import Effect, Outcome
from harn.vm.machine import Machine, Task
from harn.vm.pump import defect
from harn.vm.safepoint import begin, patience
from harn.vm.threads import waker


class Driver:
    """Drives one plan. ``performing``: the scopes of the effects on their way; ``hosted``: who awaits a task the host called."""

    def __init__(self, vm: Machine, plan: Generator[Action, None, Outcome], group: TaskGroup) -> None:
        self.vm = vm
        self.plan = plan
        self.group = group
        self.performing: dict[int, CancelScope] = {}
        self.hosted: dict[Task, anyio.Event] = {}
        self.arrived = anyio.Event()
        self.cancelled: BaseException | None = None

    async def finish(self, standing: Standing) -> Outcome:
        """Perform what stands already, and go on to the end of the plan."""
        for number, (task, effect) in standing.items():
            self.begin(number, task, effect)
        ends = Ends(self.plan)
        for action in ends:
            kind = action[0]
            if kind == "perform":
                self.begin(*action[1:])
            elif kind == "abandon":
                scope = self.performing.pop(action[1], None)
                if scope is not None:
                    scope.cancel()
            elif kind == "idle":
                await self.idle(action[1])
            elif kind == "ended":
                self.hosted.pop(action[1]).set()
            else:
                await self.outside(checkpoint)
        return ends.outcome

    def begin(self, number: int, task: Task, effect: Effect) -> None:
        """Have an effect performed."""
        scope = self.performing[number] = CancelScope(shield=True)
        self.group.start_soon(self.perform, scope, number, task, effect)

    async def perform(self, scope: CancelScope, number: int, task: Task, effect: Effect) -> None:
        """Perform an effect and give its answer, unless nobody wants it any more."""
        vm = self.vm
        world = vm.world
        assert world is not None
        with scope:
            try:
                vm.flush()
                value = await world.perform_async(task, effect, patience(vm))
            except (HarnError, LimitReached) as error:
                vm.inputs.refuse(number, error)
            except Exception as fault:
                vm.inputs.refuse(number, defect(vm, task.frames[-1] if task.frames else None, fault))
            else:
                vm.inputs.answer(number, value)
        self.performing.pop(number, None)
        self.arrive()

    def arrive(self) -> None:
        """End the idling: there is something to look at."""
        self.arrived.set()

    async def idle(self, seconds: float | None) -> None:
        """Wait for an input, or for time to pass: on a virtual clock it does where no effect is on its way."""
        vm = self.vm
        world = vm.world
        assert world is not None
        vm.flush()
        if vm.inputs.box:
            return
        self.arrived = anyio.Event()
        most = patience(vm)
        if seconds is None or (most is not None and most < seconds):
            seconds = most
        if world.virtual():
            if not self.performing and seconds is not None:
                world.perform(Task(), Effect("clock.sleep", "sleep", seconds), None)
                return
            seconds = None
        await self.outside(self._arrival, seconds)

    async def _arrival(self, seconds: float | None) -> None:
        with move_on_after(seconds):
            await self.arrived.wait()

    async def outside(self, wait: Callable[..., Any], *args: Any) -> None:
        """Let others have the thread; a cancellation by the surroundings becomes an interrupt of the run, once."""
        try:
            with CancelScope(shield=self.cancelled is not None):
                await wait(*args)
        except get_cancelled_exc_class() as error:
            self.cancelled = error
            self.vm.interrupts += 1


async def drive(vm: Machine, task: Task) -> Outcome:
    """Run a task to its end. Inside of a run it becomes one more task of that run, cancelled with the scope around."""
    if isinstance(vm.driver, Driver):
        return await _join(vm, vm.driver, task)
    if vm.active == 0:
        begin(vm, anew=vm.root is not task)
    return await _drive(vm, schedule(vm, task), {})


async def _drive(vm: Machine, plan: Generator[Action, None, Outcome], standing: Standing) -> Outcome:
    vm.active += 1
    fault: BaseException | None = None
    async with create_task_group() as group:
        driver = vm.driver = Driver(vm, plan, group)
        vm.arouse = waker(driver.arrive)
        try:
            outcome = await driver.finish(standing)
        except BaseException as error:  # kept, because a group would wrap it
            fault = error
        finally:
            vm.active -= 1
            vm.driver = vm.arouse = None
            vm.flush()
            for scope in driver.performing.values():
                scope.cancel()
            for ended in driver.hosted.values():  # nothing of what host functions have called runs any more
                ended.set()
    fault = fault or driver.cancelled
    if fault is not None:
        raise fault
    return outcome


async def _join(vm: Machine, driver: Driver, task: Task) -> Outcome:
    ended = driver.hosted[task] = anyio.Event()
    vm.inputs.call(task)
    driver.arrive()
    try:
        await ended.wait()
    except get_cancelled_exc_class():
        vm.inputs.cancel(task)
        driver.arrive()
        with CancelScope(shield=True):
            await ended.wait()
        raise
    assert task.result is not None
    return task.result


def go_on(vm: Machine, plan: Generator[Action, None, Outcome], standing: Standing) -> Outcome:
    """Continue a plan under an event loop of its own."""
    return anyio.run(_drive, vm, plan, standing)


def loop_runs() -> bool:
    """Whether an event loop runs in this thread."""
    try:
        sniffio.current_async_library()
    except sniffio.AsyncLibraryNotFoundError:
        return False
    return True
