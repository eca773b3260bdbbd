"""Building a collection element by element must be linear: four times the size takes about four times the time."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from benches.timing import medians
from benches.twins import subject

SIZE = 25_000

WAYS = {
    "xs = xs + [x]": "xs = xs + [n]",
    "xs = xs.push(x)": "xs = xs.push(n)",
    "xs[i] = v": "xs[n] = n",
    "d[k] = v": 'd["k${n}"] = n',
}
"""What is measured -> the statement of the loop."""

PROGRAM = """\
pipeline default(task) {{
  var xs = range(0, {filled}).to_list()
  var d = {{}}
  for n in range(0, {size}) {{
    {statement}
  }}
  return len(xs) + len(d)
}}
"""


def measure(rounds: int) -> dict[str, float]:
    """For each way the time of 4 n elements over that of n."""
    report: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        for way, statement in WAYS.items():
            subjects: dict[str, Callable[[], float]] = {}
            for factor in (1, 4):
                size = SIZE * factor
                path = Path(folder) / f"grow_{len(report)}_{factor}.harn"
                path.write_text(
                    PROGRAM.format(size=size, statement=statement, filled=size if "xs[" in statement else 0)
                )
                program = subject(path)
                program.run()
                subjects[str(factor)] = program.run
            times = medians(subjects, rounds)
            report[way] = times["4"] / times["1"]
    return report
