"""The project's fixtures through the checked loop: every instruction keeps to its stack effect, and none is left out."""

from __future__ import annotations

from pathlib import Path

import pytest

import harn
from harn.code.opcodes import OPS
from harn.host.clock import VirtualClock
from harn.vm import driver
from tests.vm.checked_loop import Checked

NEVER_MET = {
    "CALL",  # for callees on the stack: every construct has a shorter form
    "DURATION",  # the linker puts a constant in its place
}
SUITE = Path(__file__).parents[2] / "conformance" / "tests"


def printed(expected: str) -> str:
    """What a fixture prints itself: what it is warned of before stands in front of it."""
    return "\n".join(line for line in expected.split("\n") if not line.startswith("warning: ")).rstrip()


def test_fixtures_keep_to_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    checked = Checked()
    monkeypatch.setattr(driver, "run", checked.run)
    for path in sorted(SUITE.rglob("*.harn")):
        expected = path.with_suffix(".expected")
        if expected.exists():
            monkeypatch.chdir(path.parent)
            ended = harn.load(path).run(host=harn.Host.system().replacing(clock=VirtualClock()))
            assert ended.stdout.rstrip() == printed(expected.read_text()), path
    left_out = {op.name for op in OPS if op.number not in checked.executed}
    assert left_out <= NEVER_MET, " ".join(sorted(left_out - NEVER_MET))
