"""What this host offers to `host_call`, but running programs: see `host_calls` and `process_runner`."""

from __future__ import annotations

from harn.builtins.host_calls import builtin_value, required
from harn.builtins.performing import Asking
from harn.builtins.standard_input import Prompt
from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.values.errors import thrown
from harn.vm.frame import Answer, Done, Effect, Native, Perform, TailCall, Throw


@builtin("__interaction_ask(params: dict) -> string", form="native", effects=["output", "stdin"])
def interaction_ask(params: dict[str, Any]) -> Native:
    """Print `question` and give the line that is answered."""
    return Prompt(required(params, "question"))


@builtin("__runtime_task(params: dict) -> string", form="native", effects=["env.read"])
def runtime_task(params: dict[str, Any]) -> Native:
    """The task a program was started with: the variable HARN_TASK."""
    return Variable(Effect("env.read", "get", "HARN_TASK", idempotent=True))


class Variable(Asking):
    """A variable as a text; empty where it is not set."""

    __slots__ = ()
    name = "host_call"

    def answered(self, value: Any) -> str:
        return value or ""


@builtin("__runtime_set_result(params: dict) -> nil", effects=["state"])
def runtime_set_result(params: dict[str, Any]) -> None:
    """Nobody is there who would take the result."""


@builtin("__workspace_root(params: dict) -> string", form="native", effects=["env.read", "fs.read"])
def workspace_root(params: dict[str, Any]) -> Native:
    """The variable HARN_PROJECT_ROOT, else the working directory."""
    return WorkspaceRoot()


class WorkspaceRoot(Native):
    """Asks for the variable, then for the folder."""

    __slots__ = ()
    name = "host_call"

    def start(self) -> Answer:
        return Perform(Effect("env.read", "get", "HARN_PROJECT_ROOT", idempotent=True))

    def resume(self, value: Any) -> Answer:
        if value is not None:
            return Done(value)
        return Perform(Effect("fs.read", "folder", idempotent=True))


@builtin("__workspace_folder(params: dict) -> string", form="effect", effects=["fs.read"])
def workspace_folder(params: dict[str, Any]) -> Effect:
    """The working directory."""
    return Effect("fs.read", "folder", idempotent=True)


@builtin("__template_render(params: dict) -> string", form="native", effects=["fs.read"])
def template_render(params: dict[str, Any]) -> Native:
    """Render the template file `path` with `bindings`."""
    return RenderTemplate(required(params, "path"), params.get("bindings"))


class RenderTemplate(Native):
    """Hands over to `render`."""

    __slots__ = ("bindings", "path")
    name = "host_call"

    def __init__(self, path: str, bindings: Any) -> None:
        self.path = path
        self.bindings = bindings if bindings.__class__ is dict else {}

    def start(self) -> Answer:
        render = builtin_value("render")
        if render is None:
            return Throw(thrown("host_call: unsupported operation template.render"))
        return TailCall(render, self.path, self.bindings)
