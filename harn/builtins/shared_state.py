"""What cells, maps and mailboxes have in common: named places in a scope, handles to them, versions and counters.

A handle is a dict ``{_type, scope, key}`` with the scope it was opened in, so that it means the same place in every task it is
handed to. A name without a handle means a place in the scope of the task that uses it.
"""

from __future__ import annotations

from typing import Any

from harn.builtins.runtime_context import fields
from harn.builtins.strings import text_of
from harn.catalog.record import builtin
from harn.values.equality import equal
from harn.values.errors import runtime_error
from harn.vm.machine import Context
from harn.vm.mailboxes import absent

Place = tuple[str, str]
"""Scope and key."""

CELLS, MAPS, MAILBOXES = "shared cells", "shared maps", "mailboxes"
KINDS = {"shared_cell": CELLS, "shared_map": MAPS, "mailbox": MAILBOXES}
"""The ``_type`` of a handle, and the area its places stand in."""

SCOPES: dict[str, tuple[str, ...]] = {
    "task": ("task_id",),
    "root_task": ("root_task_id",),
    "task_group": ("task_group_id", "run_id", "root_task_id"),
    "workflow": ("task_group_id", "run_id", "root_task_id"),
    "workflow_run": ("run_id", "task_group_id", "root_task_id"),
    "agent_session": ("agent_session_id", "root_agent_session_id", "root_task_id"),
    "tenant": ("tenant_id",),
}
"""For each scope the fields of the runtime context that say which one it is: the first that is there."""

ALIASES = {
    "task_local": "task", "workflow_local": "workflow", "run": "workflow_run", "session": "agent_session",
    "tenant_scoped": "tenant", "global": "process", "event_log": "durable", "host": "external",
}  # fmt: skip

REFUSED = {
    "durable": "durable shared state is explicit; use store_* or agent_state_* APIs",
    "external": "external shared state must be provided by a host/connector builtin",
}


class Versioned:
    """What is read and replaced as a whole: its version grows with every write. ``stale`` counts the failures of ``cas`` whose
    snapshot was older.
    """

    __slots__ = ("losses", "reads", "stale", "version", "wins", "writes")

    def __init__(self) -> None:
        self.version = self.reads = self.writes = self.wins = self.losses = self.stale = 0

    def wrote(self) -> None:
        """Count a write."""
        self.version += 1
        self.writes += 1

    def matches(self, current: Any, expected: Any) -> bool:
        """Whether a compare-and-swap may write: the value is as expected, and so is the version where a snapshot tells one."""
        version = None
        if expected.__class__ is dict and expected.get("_type") == "shared_snapshot":
            version = expected.get("version")
            expected = expected.get("value")
        old = version.__class__ is int and version != self.version
        if not old and equal(current, expected):
            self.wins += 1
            return True
        self.losses += 1
        self.stale += old
        return False

    def metrics(self) -> dict[str, Any]:
        """The counters, as programs see them."""
        return {
            "version": self.version, "read_count": self.reads, "write_count": self.writes, "cas_success_count": self.wins,
            "cas_failure_count": self.losses, "stale_read_count": self.stale,
        }  # fmt: skip


def snapshot(value: Any, version: int) -> dict[str, Any]:
    """What a compare-and-swap compares with."""
    return {"_type": "shared_snapshot", "value": value, "version": version}


def handle(kind: str, place: Place) -> dict[str, Any]:
    """The handle of a place."""
    return {"_type": kind, "scope": place[0], "key": place[1]}


def scope_of(ctx: Context, name: str, scope: str, tenant: Any = None) -> str:
    """A scope with what it stands for in the running task: ``task_group:task_root``."""
    plain = scope.replace("-", "_")
    plain = ALIASES.get(plain, plain)
    if plain in REFUSED:
        raise runtime_error(f"{name}: {REFUSED[plain]}")
    sources = SCOPES.get(plain)
    if sources is None:
        return "process:process" if plain == "process" else f"{scope}:{scope}"
    context = fields(ctx)
    if plain == "tenant":
        if tenant is None:
            tenant = context["tenant_id"]
        if tenant is None:
            raise runtime_error(f"{name}: tenant scope requires tenant_id in options or runtime context")
        return f"{plain}:{text_of(tenant)}"
    return f"{plain}:{next(context[source] for source in sources if context[source] is not None)}"


def place_to_open(ctx: Context, name: str, given: Any) -> Place:
    """The place named by the first argument of a builtin that opens one: a key, or a dict of options."""
    if given.__class__ is not dict:
        key, scope, tenant = given, None, None
    else:
        key = given.get("key") if given.get("key") is not None else given.get("name")
        scope, tenant = given.get("scope"), given.get("tenant_id")
    text = "" if key is None else text_of(key)
    if not text:
        raise runtime_error(f"{name}: key/name is required")
    return scope_of(ctx, name, "task_group" if scope is None else text_of(scope), tenant), text


def place_of(ctx: Context, name: str, kind: str, target: Any) -> Place:
    """The place a handle of a kind, or a name, stands for."""
    if target.__class__ is dict:
        if target.get("_type") != kind:
            raise runtime_error(f"{name}: expected {kind} handle")
        for field in ("scope", "key"):
            if target.get(field) is None:
                raise runtime_error(f"{name}: {kind} handle missing {field}")
        return text_of(target["scope"]), text_of(target["key"])
    key = text_of(target)
    if not key:
        raise runtime_error(f"{name}: name must not be empty")
    return scope_of(ctx, name, "task_group"), key


@builtin(
    'shared_scope_id(scope: any = "task_group") -> string',
    effects=["task"],
    ctx=True,
    examples=[("shared_scope_id()", "task_group:task_root"), ('shared_scope_id("process")', "process:process")],
)
def shared_scope_id(ctx: Context, scope: Any = "task_group") -> str:
    """The scope that cells, maps and mailboxes of this task are opened in: `task`, `task_group` (the tasks of one `parallel`
    form, otherwise the whole run), `workflow_run`, `agent_session`, `tenant`, `process`, or any word for a scope of its own.
    """
    return scope_of(ctx, "shared_scope_id", "task_group" if scope is None else text_of(scope))


@builtin("shared_metrics(handle?: any | dict) -> dict | list<dict>", effects=["task"], ctx=True)
def shared_metrics(ctx: Context, handle: Any = None) -> Any:
    """The counters of a cell, map or mailbox, zeros where it was never opened; without a handle a list of those of all."""
    areas = ctx.vm.areas
    if handle.__class__ is not dict:
        return [
            {"_type": kind, "scope": place[0], "key": place[1], **one.metrics()}
            for kind, area in KINDS.items()
            for place, one in sorted(areas.get(area, {}).items(), key=_by_place)
        ]
    kind = handle.get("_type")
    if kind is None:
        raise runtime_error("shared_metrics: handle missing _type")
    place = place_of(ctx, "shared_metrics", text_of(kind), handle)
    found = areas.get(KINDS.get(text_of(kind), ""), {}).get(place)
    return (found or (absent() if kind == "mailbox" else Versioned())).metrics()


def _by_place(entry: tuple[Place, Any]) -> Place:
    return entry[0]
