"""What a project's ``harn.toml`` says to the linter."""

from __future__ import annotations

import os
import tomllib
from typing import Any, NamedTuple

from harn.resolve.manifest import nearest_manifest


class Settings(NamedTuple):
    """``[lint]`` of the manifest; ``strict`` is ``[check] strict``: warnings fail the command."""

    disabled: frozenset[str] = frozenset()
    complexity: int = 25
    step_allowlist: frozenset[str] = frozenset()
    strict: bool = False
    file_header: bool = False


def settings_for(path: str) -> Settings:
    """The settings of the project a file belongs to; the defaults where there is no manifest that can be read."""
    manifest = nearest_manifest(os.path.dirname(path) or ".")
    if manifest is None:
        return Settings()
    try:
        with open(manifest, "rb") as source:
            table = tomllib.load(source)
    except (OSError, ValueError, RecursionError):
        return Settings()
    lint, check = _table(table, "lint"), _table(table, "check")
    threshold = lint.get("complexity_threshold")
    return Settings(
        _words(lint.get("disabled")) | _words(check.get("disable_rules")),
        threshold if isinstance(threshold, int) and not isinstance(threshold, bool) and threshold > 0 else 25,
        _words(lint.get("persona_step_allowlist")),
        check.get("strict") is True,
        lint.get("require_file_header") is True,
    )


def _table(table: dict[str, Any], key: str) -> dict[str, Any]:
    found = table.get(key)
    return found if isinstance(found, dict) else {}


def _words(value: Any) -> frozenset[str]:
    return frozenset(word for word in value if isinstance(word, str)) if isinstance(value, list) else frozenset()
