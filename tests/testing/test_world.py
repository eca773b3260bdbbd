"""The world in memory, the scripted model and the assertions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import harn
from harn.host.files import ConfinedFiles
from harn.testing import MemoryFiles, MockModel, VirtualHost, assert_checks, assert_prints, assert_steps, assert_throws
from harn.values.errors import HarnError

PATHS = st.sampled_from(["a", "b", "d", "d/a", "d/e", "d/e/f", ".", "x/../a", "./d"])
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["read_text", "names", "make_folder", "delete", "write", "append", "exists", "facts"]), PATHS
    ),
    max_size=25,
)


@given(ACTS)
def test_files_in_memory_act_like_real_ones(
    tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[str, str]]
) -> None:
    real, memory = ConfinedFiles(tmp_path_factory.mktemp("files")), MemoryFiles()

    def told(files: MemoryFiles | ConfinedFiles, act: str, path: str) -> object:
        try:
            found = getattr(files, act)(path, *([b"text"] if act in ("write", "append") else []))
        except HarnError as error:
            return error.text()
        return (found["is_file"], found["is_dir"]) if isinstance(found, dict) else found

    for act, path in acts:
        if act != "delete" or path not in (".",):  # the root of a confined file system stays
            assert told(memory, act, path) == told(real, act, path), (act, path)


def test_a_program_sees_what_it_was_given_and_leaves_what_it_did() -> None:
    host = VirtualHost(
        files={"notes/a.txt": "hello"},
        env={"USER": "ada"},
        stdin="one\ntwo\n",
        commands=lambda command: " ".join(command),
    )
    program = """
    println(read_file("notes/a.txt") + " " + env("USER"))
    println(exec("git", "log").stdout)
    write_file("b.txt", list_dir("/"))
    sleep(90m)
    println(timestamp() - 1750000000.0 == 5400.0)"""
    assert_prints(program, "hello ada\ngit log\ntrue\n", host=host)
    assert host.files.text("b.txt") == "[notes]"
    assert host.processes.commands == [["git", "log"]]  # type: ignore[attr-defined]


def test_two_runs_in_fresh_worlds_are_the_same() -> None:
    one, two, other = VirtualHost(), VirtualHost(), VirtualHost(seed=1)
    drawn = [host.chance.bytes(8) for host in (one, two, other)]
    assert drawn[0] == drawn[1] != drawn[2]
    program = "sleep(2s)\nprintln(timestamp())"
    assert harn.run(program, host=one).stdout == harn.run(program, host=two).stdout


def test_a_model_answers_by_its_script() -> None:
    model = MockModel(
        {"text": "cold", "match": "*weather*", "input_tokens": 7}, "first", ValueError("gone"), default="later"
    )
    program = """
    @step(name: "ask") fn ask(q) { return llm_call(q, nil, {provider: "openai", model: "gpt-4o"}).text }
    pipeline default() {
      println([ask("hi"), ask("the weather?"), try { ask("x") } catch (e) { e.message }, ask("y"), ask("weather again")])
    }"""
    result = assert_prints(
        program, "[first, cold, gone, later, cold]\n", host=VirtualHost(model=model, env={"OPENAI_API_KEY": "k"})
    )
    assert model.prompts == ["hi", "the weather?", "x", "y", "weather again"]
    assert_steps(result, "ask", "ask", "ask:failed", "ask", "ask")
    assert result.steps[1]["input_tokens"] == 7


def test_a_model_that_is_asked_too_much_says_so() -> None:
    host = VirtualHost(model=MockModel("one"), env={"OPENAI_API_KEY": "k"})
    program = (
        'let options = {provider: "openai", model: "gpt-4o"}\nllm_call("a", nil, options)\nllm_call("b", nil, options)'
    )
    assert_throws(program, "asked more than the test expects: openai gpt-4o: b", host=host)


def test_a_person_answers() -> None:
    host = VirtualHost(answers=[True, {"approved": False, "reason": "late"}])
    program = """
    @step(name: "pay", approval: "required") fn pay(n) { return n }
    pipeline default() { println(pay(1))\n println(pay(2)) }"""
    assert_throws(program, value={"category": "approval_denied", "reason": "late"}, host=host)


def test_assertions_say_what_is_wrong() -> None:
    with pytest.raises(AssertionError, match=r"-b\n\+c"):
        assert_prints('println("a\\nc")', "a\nb\n")
    with pytest.raises(AssertionError, match="throws nothing"):
        assert_throws("1 + 1")
    with pytest.raises(AssertionError, match=r"instead of \{'code': 2\}"):
        assert_throws("throw {code: 1}", value={"code": 2})
    with pytest.raises(AssertionError, match="nothing matches 'y'"):
        assert_throws('throw "x"', "y")
    with pytest.raises(AssertionError, match="the steps are none instead of a:completed"):
        assert_steps(harn.run("1"), "a")
    with pytest.raises(AssertionError, match="the checker says: nothing"):
        assert_checks("let x = 1\nprintln(x)", "T001")
    assert_checks("let x = 1\nprintln(x)")
