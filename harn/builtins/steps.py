"""Registering steps, personas and their hooks, and reading the completed log."""

from __future__ import annotations

from harn.catalog.record import builtin
from harn.source.typing import Any, Callable
from harn.steps.definitions import RegistrationError
from harn.steps.hooks import EventError, parse_event
from harn.steps.log import completed_step_to_json
from harn.values.errors import runtime_error, thrown
from harn.values.kinds import Closure, type_name
from harn.vm.frame import Frame
from harn.vm.machine import Context
from harn.vm.ops.names import meanings


def _register(ctx: Context, name: str, function: Any, metadata: Any, write: Callable[[Any, Any], None]) -> None:
    """Bind a definition to a function value, or to what a name means where the call stands."""
    if not isinstance(function, (str, Closure)):
        raise thrown(f"{name}: expected (function_name, metadata_dict)")
    if not isinstance(metadata, dict):
        raise thrown(f"{name}: metadata argument must be a dict")
    try:
        if isinstance(function, str):
            frame = next((record for record in reversed(ctx.task.frames) if record.__class__ is Frame), None)
            function = next(meanings(frame, function), None) if frame is not None else None
            if not isinstance(function, Closure):
                _check_only(write, metadata)
                return
        write(function, metadata)
    except RegistrationError as refused:
        raise thrown(str(refused)) from None


def _check_only(write: Callable[[Any, Any], None], metadata: Any) -> None:
    """A name that is no function registers nothing, but faults of the metadata are still told."""

    class Nobody:
        name = ""
        flags = 0
        tracked = None

    write(Nobody(), metadata)


@builtin("__register_step(function?: any, metadata?: any) -> nil", effects={"state"}, keeps=("function",), ctx=True)
def register_step(ctx: Context, function: Any = None, metadata: Any = None) -> None:
    """Make a function a step. `@step(...)` compiles to this call, right after the function.

    The first argument is the function, or its name as seen from the call. An earlier definition is replaced whole;
    calls in progress keep theirs.
    """
    _register(ctx, "__register_step", function, metadata, ctx.vm.steps.register_step)


@builtin("__register_persona(function?: any, metadata?: any) -> nil", effects={"state"}, keeps=("function",), ctx=True)
def register_persona(ctx: Context, function: Any = None, metadata: Any = None) -> None:
    """Make a function a persona. `@persona(...)` compiles to this call, right after the function."""
    _register(ctx, "__register_persona", function, metadata, ctx.vm.steps.register_persona)


def _check_hook(name: str, event: str, handler: Any) -> None:
    """Refuse an unknown event, then a handler that is no closure."""
    try:
        parse_event(event)
    except EventError as unknown:
        raise runtime_error(f"{name}: {unknown}") from None
    if not isinstance(handler, Closure):
        raise runtime_error(f"{name}: handler must be a closure, got {type_name(handler)}")


@builtin(
    "register_persona_hook(persona_pattern: string, event: string, handler: any | fn(dict) -> any) -> nil",
    effects={"state"},
    keeps=("handler",),
    ctx=True,
)
def register_persona_hook(ctx: Context, persona_pattern: str, event: str, handler: Any) -> None:
    """Call a handler at an event of every step of the personas that match a pattern.

    Patterns: `*` all, `x*` prefix, `*x` suffix, anything else exactly. Events: `PreStep`, `PostStep`, `OnBudgetThreshold`,
    `OnBudgetThreshold(80)`, `OnApprovalRequested`, `OnHandoffEmitted`, `OnPersonaPaused`, `OnPersonaResumed`. The
    handler takes one dict: `event`, `persona`, `step`, `target` and what the event adds.
    """
    _check_hook("register_persona_hook", event, handler)
    ctx.vm.steps.register_persona_hook(persona_pattern, event, handler)


@builtin(
    "register_step_hook(persona_pattern: string, step_name: string, event: string, handler: any | fn(dict) -> any) -> nil",
    effects={"state"},
    keeps=("handler",),
    ctx=True,
)
def register_step_hook(ctx: Context, persona_pattern: str, step_name: str, event: str, handler: Any) -> None:
    """Call a handler at an event of one step, by its declared name, under the personas that match a pattern."""
    _check_hook("register_step_hook", event, handler)
    ctx.vm.steps.register_step_hook(persona_pattern, step_name, event, handler)


@builtin(
    "__register_manifest_hook(event: string, pattern: string, handler: any) -> nil",
    effects={"state"},
    keeps=("handler",),
    ctx=True,
)
def register_manifest_hook(ctx: Context, event: str, pattern: str, handler: Any) -> None:
    """Call a handler at an event of steps or personas, as `[[hooks]]` in `harn.toml` says; other events are not looked at.

    Patterns: `*` all, `path =~ regex`, `path == value`, `path != value` about what handlers are told, else a glob of `target`, or
    a path to something true.
    """
    try:
        parse_event(event)
    except EventError:
        return
    _check_hook("[[hooks]]", event, handler)
    try:
        ctx.vm.steps.register_manifest_hook(pattern, event, handler)
    except EventError as wrong:
        raise runtime_error(f"[[hooks]]: {wrong}") from None


@builtin("clear_persona_hooks() -> nil", effects={"state"}, ctx=True)
def clear_persona_hooks(ctx: Context) -> None:
    """Forget all hooks of personas and steps; those of `harn.toml` stay."""
    if ctx.vm.step_runtime is not None:
        ctx.vm.step_runtime.clear_persona_hooks()


@builtin(
    "completed_steps() -> list<{name: string, function: string, model: string | nil, input_tokens: int, output_tokens: int,"
    " cost_usd: float, llm_calls: int, status: string, error: string | nil}>",
    effects={"state"},
    ctx=True,
)
def completed_steps(ctx: Context) -> list[dict[str, Any]]:
    """The steps that were left so far, oldest first: `name, function, model, input_tokens, output_tokens, cost_usd,
    llm_calls, status, error`. Reading takes nothing away.
    """
    if ctx.vm.step_runtime is None:
        return []
    return [completed_step_to_json(record) for record in ctx.vm.step_runtime.peek_completed_steps()]
