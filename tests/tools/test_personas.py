"""Personas of programs and manifests: what is shown, what is refused, what the doctor says."""

from __future__ import annotations

import argparse
import contextlib
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import harn
from harn.cli.main import main
from harn.cli.persona import check_all, examine, inspect_one, list_all
from harn.tools.persona_doctor import GREEN, RED, YELLOW, examined
from harn.tools.persona_manifest import cron_fault, from_manifest
from harn.tools.personas import CatalogError, catalog, from_source

PROGRAM = """\
@step(name: "gather", model: tiny, budget: {max_tokens: 400, scope: inclusive}, receipt: audit)
fn gather(q) { return q }

@step(name: "wrong", budget: {max_tokens: 0, max_usd: "x"}, retry: {max_attempts: 0})
fn odd(text) { return text }

@persona(name: old)
@persona(
  name: librarian.main, tools: [search, "borrow"], triggers: [shelf.full, schedule("0 9 * * *")], owner: ops, model: large,
  budget: {run_usd: 2.5, max_tokens: 100}, receipts: none, stages: [{name: "gather", allowed_tools: [search], max_iterations: 2}],
)
fn librarian(q) {
  return odd(gather(q))
}
"""

MANIFEST = """\
[[personas]]
name = "captain"
description = "Ships"
entry_workflow = "flows/ship.harn#ship"
tools = ["github"]
autonomy = "suggest"
receipts = "required"
schedules = ["*/30 * * * *"]
"""

FIELDS = (
    "name", "version", "description", "entry_workflow", "owner", "tools", "capabilities", "triggers", "schedules", "handoffs",
    "autonomy", "receipt_policy", "budget", "model_policy", "package_source", "rollout_policy", "stages", "allowed_tools",
    "side_effect_level", "max_iterations", "on_exit", "on_complete", "run_usd", "default_model", "fallback_models", "path",
    "cohorts", "percentage", "mood",
)  # fmt: skip

KEYS = (
    "name", "model", "error_boundary", "budget", "retry", "approval", "receipt", "max_tokens", "max_usd", "scope",
    "max_attempts", "description", "triggers", "schedules", "tools", "autonomy", "handoffs", "context_packs", "evals", "receipts",
    "owner", "stages", "allowed_tools", "side_effect_level", "max_iterations", "run_usd", "daily_usd", "output_style",
)  # fmt: skip


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "main.harn"
    path.write_text(PROGRAM)
    return path


def manifest(tmp_path: Path, text: str) -> str:
    """A folder with a manifest."""
    (tmp_path / "harn.toml").write_text(text)
    return str(tmp_path)


def faults(tmp_path: Path, text: str) -> list[tuple[str, str]]:
    """Field and message of what is wrong with a manifest."""
    with pytest.raises(CatalogError) as refused:
        catalog(manifest(tmp_path, text))
    return [(fault.field.removeprefix("[[personas]][0]."), fault.message) for fault in refused.value.faults]


def test_a_program_shows_what_it_declares(program: Path) -> None:
    (shown,) = catalog(str(program)).personas
    assert shown["name"] == "librarian.main"
    assert shown["entry_workflow"] == "librarian"
    assert shown["tools"] == ["search", "borrow"]
    assert shown["triggers"] == ["shelf.full"]
    assert shown["schedules"] == ["0 9 * * *"]
    assert (shown["owner"], shown["model_policy"]["default_model"]) == ("ops", "large")
    assert (shown["budget"]["run_usd"], shown["budget"]["max_tokens"], shown["budget"]["daily_usd"]) == (2.5, 100, None)
    assert shown["receipt_policy"] == "disabled"
    assert shown["stages"] == [{"name": "gather", "allowed_tools": ["search"], "max_iterations": 2}]
    assert shown["steps"] == [
        {"name": "wrong", "function": "odd", "line": 5},
        {
            "name": "gather", "function": "gather", "line": 2, "model": "tiny", "receipt": "audit",
            "budget": {"max_tokens": 400, "scope": "inclusive"},
        },
    ]  # fmt: skip


def test_what_is_wrong_with_a_programs_attributes_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "p.harn"
    path.write_text(
        '@step(name: "s", budget: {max_tokens: 5, scope: weird})\nfn s() { nil }\n'
        '@persona(name: "p", mood: 1, stages: [{name: "s", allowed_tools: []}])\nfn p() { s() }\n'
    )
    assert main(["persona", "check", str(path)]) == 0
    told = capsys.readouterr()
    assert told.out == f"ok: {path} persona manifest validates (1 personas)\n"
    assert told.err.startswith(
        f'warning: {path}:1:49: `@step(budget: {{ scope: ... }})` must be one of ["exclusive", "inclusive"]\n'
        f"warning: {path}:3:21: unknown `@persona` argument `mood`; expected one of "
    )
    assert len(shown_json(capsys, "check", str(path))["warnings"]) == 2
    (shown,) = catalog(str(path)).personas
    assert shown["steps"][0]["budget"] == {"max_tokens": 5}
    assert main(["persona", "--manifest", str(path), "inspect", "p"]) == 0
    assert "  - s allowed_tools=-\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"@persona\nfn p() {\n", "unexpected end of file, expected } at 3:1"),
        (b"\xff", "the file is not UTF-8: unexpected ff at 1:1"),
        (b"fn p() { nil }\n", "no @persona declarations found"),
    ],
)
def test_programs_without_personas(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "p.harn").write_bytes(content)
    with pytest.raises(CatalogError) as refused:
        catalog(str(tmp_path / "p.harn"))
    assert refused.value.faults == [("persona", message, "")]


def test_a_manifest_shows_what_it_says(tmp_path: Path) -> None:
    (shown,) = catalog(manifest(tmp_path, MANIFEST)).personas
    assert (shown["autonomy_tier"], shown["receipt_policy"]) == ("suggest", "required")
    assert shown["source"]["manifest_path"] == str(tmp_path / "harn.toml")
    assert shown["steps"] == []


@pytest.mark.parametrize(
    ("line", "field", "message"),
    [
        ("mood = 5", "mood", "unknown persona field"),
        ('handoffs = ["nobody"]', "handoffs", "unknown handoff target 'nobody'"),
        ('capabilities = ["git"]', "capabilities", "capability 'git' must use capability.operation syntax"),
        ('triggers = ["opened"]', "triggers", "trigger 'opened' must use provider.event syntax"),
        ("budget = { daily_usd = -1 }", "budget.daily_usd", "budget amounts must be finite and non-negative"),
        ("rollout_policy = { percentage = 101 }", "rollout_policy.percentage", "rollout percentage must be between 0 and 100"),
        ('stages = [{ name = "" }]', "stages[0].name", "stage name must not be empty"),
        ('stages = [{ name = "a" }, { name = "a" }]', "stages[1].name", "duplicate stage name 'a'"),
        ('stages = [{ name = "a", color = 1 }]', "stages[0].color", "unknown stage field"),
        (
            'stages = [{ name = "a", allowed_tools = ["slack"] }]', "stages[0].allowed_tools",
            "tool 'slack' is not part of the persona-level tools allowlist",
        ),
        (
            'stages = [{ name = "a", side_effect_level = "all" }]', "stages[0].side_effect_level",
            "unknown side_effect_level 'all' (expected none, read_only, workspace_write, process_exec, or network)",
        ),
        ("stages = [{ name = \"a\", side_effect_level = [] }]", "stages[0].side_effect_level",
         "unknown side_effect_level '[]' (expected none, read_only, workspace_write, process_exec, or network)"),
        ('stages = [{ name = "a", on_exit = 5 }]', "stages[0].on_exit", "on_exit must be a table"),
        (f"budget = {{ run_usd = {'9' * 400} }}", "budget.run_usd", "budget amounts must be finite and non-negative"),
        ("model_policy = { default_model = 1979-05-27 }", "model_policy.default_model", "default_model must be a string"),
        ("model_policy = { fallback_models = 5 }", "model_policy.fallback_models", "fallback_models must be a list of strings"),
        ('stages = [{ name = "a", on_exit = { on_x = "a" } }]', "stages[0].on_exit.on_x", "unknown on_exit field"),
        ('stages = [{ name = "a", on_exit = { on_failure = "b" } }]', "stages[0].on_exit.on_failure", "unknown stage 'b'"),
    ],
)  # fmt: skip
def test_what_a_manifest_may_not_say(tmp_path: Path, line: str, field: str, message: str) -> None:
    assert (field, message) in faults(tmp_path, MANIFEST + line + "\n")


def test_names_are_told_apart_and_near_ones_suggested(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert faults(tmp_path, MANIFEST * 2) == [("[[personas]][1].name", "duplicate persona name 'captain'")]
    path = manifest(tmp_path, MANIFEST + 'tool = ["x"]\nhandoffs = ["captian"]\n')
    assert main(["persona", "check", path]) == 1
    assert capsys.readouterr().err == (
        f"error: {path}/harn.toml [[personas]][0].tool: unknown persona field; did you mean `tools`?\n"
        f"error: {path}/harn.toml [[personas]][0].handoffs: unknown handoff target 'captian'; did you mean `captain`?\n"
    )
    first = shown_json(capsys, "check", path, code=1)["errors"][0]
    assert (first["field_path"], first["hint"]) == ("[[personas]][0].tool", "did you mean `tools`?")


def test_what_a_manifest_must_say(tmp_path: Path) -> None:
    told = [message for _, message in faults(tmp_path, "[[personas]]\n")]
    assert [m for m in told if m.startswith("missing required")] == [
        f"missing required {key}"
        for key in ("name", "description", "entry_workflow", "autonomy_tier", "receipt_policy")
    ]


VALUES = st.recursive(
    st.sampled_from(
        [
            '""',
            '"a"',
            '"p"',
            "0",
            "-1",
            "9" * 400,
            "1.5",
            "inf",
            "nan",
            "true",
            "false",
            "1979-05-27",
            "07:32:00",
            '"suggest"',
        ]
    ),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=3).map(
            lambda table: f"{{ {', '.join(f'{key} = {value}' for key, value in table.items())} }}"
        )
    ),
    max_leaves=6,
)
"""Values as a manifest writes them, most of them where they do not belong."""


@settings(max_examples=150)
@given(st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=4))
def test_whatever_a_manifest_says_it_is_shown_or_refused(fields: dict[str, str]) -> None:
    given = dict(line.split(" = ", 1) for line in MANIFEST.splitlines()[1:]) | fields
    text = "[[personas]]\n" + "".join(f"{key} = {value}\n" for key, value in given.items())
    try:
        found = from_manifest("harn.toml", text.encode())
    except CatalogError:
        return
    (shown,) = found.personas
    json.dumps(shown)
    for as_json in (False, True):
        options = argparse.Namespace(json=as_json, name=shown["name"])
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            assert all(command(found, options) == 0 for command in (list_all, inspect_one, check_all))


GIVEN = st.recursive(
    st.sampled_from(
        [
            '""',
            '"s"',
            "s",
            "a.b",
            "5",
            "-1",
            "0",
            "2.5",
            "-0.5",
            "9" * 25,
            "true",
            "false",
            "nil",
            "none",
            "required",
            "audit",
            "continue",
            'schedule("x")',
            "schedule()",
            "f(1, g(2))",
            'r"x"',
        ],
    ),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3).map(
            lambda table: f"{{{', '.join(f'{key}: {value}' for key, value in table.items())}}}"
        )
    ),
    max_leaves=6,
)
"""Arguments of attributes, most of them where they do not belong."""


@settings(max_examples=150)
@given(
    st.dictionaries(st.sampled_from(KEYS), GIVEN, max_size=5), st.dictionaries(st.sampled_from(KEYS), GIVEN, max_size=5)
)
def test_whatever_attributes_say_is_shown_and_runs(step: dict[str, str], persona: dict[str, str]) -> None:
    given_step, given_persona = (
        ", ".join(f"{key}: {value}" for key, value in given.items()) for given in (step, persona)
    )
    text = f"@step({given_step})\nfn work() {{ return 1 }}\n@persona({given_persona})\nfn lead() {{ return work() }}\n"
    try:
        found = from_source("p.harn", text.encode())
    except CatalogError as refused:  # an int that is too large, an identifier that is a keyword
        assume(not refused.faults)
        return
    (shown,) = found.personas
    json.dumps(shown)
    options = argparse.Namespace(json=False, name=shown["name"])
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        assert all(command(found, options) == 0 for command in (list_all, inspect_one, check_all, examine))
    said = "approval"
    try:
        harn.compile(text).call("lead")
    except harn.ThrownError as error:
        said = str(error)
    assert "approval" in said or "__register_persona" in said


@pytest.mark.parametrize("text", ["personas = 5\n", "[[personas\n", "personas = [1]\n"])
def test_manifests_that_are_none(tmp_path: Path, text: str) -> None:
    assert faults(tmp_path, text)


@pytest.mark.parametrize(
    ("schedule", "good"),
    [("*/5 1-3 * jan,mar 0", True), ("* * * *", False), ("61 * * * *", False), ("*/0 * * * *", False)],
)
def test_schedules(schedule: str, good: bool) -> None:
    assert (cron_fault(schedule) == "") is good


def test_stages_of_a_manifest_are_reported(tmp_path: Path) -> None:
    found = catalog(manifest(tmp_path, MANIFEST + 'stages = [{ name = "a" }]\n'))
    assert found.warnings == ["stages of persona 'captain' in the manifest are not applied at run time"]


def statuses(path: str, name: str) -> set[tuple[str, str]]:
    found = catalog(path)
    persona = found.find(name)
    assert persona is not None
    return {(check.name, check.status) for check in examined(found, persona)}


def test_the_doctor(tmp_path: Path, program: Path) -> None:
    assert ("steps", GREEN) in statuses(str(program), "librarian.main")
    assert ("attributes", YELLOW) in statuses(str(program), "librarian.main")
    program.write_text(PROGRAM.replace('@step(name: "wrong", ', "@deprecated("))
    assert ("steps", RED) in statuses(str(program), "librarian.main")
    folder = manifest(tmp_path, MANIFEST)
    assert ("entry_workflow", RED) in statuses(folder, "captain")
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "ship.harn").write_text("@persona\nfn ship(x) { return x }\n")
    assert ("entry_workflow", GREEN) in statuses(folder, "captain")


@pytest.mark.parametrize(
    ("entry", "flow", "status", "message"),
    [
        ("ship.harn#ship", "@persona\nfn ship(x) {\n  helper()\n}\nfn helper() {}\n", RED, "calls `helper`"),
        ("ship.harn#ship", "@persona\nfn ship(x) {", RED, "ship.harn: unexpected end of file"),
        ("ship.harn#ship", "fn ship() {}\n", YELLOW, "ship.harn: no @persona declarations found"),
        ("ship.harn#other", "@persona\nfn ship() {}\n", RED, "ship.harn declares no `other`"),
        ("ship.harn#other", "@persona\nfn ship() {}\npub fn other() {}\n", YELLOW, "`other` is not marked `@persona`"),
        ("ship.harn", "@persona\nfn ship() {}\n", YELLOW, "named without a function"),
        ("ship", "", YELLOW, "names no file"),
        ("gone.harn#ship", "", RED, "gone.harn does not exist"),
    ],
)
def test_the_doctor_looks_into_the_entry(tmp_path: Path, entry: str, flow: str, status: str, message: str) -> None:
    (tmp_path / "ship.harn").write_text(flow)
    found = catalog(manifest(tmp_path, MANIFEST.replace("flows/ship.harn#ship", entry)))
    last = examined(found, found.personas[0])[-1]
    assert last.status == status
    assert message in last.message
    if last.line:
        assert (Path(last.path), last.line) == (tmp_path / "ship.harn", 3)


def shown_json(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> Any:
    assert main(["persona", *words, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def test_the_command(program: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(program)
    assert main(["persona", "list", "--manifest", path]) == 0
    assert capsys.readouterr().out.splitlines()[0] == f"Personas in {path}:"
    assert shown_json(capsys, "--manifest", path, "inspect", "librarian.main")["schema"] == "harn.persona/1"
    assert shown_json(capsys, "check", path)["ok"] is True
    assert shown_json(capsys, "list", "--manifest", path)["personas"][0]["name"] == "librarian.main"
    assert main(["persona", "--manifest", path, "inspect", "librarian.main"]) == 0
    text = capsys.readouterr().out
    assert "owner:          ops\n" in text
    assert "  - gather allowed_tools=search max_iterations=2\n" in text
    assert text.endswith(f"  - gather (gather) model=tiny max_tokens=400 scope=inclusive\nmanifest:       {path}\n")
    assert main(["persona", "--manifest", path, "inspect", "x"]) == 1
    assert capsys.readouterr().err == f"error: persona 'x' not found in {path}\n"
    assert main(["persona", "--manifest", path, "doctor", "librarian.mian"]) == 1
    assert capsys.readouterr().err.endswith("; did you mean `librarian.main`?\n")
    (missing,) = shown_json(capsys, "--manifest", path, "inspect", "librarian.mian", code=1)["errors"]
    assert missing["message"] == f"persona 'librarian.mian' not found in {path}"
    assert main(["persona", "--manifest", path, "doctor"]) == 2
    program.write_text("fn f() {}\n")
    capsys.readouterr()
    assert main(["persona", "check", path]) == 1
    assert capsys.readouterr().err == f"error: {path} persona: no @persona declarations found\n"
    assert shown_json(capsys, "check", manifest(tmp_path, "[[personas]]\n"), code=1)["ok"] is False
