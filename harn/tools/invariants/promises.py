"""The promises that ``@invariant`` can make. What a builtin does is read off its record."""

from __future__ import annotations

import posixpath
import re
from functools import cache
from typing import Any

from harn.catalog import index
from harn.syntax import nodes
from harn.tools.invariants.building import path
from harn.tools.invariants.explore import State
from harn.tools.invariants.functions import Function
from harn.tools.invariants.graph import Act, Assigns, Calls

WRITES = "fs.write"
SIDE_EFFECTS = frozenset((WRITES, "proc.exec", "net.http", "net.listen", "host.call"))
"""Effects that reach the world outside and stay there."""

GATES = frozenset(("request_approval",))
REFRESH = "llm_budget_remaining"

_WRITTEN = ("path", "destination", "target", "dst", "to")
"""What the parameter of a writing builtin is called that says where."""


def effects(name: str) -> frozenset[str]:
    """The effects of a builtin; none for any other name."""
    entry = index.entry(name)
    return entry.effects if entry is not None else frozenset()


class Writes:
    """``fs.writes``: whatever is written lies within the allowed globs."""

    help = "write to a literal path that one of the globs allows"

    def __init__(self, allowed: tuple[str, ...]) -> None:
        self.allowed = allowed

    def after(self, function: Function, act: Act, state: State) -> tuple[State, str]:
        """Judge a builtin that writes by the paths it is given."""
        if isinstance(act, Calls) and WRITES in effects(act.name):
            globs = ", ".join(f"`{glob}`" for glob in self.allowed)
            for argument in _written(act):
                text = function.text(argument)
                if text is None:
                    return state, f"could not prove that `{act.name}` writes within the allowed glob {globs} only"
                if not any(within(glob, text) for glob in self.allowed):
                    return state, f"`{act.name}` writes to `{text}`, outside the allowed glob {globs}"
        return state, ""

    def entering(self, function: Function, state: State) -> State | None:
        """Every function counts."""
        return state


def _written(act: Calls) -> list[Any]:
    """The arguments that say where something is written; None for one that cannot be told."""
    entry = index.entry(act.name)
    assert entry is not None
    places = [place for place, param in enumerate(entry.signature.params) if param.name in _WRITTEN]
    if not places or any(isinstance(arg, nodes.Spread) for arg in act.args):
        return [None]
    return [act.args[place] if place < len(act.args) else None for place in places]


class Approval:
    """``approval.reachability``: nothing outside is changed before somebody agreed. The state says whether."""

    help = "call `request_approval(...)` on every way there, or do it inside the closure of `dual_control(...)`"

    def after(self, function: Function, act: Act, state: State) -> tuple[State, str]:
        """A gate approves; a side effect without approval breaks the promise."""
        if isinstance(act, Calls):
            if act.name in GATES:
                return True, ""
            if not state and SIDE_EFFECTS & effects(act.name):
                return state, f"`{act.name}` has an effect outside and can be reached before any approval gate"
        return state, ""

    def entering(self, function: Function, state: State) -> State | None:
        """A step that asks for approval is entered with it."""
        return True if function.approved else state


class Budget:
    """``budget.remaining``: the tracked value never grows by an assignment."""

    def __init__(self, target: str, handler: Function) -> None:
        self.target = target
        self.handler = handler
        self.local = target.split(".")[0] in handler.bound
        self.help = f"write `{target} -= amount`, or set it from `{REFRESH}()`"

    def after(self, function: Function, act: Act, state: State) -> tuple[State, str]:
        """Judge an assignment to the target."""
        if not isinstance(act, Assigns) or act.target != self.target or not self._means_it(function):
            return state, ""
        return state, "" if self._keeps(act) else f"this assignment to `{self.target}` may increase it"

    def _means_it(self, function: Function) -> bool:
        return function is self.handler or self.target.split(".")[0] not in function.bound

    def _keeps(self, act: Assigns) -> bool:
        value = act.value
        if act.op == "-=":
            return not _negative(value)
        if act.op not in ("=", "let"):
            return False
        if isinstance(value, nodes.Call):
            return value.callee.name == REFRESH
        if isinstance(value, nodes.Binary) and value.op == "-":
            return path(value.left) == self.target and not _negative(value.right)
        return path(value) == self.target

    def entering(self, function: Function, state: State) -> State | None:
        """A variable of the handler's own is seen by what is declared in it; one of the module by every function."""
        inside: Function | None = function
        while self.local and inside is not None and inside is not self.handler:
            inside = inside.outer
        return state if inside is not None else None


def _negative(value: Any) -> bool:
    if isinstance(value, nodes.Unary) and value.op == "-":
        return True
    return isinstance(value, nodes.IntLiteral | nodes.FloatLiteral) and value.value < 0


def within(glob: str, path: str) -> bool:
    """Whether a path, once its dots are resolved, matches a glob: ``*`` and ``?`` stay in one folder, ``**`` goes into any."""
    glob, path = posixpath.normpath(glob), posixpath.normpath(path)
    for start in ("/", ".."):  # no star stands for the root or for a folder above
        if path.startswith(start) and not glob.startswith(start):
            return False
    return _pattern(glob).fullmatch(path) is not None


@cache
def _pattern(glob: str) -> re.Pattern[str]:
    parts = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    pieces = re.split(r"(\*\*/|\*\*|\*|\?)", glob)
    return re.compile("".join(parts.get(piece, re.escape(piece)) for piece in pieces), re.DOTALL)
