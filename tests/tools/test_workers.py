"""Workers: a job that hangs, dies or raises does not stop the others."""

from __future__ import annotations

import os
import time
from typing import Any

from harn.tools.workers import Answer, Job, Pool

ACT = "tests.tools.test_workers:act"


def act(job: dict[str, Any]) -> dict[str, Any]:
    """What the jobs of these tests do, in a worker."""
    what = job["do"]
    if what == "hang":
        time.sleep(600)
    if what == "die":
        os._exit(3)
    if what == "raise":
        raise ValueError("a defect")
    if what == "print":
        print("noise on standard output", flush=True)  # noqa: T201
    if what == "count":
        act.__dict__["calls"] = act.__dict__.get("calls", 0) + 1
    return {"outcome": "ok", "text": what, "calls": act.__dict__.get("calls", 0)}


def outcomes(jobs: list[Job], size: int, seconds: float = 20.0) -> dict[str, Answer]:
    known: dict[str, Answer] = {}
    Pool(ACT, size).run(jobs, seconds, lambda job, answer: known.update({job["name"]: answer}))
    return known


def test_every_job_gets_its_answer() -> None:
    whats = ["a", "hang", "b", "die", "raise", "print", "c"]
    known = outcomes([{"name": f"{n} {what}", "do": what} for n, what in enumerate(whats)], 2, 1.5)
    assert {name: answer["outcome"] for name, answer in known.items()} == {
        "0 a": "ok",
        "1 hang": "timeout",
        "2 b": "ok",
        "3 die": "crash",
        "4 raise": "crash",
        "5 print": "ok",
        "6 c": "ok",
    }
    assert known["1 hang"]["text"] == "no end after 1.5 seconds"
    assert known["3 die"]["text"] == "the worker ended with code 3"
    assert known["4 raise"]["text"] == "internal error: ValueError: a defect"
    assert all(answer["seconds"] >= 0 for answer in known.values())


def test_a_worker_does_many_jobs() -> None:
    known = outcomes([{"name": str(n), "do": "count"} for n in range(5)], 1)
    assert known["4"]["calls"] == 5


def test_no_jobs() -> None:
    assert outcomes([], 2) == {}
