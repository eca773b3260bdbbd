"""Calls that block, made in threads of their own while an event loop goes on, and what wakes such a loop from elsewhere."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import anyio
import sniffio


def waker(wake: Callable[[], object]) -> Callable[[], object]:
    """What has ``wake`` called in the running event loop; itself it may be called from a signal handler or another thread."""
    if sniffio.current_async_library() == "trio":
        import trio

        token = trio.lowlevel.current_trio_token()
        return partial(token.run_sync_soon, wake)
    import asyncio

    return partial(asyncio.get_running_loop().call_soon_threadsafe, wake)


async def in_thread(call: Callable[[], Any]) -> Any:
    """Make a call in a thread and await it. Cancelled, it leaves the thread alone, which holds up no end of the process."""
    answered = anyio.Event()
    wake = waker(answered.set)
    answer: list[Any] = []
    failure: list[BaseException] = []

    def run() -> None:
        try:
            answer.append(call())
        except BaseException as error:
            failure.append(error)
        try:
            wake()
        except RuntimeError:  # the loop has ended: nobody wants the answer
            pass

    threading.Thread(target=run, daemon=True, name="harn effect").start()
    await answered.wait()
    if failure:
        raise failure[0]
    return answer[0]
