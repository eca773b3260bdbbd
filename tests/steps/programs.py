"""Random programs of steps: what they consist of, strategies for them, and their text.

Amounts are in units: a unit is ``UNIT_TOKENS`` tokens and costs ``UNIT_DOLLARS``, so that limits of both kinds meet the same use.
What a program should print and log is worked out by ``tests.steps.evaluator``.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from hypothesis import strategies as st

from tests.steps.agents import PRELUDE as AGENT_PRELUDE
from tests.steps.agents import TOOLS, Agent, agents, loop_text, replies

BOUNDARIES = ("fail", "continue", "escalate")
MODELS = ("", "gpt-4o-mini", "unpriced")
LEVELS = ("none", "read_only", "workspace_write", "network")
CALLS = ("direct", "map", "try", "generator", "finally", "variable")
TASKS = ("spawn", "parallel", "settle")
ENDINGS = ("deadline", "cancel")

UNIT_TOKENS, UNIT_DOLLARS = 400, 0.001
SERVED = "gpt-4o"
MOST_UNITS = 6


class Use(NamedTuple):
    """A model call that takes so many units; it prints the model that is asked for first."""

    units: int


class Defer(NamedTuple):
    """The same in a deferred block."""

    units: int


class Raise(NamedTuple):
    """``plain`` throws a text, ``budget`` what a script throws as an exhausted budget, ``marked`` one already handed up."""

    kind: str


class Write(NamedTuple):
    """Prints whether the policy in force bars a write."""


class Wait(NamedTuple):
    """Ten seconds in which deadlines and cancellations come."""


class Yield(NamedTuple):
    """An element, in a generator; nothing in a function."""


class Hold(NamedTuple):
    """A permit that is the frame's until it is left."""


class Lock(NamedTuple):
    """A model call in a mutex block."""

    units: int


class Exit(NamedTuple):
    """The end of the run, there and then."""


class Invoke(NamedTuple):
    """A call of a later function."""

    callee: int
    how: str


class Stage(NamedTuple):
    """What a persona lets a step do; ``tools`` are those it may run, None for all."""

    step: int
    level: str
    most: int | None
    tools: tuple[str, ...] | None = None


class Persona(NamedTuple):
    """A persona's budget in units, and its stages."""

    tokens: int | None
    dollars: int | None
    stages: tuple[Stage, ...]


class Made(NamedTuple):
    """A function: a step where ``step`` holds, with limits in units; ``tail`` ends it with a call in tail position.

    ``approval`` is what a person says who is asked first, None where nobody is.
    """

    step: bool = True
    generator: bool = False
    persona: Persona | None = None
    model: str = ""
    boundary: str = "fail"
    tokens: int | None = None
    dollars: int | None = None
    inclusive: bool = False
    attempts: int = 1
    approval: bool | None = None
    actions: tuple[Any, ...] = ()
    tail: int | None = None


class Hook(NamedTuple):
    """A handler: ``step`` None for a persona hook; ``answer`` is what it does after it has printed its number."""

    event: str
    pattern: str
    step: int | None
    answer: str


class Hear(NamedTuple):
    """A handler that is registered now."""

    hook: Hook


class Deaf(NamedTuple):
    """The end of all handlers."""


class Ask(NamedTuple):
    """No action: some steps must be approved."""


class Trace(NamedTuple):
    """Listing of spans begins anew, or stops."""

    on: bool


class Program(NamedTuple):
    """Functions that call only later ones, so every program ends; the pipeline calls the first."""

    functions: tuple[Made, ...]
    hooks: tuple[Hook, ...] = ()


ANSWERS = {
    "PreStep": ("keep", "use", "deny", "args", "throw", "wrong"),
    "PostStep": ("keep", "use", "output", "throw", "wrong"),
    "OnBudgetThreshold(50)": ("keep", "use", "throw"),
    "OnHandoffEmitted": ("keep", "throw"),
    "OnApprovalRequested": ("keep", "use", "throw"),
    "OnPersonaPaused": ("keep", "throw"),
    "OnPersonaResumed": ("keep", "use", "throw"),
}


# --------------------------------------------------------------------------------------------------- strategies


def programs(
    count: int = 4, *, calls: tuple[str, ...] = CALLS, extras: tuple[Any, ...] = (), hooks: int = 0, loops: int = 0
) -> st.SearchStrategy[Program]:
    """Programs of ``count`` functions that call in the ways given.

    ``extras`` are further kinds of actions; ``loops`` says how often agent loops are among them.
    """
    return st.builds(
        _whole,
        st.tuples(*(_function(number, count, calls, extras, loops) for number in range(count))),
        st.lists(_hook(count), max_size=hooks).map(tuple),
    )


def _whole(functions: tuple[Made, ...], hooks: tuple[Hook, ...]) -> Program:
    """The pipeline calls no generator, and nobody returns one in tail position."""
    made = [functions[0]._replace(generator=False), *functions[1:]]
    for number, one in enumerate(made):
        if one.tail is not None and (one.generator or made[one.tail].generator):
            made[number] = one._replace(tail=None)
        if one.generator:  # deferred blocks and permits of one that rests are not what these programs are about
            actions = tuple(a for a in one.actions if not isinstance(a, Defer | Hold))
            made[number] = made[number]._replace(actions=actions)
    return Program(tuple(made), hooks)


def _function(
    number: int, count: int, calls: tuple[str, ...], extras: tuple[Any, ...], loops: int
) -> st.SearchStrategy[Made]:
    later = st.integers(number + 1, count - 1) if number + 1 < count else st.nothing()
    units = st.integers(0, MOST_UNITS)
    limit = st.one_of(st.none(), st.integers(1, 10))
    actions: list[st.SearchStrategy[Any]] = [
        st.builds(Use, units),
        st.builds(Use, units),
        st.builds(Raise, st.sampled_from(("plain", "budget", "marked"))),
        st.just(Write()),
        *(_extra(kind, count, units) for kind in extras if kind is not Ask),
    ]
    stages: st.SearchStrategy[tuple[Stage, ...]] = st.just(())
    first: st.SearchStrategy[tuple[Any, ...]] = st.just(())
    if number + 1 < count:
        invokes = st.builds(Invoke, later, st.sampled_from(calls))
        actions += [invokes] * 4
        tools: st.SearchStrategy[Any] = st.none()
        most = st.one_of(st.none(), st.integers(0, 2))
        if loops:  # stages that say something of tools, over the functions that have loops
            loop = agents(later, st.integers(0, 2))
            actions += [loop] * loops
            invokes = st.one_of(invokes, loop)
            tools = st.sampled_from((None, (), TOOLS, TOOLS[:1], TOOLS[1:]))
            most = st.one_of(st.none(), st.none(), st.integers(0, 3))
        stage = st.builds(Stage, later, st.sampled_from(LEVELS), most, tools)
        stages = st.lists(stage, min_size=bool(loops), max_size=2 + bool(loops)).map(tuple)
        first = st.tuples(st.one_of(st.builds(Use, units), invokes), invokes) if number == 0 else st.tuples(invokes)
    bigger = st.one_of(st.none(), st.integers(1, 14))
    personas = st.builds(Persona, bigger, bigger, stages)
    return st.builds(
        Made,
        step=st.sampled_from((True, True, True, False)),
        generator=st.sampled_from((False, False, False, Yield in extras)),
        persona=st.one_of(st.none(), personas if loops else st.none(), personas),
        model=st.sampled_from(MODELS),
        boundary=st.sampled_from(BOUNDARIES),
        tokens=limit,
        dollars=limit,
        inclusive=st.booleans(),
        attempts=st.sampled_from((1, 1, 2)),
        approval=st.sampled_from((None, None, None, True, True, False)) if Ask in extras else st.none(),
        actions=st.tuples(first, st.lists(st.one_of(*actions), max_size=3).map(tuple)).map(
            lambda two: (*two[0], *two[1])
        ),
        tail=st.one_of(st.none(), later) if number + 1 < count else st.none(),
    )


def _extra(kind: Any, count: int, units: st.SearchStrategy[int]) -> st.SearchStrategy[Any]:
    """Actions of a further kind."""
    if kind is Hear:
        return st.builds(Hear, _hook(count))
    if kind is Trace:
        return st.builds(Trace, st.sampled_from((True, True, False)))
    return st.builds(kind, units) if kind in (Defer, Lock) else st.just(kind())


def _hook(count: int) -> st.SearchStrategy[Hook]:
    patterns = st.sampled_from(("*", "*", "p*", "*1", ""))
    steps = st.one_of(st.none(), st.integers(0, count - 1))
    return st.sampled_from(tuple(ANSWERS)).flatmap(
        lambda event: st.builds(Hook, st.just(event), patterns, steps, st.sampled_from(ANSWERS[event]))
    )


# --------------------------------------------------------------------------------------------------- as text

_PRELUDE = """\
fn asked() {
  let options = {provider: "mock", budget: {max_input_tokens: 0}}
  return llm_call_safe("never sent", nil, options).error.model
}
fn ask(n) {
  println("asked ${asked()}")
  return llm_call("units ${n} ", nil, {provider: "mock", max_tokens: 1}).text
}
fn barred() {
  try { write_file("never", "x") } catch (e) { return contains("${e}", "ceiling") }
}
fn told(e) {
  return if type_of(e) == "dict" { "${e?.category} ${e?.step} ${e?.escalated} ${e?.limit}" } else { split("${e}", " (line")[0] }
}"""


def text(program: Program) -> str:
    """The program as Harn text. Its pipeline prints what came of the first function."""
    parts = [_PRELUDE, AGENT_PRELUDE]
    parts += [_definition(number, program) for number in reversed(range(len(program.functions)))]
    parts.append("pipeline default() {")
    mock = '  llm_mock({{text: "t", input_tokens: {1}, output_tokens: 0, model: "{2}", match: "*units {0} *"}})'
    parts += [mock.format(units, units * UNIT_TOKENS, SERVED) for units in range(MOST_UNITS + 1)]
    for number, made in enumerate(program.functions):
        for place, action in enumerate(made.actions):
            if isinstance(action, Agent):
                parts += replies(number, place, action, UNIT_TOKENS, SERVED)
    parts += [_registration(str(number), hook) for number, hook in enumerate(program.hooks)]
    parts.append('  try { println("value ${f0("a")}") } catch (e) { println("error ${told(e)}") }')
    if traces(program):
        parts.append('  println("spans ${trace_spans().map({ span -> span.name })}")')
    parts.append("}")
    return "\n".join(parts)


def traces(program: Program) -> bool:
    """Whether any function of a program lists spans."""
    return any(isinstance(action, Trace) for made in program.functions for action in made.actions)


def budget(tokens: int | None, dollars: int | None, dollars_key: str, *more: str) -> str:
    """A budget's fields."""
    fields = [f"max_tokens: {tokens * UNIT_TOKENS}"] if tokens is not None else []
    fields += [f"{dollars_key}: {dollars * UNIT_DOLLARS:.3f}"] if dollars is not None else []
    return f"{{{', '.join([*fields, *more])}}}"


def _definition(number: int, program: Program) -> str:
    made = program.functions[number]
    lines = []
    if made.step:
        scope = f'scope: "{"inclusive" if made.inclusive else "exclusive"}"'
        lines.append(
            f'@step(name: "f{number}", model: "{made.model}", error_boundary: {made.boundary}, '
            f"retry: {{max_attempts: {made.attempts}}}, {'approval: required, ' if made.approval is not None else ''}"
            f"budget: {budget(made.tokens, made.dollars, 'max_usd', scope)})"
        )
    if made.persona is not None:
        stages = ", ".join(_stage(stage) for stage in made.persona.stages)
        limits = budget(made.persona.tokens, made.persona.dollars, "run_usd")
        lines.append(f'@persona(name: "p{number}", stages: [{stages}], budget: {limits})')
    lines.append(f"fn f{number}(a) {{")
    lines += [f"  {_action(number, place, action, program)}" for place, action in enumerate(made.actions)]
    if made.generator:
        lines.append(f'  yield "f{number} ${{a}}"')
    elif made.tail is not None:
        lines.append(f"  return f{made.tail}(a)")
    else:
        lines.append(f'  return "f{number} ${{a}}"')
    lines.append("}")
    return "\n".join(lines)


def _stage(stage: Stage) -> str:
    most = f", max_iterations: {stage.most}" if stage.most is not None else ""
    tools = f", allowed_tools: [{', '.join(stage.tools)}]" if stage.tools is not None else ""
    return f'{{name: "f{stage.step}", side_effect_level: "{stage.level}"{most}{tools}}}'


_RAISES = {
    "plain": 'throw "plain"',
    "budget": 'throw {category: "budget_exceeded"}',
    "marked": 'throw {category: "handoff_escalation", escalated: true, step: "mine"}',
}


def _action(number: int, place: int, action: Any, program: Program) -> str:
    if isinstance(action, Use):
        return f"ask({action.units})"
    if isinstance(action, Defer):
        return f"defer {{ ask({action.units}) }}"
    if isinstance(action, Lock):
        return f"mutex {{ ask({action.units}) }}"
    if isinstance(action, Hold):
        return f'let h{place} = sync_mutex_acquire("{number}_{place}")'
    if isinstance(action, Hear):
        return _registration(f"{number}_{place}", action.hook)
    if isinstance(action, Deaf):
        return "clear_persona_hooks()"
    if isinstance(action, Trace):
        return f"enable_tracing({'true' if action.on else 'false'})"
    if isinstance(action, Raise):
        return _RAISES[action.kind]
    if isinstance(action, Write):
        return 'println("barred ${barred()}")'
    if isinstance(action, Wait):
        return "sleep(10s)"
    if isinstance(action, Exit):
        return "exit(0)"
    if isinstance(action, Yield):
        return f'yield "f{number} rests"' if program.functions[number].generator else 'println("on")'
    if isinstance(action, Agent):
        generators = frozenset(place for place, made in enumerate(program.functions) if made.generator)
        return loop_text(number, place, action, UNIT_TOKENS, generators)
    if program.functions[action.callee].generator:
        return _pull(f"v{number}_{place}", action)
    parts = {"f": f"f{action.callee}(a)", "callee": f"f{action.callee}", "v": f"v{number}_{place}", "g": f"g{place}"}
    return _INVOKES[action.how].format(**parts, ms=deadline_ms(number))


def deadline_ms(number: int) -> int:
    """Deadlines of functions further in are shorter."""
    return (10 - number) * 100


def pulls_one(how: str) -> bool:
    """Whether a call of a generator draws its first element only."""
    return how in ("map", "variable", "finally", "spawn")


def _pull(seen: str, action: Invoke) -> str:
    stop = "\n    break" if pulls_one(action.how) else ""
    loop = f'for x in f{action.callee}(a) {{ println("{seen} ${{x}}"){stop}\n  }}'
    return f'try {{ {loop} }} catch (e) {{ println("{seen} caught ${{told(e)}}") }}' if action.how == "try" else loop


_INVOKES = {
    "direct": 'let {v} = {f}\n  println("{v} ${{{v}}}")',
    "variable": 'let {g} = {callee}\n  let {v} = {g}(a)\n  println("{v} ${{{v}}}")',
    "map": 'let {v} = [0].map({{ x -> {f} }})\n  println("{v} ${{{v}}}")',
    "try": 'try {{ println("{v} ${{{f}}}") }} catch (e) {{ println("{v} caught ${{told(e)}}") }}',
    "finally": 'try {{ println("{v} ${{{f}}}") }} finally {{ println("{v} finally") }}',
    "generator": 'fn {g}() {{ yield {f} }}\n  for x in {g}() {{ println("{v} ${{x}}") }}',
    "spawn": 'let {g} = spawn {{ {f} }}\n  let {v} = await({g})\n  println("{v} ${{{v}}}")',
    "parallel": 'let {v} = parallel each [0, 1] {{ i -> {f} }}\n  println("{v} ${{{v}}}")',
    "settle": 'let {v} = parallel settle [0, 1] {{ i -> {f} }}\n  println("{v} ${{{v}.failed}}")',
    "deadline": 'try {{ deadline {ms}ms {{ println("{v} ${{{f}}}") }} }} catch (e) {{ println("{v} caught ${{told(e)}}") }}',
    "cancel": 'let {g} = spawn {{ {f} }}\n  sleep(1ms)\n  cancel({g})\n  sleep(1ms)\n  println("{v} cancelled")',
}

_HANDLERS = {
    "keep": "nil",
    "use": "ask(1)\n    nil",
    "deny": '{deny: "no"}',
    "args": '{args: ["h"]}',
    "output": '{output: "o"}',
    "throw": 'throw "hook broke"',
    "wrong": "5",
}


def _registration(label: str, hook: Hook) -> str:
    handler = (
        f'{{ ctx ->\n    println("hook {label} ${{ctx.target}} ${{ctx?.output}}")\n    {_HANDLERS[hook.answer]}\n  }}'
    )
    if hook.step is None:
        return f'  register_persona_hook("{hook.pattern}", "{hook.event}", {handler})'
    return f'  register_step_hook("{hook.pattern}", "f{hook.step}", "{hook.event}", {handler})'
