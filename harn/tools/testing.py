"""The tests of a project: pipelines named ``test_*`` or marked ``@test``, each run by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from harn.host.failures import reason
from harn.source.decode import decode
from harn.source.diagnostic import ERROR, Diagnostic
from harn.tools.verdict import OK
from harn.tools.workers import Answer, Pool, cores

RUN_TEST = "harn.tools.execute:execute"


class Trial(NamedTuple):
    """One test: its file, as the user named it, and its pipeline."""

    file: str
    pipeline: str


class Found(NamedTuple):
    """What a search came upon: tests in order of file and text, and the files that are no programs, with the reason."""

    tests: list[Trial]
    broken: dict[str, str]


class Outcome(NamedTuple):
    """How a test ended: ``failure`` is empty where it passed, ``seed`` what it failed under; ``output`` is what it printed."""

    test: Trial
    failure: str
    output: str
    seconds: float
    seed: int | None = None


def find_tests(paths: list[str], wanted: str = "") -> Found:
    """The tests in files and folders whose names (``FILE:PIPELINE``) contain ``wanted``. OSError for a path that is not there."""
    found = Found([], {})
    for path in paths:
        place = Path(path)
        place.stat()
        for file in sorted(place.rglob("*.harn")) if place.is_dir() else [place]:
            _tests_in(str(file), place.is_dir(), wanted, found)
    return found


def _tests_in(path: str, searched: bool, wanted: str, found: Found) -> None:
    from harn.syntax import nodes
    from harn.syntax.parser import parse

    try:
        data = Path(path).read_bytes()
    except OSError as error:
        found.broken[path] = reason(error)
        return
    if searched and b"test" not in data:
        return
    file, problem = decode(path, data)
    result = parse(file) if problem is None else None
    errors: list[Diagnostic] = [problem] if result is None and problem is not None else []
    if result is not None:
        errors = [d for d in result.diagnostics if d.severity == ERROR]
    if errors or result is None or result.program is None:
        found.broken[path] = errors[0].message if errors else "no program"
        return
    for node in result.program.body:
        if isinstance(node, nodes.Pipeline) and is_test(node) and wanted in f"{path}:{node.name}":
            found.tests.append(Trial(path, node.name))


def is_test(pipeline: Any) -> bool:
    """Whether a pipeline is a test."""
    return pipeline.name.startswith("test_") or any(a.name == "test" for a in pipeline.attributes)


def run_tests(tests: list[Trial], seconds: float, *, parallel: bool, progress: Any = None) -> list[Outcome]:
    """Run tests, each in a fresh run and within ``seconds``; the outcomes in the order of ``tests``."""
    return [found[0] for found in _run([(test, []) for test in tests], seconds, parallel, progress)]


def run_schedules(
    tests: list[Trial], seconds: float, count: int, *, parallel: bool, progress: Any = None
) -> list[Outcome]:
    """Run tests under the seeds 1 to ``count``, deterministically; of each the outcome under the first seed that it fails under.

    A worker runs a test under several seeds, together within ``seconds`` for each. Where it hangs or dies, they are run
    again one by one to know which it was.
    """
    seeds = [list(range(first, min(first + _TOGETHER, count + 1))) for first in range(1, count + 1, _TOGETHER)]
    outcomes = []
    wanted = [(test, some) for test in tests for some in seeds]
    found = _run(wanted, seconds, parallel, progress)
    for place, test in enumerate(tests):
        own = found[place * len(seeds) : (place + 1) * len(seeds)]
        took = sum(outcome.seconds for outcome, _ in own)
        chosen = next(((outcome, some) for outcome, some in own if outcome.failure), own[-1])
        outcome, some = chosen
        if outcome.failure and outcome.seed is None:
            alone = (one for seed in some for one, _ in _run([(test, [seed])], seconds, False, None))
            outcome = next((one for one in alone if one.failure), outcome)
        outcomes.append(outcome._replace(seconds=took))
    return outcomes


_TOGETHER = 20


def _run(
    wanted: list[tuple[Trial, list[int]]], seconds: float, parallel: bool, progress: Any
) -> list[tuple[Outcome, list[int]]]:
    """Outcomes of tests under seeds, in the order in which they were wanted; no seeds: the usual run."""
    known: dict[int, Outcome] = {}

    def take(job: dict[str, Any], answer: Answer) -> None:
        test, seeds = wanted[job["number"]]
        failure = "" if answer["outcome"] == OK else answer["text"] or answer["outcome"]
        seed = answer.get("seed", seeds[0] if len(seeds) == 1 and failure else None)
        known[job["number"]] = Outcome(test, failure, answer.get("output", ""), answer["seconds"], seed)
        if progress is not None:
            progress(len(known), sum(bool(o.failure) for o in known.values()), f"{test.file}:{test.pipeline}")

    jobs: dict[int, list[dict[str, Any]]] = {}
    for number, (test, seeds) in enumerate(wanted):
        job = {"file": test.file, "pipeline": test.pipeline, "number": number, **({"seeds": seeds} if seeds else {})}
        jobs.setdefault(max(1, len(seeds)), []).append(job)
    for size, some in jobs.items():
        workers = max(1, min(cores(), len(some))) if parallel else 1
        Pool(RUN_TEST, workers).run(some, seconds * size, take)
    return [(known[number], seeds) for number, (_, seeds) in enumerate(wanted)]
