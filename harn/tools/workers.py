"""A few worker processes that do jobs one after the other; one that hangs or dies is replaced and the rest goes on.

Jobs and answers are JSON objects, one a line, over copies of the worker's standard streams; what a job prints itself goes
nowhere. ``function`` is ``module:name``: called with a job, its answer is a dict.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from harn.tools.verdict import CRASH, TIMEOUT

START = 60.0
"""Seconds in which a worker must be ready."""

Job = dict[str, Any]
Answer = dict[str, Any]


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Pool:
    """``size`` workers of one function. ``run`` gives each answer to ``report`` as soon as it is known."""

    def __init__(self, function: str, size: int, environment: Mapping[str, str] | None = None) -> None:
        self.function = function
        self.size = size
        self.environment = {**os.environ, **(environment or {})}
        self._lock = threading.Lock()
        self._stopped = False

    def run(self, jobs: Iterable[Job], seconds: float, report: Callable[[Job, Answer], None]) -> None:
        """Do all jobs, each within ``seconds``. An answer of our own has ``outcome`` timeout or crash.

        Each answer gains ``seconds``, how long it took.
        """
        waiting = iter(list(jobs))
        threads = [threading.Thread(target=self._serve, args=(waiting, seconds, report)) for _ in range(self.size)]
        for thread in threads:
            thread.start()
        try:
            for thread in threads:
                thread.join()
        except BaseException:
            self._stopped = True
            raise

    def _serve(self, waiting: Iterable[Job], seconds: float, report: Callable[[Job, Answer], None]) -> None:
        worker: Worker | None = None
        try:
            while not self._stopped:
                with self._lock:
                    job = next(iter(waiting), None)
                if job is None:
                    return
                if worker is None:
                    worker = Worker(self.function, self.environment)
                begun = time.monotonic()
                answer = worker.do(job, seconds, lambda: self._stopped)
                answer["seconds"] = time.monotonic() - begun
                if answer.get("outcome") in (TIMEOUT, CRASH):
                    worker.end()
                    worker = None
                with self._lock:
                    report(job, answer)
        finally:
            if worker is not None:
                worker.end()


_BEGIN = "import sys; sys.path[:] = {path!r}; from harn.tools.workers import serve; serve({function!r})"


class Worker:
    """One process, in a group of its own so that whatever a job starts ends with it."""

    def __init__(self, function: str, environment: Mapping[str, str]) -> None:
        self.process = subprocess.Popen(
            # The same modules as here, whatever lies in the folder where the jobs run.
            [sys.executable, "-P", "-c", _BEGIN.format(path=sys.path, function=function)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )
        self._line(time.monotonic() + START, lambda: False)  # what a job takes is counted from when the worker is ready

    def do(self, job: Job, seconds: float, stopped: Callable[[], bool]) -> Answer:
        """The answer to a job."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(json.dumps(job).encode() + b"\n")
            self.process.stdin.flush()
        except OSError:
            return {"outcome": CRASH, "text": self._how_it_ended()}
        line = self._line(time.monotonic() + seconds, stopped)
        if line is None:
            return {"outcome": TIMEOUT, "text": f"no end after {seconds:g} seconds"}
        try:
            answer = json.loads(line)
        except ValueError:
            return {"outcome": CRASH, "text": self._how_it_ended()}
        return answer if isinstance(answer, dict) else {"outcome": CRASH, "text": "no answer"}

    def _line(self, until: float, stopped: Callable[[], bool]) -> bytes | None:
        """The next line; None after the time; what there is where the process ended."""
        assert self.process.stdout is not None
        handle = self.process.stdout.fileno()
        held = b""
        with selectors.DefaultSelector() as selector:
            selector.register(handle, selectors.EVENT_READ)
            while not held.endswith(b"\n"):
                left = until - time.monotonic()
                if left <= 0 or stopped():
                    return None
                if selector.select(min(left, 0.5)):
                    more = os.read(handle, 1 << 16)
                    if not more:
                        break
                    held += more
        return held

    def _how_it_ended(self) -> str:
        try:
            code = self.process.wait(1)
        except subprocess.TimeoutExpired:
            return "the worker gave an answer that cannot be read"
        return f"the worker was killed by signal {-code}" if code < 0 else f"the worker ended with code {code}"

    def end(self) -> None:
        """Kill it with all it started."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:
                    pass


def serve(function: str) -> None:
    """The worker's side: answer jobs until the input ends."""
    from importlib import import_module

    jobs, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1):
        os.dup2(nowhere, stream)
    module, _, name = function.partition(":")
    act = getattr(import_module(module), name)
    answers.write(b"ready\n")
    answers.flush()
    for line in jobs:
        try:
            answer = act(json.loads(line))
        except Exception as fault:  # a defect of ours is an answer too: the other jobs go on
            answer = {"outcome": CRASH, "text": f"internal error: {type(fault).__name__}: {fault}"}
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()
