"""Operations of the host under `capability.operation` names: which there are, and calling one.

Each operation this host offers is a builtin of its own with the effects it has (`__process_exec` and the like): policies judge
that one, whoever calls it.
"""

from __future__ import annotations

from harn.builtins.host_mocks import host_mocks_of
from harn.builtins.strings import text_of
from harn.catalog.record import builtin
from harn.source.typing import Any, NamedTuple
from harn.values.errors import CATEGORY, HarnError, thrown
from harn.values.kinds import Builtin
from harn.vm.frame import Answer, Call, Done, Native, Throw
from harn.vm.machine import Context, Machine


class Operation(NamedTuple):
    """What a capability offers: ``builtin`` gets the call's parameters. One that is not ``listed`` stands in for a host that is
    not attached.
    """

    about: str
    builtin: str
    listed: bool = True


CAPABILITIES: dict[str, tuple[str, dict[str, Operation]]] = {
    "process": (
        "Running programs.",
        {
            "exec": Operation("Run a program by its arguments, or a line through a shell.", "__process_exec"),
            "list_shells": Operation("The shells there are, and which is used.", "__process_shells"),
            "get_default_shell": Operation("The shell that is used.", "__process_default_shell"),
            "set_default_shell": Operation("Use another shell in this run.", "__process_choose_shell"),
            "shell_invocation": Operation("How a shell is given a command.", "__process_invocation"),
        },
    ),
    "template": ("Templates.", {"render": Operation("Render a template file.", "__template_render")}),
    "interaction": ("Talking with the user.", {"ask": Operation("Ask the user a question.", "__interaction_ask")}),
    "runtime": (
        "",
        {
            "task": Operation("", "__runtime_task", listed=False),
            "set_result": Operation("", "__runtime_set_result", listed=False),
        },
    ),
    "workspace": (
        "",
        {
            "project_root": Operation("", "__workspace_root", listed=False),
            "cwd": Operation("", "__workspace_folder", listed=False),
        },
    ),
}
"""Name of a capability -> what it is about and its operations."""

_MOCKED = "Answered by a mock of this run."


def manifest(vm: Machine) -> dict[str, Any]:
    """What can be called: ``{capability: {description, ops, operations: {name: {description}}}}``, mocks included."""
    found: dict[str, tuple[str, dict[str, str]]] = {}
    for name, (about, offered) in CAPABILITIES.items():
        listed = {op: one.about for op, one in offered.items() if one.listed}
        if listed:
            found[name] = about, listed
    for mock in host_mocks_of(vm).mocks:
        found.setdefault(mock.capability, (_MOCKED, {}))[1].setdefault(mock.operation, _MOCKED)
    return {
        name: {
            "description": about,
            "ops": list(operations),
            "operations": {op: {"description": told} for op, told in operations.items()},
        }
        for name, (about, operations) in found.items()
    }


@builtin("host_capabilities() -> dict", effects=["state"], ctx=True)
def host_capabilities(ctx: Context) -> dict[str, Any]:
    """What can be called with `host_call`: `{capability: {description, ops, operations}}`, mocks included."""
    return manifest(ctx.vm)


@builtin(
    "host_has(capability: any, operation?: any) -> bool",
    effects=["state"],
    ctx=True,
    examples=[('host_has("process", "exec")', "true"), ('host_has("coffee")', "false")],
)
def host_has(ctx: Context, capability: Any, operation: Any = None) -> bool:
    """Whether the host, or a mock, offers a capability, or an operation of it."""
    found = manifest(ctx.vm).get(text_of(capability))
    return found is not None and (operation is None or text_of(operation) in found["ops"])


@builtin("host_call(name: any, params?: any) -> any", form="native", effects=["state"], keeps=["params"], ctx=True)
def host_call(ctx: Context, name: Any, params: Any = None) -> Native:
    """Call an operation of the host by `capability.operation`, with a dict of parameters. A mock of it answers first.

    Of its own the host offers `process.exec`, `.list_shells`, `.get_default_shell`, `.set_default_shell`, `.shell_invocation`,
    `template.render` and `interaction.ask`; `runtime.task`, `.set_result`, `workspace.project_root` and `.cwd` answer as for a
    program that no other host runs. What each does to the outside is judged by policies when it is called.
    """
    text = text_of(name)
    capability, dot, operation = text.partition(".")
    if not dot:
        raise thrown(f"host_call: unsupported operation name '{text}'")
    return HostCall(capability, operation, params if params.__class__ is dict else {})


class HostCall(Native):
    """Finds who answers. ``called`` is the name of the builtin that does."""

    __slots__ = ("called", "capability", "operation", "params")
    name = "host_call"
    in_context = True

    def __init__(self, capability: str, operation: str, params: dict[str, Any]) -> None:
        self.capability = capability
        self.operation = operation
        self.params = params
        self.called = ""

    def resume_in(self, context: Context, value: Any) -> Answer:
        if self.called:
            return Done(value)
        mock = host_mocks_of(context.vm).answering(self.capability, self.operation, self.params)
        if mock is not None:
            return Throw(thrown(mock.error)) if mock.error else Done(mock.result)
        offered = CAPABILITIES.get(self.capability, ("", {}))[1].get(self.operation)
        target = None if offered is None else builtin_value(offered.builtin)
        if offered is None or target is None:
            return Throw(thrown(f"host_call: unsupported operation {self.capability}.{self.operation}"))
        self.called = offered.builtin
        return Call(target, self.params)

    def fail(self, error: HarnError) -> Answer:
        if error.kind == CATEGORY and not error.ending:  # a policy's refusal names what it judged
            error.payload = error.payload.replace(self.called, f"{self.capability}.{self.operation}")
        return Throw(error)


def builtin_value(name: str) -> Builtin | None:
    """A builtin as a value that can be called; None for one there is not."""
    from harn.catalog.index import record

    found = record(name)
    return None if found is None else Builtin(name, found)


def required(params: dict[str, Any], name: str) -> str:
    """The text of a parameter that has to be there and not empty."""
    found = params.get(name)
    text = "" if found is None else text_of(found)
    if not text:
        raise thrown(f"host_call: missing required parameter '{name}'")
    return text


@builtin("host_tool_list() -> list<dict>", effects=["state"])
def host_tool_list() -> list[dict[str, Any]]:
    """The tools of a host that the program runs in, `{name, description, schema, deprecated}`: none without such a host."""
    return []


@builtin("host_tool_call(name: any, args?: any) -> any", effects=["state"])
def host_tool_call(name: Any, args: Any = None) -> Any:
    """Call a tool of the host that the program runs in. Throws without such a host."""
    if not text_of(name):
        raise thrown("host_tool_call: tool name is required")
    raise thrown("host_tool_call: no host bridge is attached")
