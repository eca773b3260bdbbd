"""Lifecycle hooks: which handlers an event reaches, what they are told, and what their answer means."""

from __future__ import annotations

from decimal import Decimal

from harn.source.typing import Any, NamedTuple, Sequence
from harn.steps.definitions import PersonaDefinition, StepDefinition
from harn.values.display import display
from harn.values.errors import HarnError, runtime_error, thrown
from harn.values.kinds import type_name

PRE_STEP, POST_STEP, THRESHOLD = "PreStep", "PostStep", "OnBudgetThreshold"
APPROVAL, HANDOFF_EMITTED = "OnApprovalRequested", "OnHandoffEmitted"
PAUSED, RESUMED = "OnPersonaPaused", "OnPersonaResumed"
EVENTS = (PRE_STEP, POST_STEP, THRESHOLD, APPROVAL, HANDOFF_EMITTED, PAUSED, RESUMED)


class Hook(NamedTuple):
    """One registered handler. ``step`` is None for a persona hook; ``percent`` only for a threshold that names one.

    ``manifest``: it comes from the project's manifest, is never cleared, and its pattern is about all that handlers are told.
    """

    number: int
    pattern: str
    step: str | None
    event: str
    percent: Decimal | None
    handler: Any
    manifest: bool = False


class EventError(ValueError):
    """An event text that names no event: its text follows the builtin's name."""


def parse_event(text: str) -> tuple[str, Decimal | None]:
    """``PreStep``, ``OnBudgetThreshold(80)`` ... -> (event, percent)."""
    trimmed = text.strip()
    if trimmed in EVENTS:
        return trimmed, None
    if trimmed.startswith(THRESHOLD + "(") and trimmed.endswith(")"):
        inner = trimmed[len(THRESHOLD) + 1 : -1]
        try:
            if "_" in inner or not inner.isascii():
                raise ValueError
            return THRESHOLD, Decimal(repr(float(inner)))
        except ValueError:
            raise EventError(f"invalid budget threshold `{inner}`") from None
    raise EventError(f"unknown persona hook event `{trimmed}`")


def pattern_matches(pattern: str, name: str) -> bool:
    """``*`` all, ``x*`` prefix, ``*x`` suffix, anything else exactly; one star only."""
    if pattern == "*":
        return True
    if pattern.endswith("*"):
        return name.startswith(pattern[:-1])
    if pattern.startswith("*"):
        return name.endswith(pattern[1:])
    return name == pattern


def told_matches(pattern: str, told: dict[str, Any]) -> bool:
    """A manifest's pattern: empty or ``*`` all; ``path =~ regex``, ``path == value``, ``path != value`` about what is told;
    else a glob of the target, or a path to something true.
    """
    path, sign, wanted = parse_pattern(pattern)
    if sign == "=~":
        import re

        return re.search(wanted, display(_at(told, path))) is not None
    if sign:
        return (display(_at(told, path)) == wanted) is (sign == "==")
    return path in ("", "*") or pattern_matches(path, told["target"]) or bool(_at(told, path))


def parse_pattern(pattern: str) -> tuple[str, str, str]:
    """(path or glob, sign or nothing, what is wanted); EventError for a regular expression that is none."""
    for sign in ("=~", "==", "!="):
        path, found, wanted = pattern.partition(sign)
        if found:
            wanted = wanted.strip().strip("\"'")
            if sign == "=~":
                import re

                try:
                    re.compile(wanted)
                except (re.error, RecursionError, OverflowError):
                    raise EventError(f"invalid regular expression `{wanted}`") from None
            return path.strip(), sign, wanted
    return pattern.strip(), "", ""


def _at(told: Any, path: str) -> Any:
    """What stands at a dotted path, None where it leads nowhere."""
    for key in path.strip().split("."):
        told = told.get(key) if isinstance(told, dict) else None
    return told


def matching_hooks(
    hooks: list[Hook], event: str, persona: str, step: str | None, told: dict[str, Any] | None = None
) -> list[Hook]:
    """The handlers of an event, in order of registration: a copy, fixed for this dispatch. ``told``: what they will be told."""
    return [
        hook
        for hook in hooks
        if hook.event == event
        and (told_matches(hook.pattern, told or {}) if hook.manifest else pattern_matches(hook.pattern, persona))
        and (hook.step is None or hook.step == step)
    ]


def payload(
    event: str, persona: PersonaDefinition | None, step: StepDefinition | None, args: Sequence[Any]
) -> dict[str, Any]:
    """What a handler is told; the caller adds the keys of its event."""
    persona_name = persona.name if persona is not None else ""
    described = None
    target = persona_name
    if step is not None:
        described = {"name": step.name, "function": step.function, "args": list(args)}
        target = f"{persona_name}.{step.name}" if persona_name else step.name
    return {"event": event, "persona": persona_name, "step": described, "target": target}


def denial(step: StepDefinition, reason: str) -> HarnError:
    """The error of a step that a PreStep hook denies."""
    return thrown({"category": "hook_denied", "event": PRE_STEP, "reason": reason, "step": step.name})


def approval_denial(step: StepDefinition, reason: str) -> HarnError:
    """The error of a step whose approval was refused."""
    return thrown({"category": "approval_denied", "event": APPROVAL, "reason": reason, "step": step.name})


_PRE_ANSWER = "PreStep hook must return nil, Allow, or {deny|args}, got "
_POST_ANSWER = "PostStep hook must return nil, Pass, or {output}, got "


def read_pre_answer(answer: Any, step: StepDefinition) -> list[Any] | None:
    """The arguments a PreStep answer puts in place of the old ones, or None to keep them; HarnError for a denial."""
    if answer is None or answer == "Allow":
        return None
    if answer == "Deny" and isinstance(answer, str):
        raise denial(step, "step hook denied execution")
    if not isinstance(answer, dict):
        raise runtime_error(_PRE_ANSWER + type_name(answer))
    action = answer.get("action")
    if "deny" in answer:
        raise denial(step, display(answer["deny"]))
    if action in ("deny", "Deny"):
        reason = answer.get("reason")
        raise denial(step, display(reason) if reason is not None else "step hook denied execution")
    if "reason" in answer and action is None:
        raise runtime_error(_PRE_ANSWER + "dict")
    for key in ("args", "modify"):
        if key in answer:
            if not isinstance(answer[key], list):
                raise runtime_error(f"{_PRE_ANSWER}{{args: {type_name(answer[key])}}}")
            return list(answer[key])
    return None


def read_post_answer(answer: Any, output: Any) -> Any:
    """The step's value after a PostStep answer."""
    if answer is None or (isinstance(answer, str) and answer == "Pass"):
        return output
    if not isinstance(answer, dict):
        raise runtime_error(_POST_ANSWER + type_name(answer))
    for key in ("output", "result", "modify"):
        if key in answer:
            return answer[key]
    return output


def due(hook: Hook, share: Decimal) -> bool:
    """Whether a threshold hook fires at a share of the budget, in percent: reaching it exactly counts."""
    if hook.percent is None:
        return True
    return not hook.percent.is_nan() and share >= hook.percent
