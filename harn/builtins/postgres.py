"""Postgres without a server: a pool that answers statements as it was told to, for tests.

There is no connection to a real one: `pg_pool` and `pg_connect` say so.
"""

from __future__ import annotations

from harn.builtins.strings import text_of
from harn.catalog.record import builtin
from harn.source.typing import TYPE_CHECKING, Any
from harn.values.equality import equal
from harn.values.errors import HarnError, runtime_error
from harn.vm.frame import Answer, Call, Done, Native
from harn.vm.machine import Context

if TYPE_CHECKING:
    from harn.vm.machine import Machine

AREA = "postgres"
MOCK = "pg_mock_pool"
PATTERN = "list<{sql: string, params: list, execute: bool}>"


class Scripted:
    """What one statement gives: ``params`` None fits any; an ``error`` that is not empty is thrown."""

    __slots__ = ("affected", "error", "params", "rows", "sql")

    def __init__(self, given: Any) -> None:
        if given.__class__ is not dict:
            raise runtime_error("pg_mock_pool: each fixture must be a dict")
        self.sql = text_of(given.get("sql") or "").strip()
        if not self.sql:
            raise runtime_error("pg_mock_pool: fixture.sql is required")
        rows = given.get("rows")
        if rows is not None and rows.__class__ is not list:
            raise runtime_error("pg_mock_pool: fixture.rows must be a list")
        self.params: list[Any] | None = given.get("params")
        self.rows: list[Any] = rows or []
        affected = given.get("rows_affected")
        self.affected = max(0, affected) if affected.__class__ is int else len(self.rows)
        self.error = text_of(given.get("error") or "")


class Pool:
    """A pretended pool: the first statement that fits answers, any number of times."""

    __slots__ = ("calls", "scripted")

    def __init__(self, fixtures: list[Any]) -> None:
        self.scripted = [Scripted(given) for given in fixtures]
        self.calls: list[dict[str, Any]] = []

    def answer(self, sql: str, params: list[Any], *, execute: bool) -> Scripted:
        """What a statement gives; HarnError where that is a failure, or nothing fits."""
        self.calls.append({"sql": sql, "params": params, "execute": execute})
        for one in self.scripted:
            if one.sql == sql.strip() and (one.params is None or equal(one.params, params)):
                if one.error:
                    raise runtime_error(f"pg_mock: {one.error}")
                return one
        raise runtime_error(f"pg_mock: no fixture matched `{sql}`")


class Pools:
    """The pools of a run by the ids of their handles; ``made`` counts all there ever were."""

    __slots__ = ("by_id", "made")

    def __init__(self) -> None:
        self.by_id: dict[str, Pool] = {}
        self.made = 0


def _pools(vm: Machine) -> Pools:
    found: Pools | None = vm.areas.get(AREA)
    if found is None:
        found = vm.areas[AREA] = Pools()
    return found


def _pool(ctx: Context, name: str, handle: Any) -> Pool:
    """The pool of a handle."""
    if handle.__class__ is not dict or handle.get("_type") != MOCK:
        raise runtime_error(f"{name}: expected a handle of pg_mock_pool")
    found = _pools(ctx.vm).by_id.get(text_of(handle.get("id")))
    if found is None:
        raise runtime_error(f"pg_mock: unknown mock pool `{text_of(handle.get('id'))}`")
    return found


def _params(name: str, params: Any) -> list[Any]:
    if params is None:
        return []
    if params.__class__ is not list:
        raise runtime_error(f"{name}: params must be a list")
    return list(params)


@builtin("pg_mock_pool(fixtures?: any) -> {_type: string, id: string}", effects=["state"], keeps=["fixtures"], ctx=True)
def pg_mock_pool(ctx: Context, fixtures: Any = None) -> dict[str, Any]:
    """A handle whose statements are answered by fixtures, `{sql, params, rows, rows_affected, error}` each: by the first with the
    same text and parameters (without `params`: any).
    """
    given = [fixtures] if fixtures.__class__ is dict else [] if fixtures is None else fixtures
    if given.__class__ is not list:
        raise runtime_error("pg_mock_pool: fixtures must be a list of dicts")
    pools = _pools(ctx.vm)
    pools.made += 1
    name = f"pgmock-{pools.made}"
    pools.by_id[name] = Pool(given)
    return {"_type": MOCK, "id": name}


@builtin(f"pg_mock_calls(handle: any) -> {PATTERN}", effects=["state"], ctx=True)
def pg_mock_calls(ctx: Context, handle: Any) -> list[dict[str, Any]]:
    """The statements of a mock pool so far, failures included."""
    return list(_pool(ctx, "pg_mock_calls", handle).calls)


@builtin(
    "pg_query(handle: any, sql: string, params?: any) -> list<dict>", effects=["state"], keeps=["params"], ctx=True
)
def pg_query(ctx: Context, handle: Any, sql: str, params: Any = None) -> list[Any]:
    """The rows of a statement."""
    return list(_pool(ctx, "pg_query", handle).answer(sql, _params("pg_query", params), execute=False).rows)


@builtin("pg_query_one(handle: any, sql: string, params?: any) -> dict?", effects=["state"], keeps=["params"], ctx=True)
def pg_query_one(ctx: Context, handle: Any, sql: str, params: Any = None) -> Any:
    """The first row of a statement, nil where there is none."""
    found = _pool(ctx, "pg_query_one", handle).answer(sql, _params("pg_query_one", params), execute=False).rows
    return found[0] if found else None


@builtin(
    "pg_execute(handle: any, sql: string, params?: any) -> {rows_affected: int}",
    effects=["state"],
    keeps=["params"],
    ctx=True,
)
def pg_execute(ctx: Context, handle: Any, sql: str, params: Any = None) -> dict[str, int]:
    """How many rows a statement has changed."""
    scripted = _pool(ctx, "pg_execute", handle).answer(sql, _params("pg_execute", params), execute=True)
    return {"rows_affected": scripted.affected}


@builtin(
    "pg_transaction(handle: any, body: fn(any) -> any, options?: any) -> any",
    form="native",
    effects=["state"],
    ctx=True,
)
def pg_transaction(ctx: Context, handle: Any, body: Any, options: Any = None) -> Native:
    """Call a function with a handle for its statements; gives what it gives. A mock pool has nothing to undo where it throws."""
    _pool(ctx, "pg_transaction", handle)
    return Transaction(handle, body)


class Transaction(Native):
    """Calls the body with the mock itself."""

    __slots__ = ("body", "handle")
    name = "pg_transaction"

    def __init__(self, handle: Any, body: Any) -> None:
        self.handle = handle
        self.body = body

    def start(self) -> Answer:
        return Call(self.body, self.handle)

    def resume(self, value: Any) -> Answer:
        return Done(value)


@builtin("pg_close(handle: any) -> bool", effects=["state"], ctx=True)
def pg_close(ctx: Context, handle: Any) -> bool:
    """Forget a pool; whether there was one."""
    known = handle.__class__ is dict and handle.get("_type") == MOCK
    return known and _pools(ctx.vm).by_id.pop(text_of(handle.get("id")), None) is not None


@builtin("pg_pool(source: any, options?: any) -> dict", effects=["net.http"], aliases=["pg_connect"])
def pg_pool(source: Any, options: Any = None) -> dict[str, Any]:
    """Connect to a Postgres server. This runtime has no connection to one: it throws, and only `pg_mock_pool` can be used."""
    raise _unconnected()


def _unconnected() -> HarnError:
    return runtime_error("pg_pool: this runtime does not connect to Postgres servers; use pg_mock_pool in tests")
