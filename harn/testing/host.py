"""A world that exists only in memory, the same in every run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from harn.host.chance import SeededChance
from harn.host.clock import VirtualClock
from harn.host.environment import FixedEnvironment
from harn.host.host import Host
from harn.host.models import NoModels
from harn.host.people import Nobody
from harn.host.processes import Completed, NoProcesses
from harn.host.shells import described
from harn.host.streams import Discard
from harn.testing.files import MemoryFiles
from harn.values.errors import runtime_error

MORNING = 1_750_000_000.0
"""Seconds since 1970 at which a virtual clock begins."""


class Lines:
    """Standard input from a text."""

    def __init__(self, text: str) -> None:
        self._left = text

    def line(self) -> str | None:
        """The next line without its line break, None at the end."""
        if not self._left:
            return None
        line, _, self._left = self._left.partition("\n")
        return line

    def rest(self) -> str:
        """Everything up to the end."""
        rest, self._left = self._left, ""
        return rest


class Answers:
    """A person who answers in order, or by a function of the question."""

    def __init__(self, answers: list[Any] | Callable[[dict[str, Any]], Any]) -> None:
        self._answers = answers
        self.questions: list[dict[str, Any]] = []

    def ask(self, question: dict[str, Any]) -> Any:
        """The next answer."""
        self.questions.append(question)
        if callable(self._answers):
            return self._answers(question)
        if not self._answers:
            raise runtime_error(f"a person was asked more than the test expects: {question}")
        return self._answers.pop(0)


class Commands:
    """Programs that a function stands for: it gets the command and gives the standard output, (status, stdout, stderr), or all
    there is to say of one that has ended. What it raises is the failure to start it.
    """

    def __init__(self, act: Callable[[list[str]], Any]) -> None:
        self._act = act
        self.commands: list[list[str]] = []

    def run(
        self,
        command: list[str],
        folder: str | None = None,
        environment: Mapping[str, str] | None = None,
        stdin: bytes | None = None,
        seconds: float | None = None,
        room: int | None = None,
        extends: bool | None = None,
        most: float | None = None,
    ) -> Completed:
        """What the function gives."""
        self.commands.append(list(command))
        given = self._act(list(command))
        if isinstance(given, Completed):
            return given
        status, out, err = given if isinstance(given, tuple) else (0, given, b"")
        stdout, stderr = (text.encode() if isinstance(text, str) else bytes(text) for text in (out, err))
        return Completed(int(status), stdout, stderr)

    def shell(
        self,
        line: str,
        folder: str | None = None,
        room: int | None = None,
        wanted: str | None = None,
        most: float | None = None,
    ) -> Completed:
        """What the function gives for `/bin/sh -c` and the line."""
        return self.run(["/bin/sh", "-c", line], folder)

    def shells(self, most: float | None = None) -> list[dict[str, Any]]:
        """One, `/bin/sh`."""
        return [{**described("/bin/sh", "fallback"), "available": True, "platform": "linux"}]


class VirtualHost(Host):
    """A host in memory: nothing outside is reached, and every run in a fresh one is the same.

    ``files``      path -> content; ``host.files.content`` and ``host.files.text(path)`` show what a program left
    ``env``        the variables
    ``model``      a ``MockModel``; without one every model call fails
    ``answers``    of a person, in order, or a function of the question
    ``commands``   a function that stands for all programs; without it none can be started
    ``stdin``      what a program can read
    ``start``      the date, seconds since 1970; ``host.clock.advance`` moves it, and sleeping does
    ``seed``       of the random numbers
    """

    clock: VirtualClock
    files: MemoryFiles

    def __init__(
        self,
        files: Mapping[str, str | bytes] | None = None,
        env: Mapping[str, str] | None = None,
        model: Any = None,
        answers: list[Any] | Callable[[dict[str, Any]], Any] | None = None,
        commands: Callable[[list[str]], Any] | None = None,
        stdin: str = "",
        start: float = MORNING,
        seed: int = 0,
    ) -> None:
        clock = VirtualClock(start)
        super().__init__(
            clock=clock,
            chance=SeededChance(seed),
            environment=FixedEnvironment(env or {}, "linux", "x86_64"),
            files=MemoryFiles(files, clock),
            processes=NoProcesses() if commands is None else Commands(commands),
            stdin=Lines(stdin),
            stdout=Discard(),
            stderr=Discard(),
            human=Nobody() if answers is None else Answers(answers),
            models=NoModels() if model is None else model,
        )
