"""``harn run --deterministic`` and ``harn test --schedules``."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from harn.cli.main import main

TASKS = """
let done = channel("done", 20)
parallel each [3, 1, 2, 5, 4] { n ->
  var i = 0
  while i < 2000 { i = i + n }
  sleep(to_int(3600000 / n))
  send(done, "${n} at ${timestamp()}")
}
for i in 1 to 5 { println(receive(done)) }
let racing = channel("racing", 20)
parallel each [1, 2, 3, 4, 5] { n ->
  var i = 0
  while i < 500 { i = i + 1 }
  send(racing, n)
}
for i in 1 to 5 { print(receive(racing)) }
println(deadline 3s { try { sleep(1h) } catch e { e } })
"""

RACY = """
pipeline test_counting(task) {
  let count = atomic(0)
  parallel 3 { i ->
    for k in 1 to 20 {
      let before = atomic_get(count)
      var i = 0
      while i < 5 { i = i + 1 }
      atomic_set(count, before + 1)
    }
  }
  assert_eq(atomic_get(count), 60)
}
pipeline test_alone(task) { assert_eq(1, 1) }
"""


def output(path: Path, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["run", *words, str(path)]) == 0
    return capsys.readouterr().out


def test_the_same_seed_gives_the_same_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "tasks.harn"
    path.write_text(TASKS)
    plain = output(path, capsys, "--deterministic")
    assert plain == output(path, capsys, "--deterministic")
    assert plain.splitlines()[0] == "5 at 1735690320.0"  # 12 minutes into 2025
    assert plain.endswith("Deadline exceeded\n")
    seeded = [output(path, capsys, "--deterministic", "--seed", str(seed)) for seed in range(6)]
    assert seeded[3] == output(path, capsys, "--deterministic", "--seed", "3")
    assert len({text.splitlines()[-1] for text in seeded}) > 1  # the order of those who race
    assert len({tuple(text.splitlines()[:-1]) for text in seeded}) == 1  # the order of those who sleep


def test_a_seed_needs_a_deterministic_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--seed", "1", str(tmp_path / "any.harn")]) == 2
    assert "--seed needs --deterministic" in capsys.readouterr().err


def test_the_seed_that_fails_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "racy.harn"
    path.write_text(RACY)
    assert main(["test", "--schedules", "25", str(path)]) == 1
    told = capsys.readouterr().out
    assert "1 passed, 1 failed, 2 total" in told
    line = next(line for line in told.splitlines() if "once more: " in line)
    again = shlex.split(line.partition("once more: ")[2])
    assert main(again[1:]) == 1
    failure = told.splitlines()[1].strip().removeprefix("Thrown: ")
    assert failure in capsys.readouterr().err
    assert main(["test", "--json", "--schedules", "25", "--filter", "counting", str(path)]) == 1
    (test,) = json.loads(capsys.readouterr().out)["tests"]
    assert again[4] == str(test["seed"])


def test_a_seed_that_hangs_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "hanging.harn"
    path.write_text("pipeline test_hanging(task) { while true { } }\n")
    assert main(["test", "--schedules", "2", "--timeout", "700", str(path)]) == 1
    told = capsys.readouterr().out
    assert "no end after 0.7 seconds" in told
    assert "--seed 1 --pipeline test_hanging" in told
