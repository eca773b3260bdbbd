"""Each limit ends a run with a clear error that no handler sees; a sandbox keeps its promise."""

from __future__ import annotations

from pathlib import Path

import pytest

import harn
from harn.host.clock import VirtualClock

CAREFUL = "pipeline default(t) {{\n  try {{ {body} }} catch (e) {{ println(e) }} finally {{ println(1) }}\n}}"
"""A program that would catch the end if it could; deferred code does not run either."""

LOOP = "while true { }"


@pytest.mark.parametrize(
    ("limits", "body", "told"),
    [
        ({"instructions": 50_000}, LOOP, "its limit of 50,000 instructions"),
        ({"instructions": 50_000}, "fn f() { return 1 }\nwhile true { f() }", "50,000 instructions"),
        ({"instructions": 50_000}, "(1 to 1000000000).map({ x -> x }).to_list()", "50,000 instructions"),
        ({"instructions": 50_000}, "iter(1 to 1000000000).map(to_string).count()", "50,000 instructions"),
        ({"instructions": 50_000}, "while true { try { throw 1 } catch { } }", "50,000 instructions"),
        ({"seconds": 0.05}, LOOP, "0.05 seconds"),
        ({"seconds": 0.05}, "sleep(60s)", "0.05 seconds"),
        ({"seconds": 0.05}, 'shell("sleep 60")', "0.05 seconds"),
        ({"output_bytes": 100}, "while true { println(1) }", r"100 bytes of output \(output_bytes\)"),
        ({"output_bytes": 100}, 'println("é".repeat(60))', "100 bytes of output"),
        ({"value_bytes": 10_000}, '"x".repeat(10001)', r"10,000 bytes for one value \(value_bytes\)"),
        ({"value_bytes": 10_000}, 'var s = "ab"\nwhile true { s = s + s }', "10,000 bytes for one value"),
        ({"value_bytes": 10_000}, "var xs = [1]\nwhile true { xs = xs + xs }", "10,000 bytes for one value"),
        ({"value_bytes": 10_000}, "var xs = [1]\nwhile true { xs = xs + [1] }", "10,000 bytes for one value"),
        ({"value_bytes": 10_000}, 'var s = "ab"\nwhile true { s = "${s}${s}" }', "10,000 bytes for one value"),
        ({}, "(1 to 1000000000).to_list()", "bytes for one value"),
        ({}, '"x".repeat(1000000000000)', "bytes for one value"),
        ({"depth": 50}, "fn f(n) { return 1 + f(n + 1) }\nf(1)", r"50 frames \(depth\)"),
        ({"depth": 900}, "fn f(n) { return [1].map({ x -> f(n + 1) }) }\nf(1)", "900 frames"),
        (
            {"memory_bytes": 30_000_000},
            "var xs = []\nvar i = 0\nwhile true { xs = xs + [[i, i]]\n i = i + 1 }",
            "bytes of memory",
        ),
    ],
)
def test_limits_hold(limits: dict[str, float], body: str, told: str) -> None:
    with pytest.raises(harn.LimitError, match=told) as caught:
        harn.run(CAREFUL.format(body=body), limits=harn.Limits(**limits))  # type: ignore[arg-type]
    assert caught.value.kind in harn.Limits.__slots__
    assert set(caught.value.stdout.split()) <= {"1"} if "println" in body else caught.value.stdout == ""


def test_deep_recursion_of_functions_can_be_caught() -> None:
    source = "fn f(n) { return 1 + f(n + 1) }\npipeline default(t) {\n  return try { f(1) } catch (e) { e }\n}"
    assert "Stack overflow: too many nested calls" in harn.run(source).value


def test_a_regular_expression_that_explodes_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harn.builtins.regexes.SECONDS", 0.2)
    source = 'pipeline default(t) { return regex_match("^(a|aa)+$", "a".repeat(200) + "!") }'
    with pytest.raises(harn.ThrownError, match="Regex took longer than"):
        harn.run(source)


@pytest.mark.parametrize("most", [100, 101, 5_000, 5_001, 40_007])
def test_instructions_are_counted_exactly(most: int) -> None:
    """How far a program comes depends on the limit alone, not on how the run is sliced."""
    seen: list[list[int]] = []
    for _ in range(2):
        rounds: list[int] = []
        with pytest.raises(harn.LimitError):
            harn.run(
                "var i = 0\nwhile true {\n  i = i + 1\n  if i % 7 == 0 { note(i) }\n}",
                functions={"note": rounds.append},
                limits=harn.Limits(instructions=most),
            )
        seen.append(rounds)
    assert seen[0] == seen[1]


@pytest.mark.parametrize("wrong", [{"seconds": 0}, {"instructions": -1}, {"depth": "x"}, {"value_bytes": True}])
def test_limits_are_numbers_above_zero(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="must be a number above zero"):
        harn.Limits(**wrong)  # type: ignore[arg-type]


class TestSandbox:
    """Untrusted programs: `Host.sandbox()` with `Limits`."""

    @pytest.mark.parametrize(
        "body",
        [
            'read_file("/etc/passwd")',
            'write_file("made", 1)',
            'delete_file("/")',
            'list_dir("/")',
            'file_exists("/etc/passwd")',
            'shell("touch made")',
            'exec("touch", "made")',
        ],
    )
    def test_nothing_outside_can_be_reached(self, body: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        with pytest.raises(harn.ThrownError, match=r"Error \[policy\]"):
            harn.run(body, host=harn.Host.sandbox())
        assert list(tmp_path.iterdir()) == []

    def test_environment_and_modules_are_those_named(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HARN_A_SECRET", "1")
        (tmp_path / "secret.harn").write_text("pub fn secret() { return 42 }\n")
        monkeypatch.chdir(tmp_path)
        assert harn.run('return [env("HARN_A_SECRET"), env("A")]', host=harn.Host.sandbox(env={"A": "b"})).value == [
            None,
            "b",
        ]
        source = 'import "secret"\npipeline default(t) { return secret() }'
        with pytest.raises(harn.ThrownError, match="cannot read"):
            harn.run(source, host=harn.Host.sandbox())
        absolute = source.replace('"secret"', f'"{tmp_path}/secret"')
        with pytest.raises(harn.ThrownError, match="cannot read"):
            harn.run(absolute, host=harn.Host.sandbox())
        assert harn.run(source, host=harn.Host.sandbox(root=tmp_path)).value == 42

    def test_files_below_the_root(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text("text")
        host = harn.Host.sandbox(root=tmp_path)
        assert harn.run('write_file("b.txt", read_file("a.txt") + "!")\nreturn list_dir(".")', host=host).value == [
            "a.txt",
            "b.txt",
        ]
        assert (tmp_path / "b.txt").read_text() == "text!"

    def test_a_virtual_clock(self) -> None:
        host = harn.Host.sandbox(clock=VirtualClock(1_000))
        assert harn.run("sleep(5s)\nreturn timestamp()", host=host).value == 1_005.0
