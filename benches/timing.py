"""Taking times: the median of rounds in which all subjects take turns, so that a slow minute of the machine hits them alike."""

from __future__ import annotations

import math
import statistics
import subprocess
from collections.abc import Callable, Iterable
from time import perf_counter


def seconds(call: Callable[[], object]) -> float:
    """How long one call takes."""
    start = perf_counter()
    call()
    return perf_counter() - start


def medians(subjects: dict[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """The median of each subject's measurements; a subject measures itself once a round and gives seconds."""
    found: dict[str, list[float]] = {name: [] for name in subjects}
    for _ in range(rounds):
        for name, measure in subjects.items():
            found[name].append(measure())
    return {name: statistics.median(times) for name, times in found.items()}


def process(command: list[str]) -> Callable[[], float]:
    """A subject that is a whole process, from start to exit, its output thrown away."""
    return lambda: seconds(lambda: subprocess.run(command, check=True, capture_output=True))


def geometric_mean(ratios: Iterable[float]) -> float:
    """The mean that treats twice as fast and twice as slow alike."""
    logs = [math.log(ratio) for ratio in ratios]
    return math.exp(statistics.fmean(logs)) if logs else math.nan
