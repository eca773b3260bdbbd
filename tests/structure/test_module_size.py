"""Modules stay short enough to be read at once."""

from __future__ import annotations

from tests.structure.checkout import ROOT, modules

MOST = 500

LONG = {
    "harn/vm/loop.py": "generated: the one dispatch loop",
    "harn/syntax/nodes.py": "one record per construct of the language, nothing else; split, it would be read together anyway",
}
"""Modules that may be longer, each with its reason."""


def test_no_long_module_without_a_reason() -> None:
    sizes = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in modules().values()}
    long = {name: size for name, size in sizes.items() if size > MOST}
    assert long.keys() == LONG.keys(), "modules over 500 lines and the list of those that may be differ"
