"""Running programs: by arguments, through a shell, by the runner of the host; ended with the task that waits for them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import harn
from harn.host.host import Host
from harn.host.processes import Completed
from harn.testing import VirtualHost
from harn.testing.host import Commands
from harn.values.errors import thrown
from tests.builtins.resting import thawed


def value(body: str, host: Host | None = None, **options: Any) -> Any:
    """What the body of a pipeline returns."""
    return harn.run(f"pipeline default(task) {{ {body} }}", host=host or Host.system(), **options).value


def told(expression: str, host: Host | None = None) -> Any:
    """What an expression throws."""
    return value(f"try {{ {expression}; return nil }} catch (e) {{ return e }}", host)


@pytest.mark.parametrize(
    ("call", "text"),
    [
        ("exec()", "exec: command is required"),
        ("exec_at()", "exec_at: directory and command are required"),
        ('exec_at("/tmp")', "exec_at: directory and command are required"),
        ("shell()", "shell: command string is required"),
        ('shell("")', "shell: command string is required"),
        ('shell_at("/tmp")', "shell_at: directory and command string are required"),
        ('shell_at("/tmp", "")', "shell_at: command string is required"),
        ('exec("no-such-program")', "exec failed: process spawn failed: No such file or directory (os error 2)"),
        ('exec_at("/no/such", "ls")', "exec failed: process spawn failed: No such file or directory (os error 2)"),
        ('shell_at("/no/such", "ls")', "shell failed: process spawn failed: No such file or directory (os error 2)"),
        ('host_call("process.exec", {})', "host_call: missing required parameter 'command'"),
        ('host_call("process.exec", {command: "ls"})',
         "Runtime error: host_call process.exec: shell mode requires `shell` or `shell_id`"),
        ('host_call("process.exec", {command: "ls", shell_id: "tcl"})',
         'Runtime error: host_call process.exec: unknown shell id "tcl"'),
        ('host_call("process.exec", {command: "ls", shell: {}})',
         "Runtime error: host_call process.exec: shell object requires `path` or `id`"),
        ('host_call("process.exec", {mode: "tape"})', 'Runtime error: host_call process.exec unsupported mode "tape"'),
        ('host_call("process.exec", {mode: "argv"})', "Runtime error: host_call process.exec missing argv"),
        ('host_call("process.exec", {mode: "argv", argv: []})', "Runtime error: host_call process.exec argv must not be empty"),
        ('host_call("process.exec", {mode: "argv", argv: [""]})',
         "Runtime error: host_call process.exec argv[0] must not be empty"),
        ('host_call("process.exec", {mode: "argv", argv: ["ls"], env: 1})',
         "Runtime error: host_call process.exec env must be a dict"),
        ('host_call("process.exec", {mode: "argv", argv: ["ls"], env: {A: 1}})',
         'Runtime error: host_call process.exec env value for "A" must be a string'),
        ('host_call("process.exec", {mode: "argv", argv: ["no-such-program"]})',
         "Runtime error: host_call process.exec: No such file or directory (os error 2)"),
        ('host_call("process.set_default_shell", {})', "Runtime error: process.set_default_shell missing shell_id"),
        ('host_call("process.set_default_shell", {shell_id: "tcl"})',
         'Runtime error: process.set_default_shell: unknown or unavailable shell id "tcl"'),
        ('host_call("process.shell_invocation", {})',
         "Runtime error: process.shell_invocation: shell mode requires `shell` or `shell_id`"),
    ],
)  # fmt: skip
def test_what_is_refused(call: str, text: str) -> None:
    assert told(call) == text


def test_output_that_is_no_utf8_is_shown_as_well_as_it_can_be() -> None:
    assert value('exec("printf", "a\\\\377b\\n").stdout') == "a\ufffdb\n"


def test_a_program_sees_no_input() -> None:
    assert value('mock_stdin("x"); return exec("cat").stdout') == ""


def test_the_runner_tells_everything(tmp_path: Path) -> None:
    found = value(
        f"""return host_call("process.exec", {{
          mode: "argv", argv: ["sh", "-c", "cat; echo $A $PATH; pwd; echo bad >&2; exit 7"],
          cwd: "{tmp_path}", env: {{A: "a"}}, stdin: "in\\n", timeout: 60000,
        }})"""
    )
    assert (found["status"], found["success"], found["signal"], found["timed_out"]) == ("completed", False, None, False)
    assert {found[name] for name in ("exit_code", "exit_status", "legacy_status")} == {7}
    lines = found["stdout"].splitlines()
    assert (lines[0], lines[1].split()[0], lines[2]) == ("in", "a", str(tmp_path.resolve()))
    assert found["combined"] == found["stdout"] + "bad\n"
    assert found["pid"] == found["process_group_id"] > 0
    assert found["started_at"] <= found["ended_at"]
    assert found["duration_ms"] >= 0
    assert (found["handle_id"], found["command_id"]) == (None, f"cmd_{found['pid']}_1")


def test_variables_are_replaced_or_added(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARN_A_TEST", "own")
    show = 'mode: "argv", argv: ["/bin/sh", "-c", "echo $HARN_A_TEST $MORE"], env: {MORE: "more"}'
    assert value(f'host_call("process.exec", {{{show}}}).stdout') == "more\n"
    assert value(f'host_call("process.exec", {{{show}, env_mode: "merge"}}).stdout') == "own more\n"


def test_a_program_that_is_late_is_ended_and_what_it_wrote_is_told() -> None:
    found = value(
        'host_call("process.exec", {mode: "argv", argv: ["sh", "-c", "echo begun; sleep 60"], timeout_ms: 300})'
    )
    assert (found["status"], found["timed_out"], found["success"], found["exit_code"]) == ("timed_out", True, False, -1)
    assert found["stdout"] == "begun\n"


def test_the_shell_of_a_run_can_be_chosen() -> None:
    body = """
      let first = host_call("process.get_default_shell", {})
      host_call("process.set_default_shell", {shell_id: "sh"})
      let catalog = host_call("process.list_shells", {})
      let call = host_call("process.shell_invocation", {shell: {path: "/bin/other", id: "x"}, login: true, interactive: true})
      let default = host_call("process.shell_invocation", {shell_id: "sh", command: "ls"})
      return [catalog.default_shell_id, call.args, call.program, call.command_arg_index, default.args,
        shell("echo $0").stdout.trim().ends_with("sh")]
    """
    assert value(body) == ["sh", ["-i", "-l", "-c", "{command}"], "/bin/other", 3, ["-c", "ls"], True]


def test_a_test_can_play_programs() -> None:
    def act(command: list[str]) -> Any:
        if command[0] == "late":
            return Completed(-1, b"part", b"", 5, 9, True)
        if command[0] == "gone":
            raise thrown("process spawn failed: nobody here")
        return "said " + " ".join(command)

    host = VirtualHost(commands=act)
    assert value('shell("make it").stdout', host) == "said /bin/sh -c make it"
    late = value('host_call("process.exec", {mode: "argv", argv: ["late"], timeout: 5})', host)
    assert (late["status"], late["stdout"], late["signal"]) == ("timed_out", "part", 9)
    assert told('exec("gone")', host) == "exec failed: process spawn failed: nobody here"
    assert isinstance(host.processes, Commands)
    assert host.processes.commands == [["/bin/sh", "-c", "make it"], ["late"], ["gone"]]


def test_a_program_that_writes_more_than_a_value_may_hold_ends_the_run() -> None:
    with pytest.raises(harn.LimitError):
        value('try { exec("yes") } catch (e) { return "caught" }', limits=harn.Limits(value_bytes=100_000))


def gone(pid: int) -> bool:
    """Whether a process ends soon."""
    for _ in range(200):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


def test_a_cancelled_task_ends_its_program_with_all_it_started(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    body = f"""
      let line = "sleep 300 & echo $! $$ > {pids}.new; mv {pids}.new {pids}; trap '' TERM; wait; wait"
      let held = spawn {{ exec("sh", "-c", line) }}
      while !file_exists("{pids}") {{ sleep(10ms) }}
      cancel(held)
      return read_file("{pids}")
    """
    started = [int(word) for word in value(body).split()]
    assert len(started) == 2
    assert all(map(gone, started))


def test_a_deadline_ends_a_program(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    body = f"""
      try {{
        deadline 500ms {{ exec("sh", "-c", "echo $$ > {pid}; sleep 300") }}
      }} catch (e) {{ return to_string(e) }}
    """
    assert "deadline" in value(body).lower()
    assert gone(int(pid.read_text()))


def test_an_interrupt_ends_what_a_program_has_started(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    program = tmp_path / "p.harn"
    line = f"sleep 300 & echo $! $$ > {pids}.new; mv {pids}.new {pids}; sleep 300"
    program.write_text(f'pipeline default(task) {{ exec("sh", "-c", "{line}") }}')
    process = subprocess.Popen([sys.executable, "-m", "harn", "run", str(program)], stderr=subprocess.DEVNULL)
    while not pids.exists():
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 130
    assert all(gone(int(word)) for word in pids.read_text().split())


def test_a_shell_is_asked_for_as_one_effect() -> None:
    run = harn.compile('pipeline default(task) { return [shell("make").status, shell_at("/d", "x").stdout] }').start()
    first = run.advance()
    assert isinstance(first, harn.Effect)
    assert (first.kind, first.operation, first.arguments) == ("proc.exec", "shell", ("make",))
    run.resume({"status": 2})
    second = run.advance()
    assert isinstance(second, harn.Effect)
    assert second.arguments == ("x", "/d")
    run.resume({"stdout": "made", "pid": 7, "late": False})
    result = run.advance()
    assert isinstance(result, harn.Result)
    assert result.value == [2, "made"]


def test_policies_judge_what_a_host_call_does() -> None:
    run = 'return host_call("process.exec", {mode: "argv", argv: ["true"]}).success'
    assert value(run, allow=["proc", "clock", "state"]) is True
    refusing: list[dict[str, Any]] = [{"deny": ["proc.exec"]}, {"allow": ["state", "clock"]}]
    for options in refusing:
        with pytest.raises(harn.ThrownError, match=r"`process\.exec` is not permitted here: its effect proc\.exec"):
            value(run, **options)
    assert value('host_has("process", "exec")', deny=["proc.exec"]) is True


def test_a_run_rests_with_its_mocks_and_its_shell() -> None:
    body = """
      host_mock("files", "count", {result: [1, 2], params: {dir: "a"}})
      host_mock("files", "count", {error: "no"})
      host_call("process.set_default_shell", {shell_id: "sh"})
      host_mock_push_scope()
      env("REST")
      host_mock_pop_scope()
      println([host_mock_calls(), host_call("process.get_default_shell", {}).id])
      println(try { host_call("files.count", {dir: "b"}) } catch (e) { e })
      println(shell("x").stdout)
    """
    before, after = (VirtualHost(commands=lambda command: "ran") for _ in range(2))
    assert thawed(body, before, after) == "[[], sh]\nno\nran\n"


def test_a_program_in_flight_is_run_by_the_host_that_thaws() -> None:
    program = harn.compile('pipeline default(task) { return exec("make").stdout }')
    run = program.start(effects=["proc.exec"], host=VirtualHost())
    effect = run.advance()
    assert isinstance(effect, harn.Effect)
    assert effect.operation == "run"
    again = program.restore(run.snapshot(), effects=[], host=VirtualHost(commands=lambda command: "made"))
    result = again.advance()
    assert isinstance(result, harn.Result)
    assert result.value == "made"


def test_failures_of_other_kinds_are_passed_on() -> None:
    with pytest.raises(harn.ThrownError, match="this host starts no programs"):
        value('exec("true")', VirtualHost())
