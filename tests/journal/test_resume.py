"""`harn run --checkpoint` and `harn resume`: what they do, say and refuse."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from harn.vm.journal.file import JournalFile
from harn.vm.journal.past import Past
from harn.vm.journal.records import unpacked

DYING = """
import os, sys
import harn.host.files as files
import harn.vm.journal.journal as journal
import harn.vm.journal.rhythm as rhythm
import harn.host.processes as processes
import harn.host.models as models
{patch}
from harn.cli.main import main
sys.exit(main(sys.argv[1:]))
"""

IN_APPEND = """
append = files.SystemFiles.append
def dying(self, path, content):
    if b"three" in content:
        append(self, path, content)
        os._exit(9)
    append(self, path, content)
files.SystemFiles.append = dying
"""

STATES = "rhythm.PAUSE, rhythm.LEAST, rhythm.SHARE = 0.0, 1, 0\n"

PROGRAM = """pipeline default(task) {
  for word in ["one", "two", "three", "four"] {
    try {
      let done = append_file("log.txt", "${word}\\n")
      println("${word} ${done}")
    } catch (e) {
      println("${word}: ${e}")
    }
  }
}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.harn").write_text(PROGRAM)
    return tmp_path


def harn(*words: str, patch: str = "", **options: Any) -> subprocess.CompletedProcess[str]:
    """One process of ``harn``, of which something was changed first."""
    return subprocess.run(
        [sys.executable, "-c", DYING.format(patch=patch), *words],
        capture_output=True,
        text=True,
        check=False,
        **options,
    )


def die_in_append(states: str = "") -> None:
    done = harn("run", "--checkpoint", "j", "p.harn", patch=IN_APPEND + states)
    assert (done.returncode, done.stdout) == (9, "one nil\ntwo nil\n"[: len(done.stdout)])


def entries() -> list[Any]:
    file = JournalFile.look("j")
    try:
        return [unpacked(record, "j") for record in file.records()]
    finally:
        file.close()


def test_a_run_that_ends_says_so_when_it_is_resumed(folder: Path) -> None:
    (folder / "p.harn").write_text("pipeline default(task) {\n  println(1)\n  return 3\n}\n")
    done = harn("run", "--checkpoint", "j", "p.harn")
    assert (done.returncode, done.stdout, done.stderr) == (3, "1\n", "")
    again = harn("resume", "j")
    assert (again.returncode, again.stdout) == (3, "")
    assert "has finished, with exit code 3" in again.stderr


def test_a_journal_is_kept_only_in_a_new_file(folder: Path) -> None:
    (folder / "j").write_text("precious")
    done = harn("run", "--checkpoint", "j", "p.harn")
    assert (done.returncode, done.stdout) == (1, "")
    assert "error: j is not empty: `harn resume j`" in done.stderr
    assert (folder / "j").read_text() == "precious"
    assert "no journal" in harn("resume", "j").stderr
    assert harn("run", "--sync", "p.harn").returncode == 2
    assert harn("run", "--checkpoint", "nowhere/j", "p.harn").returncode == 1


def test_what_is_said_before_a_decision_is_said_once(folder: Path) -> None:
    (folder / "p.harn").write_text(
        'pipeline default(task) {\n  println("before")\n  append_file("log.txt", "three")\n  println("after")\n}\n'
    )
    with open("out", "a") as out:
        for words, code in ((("run", "--checkpoint", "j", "p.harn"), 9), (("resume", "j"), 75), (("resume", "j"), 75)):
            script = DYING.format(patch=IN_APPEND)
            assert (
                subprocess.call([sys.executable, "-c", script, *words], stdout=out, stderr=subprocess.DEVNULL) == code
            )
        subprocess.run([sys.executable, "-m", "harn", "resume", "--in-flight", "skip", "j"], stdout=out, check=True)
    assert Path("out").read_text() == "before\nafter\n"


@pytest.mark.parametrize("states", ["", STATES])
def test_what_was_in_flight_needs_a_decision(folder: Path, states: str) -> None:
    die_in_append(states)
    asked = harn("resume", "j")
    assert asked.returncode == 75
    assert 'fs.write append("log.txt", "three\\n")' in asked.stderr
    assert "p.harn, line 4, in task_root" in asked.stderr
    assert "retry" in asked.stderr
    told = json.loads(harn("resume", "--status", "--json", "j").stdout)
    assert told["schema"] == "harn.journal/1"
    assert not told["finished"]
    assert [(e["kind"], e["line"]) for e in told["in_flight"]] == [("fs.write", 4)]
    assert (folder / "log.txt").read_text() == "one\ntwo\nthree\n"


@pytest.mark.parametrize(
    ("choice", "lines", "said", "states"),
    [
        ("retry", "one two three three four", "three nil\nfour nil\n", ""),
        ("skip", "one two three four", "three nil\nfour nil\n", STATES),
        ("fail", "one two three four", "three: Error [in_flight]: the process died while fs.write append", ""),
    ],
)
def test_what_can_be_decided(folder: Path, choice: str, lines: str, said: str, states: str) -> None:
    die_in_append(states)
    done = harn("resume", "--in-flight", choice, "j", patch=states)
    assert (done.returncode, done.stderr) == (0, "")
    assert said in done.stdout
    assert (folder / "log.txt").read_text().split() == lines.split()
    assert harn("resume", "j").returncode == 0  # the decision is part of the journal


def test_a_decision_is_for_what_is_in_flight_now(folder: Path) -> None:
    die_in_append()
    dying = harn("resume", "--in-flight", "skip", "j", patch=IN_APPEND.replace("three", "four"))
    assert dying.returncode == 9
    assert harn("resume", "j").returncode == 75
    done = harn("resume", "--in-flight", "skip", "j")
    assert done.returncode == 0
    assert (folder / "log.txt").read_text().split() == "one two three four".split()


def test_a_program_cannot_be_skipped(folder: Path) -> None:
    (folder / "p.harn").write_text('pipeline default(task) {\n  println(shell("echo hi").stdout)\n}\n')
    patch = "processes.SystemProcesses.shell = lambda *_, **__: os._exit(9)"
    assert harn("run", "--checkpoint", "j", "p.harn", patch=patch).returncode == 9
    asked = harn("resume", "--in-flight", "skip", "j")
    assert asked.returncode == 75
    assert 'proc.exec shell("echo hi")' in asked.stderr
    assert "skip" not in asked.stderr
    failed = harn("resume", "--in-flight", "fail", "j")
    assert failed.returncode == 1
    assert "the process died while proc.exec shell was being performed" in failed.stderr


def test_a_model_call_may_have_been_billed(folder: Path) -> None:
    (folder / "p.harn").write_text(
        'pipeline default(task) {\n  println(llm_call("Say hi.", nil, {provider: "openai", model: "gpt-4o"}).text)\n}\n'
    )
    environment = {**os.environ, "OPENAI_API_KEY": "x", "HARN_LLM_CALLS_DISABLED": ""}
    patch = "models.NoModels.complete = lambda *_: os._exit(9)"
    assert harn("run", "--checkpoint", "j", "p.harn", patch=patch, env=environment).returncode == 9
    asked = harn("resume", "j", env=environment)
    assert asked.returncode == 75
    assert "llm.call complete(" in asked.stderr
    assert "gpt-4o" in asked.stderr
    assert "may have been billed" in asked.stderr
    reply = (
        "from harn.llm.shapes import Reply\n"
        "models.NoModels.complete = lambda self, request: Reply('hi', request.model, 3, 1)"
    )
    done = harn("resume", "--in-flight", "retry", "j", env=environment, patch=reply)
    assert (done.returncode, done.stdout) == (0, "hi\n")


def test_two_effects_in_flight_are_both_told(folder: Path) -> None:
    (folder / "p.harn").write_text(
        'pipeline default(task) {\n  let done = parallel each ["a", "b"] { x -> shell("sleep 9; echo ${x}").status }\n}\n'
    )
    process = subprocess.Popen([sys.executable, "-m", "harn", "run", "--checkpoint", "j", "p.harn"])
    until(lambda: len([e for e in entries() if e.__class__.__name__ == "Intent"]) == 2)
    process.kill()
    process.wait()
    asked = harn("resume", "j")
    assert asked.returncode == 75
    assert "sleep 9; echo a" in asked.stderr
    assert "sleep 9; echo b" in asked.stderr
    assert "task_root:parallel" in asked.stderr


def until(happens: Any, seconds: float = 20) -> None:
    """Wait until something has happened."""
    end = time.monotonic() + seconds
    while True:
        try:
            if happens():
                return
        except Exception:
            if time.monotonic() > end:
                raise
        assert time.monotonic() < end
        time.sleep(0.02)


SLOW = (
    'pipeline default(task) {\n  println("begun")\n  append_file("log.txt", "x")\n  sleep(400)\n  println("slept")\n}\n'
)


def kill_in_sleep(stdout: Any) -> None:
    process = subprocess.Popen([sys.executable, "-m", "harn", "run", "--checkpoint", "j", "p.harn"], stdout=stdout)
    until(lambda: any(e.__class__.__name__ == "Text" for e in entries()))
    process.kill()
    process.communicate()


def test_only_one_process_goes_on_with_a_run(folder: Path) -> None:
    (folder / "p.harn").write_text(SLOW.replace("400", "3000"))
    process = subprocess.Popen(
        [sys.executable, "-m", "harn", "run", "--checkpoint", "j", "p.harn"], stdout=subprocess.PIPE
    )
    until(lambda: any(e.__class__.__name__ == "Text" for e in entries()))
    refused = harn("resume", "j")
    assert refused.returncode == 1
    assert "j is in use: the run it holds is going on in another process" in refused.stderr
    assert "has not ended" in harn("resume", "--status", "j").stdout
    process.kill()
    process.communicate()
    assert harn("resume", "j").stdout.endswith("slept\n")


def test_a_new_file_gets_the_whole_output_and_an_old_one_the_rest(folder: Path) -> None:
    (folder / "p.harn").write_text(SLOW)
    with open("out", "a") as out:
        out.write("before\n")
        out.flush()
        kill_in_sleep(out)
    assert Path("out").read_text() == "before\nbegun\n"
    Path("copy").write_bytes(Path("j").read_bytes())
    with open("out", "a") as out:
        subprocess.run([sys.executable, "-m", "harn", "resume", "j"], stdout=out, check=True)
    assert Path("out").read_text() == "before\nbegun\nslept\n"
    with open("other", "w") as out:
        subprocess.run([sys.executable, "-m", "harn", "resume", "copy"], stdout=out, check=True)
    assert Path("other").read_text() == "begun\nslept\n"


def test_elsewhere_only_the_last_text_is_printed_again(folder: Path) -> None:
    (folder / "p.harn").write_text(SLOW.replace("sleep(400)", 'sleep(1)\n  println("on")\n  sleep(400)'))
    process = subprocess.Popen(
        [sys.executable, "-m", "harn", "run", "--checkpoint", "j", "p.harn"], stdout=subprocess.PIPE
    )
    until(lambda: sum(e.__class__.__name__ == "Text" for e in entries()) == 2)
    process.kill()
    process.communicate()
    assert harn("resume", "j").stdout == "on\nslept\n"  # "begun" was printed before the clock was asked


def test_a_changed_program_without_a_state(folder: Path) -> None:
    die_in_append()
    (folder / "p.harn").write_text("// a comment changes nothing\n" + PROGRAM)
    assert harn("resume", "j").returncode == 75
    (folder / "p.harn").write_text(PROGRAM.replace("two", "deux"))
    changed = harn("resume", "--in-flight", "skip", "j")
    assert changed.returncode == 1
    assert "p.harn has changed since the run began" in changed.stderr
    (folder / "p.harn").write_text("pipeline default(task) {")
    assert harn("resume", "j").returncode == 1
    (folder / "p.harn").unlink()
    assert harn("resume", "j").returncode == 1


def test_a_changed_program_with_a_state(folder: Path) -> None:
    program = "fn other() {\n  return 1\n}\n\n" + PROGRAM.replace("    try", "    sleep(1)\n    try")
    (folder / "p.harn").write_text(program)
    die_in_append(STATES)
    (folder / "p.harn").write_text(program.replace("two", "deux"))
    changed = harn("resume", "--in-flight", "skip", "j")
    assert changed.returncode == 1
    assert "has changed since" in changed.stderr
    (folder / "p.harn").write_text(program.replace("return 1", "return 2"))
    assert harn("resume", "--in-flight", "skip", "j").returncode == 0


def test_where_and_how_a_run_was_begun_is_kept(folder: Path) -> None:
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    code = 'append_file("log.txt", "three ${argv}")\nprintln("${argv} ${read_file("log.txt")}")\nappend_file("log.txt", "!")'
    words = ("run", "--checkpoint", "j", "--deny", "fs.read", "--limit", "seconds=30", "-e", code, "--", "a", "b")
    assert harn(*words, patch=IN_APPEND).returncode == 9
    done = harn("resume", "--in-flight", "skip", str(folder / "j"), cwd=elsewhere)
    assert done.returncode == 1
    assert "`read_file` is not permitted here: its effect fs.read is denied" in done.stderr
    assert (folder / "log.txt").read_text() == "three [a, b]"
    assert list(elsewhere.iterdir()) == []


def test_a_program_from_standard_input_is_kept(folder: Path) -> None:
    done = harn("run", "--checkpoint", "j", "-", input=PROGRAM, patch=IN_APPEND)
    assert done.returncode == 9
    assert harn("resume", "--in-flight", "skip", "j").stdout.endswith("four nil\n")


def test_an_interrupt_is_part_of_the_run(folder: Path) -> None:
    (folder / "p.harn").write_text(
        "pipeline default(task) {\n  try {\n    sleep(20000)\n  } finally {\n"
        '    append_file("log.txt", "cleaned")\n    println("cleaned")\n    sleep(300)\n    println("gone")\n  }\n}\n'
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "harn", "run", "--checkpoint", "j", "p.harn"], stdout=subprocess.PIPE
    )
    until(lambda: any(e.__class__.__name__ == "Opened" for e in entries()))
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    until(lambda: any(e.__class__.__name__ == "Text" for e in entries()))
    process.kill()
    process.communicate()
    done = harn("resume", "j")
    assert done.stdout == "cleaned\ngone\n"
    assert done.returncode == 1  # the signal was the first process's
    assert (folder / "log.txt").read_text() == "cleaned"


def test_a_run_given_up_can_be_resumed(folder: Path) -> None:
    (folder / "p.harn").write_text(
        "pipeline default(task) {\n  try {\n    sleep(20000)\n  } finally {\n"
        '    println("cleaning")\n    sleep(700)\n    println("cleaned")\n  }\n}\n'
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "harn", "run", "--checkpoint", "j", "p.harn"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    until(lambda: any(e.__class__.__name__ == "Opened" for e in entries()))
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    until(lambda: any(e.__class__.__name__ == "Text" for e in entries()))
    process.send_signal(signal.SIGINT)
    process.communicate()
    assert process.returncode == 130
    assert harn("resume", "j").stdout == "cleaning\ncleaned\n"


def test_what_cannot_be_written_as_a_state_is_repeated(folder: Path) -> None:
    refusing = (
        "import harn.vm.snapshot as snapshot\n"
        "def freeze(vm): raise snapshot.SnapshotError('no')\n"
        "snapshot.freeze = freeze\n"
    )
    done = harn("run", "--checkpoint", "j", "p.harn", patch=IN_APPEND + STATES + refusing)
    assert done.returncode == 9
    assert not any(entry.__class__.__name__ == "State" for entry in entries())
    assert harn("resume", "--in-flight", "skip", "j", patch=STATES + refusing).returncode == 0


def test_time_goes_on_after_the_machine_was_started_anew(folder: Path) -> None:
    (folder / "p.harn").write_text(
        'pipeline default(task) {\n  let begun = elapsed()\n  append_file("log.txt", "three")\n'
        "  println(elapsed() - begun < 5000)\n  println(elapsed() >= begun)\n"
        "  deadline 400ms {\n    sleep(50)\n    println(1)\n  }\n}\n"
    )
    assert harn("run", "--checkpoint", "j", "p.harn", patch=IN_APPEND).returncode == 9
    booted = "import time\nreal, start = time.monotonic, time.monotonic()\ntime.monotonic = lambda: real() - start\n"
    done = harn("resume", "--in-flight", "skip", "j", patch=booted)
    assert done.stdout == "true\ntrue\n1\n"


def test_the_file_grows_with_the_work(folder: Path) -> None:
    sizes = []
    for count in (400, 1200):
        (folder / "p.harn").write_text(
            "pipeline default(task) {\n  var xs = (1 to 3000).to_list()\n"
            f'  for i in 1 to {count} {{\n    append_file("log.txt", "x")\n    sleep(0)\n  }}\n  println(len(xs))\n}}\n'
        )
        patch = "rhythm.PAUSE, rhythm.LEAST, rhythm.SHARE = 0.05, 2_000, 10\n"
        assert harn("run", "--checkpoint", f"j{count}", "p.harn", patch=patch).returncode == 0
        sizes.append((folder / f"j{count}").stat().st_size)
    assert sizes[1] < 4.5 * sizes[0]


def test_steps_and_receipts_of_a_resumed_run(folder: Path) -> None:
    (folder / "p.harn").write_text(
        '@step(name: "write")\nfn write(word) {\n  append_file("log.txt", word)\n  return word\n}\n\n'
        'pipeline default(task) {\n  println(["one", "two", "three"].map(write))\n}\n'
    )
    done = harn("run", "--steps", "--receipt-out", "r.json", "--checkpoint", "j", "p.harn", patch=IN_APPEND + STATES)
    assert done.returncode == 9
    done = harn("resume", "--in-flight", "skip", "j")
    assert (done.returncode, done.stdout) == (0, "[one, two, three]\n")
    assert done.stderr.count("write") == 3
    assert len(json.loads((folder / "r.json").read_text())["model_calls"]) == 3


def test_sync_and_a_lost_disk(folder: Path) -> None:
    assert harn("run", "--sync", "--checkpoint", "j", "p.harn").returncode == 0
    patch = (
        "import harn.vm.journal.file as journal_file\n"
        "def full(handle, data, count=[0]):\n"
        "    count[0] += 1\n"
        "    if count[0] > 4: raise OSError(28, 'No space left on device')\n"
        "    os.write(handle, data)\n"
        "journal_file._write_all = full\n"
    )
    lost = harn("run", "--checkpoint", "k", "p.harn", patch=patch)
    assert lost.returncode == 1
    assert "error: the journal k cannot be written: No space left on device" in lost.stderr
    assert "Traceback" not in lost.stderr
    assert harn("resume", "--in-flight", "skip", "k").returncode == 0
    assert (folder / "log.txt").read_text().split() == "one two three four".split() * 2


def test_a_program_that_asks_for_something_else_is_told(folder: Path) -> None:
    die_in_append(STATES)  # no function was live when the state was written: the first turn had not come to an effect
    (folder / "p.harn").write_text(PROGRAM.replace("two", "deux"))
    diverged = harn("resume", "--in-flight", "skip", "j")
    assert diverged.returncode == 1
    assert 'it asks for fs.write of "log.txt", "deux\\n" where' in diverged.stderr


def test_records_that_belong_to_another_run_are_told(folder: Path) -> None:
    die_in_append()
    file = JournalFile.reopen("j")
    past = Past(file)
    file.close()
    assert past.header is not None
    assert [read.kind for read in past.tape] == ["fs.write", "fs.write"]
    records = [(record.kind, record.payload) for record in JournalFile.look("j").records()]
    Path("k").unlink(missing_ok=True)
    other = JournalFile.create("k")
    for kind, payload in records:
        other.write(kind, payload.replace(b"append", b"delete"))
    other.close()
    diverged = harn("resume", "k")
    assert diverged.returncode == 1
    assert "the run does not repeat what k tells" in diverged.stderr
