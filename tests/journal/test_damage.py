"""Journals that were damaged, by accident (the checksums tell) or on purpose (they are right)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harn.cli.main import main
from harn.vm.journal.file import JournalError, JournalFile
from harn.vm.journal.past import Past
from harn.vm.journal.plain import dump

PROGRAM = """pipeline default(task) {
  for i in 1 to 3 {
    append_file("log.txt", "${i}")
    sleep(2)
    println("${i} ${timestamp()} ${shell("true").status}")
  }
}
"""

SCRIPT = """
import os, sys
import harn.vm.journal.rhythm as rhythm
rhythm.PAUSE, rhythm.LEAST = 0.01, 1
import harn.host.processes as processes
run, left = processes.SystemProcesses.run, [2]
def dying(self, *args, **options):
    left[0] -= 1
    if left[0] < 0:
        os._exit(9)
    return run(self, *args, **options)
processes.SystemProcesses.run = dying
from harn.cli.main import main
main(sys.argv[1:])
"""


@pytest.fixture(scope="module")
def died(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the journal of a run that died."""
    folder = tmp_path_factory.mktemp("died")
    (folder / "p.harn").write_text(PROGRAM)
    done = subprocess.run([sys.executable, "-c", SCRIPT, "run", "--checkpoint", "j", "p.harn"], cwd=folder, check=False)
    assert done.returncode == 9
    return folder


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_no_damage_leads_to_a_traceback(
    died: Path, data: st.DataObject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(died)
    original = (died / "j").read_bytes()
    changed = bytearray(original)
    for _ in range(data.draw(st.integers(1, 4))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    (died / "k").write_bytes(changed[: data.draw(st.integers(len(changed) // 2, len(changed)))])
    code = main(["resume", "--in-flight", "fail", "k"])
    monkeypatch.chdir(died)
    told = capsys.readouterr().err
    assert "Traceback" not in told
    assert "internal error" not in told
    assert code in (0, 1), told


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_records_with_right_checksums_and_wrong_content(
    died: Path, data: st.DataObject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(died)
    source = JournalFile.look("j")
    records = [(record.kind, record.payload) for record in source.records()]
    source.close()
    place = data.draw(st.integers(0, len(records) - 1))
    kind, payload = records[place]
    content = bytearray(payload)
    for _ in range(data.draw(st.integers(0, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.sampled_from(b"NTFistlbdrofD\0\1\7"))
    records[place] = (data.draw(st.just(kind) | st.integers(1, 9)), bytes(content))
    Path("k").unlink(missing_ok=True)
    file = JournalFile.create("k")
    for kind, payload in records:
        file.write(kind, payload)
    file.close()
    code = main(["resume", "--in-flight", "fail", "k"])
    monkeypatch.chdir(died)
    told = capsys.readouterr().err
    assert "Traceback" not in told
    assert "internal error" not in told
    assert code in (0, 1, 124), told


@pytest.mark.parametrize(
    "payload", [b"", dump(1), dump((1, 2)), dump(("a", "b", "c", 1)), dump((1, "0", {}, "", "", []))]
)
def test_a_header_that_is_none(tmp_path: Path, payload: bytes) -> None:
    file = JournalFile.create(os.fspath(tmp_path / "j"))
    file.write(1, payload)
    file.close()
    with pytest.raises(JournalError, match="damaged"):
        Past(JournalFile.reopen(os.fspath(tmp_path / "j")))
