"""The frame of the command line: finding commands, help, and every way a process ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from harn.cli.main import COMMANDS, main


def harn(*arguments: str, **options: object) -> subprocess.Popen[bytes]:
    """The command as a process of its own, its outputs piped."""
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.Popen([sys.executable, "-m", "harn", *arguments], **streams)  # type: ignore[call-overload]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    assert f"usage: harn {name}" in shown.out
    assert f"\nexamples:\n  harn {name}" in shown.out
    assert "\nexit codes:\n  0 " in shown.out
    assert main(["help", name]) == 0
    assert capsys.readouterr().out == shown.out


def test_the_overview_lists_all_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["help"]) == 0
    listed = capsys.readouterr().out
    assert all(f"\n  {name} " in listed and summary in listed for name, (_, summary) in COMMANDS.items())


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("verson", "error: there is no command `verson`; did you mean `harn version`?\n"),
        ("xyzzyplugh", "error: there is no command `xyzzyplugh`; `harn help` lists the commands\n"),
        ("--frobnicate", "error: there is no option `--frobnicate`; `harn help` lists the commands\n"),
    ],
)
def test_a_word_that_is_no_command(word: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([word]) == 2
    assert capsys.readouterr() == ("", told)


def test_wrong_options_of_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["version", "--jsno"]) == 2
    assert capsys.readouterr().err.startswith("error: unrecognized arguments: --jsno\nusage: harn version")


def test_a_reader_that_goes_away_is_no_error() -> None:
    process = harn("help")
    assert process.stdout is not None and process.stderr is not None  # noqa: PT018
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 141


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs the device that is always full")
def test_a_run_whose_output_is_lost_says_so(tmp_path: Path) -> None:
    """Whether the output is lost in the middle of the run or at its end."""
    for after in ("", "sleep(1ms)"):
        (tmp_path / "p.harn").write_text(f"pipeline default(task) {{\n  println(1)\n  {after}\n}}\n")
        with open("/dev/full", "wb") as full:
            process = harn("run", str(tmp_path / "p.harn"), stdout=full)
            _, told = process.communicate(timeout=60)
        assert (process.returncode, told) == (1, b"error: cannot write the output: No space left on device\n")


def test_without_standard_error_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / "p.harn").write_text(
        '@step(name: "s")\nfn s() { println("here") }\npipeline default(task) {\n  s()\n  throw 1\n}\n'
    )
    command = [sys.executable, "-m", "harn", "run", "--steps", str(tmp_path / "p.harn")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, preexec_fn=lambda: os.close(2)) as process:
        told, _ = process.communicate(timeout=60)
    assert (process.returncode, told) == (1, b"here\n")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs the device that is always full")
def test_a_full_disk_is_told() -> None:
    with open("/dev/full", "wb") as full:
        process = harn("help", stdout=full)
        _, told = process.communicate()
    assert (process.returncode, told) == (1, b"error: cannot write the output: No space left on device\n")


def test_a_defect_is_reported_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_: list[str]) -> int:
        raise KeyError("lost")

    monkeypatch.setattr("harn.cli.version.run", broken)
    assert main(["version"]) == 70
    told = capsys.readouterr().err
    assert told.startswith("internal error: KeyError: 'lost'\nThis is a defect of Harn, not of your program.")
    assert "  command: harn version\n" in told
    assert "in broken\n" in told
    assert "Traceback" not in told


def test_an_interrupt_has_its_own_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: list[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("harn.cli.version.run", interrupted)
    assert main(["version"]) == 130


def test_undecodable_words_do_not_break_the_output() -> None:
    process = subprocess.run([sys.executable.encode(), b"-m", b"harn", b"ver\xff"], capture_output=True, check=False)
    assert process.returncode == 2
    assert b"there is no command `ver\\udcff`" in process.stderr
