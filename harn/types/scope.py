"""Local names with their types, and what control flow says of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Union

import attrs

from harn.source.span import Span
from harn.types.assignability import expand
from harn.types.declarations import Callable
from harn.types.values import DYNAMIC, NIL, Dynamic, OneOf, Type, Unknown, doubtful, union


@attrs.define(slots=True, eq=False)
class Local:
    """A variable. ``type``: as declared or inferred. ``kind``: ``let``, ``var``, ``param``, ``loop`` or ``other``.

    ``annotated``: whether ``type`` is written. ``open``: a ``var`` that began as nil and has no other type yet.
    ``loose``: an assignment of something else is no fault, because the type comes from a value the program did not spell out.
    ``unread``: a loop variable that its loop only assigns to. ``boundary``: the builtin that gave its value from outside of
    the program, where nothing says what it is. ``proven``: its value surely is of ``type`` (see ``evidence``). ``function``: the
    closure that it stands for, with the parameters as they are written.
    """

    name: str
    type: Type
    kind: str
    span: Span
    annotated: bool = False
    open: bool = False
    loose: bool = False
    unread: bool = False
    boundary: str = ""
    proven: bool = False
    function: Callable | None = None


class Scope:
    """The names of a block; ``functions`` are those the block defines anywhere."""

    __slots__ = ("functions", "names", "parent")

    def __init__(self, parent: Scope | None) -> None:
        self.parent = parent
        self.names: dict[str, Local] = {}
        self.functions: dict[str, Callable] = {}

    def find(self, name: str) -> Local | Callable | None:
        """The variable or function of a name, innermost first."""
        scope: Scope | None = self
        while scope is not None:
            found = scope.names.get(name)
            if found is not None:
                return found
            function = scope.functions.get(name)
            if function is not None:
                return function
            scope = scope.parent
        return None


class Path(NamedTuple):
    """A field of what a variable holds, or a field of that."""

    local: Local
    names: tuple[str, ...]


Place = Union[Local, Path]  # noqa: UP007

REACHED, GONE, LEFT = 0, 1, 2
"""Whether a place is reached, not reached because a call before it never returns, or left by a statement."""


class Flow:
    """What is known at one place of a program: ``types`` of variables where they differ from the declared ones, and of their
    fields (``paths``) where something was found out about them.

    ``validated``: variables from outside of the program that a schema has been held against.
    """

    __slots__ = ("dead", "paths", "types", "validated")

    def __init__(
        self, types: dict[Local, Type] | None = None, dead: int = REACHED, validated: frozenset[Local] = frozenset()
    ) -> None:
        self.types: dict[Local, Type] = types if types is not None else {}
        self.paths: dict[Path, Type] = {}
        self.dead = dead
        self.validated = validated

    def copy(self) -> Flow:
        """The same knowledge, to go on from separately."""
        made = Flow(dict(self.types), self.dead, self.validated)
        if self.paths:
            made.paths = dict(self.paths)
        return made

    def narrow(self, place: Place, type: Type) -> None:
        """A variable or field has a type from here on."""
        if isinstance(place, Path):
            self.paths[place] = type
            return
        self.types[place] = type
        if self.paths and type == NIL:
            self.drop_fields(place)

    def type(self, local: Local) -> Type:
        """The type of a variable here. One that is still nil only is not known: loops and closures may change it."""
        found = self.types.get(local)
        if found is not None:
            return found
        return DYNAMIC if local.open else local.type

    def drop_fields(self, local: Local, names: tuple[str, ...] = ()) -> None:
        """What was found out about a field does not hold any more: of all fields, or of those that one contains or stands in."""
        for path in [p for p in self.paths if p.local is local]:
            shared = min(len(path.names), len(names))
            if path.names[:shared] == names[:shared]:
                del self.paths[path]

    def forget(self, places: Iterable[Place]) -> None:
        """Something else may have changed these: a variable is back to the declared type, as a guess; of fields nothing holds."""
        for place in places:
            local, names = place if isinstance(place, Path) else (place, ())
            if self.paths:
                self.drop_fields(local, names)
            if place is local and local in self.types:
                self.types[local] = doubtful(local.type)


def _in_order(met: Type, declared: Type) -> Type:
    """A union with its members in the order in which they are declared; the declared type where it is all of it again."""
    if not isinstance(met, OneOf):
        return met
    opened = expand(declared)
    if not isinstance(opened, OneOf) or any(m not in opened.members for m in met.members):
        return met
    kept = [m for m in opened.members if m in met.members]
    return declared if len(kept) == len(opened.members) else attrs.evolve(met, members=tuple(kept))


def join(a: Flow, b: Flow) -> Flow:
    """What is known where two ways meet."""
    if a.dead and b.dead:
        return Flow(dict(a.types), min(a.dead, b.dead), a.validated & b.validated)
    if a.dead:
        return b
    if b.dead:
        return a
    types: dict[Local, Type] = {}
    for local in {**a.types, **b.types}:
        here, there = a.type(local), b.type(local)
        if isinstance(here, Unknown) and isinstance(there, Unknown):
            types[local] = Unknown(here.covered & there.covered)
            continue
        met = _in_order(union((here, there)), local.type)
        if not isinstance(met, Dynamic) and met != local.type:
            types[local] = met
    met_flow = Flow(types, REACHED, a.validated & b.validated)
    for path, type in a.paths.items() if b.paths else ():
        if path in b.paths:
            met_flow.paths[path] = union((type, b.paths[path]))
    return met_flow
