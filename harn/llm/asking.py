"""What the builtins that call a model have in common: model calls until the reply conforms, then an answer in their form.

plain       the result dict, or the error is thrown                     llm_call
safe        ``{ok, response, error}``, never a throw                    llm_call_safe
data        the data of the result                                      llm_call_structured
data_safe   ``{ok, data, error}``                                       llm_call_structured_safe
envelope    everything known, with a repair where asked for             llm_call_structured_result
"""

from __future__ import annotations

from typing import Any

from harn.llm.call import ModelCall, Served
from harn.llm.failures import failure, failure_dict
from harn.llm.options import Behaviour, read_behaviour
from harn.llm.result import result_of
from harn.llm.structured import NOTHING, exhausted_text, find_data, judge, nudge_text, repair_prompt
from harn.values.errors import HarnError, thrown
from harn.vm.frame import Answer, Call, Done, Native, Throw

PLAIN, SAFE, DATA, DATA_SAFE, ENVELOPE = "plain", "safe", "data", "data_safe", "envelope"


class Ask(Native):
    """A model call with schema retries. ``replies`` are those that did not conform, the last one last."""

    __slots__ = ("attempt", "behaviour", "errors", "failed", "form", "options", "prompt", "repairing", "system")
    name = "llm_call"
    edge = False

    def __init__(self, form: str, prompt: Any, system: Any, options: dict[str, Any]) -> None:
        self.form = form
        self.prompt = prompt
        self.system = system
        self.options = options
        self.attempt = 0
        self.errors: list[str] = []
        self.failed: Served | None = None
        self.repairing = False
        self.behaviour: Behaviour | None = None

    def start(self) -> Answer:
        self.behaviour = read_behaviour(self.options)
        return Call(ModelCall(self.prompt, self.system, self.options, self.behaviour))

    def resume(self, value: Any) -> Answer:
        served: Served = value
        behaviour = self.behaviour
        assert behaviour is not None
        if not behaviour.structured:
            return Done(self._good(served, NOTHING, cut_out=False))
        data, cut_out = find_data(served.reply)
        errors = judge(served.reply, data, behaviour.schema)
        if not errors:
            return Done(self._good(served, data, cut_out=cut_out))
        if self.repairing:
            return Done(self._envelope(self.failed or served, NOTHING, "repair_failed", self.errors))
        self.errors = errors
        if self.attempt < behaviour.schema_retries:
            self.attempt += 1
            nudge = nudge_text(behaviour.nudge, errors, behaviour.schema)
            return Call(ModelCall(self.prompt, self.system, self.options, behaviour, nudge))
        return self._exhausted(served, data, errors)

    def _exhausted(self, served: Served, data: Any, errors: list[str]) -> Answer:
        behaviour = self.behaviour
        assert behaviour is not None
        if self.form == ENVELOPE:
            repair = _repair_options(self.options)
            if repair is not None:
                self.repairing, self.failed = True, served
                prompt = repair_prompt(served.reply.text, errors)
                return Call(ModelCall(prompt, self.system, repair, read_behaviour(repair)))
            category = "missing_json" if data is NOTHING else "schema_validation"
            return Done(self._envelope(served, NOTHING, category, errors))
        if behaviour.validation != "error":
            return Done(self._good(served, data, cut_out=False))
        message = exhausted_text(errors, behaviour.schema_retries)
        return self._bad(thrown(failure("schema_validation", message, served.request.provider, served.request.model)))

    def fail(self, error: HarnError) -> Answer:
        return Throw(error) if error.ending else self._bad(error)

    def _good(self, served: Served, data: Any, *, cut_out: bool) -> Any:
        """The answer of a call that went well."""
        if self.form == PLAIN:
            return result_of(served, data)
        if self.form == SAFE:
            return {"ok": True, "response": result_of(served, data), "error": None}
        plain = None if data is NOTHING else data
        if self.form == DATA:
            return plain
        if self.form == DATA_SAFE:
            return {"ok": True, "data": plain, "error": None}
        return self._envelope(served, data, None, [], cut_out=cut_out)

    def _bad(self, error: HarnError) -> Answer:
        """The answer of a call that failed."""
        if self.form == SAFE:
            return Done({"ok": False, "response": None, "error": failure_dict(error)})
        if self.form == DATA_SAFE:
            return Done({"ok": False, "data": None, "error": failure_dict(error)})
        if self.form == ENVELOPE:
            if self.repairing and self.failed is not None:
                return Done(self._envelope(self.failed, NOTHING, "repair_failed", self.errors))
            value = failure_dict(error)
            return Done(_no_reply(value))
        return Throw(error)

    def _envelope(
        self, served: Served, data: Any, category: str | None, errors: list[str], *, cut_out: bool = False
    ) -> dict[str, Any]:
        reply = served.reply
        return {
            "ok": category is None,
            "data": None if data is NOTHING else data,
            "raw_text": reply.text,
            "error": "; ".join(errors) if category is not None else "",
            "error_category": category,
            "attempts": 1 if self.repairing and category is None else self.attempt + 1,
            "repaired": self.repairing and category is None,
            "extracted_json": cut_out,
            "usage": result_of(served, NOTHING)["usage"],
            "model": reply.model,
            "provider": served.request.provider,
        }


def _no_reply(error: dict[str, Any]) -> dict[str, Any]:
    """The envelope of a call that no reply came to."""
    return {
        "ok": False,
        "data": None,
        "raw_text": "",
        "error": error.get("message") or "",
        "error_category": error.get("category") or "generic",
        "attempts": 0,
        "repaired": False,
        "extracted_json": False,
        "usage": {},
        "model": error.get("model") or "",
        "provider": error.get("provider") or "",
    }


def _repair_options(options: dict[str, Any]) -> dict[str, Any] | None:
    """The options of the repair call; None where none is wanted."""
    repair = options.get("repair")
    if repair is not True and not isinstance(repair, dict):
        return None
    changed = repair if isinstance(repair, dict) else {}
    if changed.get("enabled") is False:
        return None
    return {**options, **{k: v for k, v in changed.items() if k != "enabled"}, "schema_retries": 0, "repair": None}


def structured_options(schema: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    """The options of a call that must give data of a schema; retries may be set, three without."""
    retries = options.get("schema_retries", options.get("retries", 3))
    return {
        **options,
        "output_schema": schema,
        "json_schema": schema,
        "output_format": {"kind": "json_schema", "schema": schema, "strict": True},
        "response_format": "json",
        "output_validation": "error",
        "schema_retries": retries,
    }
