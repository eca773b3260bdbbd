"""``harn repl`` from a pipe and on a terminal."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path


def piped(text: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "harn", "repl"], input=text, capture_output=True, text=True, check=False
    )


def test_from_a_pipe() -> None:
    done = piped("let x = 2\nfn f(n) {\n  return n * x\n}\n\nf(4)\n:names\n1 / 0\nx\n")
    assert done.stdout == "8\nf x\n2\n"
    assert done.stderr.startswith("error: Runtime error: Division by zero (line 1)\n  --> <4>:1:1\n")
    assert done.returncode == 0
    assert piped("1 / 0\n").returncode == 1
    assert piped("exit(4)\n5\n").returncode == 4
    assert piped("let x = ").returncode == 1


def test_on_a_terminal(tmp_path: Path) -> None:
    """Prompts, several lines, an interrupt in a loop, the end, and history for the next session."""
    main, other = pty.openpty()
    environment = os.environ | {"XDG_STATE_HOME": str(tmp_path), "TERM": "dumb"}
    command = [sys.executable, "-m", "harn", "repl"]
    process = subprocess.Popen(
        command, stdin=other, stdout=other, stderr=other, env=environment, start_new_session=True, close_fds=True
    )
    os.close(other)
    try:
        told = expect(main, "> ")
        assert "Harn " in told
        os.write(main, b"let x = [\n")
        expect(main, ". ")
        os.write(main, b"40, 2]\nx[0] + x[1]\n")
        expect(main, "42")
        os.write(main, b"while true { }\n")
        time.sleep(0.5)
        os.kill(process.pid, signal.SIGINT)
        expect(main, "interrupted")
        os.write(main, b"x\n")
        expect(main, "[40, 2]")
        os.write(main, b":quit\n")
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.wait()
        os.close(main)
    history = tmp_path / "harn" / "history"
    assert "while true { }" in history.read_text()
    assert history.stat().st_mode & 0o077 == 0


def expect(handle: int, wanted: str) -> str:
    """What the terminal shows up to a text."""
    held = ""
    until = time.monotonic() + 20
    while wanted not in held:
        assert time.monotonic() < until, f"{wanted!r} does not appear in {held!r}"
        if select.select([handle], [], [], 0.2)[0]:
            held += os.read(handle, 4096).decode("utf-8", "replace")
    return held
