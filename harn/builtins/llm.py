"""Calling models."""

from __future__ import annotations

from typing import Any

from harn.catalog.record import builtin
from harn.llm.asking import DATA, DATA_SAFE, ENVELOPE, PLAIN, SAFE, Ask, structured_options
from harn.llm.completing import Complete
from harn.llm.streaming import Stream
from harn.values.errors import runtime_error
from harn.values.kinds import type_name
from harn.vm.frame import Native

_EFFECTS = ("llm.call",)


@builtin(
    "llm_call(prompt: any, system?: any | string, options?: any | dict) -> dict",
    form="native",
    effects=_EFFECTS,
    examples=[('llm_call("hi", nil, {provider: "mock", model: "m"}).text', "Mock response to 1-word prompt: hi")],
)
def llm_call(prompt: Any, system: Any = None, options: Any = None) -> Native:
    """Ask a model. The result holds `text`, `model`, `provider`, `usage`, `data` where JSON was asked for, and more.

    A failure is thrown as a dict with `category`, `kind`, `reason` and `message`. Inside of a step the call is charged to it, and
    its model is the step's unless the options name one.
    """
    return Ask(PLAIN, prompt, system, _options(options))


@builtin(
    "llm_call_safe(prompt: any, system?: any | string, options?: any | dict)"
    " -> {ok: bool, response: dict | nil, error: dict | nil}",
    form="native",
    effects=_EFFECTS,
)
def llm_call_safe(prompt: Any, system: Any = None, options: Any = None) -> Native:
    """Ask a model; `{ok, response, error}` instead of a throw, for failures, exhausted budgets and wrong options alike."""
    return Ask(SAFE, prompt, system, _options(options))


@builtin(
    "llm_call_structured(prompt: any, schema?: any | dict, options?: any | dict) -> any",
    form="native",
    effects=_EFFECTS,
)
def llm_call_structured(prompt: Any, schema: Any = None, options: Any = None) -> Native:
    """Ask a model for data of a JSON schema; asks again, three times at most, where the reply does not conform."""
    return _structured("llm_call_structured", DATA, prompt, schema, options)


@builtin(
    "llm_call_structured_safe(prompt: any, schema?: any | dict, options?: any | dict)"
    " -> {ok: bool, data: any, error: dict | nil}",
    form="native",
    effects=_EFFECTS,
)
def llm_call_structured_safe(prompt: Any, schema: Any = None, options: Any = None) -> Native:
    """The same, as `{ok, data, error}`."""
    return _structured("llm_call_structured_safe", DATA_SAFE, prompt, schema, options)


@builtin(
    "llm_call_structured_result(prompt: any, schema?: any | dict, options?: any | dict)"
    " -> {ok: bool, data: any, raw_text: string, error: string, error_category: string | nil, attempts: int, repaired: bool,"
    " extracted_json: bool, usage: dict, model: string, provider: string}",
    form="native",
    effects=_EFFECTS,
)
def llm_call_structured_result(prompt: Any, schema: Any = None, options: Any = None) -> Native:
    """The same, with everything known about the attempts: `ok, data, raw_text, error, error_category, attempts, repaired,
    extracted_json, usage, model, provider`. With `repair: true` one more call tries to mend a reply that never conformed.
    """
    return _structured("llm_call_structured_result", ENVELOPE, prompt, schema, options)


@builtin(
    "llm_completion(prefix: any, suffix?: any, system?: any | string, options?: any | dict) -> dict",
    form="native",
    effects=_EFFECTS,
)
def llm_completion(prefix: Any, suffix: Any = None, system: Any = None, options: Any = None) -> Native:
    """What stands between a prefix and a suffix, as a result like that of `llm_call`."""
    return Complete(prefix, suffix, system, _options(options))


@builtin(
    "llm_stream(prompt: any, system?: any | string, options?: any | dict) -> channel", form="native", effects=_EFFECTS
)
def llm_stream(prompt: Any, system: Any = None, options: Any = None) -> Native:
    """A reply piece by piece, from a channel that closes behind the last one. A failure is one text, `error: ...`."""
    return Stream(prompt, system, _options(options))


def _options(options: Any) -> dict[str, Any]:
    return options if isinstance(options, dict) else {}


def _structured(name: str, form: str, prompt: Any, schema: Any, options: Any) -> Native:
    if schema is None:
        raise runtime_error(f"{name}: missing required `schema` argument (expected (prompt, schema, options?))")
    if not isinstance(schema, dict):
        raise runtime_error(f"{name}: `schema` must be a dict (JSON Schema), got {type_name(schema)}")
    given = _options(options)
    return Ask(form, prompt, given.get("system"), structured_options(schema, given))
