"""Model calls on the machine: real providers through the effect, retries, money, structured replies."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import harn
from harn.compiler.compiler import compile_module
from harn.host.host import Host
from harn.llm.failures import failure
from harn.llm.prices import cost_of
from harn.llm.resolving import resolve
from harn.llm.schema import problems
from harn.llm.shapes import Reply, Request
from harn.llm.streaming import pieces
from harn.llm.structured import NOTHING, find_data
from harn.source.file import SourceFile
from harn.syntax.parser import parse_program
from harn.values.errors import thrown
from harn.vm.driver import run_task
from harn.vm.frame import Returned
from harn.vm.link import link
from harn.vm.machine import Machine
from harn.vm.modules import Program
from tests.vm.running import Printed


class Provider:
    """Answers from a list: texts, or categories of failures after a ``!``, or failures as dicts."""

    def __init__(self, *script: str | dict[str, Any]) -> None:
        self.script = list(script)
        self.requests: list[Request] = []

    def complete(self, request: Request) -> Reply:
        self.requests.append(request)
        said = self.script.pop(0)
        if isinstance(said, dict):
            raise thrown(said)
        if said.startswith("!"):
            raise thrown(failure(said[1:], "failed", request.provider, request.model))
        return Reply(said, request.model, 1000, 1000)


class Unhurried:
    """A clock that only notes how long it was to sleep."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def now_ms(self) -> int:
        return 0

    def monotonic_ms(self) -> int:
        return 0

    def monotonic(self) -> float:
        return sum(self.slept)

    def sleep(self, seconds: float, most: float | None = None) -> None:
        self.slept.append(seconds)


def run(body: str, provider: Any = None, env: dict[str, str] | None = None) -> tuple[str, Unhurried]:
    """What a program without a pipeline prints."""
    file = SourceFile("calls.harn", body)
    chunk = compile_module(parse_program(file), file, entry=True, imports={})
    printed, clock = Printed(), Unhurried()
    host = Host.sandbox(env=env or {}, clock=clock)  # type: ignore[arg-type]
    if provider is not None:
        host = host.replacing(models=provider)
    vm = Machine(host, printed)
    outcome = run_task(vm, vm.start(Program(link(chunk, file), {})))
    assert isinstance(outcome, Returned), outcome
    return "".join(printed.parts).rstrip("\n"), clock


def test_a_provider_is_reached_by_the_effect() -> None:
    provider = Provider("hello")
    text, _ = run(
        'let r = llm_call("hi", "be brief", {provider: "own", model: "gpt-4o", max_tokens: 7, temperature: 0.5})\n'
        "println([r.text, r.provider, r.input_tokens, llm_session_cost().total_cost])",
        provider,
    )
    assert text == "[hello, own, 1000, 0.0125]"
    (request,) = provider.requests
    assert (request.system, request.max_tokens, request.sampling) == ("be brief", 7, {"temperature": 0.5})
    assert request.messages == [{"role": "user", "content": "hi"}]


def test_without_a_configured_provider_nothing_is_called() -> None:
    text, _ = run('println(llm_call_safe("hi", nil, {provider: "own", model: "m"}).error.category)')
    assert text == "not_found"


def test_a_provider_without_its_key_is_not_asked_and_charges_nothing() -> None:
    provider = Provider("never")
    text, _ = run(
        """
        @step(name: "s", budget: {max_tokens: 5}, error_boundary: continue)
        fn s() { return llm_call("hi", nil, {provider: "anthropic", model: "gpt-4o"}) }
        fn told() {
          try { s() } catch (e) { return "${e.category} ${contains(e.message, "ANTHROPIC_API_KEY")}" }
        }
        println(told())
        println(completed_steps().map({ s -> "${s.status} ${s.llm_calls}" }))
        println(llm_session_cost().total_cost)
        """,
        provider,
    )
    assert text == "generic true\n[failed 0]\n0.0"
    assert provider.requests == []


def test_calls_can_be_disabled_but_never_scripted_ones() -> None:
    provider = Provider("never")
    text, _ = run(
        'println(llm_call_safe("hi", nil, {provider: "own", model: "m"}).error.message)\n'
        'println(llm_call("hi", nil, {provider: "mock", model: "m"}).text)',
        provider,
        {"HARN_LLM_CALLS_DISABLED": "1"},
    )
    assert "LLM calls are disabled by HARN_LLM_CALLS_DISABLED; provider `own`" in text
    assert text.endswith("Mock response to 1-word prompt: hi")
    assert provider.requests == []


def test_transient_failures_are_tried_again_with_longer_waits() -> None:
    provider = Provider("!overloaded", "!timeout", "!rate_limit", "fine")
    text, clock = run(
        'println(llm_call("hi", nil, {provider: "own", model: "m", llm_retries: 3, llm_backoff_ms: 100}).text)\n'
        "println(llm_session_cost().call_count)",
        provider,
    )
    assert text == "fine\n1"
    assert clock.slept == pytest.approx([0.2, 0.4, 0.8])


@pytest.mark.parametrize(("told", "waits"), [(1500, 1.5), (-5, 0.0), (10**9, 60.0), ("soon", 0.2), (None, 0.2)])
def test_a_failure_may_say_how_long_to_wait(told: Any, waits: float) -> None:
    said = {"category": "overloaded", "kind": "transient", "reason": "server_error", "message": "busy"}
    provider = Provider(said if told is None else {**said, "retry_after_ms": told}, "fine")
    text, clock = run(
        'println(llm_call("hi", nil, {provider: "own", model: "m", llm_retries: 1, llm_backoff_ms: 100}).text)',
        provider,
    )
    assert text == "fine"
    assert sum(clock.slept) == pytest.approx(waits)


def test_other_failures_and_too_many_are_thrown() -> None:
    program = 'println(llm_call_safe("hi", nil, {provider: "own", model: "m", llm_retries: 1, llm_backoff_ms: 0}).error.category)'
    provider = Provider("!auth")
    assert run(program, provider)[0] == "auth"
    assert len(provider.requests) == 1
    provider = Provider("!timeout", "!overloaded")
    assert run(program, provider)[0] == "overloaded"
    assert len(provider.requests) == 2


def test_a_failed_call_leaves_no_reservation_and_charges_nothing() -> None:
    text, _ = run(
        '@step(name: "s", budget: {max_tokens: 3000})\n'
        "fn s() {\n"
        '  let options = {provider: "own", model: "m"}\n'
        '  return [llm_call_safe("a", nil, options).ok, llm_call_safe("b", nil, options).ok]\n'
        "}\n"
        "println(s())\n"
        "println(completed_steps()[0].input_tokens)",
        Provider("!auth", "fine"),
    )
    assert text == "[false, true]\n1000"


def test_the_output_cap_fits_the_budget() -> None:
    provider = Provider("fine")
    run(
        '@step(name: "s", budget: {max_tokens: 3000})\n'
        'fn s() { return llm_call("12345678", nil, {provider: "own", model: "m"}).text }\n'
        "println(s())",
        provider,
    )
    assert provider.requests[0].max_tokens == 3000 - 6


@pytest.mark.parametrize(
    ("model", "dollars"),
    [
        ("gpt-4o", "12.5"), ("gpt-4o-mini", "0.75"), ("o1-mini", "15"), ("o1", "75"), ("o3", "75"),
        ("claude-opus-4-20250514", "90"), ("claude-sonnet-4-20250514", "18"), ("claude-3-5-haiku-x", "4.8"),
        ("gemini-2.0-flash", "0.5"), ("gemini-2.5-pro", "6.25"), ("meta/llama-3-70b", "1.38"), ("llama-8b", "0.13"),
        ("mistral-large", "8"), ("mistral-small", "0.8"), ("gpt-4-turbo", "40"), ("unknown", "0"),
    ],
)  # fmt: skip
def test_prices_of_a_million_tokens_each_way(model: str, dollars: str) -> None:
    assert cost_of(model, 1_000_000, 1_000_000) == Decimal(dollars)


@pytest.mark.parametrize(
    ("provider", "model", "env", "resolved"),
    [
        ("mock", None, {}, ("mock", "claude-sonnet-4-20250514")),
        (None, "gpt-4o", {}, ("openai", "gpt-4o")),
        (None, "ollama:foo", {}, ("ollama", "foo")),
        (None, None, {}, ("ollama", "llama3.2")),
        ("local", None, {}, ("local", "gpt-4o")),
        (None, "gpt-4o", {"LOCAL_LLM_BASE_URL": "x"}, ("local", "gpt-4o")),
        (None, "gpt-4o", {"HARN_LLM_PROVIDER": "mock"}, ("mock", "gpt-4o")),
        (None, None, {"ANTHROPIC_API_KEY": "k"}, ("anthropic", "claude-sonnet-4-20250514")),
        ("auto", "vendor/model", {"HARN_LLM_PROVIDER": "mock"}, ("openrouter", "vendor/model")),
    ],
)
def test_resolution(provider: str | None, model: str | None, env: dict[str, str], resolved: tuple[str, str]) -> None:
    assert resolve(provider, model, env) == resolved


@pytest.mark.parametrize(
    ("said", "data"),
    [
        ('{"n": 1}', {"n": 1}), ('before {"n": "}"} after', {"n": "}"}), ('{"a": 1}\n```json\n{"n": 2}\n```', {"n": 2}),
        ("[1, 2]", [1, 2]), ("list: [1] ok", [1]), ("null", None), ("6", 6), ("prose", NOTHING),
        ('{"n": ', NOTHING), ("", NOTHING),
    ],
)  # fmt: skip
def test_data_in_a_reply(said: str, data: Any) -> None:
    found, _ = find_data(Reply(said, "m", 0, 0))
    assert found is NOTHING if data is NOTHING else found == data


@given(st.text(max_size=60))
def test_any_reply_is_data_or_not(said: str) -> None:
    find_data(Reply(said, "m", 0, 0))
    find_data(Reply("{" * 3000 + said, "m", 0, 0))


@given(st.text(alphabet="a \n\t.", max_size=20))
def test_the_pieces_of_a_text_are_the_text(text: str) -> None:
    assert "".join(pieces(text)) == text
    assert all(pieces(text))


def test_what_is_wrong_with_data() -> None:
    schema = {
        "type": "object",
        "properties": {"n": {"type": "integer"}, "tags": {"items": {"type": "string"}}, "role": {"enum": ["a", "b"]}},
        "required": ["n", "m"],
    }
    assert problems(schema, {"n": 1, "m": 2, "extra": 3}) == []
    assert problems(schema, {"tags": ["x", 5], "role": "c"}) == [
        "at root: missing required key 'n'",
        "at root: missing required key 'm'",
        "at role: value must be one of [a, b]",
        "at tags[1]: expected type 'string', got 'int'",
    ]
    assert problems(schema, [1]) == ["at root: expected type 'dict', got 'list'"]
    assert problems({"type": "number"}, 2) == []


def test_option_errors_are_plain_texts() -> None:
    program = (
        'let wrong = [{transcript: 1}, {json_schema: 5}, {response_format: "xml"}, {output_format: 5},\n'
        '  {thinking: {mode: "effort"}},\n'
        '  {reasoning_effort: "low", thinking: true}, {budget: 5}, {budget: {max_cost_usd: -1}}, {tools: ["t"]}]\n'
        "for o in wrong {\n"
        '  try { llm_call("x", nil, {provider: "mock", model: "m"} + o) } catch (e) { println(type_of(e)) }\n'
        '  println(llm_call_safe("x", nil, {provider: "mock", model: "m"} + o).error.reason)\n'
        "}"
    )
    assert run(program)[0] == "\n".join(["string", "unknown"] * 9)


def test_messages_without_end_are_refused() -> None:
    text, _ = run(
        """
        var bomb: any = ["x"]
        for _ in 0 to 60 { bomb = [bomb, bomb] }
        let options = {provider: "mock", model: "m"}
        let messages = [{role: "user", content: bomb}]
        println(llm_call_safe("x", nil, options + {messages: messages}).error.message)"""
    )
    assert text == "messages: a request may have at most 1,000,000 parts"


def test_many_retries_do_not_pile_up() -> None:
    text, _ = run(
        """
        llm_mock({error: {category: "overloaded", message: "m"}, match: "*"})
        println(llm_call_safe("x", nil, {provider: "mock", model: "m", llm_retries: 2000}).error.message)
        println(len(llm_mock_calls()))"""
    )
    assert text == "m\n2001"


@pytest.mark.parametrize("count", ['to_float("inf")', 'to_float("nan")', 'to_float("1e300")', "9223372036854775807"])
def test_counts_are_ints_of_the_language(count: str) -> None:
    text, _ = run(
        f"""
        @step(name: "s", budget: {{max_usd: 1, scope: "inclusive"}})
        fn s() {{
          for _ in 1 to 3 {{
            llm_mock({{text: "x", input_tokens: {count}, output_tokens: {count}, cache_read_tokens: {count}}})
            llm_call("x", nil, {{provider: "mock", model: "m", max_tokens: {count}, seed: {count}}})
          }}
        }}
        s()
        let total = llm_session_cost().input_tokens
        println(total == completed_steps()[0].input_tokens && total == llm_usage().input_tokens)
        println(total)"""
    )
    same, total = text.splitlines()
    assert same == "true"
    assert 0 < int(total) < 2**63


WORDS = (
    "model", "system", "messages", "role", "content", "max_tokens", "temperature", "stop", "cache", "output_validation", "type",
    "response_format", "json_schema", "schema", "output_schema", "output_format", "kind", "schema_retries", "thinking", "mode",
    "schema_retry_nudge", "repair", "reasoning_effort", "tools", "name", "parameters", "properties", "required", "function",
    "input_schema", "tool_format", "budget", "max_cost_usd", "max_input_tokens", "llm_retries", "llm_backoff_ms", "text", "image",
    "tool_calls", "arguments", "input_tokens", "match", "error", "category", "message", "retry_after_ms", "mock", "auth", "items",
)  # fmt: skip
ODD = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 5) | st.floats() | st.sampled_from(WORDS) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4),
    max_leaves=8,
)
"""Values for options, most of them where they do not belong."""
WITH_ODD = """
@step(name: "s", budget: {max_tokens: 5000})
fn s(options, scripted) {
  try { llm_mock(scripted) } catch (e) { nil }
  for call in [
    { -> llm_call_safe("x", nil, options) }, { -> llm_call_structured_safe("x", scripted, options) },
    { -> llm_call_structured_result("x", options, options) },
    { -> llm_completion("a", "b", nil, options) }, { -> agent_loop("x", nil, options + {max_iterations: 2}) },
  ] {
    try { call() } catch (e) { nil }
  }
}
fn probe(options, scripted) {
  s(options, scripted)
  return completed_steps()[0].status
}
"""


@cache
def odd_program() -> harn.Program:
    """Compiled once."""
    return harn.compile(WITH_ODD)


@settings(max_examples=80)
@given(
    options=st.dictionaries(st.sampled_from(WORDS), ODD, max_size=5),
    scripted=st.dictionaries(st.sampled_from(WORDS), ODD, max_size=5),
)
def test_no_option_is_a_defect(options: dict[str, Any], scripted: dict[str, Any]) -> None:
    assert odd_program().call("probe", {**options, "provider": "mock"}, scripted) == "completed"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("text", 5, "`text` of a reply is str, not int"),
        ("input_tokens", "9", "`input_tokens` of a reply is int, not str"),
        ("output_tokens", True, "`output_tokens` of a reply is int, not bool"),
        ("tool_calls", ["run"], "`tool_calls` of a reply are dicts"),
        ("words", 5, "a reply has no field `words`"),
    ],
)
def test_a_reply_is_what_it_must_be(field: str, value: Any, said: str) -> None:
    """An embedding program that answers a call by hand is told at once, and may answer again."""
    with pytest.raises(TypeError, match=said):
        Reply("", "m", 0, 0).fill({field: value})
    asking = harn.compile('println(llm_call("x", nil, {provider: "own", model: "m"}).text)').start(effects={"llm.call"})
    effect = asking.advance()
    assert isinstance(effect, harn.Effect)
    with pytest.raises(TypeError):
        asking.resume({field: value})
    asking.resume({"text": "fine", "input_tokens": 1})
    asking.advance()
    assert asking.stdout == "fine\n"
