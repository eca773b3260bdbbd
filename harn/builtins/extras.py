"""Packages beside the standard library that only some builtins need: imported at their first call."""

from __future__ import annotations

from harn.source.typing import Any
from harn.values.errors import runtime_error


def package(module: str, extra: str, builtin: str) -> Any:
    """A module of such a package; where it is not there, a runtime error that says what to install."""
    from importlib import import_module

    try:
        return import_module(module)
    except ImportError:
        name = module.partition(".")[0]
        raise runtime_error(
            f"{builtin}: the Python package `{name}` is not installed; `pip install 'harn[{extra}]'` adds it"
        ) from None
