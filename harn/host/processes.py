"""Other programs.

Each is started as the leader of a group of its own: when it is ended before its time, all it has started ends with it.
"""

from __future__ import annotations

from harn.host.failures import reason
from harn.source.typing import TYPE_CHECKING, Any, Mapping, NamedTuple, Protocol
from harn.values.errors import LimitReached, category_error, thrown

if TYPE_CHECKING:
    import subprocess

    from harn.host.pipes import Talk

_TO_END = 1.0
"""Seconds a program has to end when it is asked to, before it is killed."""

ROOM = 2**30
"""Bytes that a program may write, unless the caller says otherwise."""

UNSTARTED = "process spawn failed: "
"""How the text of a failure begins where a program could not be started."""


class Completed(NamedTuple):
    """A program that has ended. ``status`` is its exit code, -1 where the signal ``signal`` ended it; ``late`` where that came
    because its time was up.
    """

    status: int
    stdout: bytes
    stderr: bytes
    pid: int = 0
    signal: int = 0
    late: bool = False


class Processes(Protocol):
    """A way to start programs."""

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
        """Run a program to its end. HarnError where it cannot be started, LimitReached where it writes more than ``room``.

        ``environment``: all its variables (by default those of this process), or with ``extends`` those it has besides.
        After ``seconds`` (for the program) or ``most`` (for the run) it is killed.
        """
        ...

    def shell(
        self,
        line: str,
        folder: str | None = None,
        room: int | None = None,
        wanted: str | None = None,
        most: float | None = None,
    ) -> Completed:
        """Run a line through a shell: the one with the id ``wanted``, else the one to be used."""
        ...

    def shells(self, most: float | None = None) -> list[dict[str, Any]]:
        """The shells there are, the one to be used first: see ``harn.host.shells``."""
        ...


class SystemProcesses:
    """Programs of this machine."""

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
        """Run a program to its end; without ``stdin`` it sees an empty input."""
        child = _started(command, folder, environment, stdin, bool(extends))
        try:
            return _completed(child, stdin, seconds, room, most)
        except BaseException:  # interrupted: the program must not outlive the run
            import signal
            import subprocess

            end_group(child.pid, signal.SIGTERM)
            try:
                child.wait(_TO_END)
            except subprocess.TimeoutExpired:
                pass
            end_group(child.pid, signal.SIGKILL)
            _close(child)
            raise

    async def run_async(
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
        """The same under an event loop; cancelled, it ends the program."""
        import signal
        from functools import partial

        from anyio import CancelScope, sleep

        from harn.vm.threads import in_thread

        child = _started(command, folder, environment, stdin, bool(extends))
        try:
            completed: Completed = await in_thread(partial(_completed, child, stdin, seconds, room, most))
        except BaseException:
            with CancelScope(shield=True):
                end_group(child.pid, signal.SIGTERM)
                for _ in range(int(_TO_END / 0.01)):
                    if child.poll() is not None:
                        break
                    await sleep(0.01)
                end_group(child.pid, signal.SIGKILL)
            raise
        return completed

    def shell(
        self,
        line: str,
        folder: str | None = None,
        room: int | None = None,
        wanted: str | None = None,
        most: float | None = None,
    ) -> Completed:
        """Run a line through a shell to its end."""
        return self.run(_through_shell(line, wanted), folder, room=room, most=most)

    async def shell_async(
        self,
        line: str,
        folder: str | None = None,
        room: int | None = None,
        wanted: str | None = None,
        most: float | None = None,
    ) -> Completed:
        """The same under an event loop; cancelled, it ends the shell."""
        return await self.run_async(_through_shell(line, wanted), folder, room=room, most=most)

    def shells(self, most: float | None = None) -> list[dict[str, Any]]:
        """Those this machine has."""
        from harn.host.shells import found

        return found()


def _through_shell(line: str, wanted: str | None) -> list[str]:
    """The command that has a shell run a line."""
    from harn.host.shells import found, preferred

    shell = preferred(found(), wanted)
    if shell is None:
        raise thrown(f"{UNSTARTED}there is no shell")
    return [shell["path"], *shell["default_args"], line]


def _started(
    command: list[str],
    folder: str | None,
    environment: Mapping[str, str] | None,
    stdin: bytes | None,
    extends: bool,
) -> subprocess.Popen[bytes]:
    import os
    import subprocess

    if environment is not None and extends:
        environment = {**os.environ, **environment}
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
        raise thrown(f"{UNSTARTED}{reason(error)}") from None


def _completed(
    child: subprocess.Popen[bytes], stdin: bytes | None, seconds: float | None, room: int | None, most: float | None
) -> Completed:
    import signal

    from harn.host.pipes import Talk, TimeIsUp, TooMuch

    limit = ROOM if room is None else room
    talk = Talk(child, stdin, limit)
    patience = min((one for one in (seconds, most) if one is not None), default=None)
    late = False
    try:
        talk.go_on(patience)
    except TimeIsUp:
        late = True
        end_group(child.pid, signal.SIGKILL)
        _hear_the_rest(talk)
        child.wait()
    except TooMuch:
        end_group(child.pid, signal.SIGKILL)
        child.wait()
        raise LimitReached("value_bytes", limit) from None
    finally:
        _close(child)
    status = child.returncode
    ended_by = -status if status < 0 else 0
    return Completed(-1 if late or status < 0 else status, bytes(talk.out), bytes(talk.err), child.pid, ended_by, late)


def _hear_the_rest(talk: Talk) -> None:
    """What a killed program had written; somebody else may still hold its outputs, and is not waited for."""
    from harn.host.pipes import TimeIsUp, TooMuch

    try:
        talk.go_on(_TO_END)
    except (TimeIsUp, TooMuch):
        pass


def _close(child: subprocess.Popen[bytes]) -> None:
    for pipe in (child.stdin, child.stdout, child.stderr):
        if pipe is not None:
            try:
                pipe.close()
            except OSError:
                pass


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
        seconds: float | None = None,
        room: int | None = None,
        extends: bool | None = None,
        most: float | None = None,
    ) -> Completed:
        """Refuse."""
        raise _refused()

    def shell(
        self,
        line: str,
        folder: str | None = None,
        room: int | None = None,
        wanted: str | None = None,
        most: float | None = None,
    ) -> Completed:
        """Refuse."""
        raise _refused()

    def shells(self, most: float | None = None) -> list[dict[str, Any]]:
        """Refuse."""
        raise _refused()


def _refused() -> Exception:
    return category_error("policy", "this host starts no programs (effect proc.exec)")
