"""What a step, a persona and a stage are declared to be, read from the dicts that registration gets.

Reading coerces in silence where a field is not of its kind (the checker has warned before) and refuses, with the texts
below, only what cannot be a registration at all.
"""

from __future__ import annotations

import math
from decimal import Decimal

from harn.source.typing import Any, NamedTuple

EXCLUSIVE, INCLUSIVE = "exclusive", "inclusive"
FAIL, CONTINUE, ESCALATE = "fail", "continue", "escalate"


class RegistrationError(Exception):
    """A call of ``__register_step`` or ``__register_persona`` that is refused: its text is thrown as a plain string."""


class Budget(NamedTuple):
    """Limits of one call; None: no limit. ``inclusive`` counts nested steps and child tasks too."""

    max_tokens: int | None = None
    max_usd: Decimal | None = None
    inclusive: bool = False

    @property
    def limits_anything(self) -> bool:
        """Whether there is any limit to watch."""
        return self.max_tokens is not None or self.max_usd is not None


UNLIMITED = Budget()


class StepDefinition(NamedTuple):
    """A step as declared. ``boundary`` is verbatim, None where absent; only ``continue`` and ``escalate`` act."""

    name: str
    function: str
    model: str = ""
    boundary: str | None = None
    budget: Budget = UNLIMITED
    attempts: int = 1
    approval: bool = False
    receipt: str = ""

    @property
    def shown_boundary(self) -> str:
        """The boundary as errors show it."""
        return FAIL if self.boundary is None else self.boundary


class Stage(NamedTuple):
    """A stage of a persona: what the step of that name may do. None restricts nothing, an empty tuple allows nothing."""

    name: str
    allowed_tools: tuple[str, ...] | None = None
    side_effect_level: str = ""
    max_iterations: int | None = None


class PersonaDefinition(NamedTuple):
    """A persona as declared. ``receipts`` is ``none`` where its steps stay off the receipt unless they ask for it."""

    name: str
    function: str
    stages: tuple[Stage, ...] = ()
    budget: Budget = UNLIMITED
    receipts: str = ""

    def stage(self, step: str) -> Stage | None:
        """The first stage named like a step."""
        for stage in self.stages:
            if stage.name == step:
                return stage
        return None


class Tracked:
    """What a flagged function object carries, never changed. A function may be both.

    ``asks``: whether a call has to be seen through from outside of its frame, to be approved or tried again.
    """

    __slots__ = ("asks", "persona", "step")

    def __init__(self, step: StepDefinition | None = None, persona: PersonaDefinition | None = None) -> None:
        self.step = step
        self.persona = persona
        self.asks = step is not None and (step.attempts > 1 or step.approval)


def read_step(function: str, metadata: dict[str, Any]) -> StepDefinition:
    """The step of ``function`` that a metadata dict describes."""
    boundary = metadata.get("error_boundary")
    return StepDefinition(
        name=_name(metadata, function),
        function=function,
        model=_text(metadata.get("model")),
        boundary=boundary if isinstance(boundary, str) else None,
        budget=_budget(metadata.get("budget"), "max_usd"),
        attempts=_attempts(metadata.get("retry")),
        approval=metadata.get("approval") == "required",
        receipt=_one_of(metadata.get("receipt"), ("audit", "none")),
    )


def read_persona(function: str, metadata: dict[str, Any]) -> PersonaDefinition:
    """The persona of ``function`` that a metadata dict describes; RegistrationError for stages that are none."""
    receipts = metadata.get("receipts")
    return PersonaDefinition(
        name=_name(metadata, function),
        function=function,
        stages=_stages(metadata.get("stages")),
        budget=_budget(metadata.get("budget"), "run_usd")._replace(inclusive=True),
        receipts="none" if receipts is False or receipts == "none" else "",
    )


def _stages(value: Any) -> tuple[Stage, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise RegistrationError("__register_persona: stages argument must be a list of dicts")
    return tuple(_stage(entry) for entry in value)


def _stage(entry: Any) -> Stage:
    if not isinstance(entry, dict):
        raise RegistrationError("__register_persona: each stage entry must be a dict")
    name = entry.get("name")
    if not isinstance(name, str):
        raise RegistrationError("__register_persona: stage dict missing required 'name'")
    tools = entry.get("allowed_tools")
    if tools is not None and not isinstance(tools, list):
        raise RegistrationError("__register_persona: stage allowed_tools must be a list of strings")
    if tools is not None and not all(isinstance(tool, str) for tool in tools):
        raise RegistrationError("__register_persona: stage allowed_tools entries must be strings")
    return Stage(
        name,
        None if tools is None else tuple(tools),
        _text(entry.get("side_effect_level")),
        _whole(entry.get("max_iterations"), 0),
    )


def _name(metadata: dict[str, Any], function: str) -> str:
    name = metadata.get("name")
    return name if isinstance(name, str) else function


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _one_of(value: Any, words: tuple[str, ...]) -> str:
    return value if isinstance(value, str) and value in words else ""


def _number(value: Any) -> int | float | None:
    """A finite number; bools are none."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return value if math.isfinite(value) else None


def _whole(value: Any, least: int) -> int | None:
    """A number of at least ``least``, truncated."""
    number = _number(value)
    return int(number) if number is not None and number >= least else None


def _attempts(value: Any) -> int:
    found = _whole(value.get("max_attempts"), 1) if isinstance(value, dict) else None
    return found or 1


def _budget(value: Any, dollars_key: str) -> Budget:
    if not isinstance(value, dict):
        return UNLIMITED
    tokens = _number(value.get("max_tokens"))
    dollars = _number(value.get(dollars_key))
    return Budget(
        int(tokens) if tokens is not None and tokens > 0 else None,
        Decimal(repr(dollars)) if dollars is not None and dollars >= 0 else None,
        value.get("scope") == INCLUSIVE,
    )
