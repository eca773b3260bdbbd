"""Pretended operations of the host, for tests: what answers, what was asked, and scopes that hide both."""

from __future__ import annotations

from harn.builtins.strings import text_of
from harn.catalog.record import builtin
from harn.source.typing import TYPE_CHECKING, Any
from harn.values.equality import equal
from harn.values.errors import thrown
from harn.vm.machine import Context

if TYPE_CHECKING:
    from harn.vm.machine import Machine

AREA = "host_mock"


class Mock:
    """One pretended operation: it answers calls whose parameters hold all of ``params`` (None: every call).

    ``error`` is thrown where it is not empty; else ``result`` is the answer.
    """

    __slots__ = ("capability", "error", "operation", "params", "result")

    def __init__(self, capability: str, operation: str, result: Any, params: dict[str, Any] | None, error: str) -> None:
        self.capability = capability
        self.operation = operation
        self.result = result
        self.params = params
        self.error = error

    def answers(self, capability: str, operation: str, params: dict[str, Any]) -> bool:
        """Whether it is meant by a call."""
        if (self.capability, self.operation) != (capability, operation):
            return False
        wanted = self.params or {}
        return all(name in params and equal(params[name], value) for name, value in wanted.items())


class HostMocks:
    """The mocks of a run, oldest first, and the calls they answered."""

    __slots__ = ("_hidden", "calls", "mocks")

    def __init__(self) -> None:
        self.mocks: list[Mock] = []
        self.calls: list[dict[str, Any]] = []
        self._hidden: list[tuple[list[Mock], list[dict[str, Any]]]] = []

    def answering(self, capability: str, operation: str, params: dict[str, Any]) -> Mock | None:
        """The newest mock that is meant by a call, which is noted; None where the host itself is."""
        for mock in reversed(self.mocks):
            if mock.answers(capability, operation, params):
                self.calls.append({"capability": capability, "operation": operation, "params": params})
                return mock
        return None

    def clear(self) -> None:
        """Forget everything, hidden scopes too."""
        self.mocks, self.calls, self._hidden = [], [], []

    def push_scope(self) -> None:
        """Hide mocks and calls."""
        self._hidden.append((self.mocks, self.calls))
        self.mocks, self.calls = [], []

    def pop_scope(self) -> bool:
        """Show again what was hidden last; False where nothing is."""
        if not self._hidden:
            return False
        self.mocks, self.calls = self._hidden.pop()
        return True


def host_mocks_of(vm: Machine) -> HostMocks:
    """Those of a run, made at their first use."""
    found: HostMocks | None = vm.areas.get(AREA)
    if found is None:
        found = vm.areas[AREA] = HostMocks()
    return found


_SETTINGS = ("result", "params", "error")


@builtin(
    "host_mock(capability: any, operation: any, result?: any, params?: any) -> nil",
    effects=["state"],
    keeps=["result", "params"],
    ctx=True,
)
def host_mock(ctx: Context, capability: Any, operation: Any, result: Any = None, params: Any = None) -> None:
    """Have `host_call("capability.operation", ...)` give a result from now on; of several that fit, the newest answers.

    With `params` it answers only calls whose parameters hold all of these. A dict with one of `result`, `params`, `error` in
    place of the result says all that by itself; an `error` is thrown.
    """
    names = text_of(capability), text_of(operation)
    if not all(names):
        raise thrown("host_mock: capability and operation are required")
    error = ""
    if result.__class__ is dict and any(name in result for name in _SETTINGS):
        told = result.get("error")
        error = "" if told is None else text_of(told)
        params, result = result.get("params"), result.get("result")
    wanted = params if params.__class__ is dict else None
    host_mocks_of(ctx.vm).mocks.append(Mock(*names, result, wanted, error))


@builtin("host_mock_clear() -> nil", effects=["state"], ctx=True)
def host_mock_clear(ctx: Context) -> None:
    """Forget every mock and the calls so far."""
    host_mocks_of(ctx.vm).clear()


@builtin(
    "host_mock_calls() -> list<{capability: string, operation: string, params: dict}>", effects=["state"], ctx=True
)
def host_mock_calls(ctx: Context) -> list[dict[str, Any]]:
    """The calls that mocks answered so far, failures included."""
    return list(host_mocks_of(ctx.vm).calls)


@builtin("host_mock_push_scope() -> nil", effects=["state"], ctx=True)
def host_mock_push_scope(ctx: Context) -> None:
    """Hide mocks and calls until `host_mock_pop_scope`."""
    host_mocks_of(ctx.vm).push_scope()


@builtin("host_mock_pop_scope() -> nil", effects=["state"], ctx=True)
def host_mock_pop_scope(ctx: Context) -> None:
    """Show again what the last `host_mock_push_scope` has hidden; what came since is forgotten."""
    if not host_mocks_of(ctx.vm).pop_scope():
        raise thrown("host_mock_pop_scope: no scope to pop")
