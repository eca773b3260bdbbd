"""Checking data against a JSON schema, with the language's own names of kinds in the texts."""

from __future__ import annotations

from typing import Any

from harn.values.display import display
from harn.values.equality import equal
from harn.values.kinds import type_name

_KINDS = {
    "integer": "int", "number": "float", "boolean": "bool", "array": "list", "object": "dict", "null": "nil",
}  # fmt: skip
"""JSON Schema's names -> ours."""

_MOST_ERRORS = 100


def problems(schema: Any, value: Any) -> list[str]:
    """What is wrong with a value: ``at PATH: ...``, missing keys before wrong ones, keys in alphabetical order."""
    found: list[str] = []
    pending: list[tuple[Any, Any, str]] = [(schema, value, "")]
    while pending and len(found) < _MOST_ERRORS:
        rule, one, path = pending.pop()
        if not isinstance(rule, dict):
            continue
        wrong = _wrong_kind(rule, one) or _not_listed(rule, one)
        if wrong is not None:
            found.append(f"at {path or 'root'}: {wrong}")
            continue
        if isinstance(one, dict):
            required = rule.get("required")
            missing = (
                [key for key in required if isinstance(key, str) and key not in one]
                if isinstance(required, list)
                else []
            )
            found += [f"at {path or 'root'}: missing required key '{key}'" for key in missing]
            fields = rule.get("properties")
            if isinstance(fields, dict):
                inner = [(fields[k], one[k], f"{path}.{k}" if path else k) for k in sorted(fields) if k in one]
                pending.extend(reversed(inner))
        elif isinstance(one, list) and isinstance(rule.get("items"), dict):
            pending.extend(reversed([(rule["items"], item, f"{path}[{i}]") for i, item in enumerate(one)]))
    return found


def _wrong_kind(rule: dict[str, Any], value: Any) -> str | None:
    wanted = rule.get("type")
    names = [n for n in (wanted if isinstance(wanted, list) else [wanted]) if isinstance(n, str)]
    if not names or "any" in names:
        return None
    kinds = [_KINDS.get(name, name) for name in names]
    kind = type_name(value)
    if kind in kinds or (kind == "int" and "float" in kinds) or (value is None and rule.get("nullable") is True):
        return None
    return f"expected type '{'|'.join(kinds)}', got '{kind}'"


def _not_listed(rule: dict[str, Any], value: Any) -> str | None:
    allowed = rule.get("enum")
    if "const" in rule:
        allowed = [rule["const"]]
    if not isinstance(allowed, list) or any(equal(value, one) for one in allowed):
        return None
    return f"value must be one of [{', '.join(display(one) for one in allowed)}]"
