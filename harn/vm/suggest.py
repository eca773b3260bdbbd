"""The nearest visible name for one that is not defined."""

from __future__ import annotations

from harn.source.spelling import nearest
from harn.source.typing import Any
from harn.values.kinds import UNSET
from harn.vm.frame import Frame


def visible_names(vm: Any, frame: Frame, name: str) -> str | None:
    """The nearest name among the variables visible in a frame, its module's names, the globals of the run and the builtins."""
    from harn.catalog.index import names

    pc = frame.pc - 1
    found = [s.name for s in frame.code.chunk.scopes if s.start <= pc < s.end]
    found += [c.name for c in frame.code.chunk.captures]
    module = frame.closure.module
    found += [other for other, slot in module.by_name.items() if module.slots[slot] is not UNSET]
    found += vm.globals
    found += [key for key in names() if "." not in key]
    return nearest(name, found)
