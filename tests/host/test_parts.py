"""Clock, chance, environment, processes, and the host that holds them."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harn.host import shells
from harn.host.chance import SeededChance, SystemChance, fraction, integer
from harn.host.clock import SystemClock, VirtualClock
from harn.host.environment import FixedEnvironment, SystemEnvironment
from harn.host.host import Host
from harn.host.processes import NoProcesses, SystemProcesses
from harn.values.errors import HarnError, LimitReached
from harn.vm.frame import Effect
from harn.vm.machine import Task


def test_a_virtual_clock_moves_when_somebody_sleeps() -> None:
    clock = VirtualClock(1_700_000_000.5)
    clock.sleep(2.25)
    clock.sleep(-1)
    clock.sleep(100, most=0.25)
    assert (clock.now_ms(), clock.monotonic_ms()) == (1_700_000_003_000, 2_500)


def test_the_system_clock_does_not_sleep_longer_than_wanted() -> None:
    clock = SystemClock()
    before = clock.monotonic()
    assert 0 <= before < 5  # counted from when the clock was made
    clock.sleep(60, most=0.0)
    clock.sleep(-5)
    assert clock.monotonic() - before < 5


@given(st.integers(-(10**20), 10**20), st.integers(0, 10**20))
def test_drawn_ints_lie_in_their_range(low: int, span: int) -> None:
    assert low <= integer(SystemChance(), low, low + span) <= low + span


def test_a_small_range_is_drawn_evenly() -> None:
    chance = SeededChance(7)
    counts = [0] * 6
    for _ in range(6_000):
        counts[integer(chance, 0, 5)] += 1
    assert all(850 < count < 1_150 for count in counts), counts


def test_a_seed_gives_the_same_again() -> None:
    first, second = SeededChance(3), SeededChance(3)
    assert [fraction(first) for _ in range(5)] == [fraction(second) for _ in range(5)]
    assert all(0 <= fraction(first) < 1 for _ in range(1_000))


def test_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARN_A_TEST", "1")
    assert SystemEnvironment().get("HARN_A_TEST") == "1"
    assert [SystemEnvironment().get(name) for name in ("HARN_NO_SUCH", "", "a=b", "a\0b")] == [None] * 4
    assert FixedEnvironment({"A": "b"}).get("A") == "b"
    assert FixedEnvironment({"A": "b"}).get("HARN_A_TEST") is None


class TestProcesses:
    """Starting programs of this machine."""

    def test_status_and_outputs(self) -> None:
        done = SystemProcesses().run(["sh", "-c", "echo out; echo err >&2; exit 3"])
        assert done[:3] == (3, b"out\n", b"err\n")
        assert (done.pid > 0, done.signal, done.late) == (True, 0, False)
        assert SystemProcesses().run(["cat"]).stdout == b""
        assert SystemProcesses().run(["cat"], stdin=b"in").stdout == b"in"
        killed = SystemProcesses().run(["sh", "-c", "kill -9 $$"])
        assert (killed.status, killed.signal) == (-1, 9)
        much = bytes(range(256)) * 4_000
        assert SystemProcesses().run(["cat"], stdin=much).stdout == much
        assert SystemProcesses().run(["true"], stdin=much).status == 0  # which reads nothing of it

    def test_folder_and_variables(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HARN_A_TEST", "own")
        show = ["/bin/sh", "-c", 'echo "$PWD ${HARN_A_TEST:-none} $MORE"']
        own = str(tmp_path.resolve())
        assert SystemProcesses().run(show, own).stdout.decode().split() == [own, "own"]
        assert SystemProcesses().run(show, own, {"MORE": "x"}).stdout.decode().split() == [own, "none", "x"]
        assert SystemProcesses().run(show, own, {"MORE": "x"}, extends=True).stdout.decode().split() == [
            own,
            "own",
            "x",
        ]

    def test_one_that_cannot_start(self) -> None:
        with pytest.raises(HarnError) as caught:
            SystemProcesses().run(["no-such-program-here"])
        assert str(caught.value) == "Thrown: process spawn failed: No such file or directory (os error 2)"

    def test_after_its_time_it_is_killed_with_what_it_started(self, tmp_path: Path) -> None:
        done = SystemProcesses().run(["sh", "-c", "sleep 60 & echo $!; wait"], most=0.3)
        assert done.status == -1
        child = int(done.stdout)
        assert any(gone(child) for _ in range(100))

    def test_after_its_own_time_it_is_late(self) -> None:
        done = SystemProcesses().run(["sh", "-c", "echo begun; sleep 60"], seconds=0.3)
        assert done[:3] == (-1, b"begun\n", b"")
        assert (done.signal, done.late) == (9, True)

    def test_one_that_writes_too_much_is_killed(self) -> None:
        assert SystemProcesses().run(["printf", "12345"], room=5).stdout == b"12345"
        with pytest.raises(LimitReached) as caught:
            SystemProcesses().run(["sh", "-c", "yes"], room=100_000)
        assert (caught.value.kind, caught.value.limit) == ("value_bytes", 100_000)

    def test_no_descriptor_is_left_open(self) -> None:
        before = os.listdir("/proc/self/fd") if os.path.isdir("/proc/self/fd") else []
        for command in (["true"], ["no-such-program-here"], ["sh", "-c", "yes"]):
            with contextlib.suppress(HarnError, LimitReached):
                SystemProcesses().run(command, stdin=b"x", room=1_000)
        assert len(os.listdir("/proc/self/fd") if before else []) == len(before)

    def test_a_host_without_programs(self) -> None:
        with pytest.raises(HarnError, match=r"Error \[policy\]: this host starts no programs \(effect proc.exec\)"):
            NoProcesses().run(["true"])
        with pytest.raises(HarnError, match="policy"):
            NoProcesses().shells()


def test_shells_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARN_DEFAULT_SHELL", "/opt/Fish")
    monkeypatch.setenv("SHELL", "/bin/sh")
    found = shells.found()
    assert [shell["id"] for shell in found][:2] == ["fish", "sh"]
    assert [shell["source"] for shell in found][:2] == ["configured", "env"]
    assert [shell["available"] for shell in found][:2] == [False, True]
    assert len({shell["id"] for shell in found}) == len(found)
    powershell = shells.described("C:\\Tools\\PWSH.exe", "host")
    assert (powershell["id"], powershell["default_args"]) == ("pwsh", ["-NoProfile", "-Command"])
    assert not powershell["supports_login"]
    assert shells.described("/bin/zsh", "host")["login_args"] == ["-l", "-c"]


def gone(pid: int) -> bool:
    """Whether a process has ended; where it has not, some time passes."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    SystemClock().sleep(0.02)
    return False


def perform(host: Host, kind: str, *args: object) -> object:
    return host.perform(Task(), Effect(kind, *args), None)


def test_a_host_performs_effects(tmp_path: Path) -> None:
    host = Host.system()
    (tmp_path / "a").write_text("text")
    assert perform(host, "fs.read", "read_text", str(tmp_path / "a")) == "text"
    assert perform(host, "clock", "now") == pytest.approx(SystemClock().now(), abs=5)
    assert host.waits(Effect("clock.sleep", "sleep", 1))
    assert not host.waits(Effect("fs.read", "read_text", "a"))


def test_a_host_refuses_what_it_does_not_know() -> None:
    with pytest.raises(HarnError, match=r"Error \[policy\]: this host does not offer the effect net.http"):
        perform(Host.system(), "net.http", "get", "x")

    class Variables:
        def get(self, name: str) -> str | None:
            return name

    own = Host.system().replacing(environment=Variables())
    assert perform(own, "env.read", "get", "x") == "x"
    with pytest.raises(HarnError, match=r"Error \[policy\]: this host does not offer the effect env.read user"):
        perform(own, "env.read", "user")


def test_a_sandbox_grants_only_what_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARN_A_SECRET", "1")
    bare = Host.sandbox()
    assert perform(bare, "env.read", "get", "HARN_A_SECRET") is None
    assert perform(bare, "stdin", "line") is None
    for kind, *args in (
        ("fs.read", "read_text", "/etc/hostname"),
        ("fs.write", "write", str(tmp_path / "x"), b""),
        ("proc.exec", "run", ["true"]),
        ("net.http", "get", "x"),
    ):
        with pytest.raises(HarnError, match="policy"):
            perform(bare, kind, *args)
    assert not (tmp_path / "x").exists()

    rooted = Host.sandbox(root=tmp_path, env={"NAMED": "yes"}, clock=VirtualClock(5), random=SeededChance(1))
    perform(rooted, "fs.write", "write", "x", b"1")
    assert (tmp_path / "x").read_bytes() == b"1"
    assert perform(rooted, "env.read", "get", "NAMED") == "yes"
    assert perform(rooted, "clock", "now") == 5
