"""Other programs."""

from __future__ import annotations

from harn.host.failures import reason
from harn.source.typing import Mapping, NamedTuple, Protocol
from harn.values.errors import category_error, thrown


class Completed(NamedTuple):
    """A program that has ended. ``status`` is its exit code, -1 where a signal ended it."""

    status: int
    stdout: bytes
    stderr: bytes


class Processes(Protocol):
    """A way to start programs."""

    def run(
        self,
        command: list[str],
        folder: str | None = None,
        environment: Mapping[str, str] | None = None,
        stdin: bytes | None = None,
        most: float | None = None,
    ) -> Completed:
        """Run a program to its end. HarnError where it cannot be started."""
        ...


class SystemProcesses:
    """Programs of this machine."""

    def run(
        self,
        command: list[str],
        folder: str | None = None,
        environment: Mapping[str, str] | None = None,
        stdin: bytes | None = None,
        most: float | None = None,
    ) -> Completed:
        """Run a program to its end; without ``stdin`` it sees an empty input. After ``most`` seconds it is killed (status -1)."""
        import os
        import signal
        import subprocess

        try:
            child = subprocess.Popen(
                command,
                cwd=folder,
                env=environment,
                stdin=subprocess.PIPE if stdin is not None else subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=hasattr(os, "killpg"),
            )
        except (OSError, ValueError) as error:
            raise thrown(f"exec failed: process spawn failed: {reason(error)}") from None
        try:
            out, err = child.communicate(stdin, timeout=most)
        except subprocess.TimeoutExpired:
            end_group(child.pid, signal.SIGKILL)
            out, err = child.communicate()
        except BaseException:  # interrupted: the program must not outlive the run
            end_group(child.pid, signal.SIGTERM)
            try:
                child.wait(1)
            except subprocess.TimeoutExpired:
                end_group(child.pid, signal.SIGKILL)
            raise
        return Completed(child.returncode if child.returncode >= 0 else -1, out, err)


def end_group(pid: int, signal: int) -> None:
    """Send a signal to a program and what it started."""
    import os

    try:
        if hasattr(os, "killpg"):
            os.killpg(pid, signal)
        else:
            os.kill(pid, signal)
    except (ProcessLookupError, PermissionError):
        pass


class NoProcesses:
    """Starts nothing."""

    def run(
        self,
        command: list[str],
        folder: str | None = None,
        environment: Mapping[str, str] | None = None,
        stdin: bytes | None = None,
        most: float | None = None,
    ) -> Completed:
        """Refuse."""
        raise category_error("policy", "this host starts no programs (effect proc.exec)")
