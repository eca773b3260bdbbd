"""Other programs."""

from __future__ import annotations

from harn.host.failures import reason
from harn.source.typing import TYPE_CHECKING, Mapping, NamedTuple, Protocol
from harn.values.errors import category_error, thrown

if TYPE_CHECKING:
    import subprocess

_TO_END = 1.0
"""Seconds a program has to end when it is asked to, before it is killed."""


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
        child = _started(command, folder, environment, stdin)
        try:
            return _completed(child, stdin, most)
        except BaseException:  # interrupted: the program must not outlive the run
            import signal
            import subprocess

            end_group(child.pid, signal.SIGTERM)
            try:
                child.wait(_TO_END)
            except subprocess.TimeoutExpired:
                end_group(child.pid, signal.SIGKILL)
            raise

    async def run_async(
        self,
        command: list[str],
        folder: str | None = None,
        environment: Mapping[str, str] | None = None,
        stdin: bytes | None = None,
        most: float | None = None,
    ) -> Completed:
        """The same under an event loop; cancelled, it ends the program."""
        import signal
        from functools import partial

        from anyio import CancelScope, sleep

        from harn.vm.threads import in_thread

        child = _started(command, folder, environment, stdin)
        try:
            completed: Completed = await in_thread(partial(_completed, child, stdin, most))
        except BaseException:
            with CancelScope(shield=True):
                end_group(child.pid, signal.SIGTERM)
                for _ in range(int(_TO_END / 0.01)):
                    if child.poll() is not None:
                        break
                    await sleep(0.01)
                else:
                    end_group(child.pid, signal.SIGKILL)
            raise
        return completed


def _started(
    command: list[str], folder: str | None, environment: Mapping[str, str] | None, stdin: bytes | None
) -> subprocess.Popen[bytes]:
    import os
    import subprocess

    try:
        return subprocess.Popen(
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


def _completed(child: subprocess.Popen[bytes], stdin: bytes | None, most: float | None) -> Completed:
    import signal
    import subprocess

    try:
        out, err = child.communicate(stdin, timeout=most)
    except subprocess.TimeoutExpired:
        end_group(child.pid, signal.SIGKILL)
        out, err = child.communicate()
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
