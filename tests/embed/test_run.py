"""Running programs from Python: values, output, exit codes, errors, single functions."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path

import pytest

import harn


def test_the_documented_example() -> None:
    source = "pipeline default(task) { return lookup(3) }"
    out = harn.run(source, functions={"lookup": lambda n: n * 2})
    assert (out.value, out.stdout, out.exit_code, out.steps) == (6, "", 6, [])
    assert out.usage.cost == 0


@pytest.mark.parametrize(
    ("source", "value", "code"),
    [
        ("pipeline default(t) { 300 }", 300, 255),
        ("pipeline default(t) { return -3 }", -3, 0),
        ("pipeline default(t) { true }", True, 0),
        ("pipeline default(t) { 2.0 }", 2.0, 0),
        ('pipeline default(t) { Err("no") }', harn.Enum("Result", "Err", ("no",)), 1),
        ("pipeline default(t) { Ok(5) }", harn.Enum("Result", "Ok", (5,)), 0),
        ("pipeline default(t) { exit(7) }", None, 7),
        ("let x = 5", None, 0),
        ("return 4", 4, 4),
    ],
)
def test_values_and_exit_codes(source: str, value: object, code: int) -> None:
    out = harn.run(source)
    assert (out.value, out.exit_code) == (value, code)


def test_output_is_kept_and_passed_on() -> None:
    copy = io.StringIO()
    out = harn.run('println("a")\nprint("b")\nlog("c")', stdout=copy)
    assert out.stdout == copy.getvalue() == "a\nb[harn] c\n"


def test_arguments_and_pipelines() -> None:
    program = harn.compile("pipeline one(t) { return argv }\npipeline two(t) { return 2 }")
    assert program.run(args=["a", "b"]).value == ["a", "b"]
    assert program.run(pipeline="two").value == 2
    with pytest.raises(harn.HarnError, match="no pipeline `three`"):
        program.run(pipeline="three")
    with pytest.raises(TypeError, match="must be texts, not int"):
        program.run(args=[1])


def test_runs_do_not_see_each_other() -> None:
    program = harn.compile("var n = 0\nfn next() { n = n + 1\n return n }\npipeline default(t) { return next() }")
    assert [program.run().value for _ in range(3)] == [1, 1, 1]


def test_uncaught_errors() -> None:
    with pytest.raises(harn.ThrownError) as caught:
        harn.run('fn f(x) {\n  return 1 / x\n}\npipeline default(t) {\n  println("before")\n  f(0)\n}')
    error = caught.value
    assert str(error) == "Runtime error: Division by zero (line 2)"
    assert error.value == "Runtime error: Division by zero (line 2)"
    assert error.stdout == "before\n"
    assert [(t.function, t.path, t.line, t.column) for t in error.trace] == [
        ("f", "<string>", 2, 10),
        ("pipeline", "<string>", 6, 3),
    ]


def test_thrown_values_keep_their_kind() -> None:
    with pytest.raises(harn.ThrownError) as caught:
        harn.run("throw {code: 422, fields: [1, 2.5]}")
    assert caught.value.value == {"code": 422, "fields": [1, 2.5]}
    assert str(caught.value) == "Thrown: {code: 422, fields: [1, 2.5]}"


def test_static_errors() -> None:
    with pytest.raises(harn.CompileError) as caught:
        harn.compile("let x = )\nlet y = 1\nbreak", path="bad.harn")
    first, *_ = caught.value.diagnostics
    assert (first.severity, first.message, first.path) == ("error", "expected expression, found )", "bad.harn")
    assert first.span is not None
    assert (first.span.line, first.span.column, first.span.end_line, first.span.end_column) == (1, 9, 1, 10)
    assert str(caught.value).startswith("bad.harn:1:9: expected expression, found )")
    assert "let x = )" in first.text
    assert [d.message for d in harn.check("let x = )")] == ["expected expression, found )"]
    assert harn.check("let x = 1") == []


def test_undefined_calls_are_known_when_the_functions_are() -> None:
    program = harn.compile("pipeline default(t) { return twice(4) }")
    assert program.run(functions={"twice": lambda n: 2 * n}).value == 8
    with pytest.raises(harn.CompileError, match="call target `twice` is not defined or imported"):
        program.run()
    assert [d.code for d in harn.check("twice(4)")] == ["N001"]
    assert harn.check("twice(4)", functions=["twice"]) == []


def test_loaded_programs_import_what_is_beside_them(tmp_path: Path) -> None:
    (tmp_path / "lib.harn").write_text("pub fn double(n) { return n * 2 }\n")
    (tmp_path / "main.harn").write_text('import "lib"\npipeline default(t) { return double(21) }\n')
    program = harn.load(tmp_path / "main.harn")
    assert program.path == str(tmp_path / "main.harn")
    assert program.run().value == 42
    assert program.run(host=harn.Host.sandbox()).value == 42
    with pytest.raises(FileNotFoundError):
        harn.load(tmp_path / "none.harn")
    (tmp_path / "latin.harn").write_bytes(b"// caf\xe9\n")
    with pytest.raises(harn.CompileError, match="not UTF-8"):
        harn.load(tmp_path / "latin.harn")


class TestFunctions:
    """Calling one function of a program, and what is known of its declarations."""

    program = harn.compile(
        "var calls = 0\n/** Adds. */\npub fn add(a: int, b: int = 2) -> int {\n  calls = calls + 1\n  return a + b + calls\n}\n"
        "fn apply(f, x) { return f(x) }\npipeline default(task) { println(1) }\n"
    )

    def test_call(self) -> None:
        assert self.program.call("add", 1) == 4
        assert self.program.call("add", 1, 10) == 12

    def test_wrong_calls(self) -> None:
        with pytest.raises(harn.HarnError, match="no function `sub`"):
            self.program.call("sub")
        with pytest.raises(harn.ThrownError, match=r"Arity mismatch: 'add' expects 1\.\.=2 argument\(s\), got 0"):
            self.program.call("add")
        with pytest.raises(harn.ThrownError, match="parameter 'a' expected int, got string"):
            self.program.call("add", "x")

    def test_declarations(self) -> None:
        assert list(self.program.functions) == ["add", "apply"]
        assert self.program.functions["add"].signature == "pub fn add(a: int, b: int = 2) -> int"
        assert self.program.functions["add"].doc == "Adds."
        assert list(self.program.pipelines) == ["default"]


def test_a_policy_names_the_effect() -> None:
    source = 'write_file("x", 1)'
    with pytest.raises(harn.ThrownError) as caught:
        harn.run(source, deny="fs.write")
    assert str(caught.value) == "Error [policy]: `write_file` is not permitted here: its effect fs.write is denied"
    with pytest.raises(harn.ThrownError, match=r"its effect fs\.write is not allowed"):
        harn.run(source, allow=["output", "fs.read"])
    with pytest.raises(harn.ThrownError, match=r"`write_file` is not permitted here: it is denied"):
        harn.run(source, deny=["write_file"])
    with pytest.raises(harn.ThrownError, match=r"effect fs\.write is denied"):
        harn.run(source, deny=["fs"])
    with pytest.raises(ValueError, match=r"`fs\.wirte` is neither a builtin nor an effect"):
        harn.run(source, deny="fs.wirte")
    assert harn.run('println("x")\nlen([1])', allow=["println"]).stdout == "x\n"


def test_a_policy_may_name_what_has_no_effects() -> None:
    program = harn.compile('fn f() { return trim("a") + "x".upper() }\npipeline default(t) { return [f(), f()][0] }')
    assert program.run().value.endswith("X")
    for word in ("trim", "upper", "string.upper"):
        with pytest.raises(harn.ThrownError, match="is not permitted here: it is denied"):
            program.run(deny=[word])
    assert program.run(allow=[]).value.endswith("X")
    assert program.run().value.endswith("X")


def test_a_seed_makes_the_same_numbers() -> None:
    assert harn.run("return 1", seed=4).value == 1


USES = """
fn ask(text, model) { return llm_call(text, nil, {provider: "mock", model: model, max_tokens: 1}) }
@step(name: "plan")
fn plan() { return ask("one", "gpt-4o") }
pipeline default() {
  llm_mock({text: "a", input_tokens: 4000, output_tokens: 2, match: "*one*", model: "gpt-4o"})
  llm_mock({text: "b", input_tokens: 3, output_tokens: 4, match: "*two*", model: "unpriced"})
  plan()
  plan()
  ask("two", "unpriced")
  END
}
"""


def test_what_a_run_used() -> None:
    """In total, by model and by step, exactly; after an error too."""
    once = Decimal("0.01002")
    plans = harn.Usage(8000, 4, 2 * once)
    for end in ("return 1", 'throw "late"'):
        try:
            out: harn.Result | harn.ThrownError = harn.run(USES.replace("END", end))
        except harn.ThrownError as error:
            out = error
        assert out.usage is not None
        assert (out.usage.input_tokens, out.usage.output_tokens, out.usage.cost) == (8003, 8, 2 * once)
        assert out.usage.by_model == {"gpt-4o": plans, "unpriced": harn.Usage(3, 4)}
        assert out.usage.by_step == {"plan": plans}
        assert [step["name"] for step in out.steps] == ["plan", "plan"]
        assert list(out.steps[0]) == [
            "name", "function", "model", "input_tokens", "output_tokens", "cost_usd", "llm_calls", "status", "error",
        ]  # fmt: skip
