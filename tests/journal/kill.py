"""Kill checkpointed runs at random moments, resume them until they end, and look what the world saw of them.

A *story* is one run of one program, killed a few times. Standard output goes to a regular file and must be that of an undisturbed
run, byte for byte. Each effect leaves a line of its own in a file: none may stand there twice, but for those of an effect that
was in flight when its process died and was performed again because the story chose so; those are counted.
"""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

PROGRAMS = tuple(sorted((Path(__file__).parent / "programs").glob("*.harn")))

VIRTUAL = ("--deterministic", "--seed", "7")
SUBJECTS = (
    *((program, ()) for program in PROGRAMS if program.stem != "virtual"),
    *((program, VIRTUAL) for program in PROGRAMS if program.stem in ("agent", "tasks", "virtual")),
)
"""The programs, and options they are run with."""

COMMAND = """
import sys
import harn.vm.journal.rhythm as rhythm
rhythm.PAUSE, rhythm.LEAST, rhythm.SHARE = {pause}, {least}, {share}
from harn.cli.main import main
sys.exit(main(sys.argv[1:]))
"""
RHYTHMS = ((1.0, 262_144, 10), (0.0, 1, 0), (0.01, 600, 1), (0.0, 3_000, 3))
"""The rhythm users have, which a short program never comes to, and some in which states are written all the time."""


class Reference(NamedTuple):
    """What an undisturbed run gives: output, lines of effects, seconds."""

    output: bytes
    lines: Counter[str]
    seconds: float


class Told(NamedTuple):
    """A story that ended well."""

    kills: int
    resumes: int
    decided: int
    bytes: int


def command(words: list[str], rhythm: tuple[float, int, int] = RHYTHMS[0]) -> list[str]:
    """A process of ``harn`` that writes states in that rhythm."""
    pause, least, share = rhythm
    return [sys.executable, "-c", COMMAND.format(pause=pause, least=least, share=share), *words]


def lines_in(folder: Path) -> Counter[str]:
    """The lines that effects have left."""
    log = folder / "log.txt"
    return Counter(log.read_text().splitlines() if log.exists() else ())


def reference(program: Path, options: tuple[str, ...] = ()) -> Reference:
    """Run a program undisturbed."""
    with tempfile.TemporaryDirectory() as name:
        began = time.monotonic()
        done = subprocess.run(
            command(["run", *options, str(program)]), cwd=name, capture_output=True, check=True, timeout=60
        )
        assert done.stderr == b"", done.stderr.decode()
        found = lines_in(Path(name))
        assert found
        assert set(found.values()) == {1}, "each effect of a program leaves a line of its own"
        return Reference(done.stdout, found, time.monotonic() - began)


class Story:
    """One run that is killed ``kills`` times at most."""

    def __init__(
        self, program: Path, options: tuple[str, ...], expected: Reference, chance: random.Random, folder: Path
    ) -> None:
        self.program = program
        self.options = options
        self.expected = expected
        self.chance = chance
        self.folder = folder
        self.journal = folder / "run.journal"
        self.retried: Counter[str] = Counter()
        self.decided = 0
        self.choice: list[str] = []

    def tell(self, kills: int) -> Told:
        """Run, kill, resume; AssertionError where the world saw what it should not."""
        killed = resumes = 0
        while True:
            code = self.process(self.pause() if killed < kills else None)
            if code == -signal.SIGKILL:
                killed += 1
            elif code == 75:
                self.decide()
            elif code is None or code == 0:
                break
            else:
                raise AssertionError(f"exit code {code}: {(self.folder / 'errors').read_text()}")
            resumes += 1
        self.check()
        return Told(killed, resumes, self.decided, self.journal.stat().st_size)

    def pause(self) -> float:
        """Seconds until the next kill: anywhere in the run, and often in the first moments of a process."""
        return self.chance.uniform(0.05, self.expected.seconds * self.chance.choice((0.3, 0.6, 1.1)))

    def process(self, pause: float | None) -> int:
        """One process that works on the run, killed after that many seconds; its exit code."""
        begun = self.journal.exists() and self.journal.stat().st_size > 0
        words = ["resume", *self.choice] if begun else ["run", *self.options, "--checkpoint"]
        words.append(str(self.journal))
        if not begun:
            words.append(str(self.program))
        if self.choice and begun:
            self.choice = []
        rhythm = self.chance.choice(RHYTHMS)
        with open(self.folder / "output", "ab") as output, open(self.folder / "errors", "ab") as errors:
            process = subprocess.Popen(command(words, rhythm), cwd=self.folder, stdout=output, stderr=errors)
            try:
                return process.wait(60 if pause is None else pause)
            except subprocess.TimeoutExpired:
                assert pause is not None, f"{words} hangs"
                process.kill()
                return process.wait()

    def decide(self) -> None:
        """Choose that what was in flight is performed again."""
        asked = subprocess.run(
            command(["resume", "--status", "--json", str(self.journal)]), capture_output=True, check=True
        )
        told: dict[str, Any] = json.loads(asked.stdout)
        assert told["in_flight"]
        for effect in told["in_flight"]:
            assert effect["line"] > 0
            assert effect["path"] == str(self.program)
            for line in self.expected.lines:
                if f'"{line}\\n"' in effect["arguments"] or f"echo {line} >>" in effect["arguments"]:
                    self.retried[line] += 1
        self.decided += 1
        self.choice = ["--in-flight", "retry"]

    def check(self) -> None:
        """What the world has seen."""
        output = (self.folder / "output").read_bytes()
        assert output == self.expected.output, _difference(output, self.expected.output)
        found = lines_in(self.folder)
        assert found.keys() == self.expected.lines.keys(), "effects are missing, or there are others"
        twice = {line: count for line, count in found.items() if count > 1 + self.retried[line]}
        assert not twice, f"performed again without being asked to: {twice}"


def _difference(found: bytes, expected: bytes) -> str:
    shorter = min(len(found), len(expected))
    place = next((n for n in range(shorter) if found[n] != expected[n]), shorter)
    return f"from byte {place} on: {found[place : place + 200]!r} instead of {expected[place : place + 200]!r}"


def stories(points: int, seed: int) -> Told:
    """Stories of all programs in turn, until that many kills have hit a run; what they were together."""
    chance = random.Random(seed)
    expected = {subject: reference(*subject) for subject in SUBJECTS}
    total = Told(0, 0, 0, 0)
    while total.kills < points:
        for program, options in SUBJECTS:
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name)
                story = Story(program, options, expected[program, options], chance, folder)
                try:
                    told = story.tell(chance.randint(1, 5))
                except BaseException as fault:
                    kept = Path(tempfile.mkdtemp(prefix="harn-kill-"))
                    shutil.copytree(folder, kept, dirs_exist_ok=True)
                    fault.add_note(f"{program.name} {options}, seed {seed}, after {total.kills} kills; kept in {kept}")
                    raise
                total = Told(*(a + b for a, b in zip(total, told, strict=True)))
                if total.kills >= points:
                    break
    return total
