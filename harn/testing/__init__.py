"""For tests of programs and of what embeds them: a world in memory, a scripted model, assertions, and a pytest plugin.

from harn.testing import MockModel, VirtualHost, assert_prints

host = VirtualHost(files={"note.txt": "hello"}, model=MockModel("yes"))
assert_prints('println(read_file("note.txt"))', "hello\\n", host=host)

The plugin collects ``test_*.harn`` and ``*_test.harn``: every pipeline named ``test_*`` or marked ``@test`` is a test.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from harn.testing.assertions import assert_checks, assert_prints, assert_steps, assert_throws
    from harn.testing.files import MemoryFiles
    from harn.testing.host import VirtualHost
    from harn.testing.models import MockModel

__all__ = [
    "MemoryFiles",
    "MockModel",
    "VirtualHost",
    "assert_checks",
    "assert_prints",
    "assert_steps",
    "assert_throws",
]

_PLACES = {"MemoryFiles": "files", "MockModel": "models", "VirtualHost": "host"}


def __getattr__(name: str) -> Any:
    """A name at its first use: pytest loads this package for the plugin alone, in every project."""
    from importlib import import_module

    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES.get(name, 'assertions')}"), name)
