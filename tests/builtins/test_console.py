"""Terminals, colours, standard input and error, structured logs: in a world in memory, and as a run at rest."""

from __future__ import annotations

import json
from typing import Any

import pytest

import harn
from harn.host.environment import SystemEnvironment
from harn.testing import VirtualHost
from tests.builtins.resting import thawed


def printed(body: str, **world: Any) -> list[str]:
    """The lines that the body of a pipeline prints."""
    return harn.run(f"pipeline default(task) {{ {body} }}", host=VirtualHost(**world)).stdout.splitlines()


def test_colours_go_by_the_variables_then_by_the_terminal() -> None:
    coloured, plain = ["\x1b[31mx\x1b[0m"], ["x"]
    show = 'println(color("x", "red"))'
    assert printed(show) == plain
    assert printed(show, env={"FORCE_COLOR": "", "NO_COLOR": "1"}) == coloured
    assert printed(f'mock_tty("stdout", true); {show}') == coloured
    assert printed(f'mock_tty("stdout", true); {show}', env={"NO_COLOR": "1"}) == plain
    assert printed(f'mock_tty("stdout", true); unmock_tty(); {show}') == plain
    assert printed(f'set_color_mode("always"); {show}', env={"NO_COLOR": "1"}) == coloured


def test_what_is_kept_as_a_text_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SystemEnvironment, "terminal", lambda self, stream: True)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    source = (
        'pipeline default(task) { println([is_stdin_tty(), is_stdout_tty(), is_stderr_tty()]); println(bold("x")) }'
    )
    assert harn.run(source).stdout == "[true, false, true]\nx\n"


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ('mock_tty("tape", true)', "mock_tty: invalid stream 'tape'. Expected 'stdin', 'stdout', or 'stderr'."),
        ('set_color_mode("on")', "set_color_mode: invalid mode 'on'. Expected 'auto', 'always', or 'never'."),
        ('log_set_level("all")', "log_set_level: invalid level 'all'. Expected debug, info, warn, or error"),
        ('trace_end("span")', "trace_end: argument must be a span dict from trace_start"),
    ],
)
def test_what_is_refused(call: str, told: str) -> None:
    assert printed(f"try {{ {call} }} catch (e) {{ println(e) }}") == [told]


def test_mocked_input_is_read_instead_of_the_real_one() -> None:
    body = """
      println(read_line())
      mock_stdin("a\\nb\\n\\nc")
      println([read_line(), read_line(), read_line()])
      println([read_stdin(), read_stdin(), json_stringify(read_line())])
      unmock_stdin()
      println([read_line(), prompt_user("?  "), json_stringify(read_line()), read_stdin() == "", prompt_user() == ""])
    """
    assert printed(body, stdin="one\ntwo\nthree  \n") == [
        "one",
        "[a, b, ]",
        "[c, , null]",
        "?  [two, three, null, true, true]",
    ]


def test_standard_error_is_kept_while_it_is_captured() -> None:
    body = """
      println(capture_stderr_take() == "")
      capture_stderr_start()
      eprint("lost")
      capture_stderr_start()
      eprint(1)
      eprintln([nil])
      println(json_stringify(capture_stderr_take()))
      eprintln("out")
      println(capture_stderr_take() == "")
    """
    assert printed(body) == ["true", '"1[nil]\\n"', "true"]


def records(body: str) -> list[dict[str, Any]]:
    """The log lines that a body prints."""
    return [json.loads(line) for line in printed(body, start=1_700_000_000.5)]


def test_log_lines_are_json() -> None:
    stamp = "2023-11-14T22:13:20.500Z"
    assert records(
        'log_warn("a\\"b", {n: 1.0, s: "x", l: [1, "q"], none: nil, level: "mine"}); log_json("k", true)'
    ) == [
        {"ts": stamp, "level": "warn", "msg": 'a"b', "l": "[1, q]", "n": 1, "none": None, "s": "x"},
        {"ts": stamp, "key": "k", "value": True},
    ]
    assert records('log_set_level("warn"); log_debug(1); log_info(1); log_warn(1); log_error(2, "no dict")') == [
        {"ts": stamp, "level": "warn", "msg": "1"},
        {"ts": stamp, "level": "error", "msg": "2"},
    ]


def test_spans_of_a_program() -> None:
    body = """
      let outer = trace_start("outer")
      let inner = trace_start("inner")
      log_info("within")
      sleep(20ms)
      trace_end(outer)
      log_json("open", trace_id() == inner.trace_id)
      trace_end(inner)
      log_json("ids", [inner.trace_id == outer.trace_id, len(inner.span_id), trace_id()])
      trace_end({})
    """
    within, outer, still, inner, ids, nothing = records(body)
    assert within["span_id"] == inner["span_id"] != outer["span_id"]
    assert outer.keys() == {"ts", "level", "msg", "trace_id", "span_id", "name", "duration_ms"}
    assert (outer["msg"], outer["name"], outer["duration_ms"], inner["name"]) == ("span_end", "outer", 20, "inner")
    assert (still["value"], ids["value"], nothing["duration_ms"]) == (True, "[true, 8, nil]", 0)


def test_a_task_logs_under_the_span_of_its_parent() -> None:
    body = """
      let span = trace_start("outer")
      let child = spawn {
        let before = trace_id()
        let own = trace_start("own")
        [before == span.trace_id, own.trace_id == span.trace_id]
      }
      println(await(child))
      trace_end(span)
      println(json_stringify(trace_id()))
    """
    lines = printed(body)
    assert (lines[0], lines[-1]) == ("[true, true]", "null")


def test_a_run_rests_with_what_it_pretends() -> None:
    body = """
      mock_stdin("a\\nb\\n"); capture_stderr_start(); eprint("kept"); set_color_mode("always"); log_set_level("error")
      mock_tty("stderr", true)
      let span = trace_start("op")
      read_line()
      env("REST")
      log_warn("silent")
      println([read_line(), len(bold("x")), capture_stderr_take(), is_stderr_tty(), trace_id() == span.trace_id])
    """
    assert thawed(body, VirtualHost(), VirtualHost()) == "[b, 9, kept, true, true]\n"
