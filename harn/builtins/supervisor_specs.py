"""What a program says of a supervisor and its children, read into the machine's records."""

from __future__ import annotations

from typing import Any

from harn.builtins.strings import text_of
from harn.values.errors import HarnError, runtime_error
from harn.values.kinds import Duration, type_name
from harn.vm.arguments import is_callable
from harn.vm.supervision import MODES, ON_FAILURE, ONE_FOR_ONE, STRATEGIES, Child, RestartPolicy, Supervisor

_ALIASES = {
    "strategy": {"oneforone": "one_for_one", "oneforall": "one_for_all", "restforone": "rest_for_one", "escalate": STRATEGIES[3]},
    "mode": {"onfailure": ON_FAILURE, "failure": ON_FAILURE},
}  # fmt: skip

_UNITS = {"": 1, "ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000}

_MOST_MS = 2.0**53
"""No length of time is longer: what floats still count exactly."""


def supervisor_of(spec: dict[str, Any], taken: dict[str, Supervisor]) -> Supervisor:
    """The supervisor a dict describes. HarnError where it describes none; ``taken`` are the ids in use."""
    strategy = _word("strategy", spec.get("strategy"), STRATEGIES, ONE_FOR_ONE)
    shutdown = _milliseconds("shutdown_ms", _first(spec, "shutdown_ms", "drain_ms"))
    given = spec.get("children")
    if given.__class__ is not list:
        raise _wrong("children must be a list")
    children = [_child(place, child, spec.get("restart")) for place, child in enumerate(given)]
    if not children:
        raise _wrong("children must include at least one child")
    names = [child.name for child in children]
    for name in names:
        if names.count(name) > 1:
            raise _wrong(f"there are several children '{name}'")
    id = _text(spec.get("id")) or _free(taken)
    if id in taken:
        raise _wrong(f"supervisor '{id}' already exists")
    return Supervisor(id, _text(spec.get("name")) or id, strategy, 5_000 if shutdown is None else shutdown, children)


def _free(taken: dict[str, Supervisor]) -> str:
    number = len(taken) + 1
    while f"supervisor_{number}" in taken:
        number += 1
    return f"supervisor_{number}"


def _child(place: int, spec: Any, restart: Any) -> Child:
    if spec.__class__ is not dict:
        raise runtime_error("supervisor_start child: expected a dict")
    name = _text(spec.get("name")) or f"child_{place}"
    function = _first(spec, "task", "handler")
    if not is_callable(function):
        raise _wrong(f"child '{name}' requires a task closure")
    own = spec.get("restart")
    policy = _policy(restart if own is None else own)
    return Child(
        name, _text(spec.get("kind")) or "task", function, policy, _text(_first(spec, "active_lease", "lease"))
    )


def _policy(spec: Any) -> RestartPolicy:
    if spec is None or spec.__class__ is str:
        return RestartPolicy(_word("mode", spec, MODES, ON_FAILURE))
    if spec.__class__ is not dict:
        raise _wrong(f"restart policy must be a string or dict, got {type_name(spec)}")
    policy = RestartPolicy(_word("mode", _first(spec, "mode", "policy"), MODES, ON_FAILURE))
    most = _first(spec, "max_restarts", "max")
    if most is not None:
        if most.__class__ is not int:
            raise _wrong(f"max_restarts must be an int, got {type_name(most)}")
        policy.max_restarts = max(0, most)
    factor = _first(spec, "factor", "backoff_factor")
    if factor is not None:
        if factor.__class__ not in (int, float):
            raise _wrong(f"factor must be a number, got {type_name(factor)}")
        policy.factor = max(1.0, float(factor))
    for field, names in _LENGTHS.items():
        length = _milliseconds(field, _first(spec, field, *names))
        if length is not None:
            setattr(policy, field, length)
    return policy


_LENGTHS: dict[str, tuple[str, ...]] = {
    "window_ms": ("window",),
    "backoff_ms": ("backoff", "initial_backoff_ms"),
    "max_backoff_ms": ("max_backoff",),
    "jitter_ms": ("jitter",),
    "circuit_open_ms": ("circuit_open",),
}
"""Fields of a policy that are lengths of time, and their other names."""


def _milliseconds(field: str, value: Any) -> int | None:
    """A duration, a number of milliseconds, or a text such as ``250ms`` or ``2s``; None where nothing is said."""
    kind = value.__class__
    if value is None:
        return None
    if kind is Duration:
        length = float(value.ms)
    elif kind in (int, float):
        length = float(value)
    else:
        found = _from_text(value) if kind is str else None
        if found is None:
            raise _wrong(f"{field} must be a duration or milliseconds, got {type_name(value)}")
        length = found
    return int(min(max(0.0, length), _MOST_MS))


def _from_text(text: str) -> float | None:
    text = text.strip()
    digits = text.rstrip("msh ")
    unit = _UNITS.get(text[len(digits) :].strip())
    return float(digits) * unit if unit is not None and digits.isascii() and digits.isdigit() else None


def _word(field: str, value: Any, words: tuple[str, ...], default: str) -> str:
    """One of the words a field may be, whatever its case and separators."""
    if value is None:
        return default
    plain = text_of(value).strip().lower().replace("-", "_").replace(" ", "_")
    plain = _ALIASES[field].get(plain, plain)
    if plain not in words:
        raise _wrong(f"unknown {'restart mode' if field == 'mode' else field} '{plain}'")
    return plain


def _first(spec: dict[str, Any], *names: str) -> Any:
    """The first of some fields that is there."""
    return next((spec[name] for name in names if spec.get(name) is not None), None)


def _text(value: Any) -> str | None:
    return None if value is None else text_of(value) or None


def _wrong(text: str) -> HarnError:
    return runtime_error(f"supervisor_start: {text}")
