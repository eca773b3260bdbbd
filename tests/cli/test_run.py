"""``harn run``: exit codes, options, what goes to which stream, limits, signals."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from harn.cli.main import main


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place for a program, in the working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path / "p.harn"


def run(program: Path, text: str, *words: str) -> int:
    """Write a program and run it here."""
    program.write_text(text)
    return main(["run", *words, program.name])


@pytest.mark.parametrize(
    ("body", "code", "told"),
    [
        ("5", 5, ""),
        ("300", 255, ""),
        ("-3", 0, ""),
        ("true", 0, ""),
        ("2.5", 0, ""),
        ("Ok(3)", 0, ""),
        ('Err({a: "no"})', 1, "{a: no}\n"),
        ("exit(9)", 9, ""),
        ('exit(json_parse("{}"))', 0, ""),
    ],
)
def test_exit_codes(program: Path, body: str, code: int, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(program, f"pipeline default(t) {{ {body} }}") == code
    assert capsys.readouterr() == ("", told)


def test_output_before_an_error_stays(program: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = 'fn f(x) {\n  return 10 / x\n}\npipeline default(t) {\n  println("before")\n  f(0)\n}\n'
    assert run(program, text) == 1
    assert capsys.readouterr() == (
        "before\n",
        (
            "error: Runtime error: Division by zero (line 2)\n  --> p.harn:2:10\n   |\n"
            " 2 |   return 10 / x\n   |          ^^^^^^\n  = note: called from pipeline at p.harn:6\n"
        ),
    )


def test_static_errors_run_nothing(program: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(program, 'println("never")\nlet x = )\npritnln(1)\n') == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "error: expected expression, found )\n  --> p.harn:2:9\n" in err


def test_arguments(program: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program.write_text("println(argv)")
    assert main(["run", "p.harn", "--", "-x", "--", "b"]) == 0
    assert main(["run", "p.harn"]) == 0
    assert main(["run", "--no-cache", "p.harn", "--", "1"]) == 0
    assert capsys.readouterr().out == "[-x, --, b]\n[]\n[1]\n"


def test_code_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "-e", "fn f() { return 6 }\nf() + 1"]) == 7
    assert main(["run", "-e", "let x = 3"]) == 0
    assert main(["run", "-e", "println(1) )"]) == 1
    assert "--> <eval>:1:12" in capsys.readouterr().err


def test_pipelines(program: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "pipeline one(t) { 1 }\npipeline two(t) { 2 }\n"
    assert run(program, text) == 1
    assert run(program, text, "--pipeline", "two") == 2
    assert run(program, text, "--pipeline", "tow") == 1
    assert capsys.readouterr().err == "error: the program has no pipeline `tow`; did you mean `two`?\n"


def test_policies(program: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = 'write_file("made", 1)\n'
    assert run(program, text, "--deny", "fs.write") == 1
    assert (
        "Error [policy]: `write_file` is not permitted here: its effect fs.write is denied" in capsys.readouterr().err
    )
    assert run(program, text, "--allow", "println,fs.read") == 1
    assert not Path("made").exists()
    assert run(program, text, "--allow", "fs") == 0
    assert Path("made").exists()
    assert run(program, text, "--deny", "fs.wriet") == 2
    assert "`fs.wriet` is neither a builtin nor an effect; did you mean `fs.write`?" in capsys.readouterr().err


def test_limits(program: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(program, "while true { }", "--limit", "seconds=0.1") == 124
    assert run(program, "while true { }", "--limit", "instructions=10_000") == 1
    assert capsys.readouterr().err == (
        "error: the run reached its limit of 0.1 seconds\nerror: the run reached its limit of 10,000 instructions\n"
    )
    assert run(program, "1", "--limit", "time=3") == 2
    assert run(program, "1", "--limit", "seconds=x") == 2
    assert "must be a number above zero, not `x`" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["none.harn"], 1, "Error reading none.harn: No such file or directory (os error 2)\n"),
        (["."], 1, "Error reading .: Is a directory (os error 21)\n"),
        (["a\0b"], 1, "Error reading a\ufffdb: embedded null byte\n"),
        ([], 2, "error: give a FILE or -e CODE\n"),
        (["-e", "1", "x.harn"], 2, "error: give either a FILE or -e CODE, not both\n"),
    ],
)
def test_what_cannot_be_run(
    words: list[str], code: int, told: str, program: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", *words]) == code
    assert capsys.readouterr().err.replace("\0", "\ufffd").startswith(told)


def test_standard_input() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "harn", "run", "-"], input=b"println(1 + 1)", capture_output=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"2\n", b"")
    done = subprocess.run(
        [sys.executable, "-m", "harn", "run", "-"], input=b"caf\xe9", capture_output=True, check=False
    )
    assert done.returncode == 1
    assert b"the file is not UTF-8: unexpected e9 at 1:4" in done.stderr


BUSY = """pipeline default(t) {{
  defer {{ println("deferred") }}
  try {{
    println("begun")
    {body}
  }} catch (e) {{ println("caught") }} finally {{ println("finally") }}
}}
"""


def interrupted(program: Path, body: str, *signals: int) -> tuple[int, str, float]:
    """Run a program, send signals once it has begun: exit code, output, seconds from the first signal to the end."""
    program.write_text(BUSY.format(body=body))
    process = subprocess.Popen(
        [sys.executable, "-m", "harn", "run", str(program)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    begun = process.stdout.readline()
    time.sleep(0.2)
    start = time.monotonic()
    for number in signals:
        process.send_signal(number)
        time.sleep(0.4)
    rest, err = process.communicate(timeout=30)
    assert b"Traceback" not in err
    return process.returncode, (begun + rest).decode(), time.monotonic() - start


@pytest.mark.parametrize(
    "body",
    [
        "while true { }",
        "while true { try { throw 1 } catch (e) { } }",
        "sleep(60s)",
        'shell("sleep 60")',
        'parallel each [1, 2] { n -> exec("sleep", "60") }',
        "(1 to 1000000000).map({ x -> x }).count()",
    ],
)
def test_an_interrupt_cleans_up(program: Path, body: str) -> None:
    code, out, _ = interrupted(program, body, signal.SIGINT)
    assert (code, out) == (130, "begun\nfinally\ndeferred\n")


def test_termination(program: Path) -> None:
    assert interrupted(program, "while true { }", signal.SIGTERM)[:2] == (143, "begun\nfinally\ndeferred\n")


def test_a_second_interrupt_ends_at_once(program: Path) -> None:
    body = 'try { while true { } } finally { println("stuck")\n while true { } }'
    code, out, took = interrupted(program, body, signal.SIGINT, signal.SIGINT)
    assert (code, out) == (130, "begun\nstuck\n")
    assert took < 4


def test_an_interrupt_leaves_a_builtin_that_takes_long(program: Path) -> None:
    body = "let xs = (1 to 400000).to_list()\n    while true { xs.sort_by({ x -> -x })\n xs.map({ x -> x }) }"
    code, out, _ = interrupted(program, body, signal.SIGINT)
    assert (code, out) == (130, "begun\nfinally\ndeferred\n")
