"""Harn, a language for orchestrating AI agents.

The names of the embedding API (``harn.run``, ``harn.compile``, ``harn.Host`` ...) stand in ``harn.embed`` and are loaded when one
of them is used: importing this package loads nothing else, so that ``harn run`` starts fast.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as in harn.source.typing, which stands above this module
if TYPE_CHECKING:
    from typing import Any

    from harn.embed import *  # noqa: F403

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    from importlib import import_module  # `from harn import embed` would ask here again

    embed = import_module("harn.embed") if not name.startswith("_") and name != "embed" else None
    if embed is None or name not in embed.__all__:
        raise AttributeError(f"module 'harn' has no attribute {name!r}")
    return getattr(embed, name)


def __dir__() -> list[str]:
    from importlib import import_module

    return sorted([*globals(), *import_module("harn.embed").__all__])
