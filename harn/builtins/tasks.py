"""Tasks: spawn, await, cancel, the parallel forms, deadlines. The language's own constructs compile to the names in ``__``."""

from __future__ import annotations

from typing import Any

from harn.catalog.record import builtin
from harn.values.access import begin_iteration
from harn.values.errors import runtime_error, type_error
from harn.values.kinds import Closure, Duration, Generator, Handle, Iter, Range, type_name
from harn.vm.children import Await, Branches, GracefulCancel, Race, child_of, start_child
from harn.vm.frame import Native
from harn.vm.interruption import cleanups, ending_error
from harn.vm.machine import Context
from harn.vm.scheduler import Deadline


def milliseconds(value: Any, otherwise: float) -> float:
    """A duration or an int of milliseconds; ``otherwise`` for anything else."""
    if value.__class__ is Duration:
        return float(value.ms)
    return float(value) if value.__class__ is int else otherwise


@builtin("__spawn(body: closure) -> task_handle", effects=["task"], keeps=["body"], ctx=True)
def spawn(ctx: Context, body: Closure) -> Handle:
    """Start a task. `spawn { ... }` compiles to this call; the body begins when its parent first waits."""
    task = ctx.task
    child = start_child(ctx.vm, task, body, [], "spawn")
    number = ctx.vm.areas["task handles"] = ctx.vm.areas.get("task handles", 0) + 1
    return Handle("task_handle", f"vm_task_{number}", child)


@builtin("await(task: any) -> any", form="native", effects=["task"], keeps=["task"])
def await_(task: Any) -> Any:
    """The value of a task, or its error; what it printed is printed now. A value that is no task is given back."""
    child = child_of(task)
    return task if child is None else Await(child)


@builtin("cancel(task: any | task_handle) -> nil", effects=["task"], ctx=True)
def cancel(ctx: Context, task: Any) -> None:
    """Abort a task. One that has not begun never begins; another runs its finally and deferred blocks."""
    child = child_of(task)
    if child is not None:
        child.joined = True
        ctx.vm.tasks.cancel(ctx.vm, child)


@builtin(
    "cancel_graceful(task: any | task_handle, timeout?: any | duration | int) -> Result?",
    form="native",
    effects=["task"],
)
def cancel_graceful(task: Any, timeout: Any = None) -> Native | None:
    """Ask a task to end and wait for it: `Ok` of its value, `Err` of its error or where it has to be aborted.

    The timeout is a duration or milliseconds, 5 s by default.
    """
    child = child_of(task)
    return None if child is None else GracefulCancel(child, milliseconds(timeout, 5000.0) / 1000)


@builtin("is_cancelled() -> bool", effects=["task"], ctx=True)
def is_cancelled(ctx: Context) -> bool:
    """Whether this task was asked to end."""
    return bool(ctx.task.graceful)


_LABELS = {"count": "parallel", "each": "parallel_each", "settle": "parallel_settle"}


@builtin(
    "__parallel(mode: string, subject: any, body: closure, options: dict, stream: bool) -> any",
    form="native",
    effects=["task"],
    keeps=["subject", "body"],
)
def parallel(mode: str, subject: Any, body: Closure, options: dict[str, Any], stream: bool) -> Native:
    """Run a body for each item at once. The `parallel` forms compile to this call."""
    most = options.get("max_concurrent")
    if most is not None and most.__class__ is not int:
        raise type_error(f"parallel max_concurrent must be an int; got {type_name(most)}")
    if stream:
        from harn.vm.streaming import OpenStream

        return OpenStream(body, _items(mode, subject), most or 0)
    return Branches(body, _items(mode, subject), _LABELS[mode], most or 0, mode == "settle")


def _items(mode: str, subject: Any) -> list[Any]:
    if mode == "count":
        if subject.__class__ is not int:
            raise type_error(f"parallel expects an int count, got {type_name(subject)}")
        return list(range(max(0, subject)))
    kind = subject.__class__
    if kind is list:
        return list(subject)
    if kind is str:
        return list(subject)
    if kind is Iter or kind is Generator:
        raise type_error(f"parallel {mode} expects a list, got {type_name(subject)}: collect it with to_list()")
    if kind is Range:
        return list(range(subject.start, subject.stop))
    items, _ = begin_iteration(subject)
    if items == [] and not hasattr(subject, "__len__"):
        raise type_error(f"parallel {mode} expects a list, got {type_name(subject)}")
    return list(items)


@builtin(
    "parallel_race<T, U>(items: list<T>, body: fn(T) -> U | Result<U, any>, options?: int | dict) -> U",
    form="native",
    effects=["task"],
    keeps=["items", "body"],
)
def parallel_race(items: list[Any], body: Any, options: Any = None) -> Native:
    """Call a function for every item at once; the first plain value or `Ok` payload wins, the others are cancelled.

    `options` is the most that may run at once, or a dict with `max_concurrent`.
    """
    if not items:
        raise runtime_error("parallel_race: expected at least one item")
    most = options.get("max_concurrent") if options.__class__ is dict else options
    if most is not None and most.__class__ is not int:
        raise type_error(f"parallel_race: max_concurrent must be an int, got {type_name(most)}")
    return Race(body, items, most or 0)


@builtin("__deadline_enter(time: any) -> any", effects=["task"], ctx=True)
def deadline_enter(ctx: Context, time: Any) -> Handle:
    """Open a deadline: its block ends with `Deadline exceeded` where it takes longer."""
    seconds = milliseconds(time, 30_000.0) / 1000
    if seconds <= 0:
        raise ending_error("deadline")
    region = Deadline(ctx.vm.now() + seconds, cleanups(ctx.task))
    ctx.task.deadlines.append(region)
    ctx.vm.tasks.timer(ctx.vm, seconds, ctx.task, region, ())
    return Handle("deadline", "", region)


@builtin("__deadline_leave(region: any) -> nil", effects=["task"], ctx=True)
def deadline_leave(ctx: Context, region: Any) -> None:
    """Close a deadline. One that passed while its block ended is not thrown any more."""
    task = ctx.task
    if region.__class__ is Handle and region.state in task.deadlines:
        task.deadlines.remove(region.state)
