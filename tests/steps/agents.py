"""Agent loops in random programs: a scripted model that calls tools, whose handlers are functions of the program.

What a loop should print and charge is worked out by ``tests.steps.loops``.
"""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import strategies as st

TOOLS = ("t0", "t1")
HANDLERS = ("itself", "closure", "map", "spawn")
TOOL_LEVELS = ("", "", "none", "workspace_write", "network")
MOST_TURNS = 3


class Tool(NamedTuple):
    """What a tool runs, and how: ``itself`` hands the function over. ``level`` is its annotation; it may need a parameter."""

    callee: int
    how: str
    level: str
    needs: bool


class Asked(NamedTuple):
    """A call by the model: the place of the tool (one too far is a tool nobody knows), with the parameter or without."""

    tool: int
    given: bool


class Agent(NamedTuple):
    """A loop: each turn takes ``units`` and asks for tools, until the script is over; ``after`` is called behind every turn.

    ``most`` turns are allowed, ``tokens`` units in all.
    """

    tools: tuple[Tool, ...]
    turns: tuple[tuple[Asked, ...], ...]
    units: int
    most: int
    tokens: int | None
    after: int | None


def agents(later: st.SearchStrategy[int], units: st.SearchStrategy[int]) -> st.SearchStrategy[Agent]:
    """Loops whose tools run later functions."""
    tool = st.builds(
        Tool, later, st.sampled_from(HANDLERS), st.sampled_from(TOOL_LEVELS), st.sampled_from((False, True))
    )
    asked = st.builds(Asked, st.sampled_from((0, 0, 0, 1, 1, 1, 2)), st.sampled_from((True, True, True, False)))
    turn = st.lists(asked, min_size=1, max_size=2).map(tuple)
    return st.builds(
        Agent,
        st.tuples(tool, tool),
        st.lists(turn, min_size=1, max_size=MOST_TURNS - 1).map(tuple),
        units,
        st.sampled_from((50, 50, 1, 2)),
        st.one_of(st.none(), st.none(), st.integers(1, 8)),
        st.one_of(st.none(), st.none(), later),
    )


# --------------------------------------------------------------------------------------------------- as text

PRELUDE = """\
fn heard(text) {
  if contains(text, "permission_denied") {
    return if contains(text, "not available") { "unknown" } else { split(split(text, "exceeds ")[1], " ceiling")[0] }
  }
  if contains(text, "is missing required") { return "lacks" }
  for kind in ["budget_exceeded", "handoff_escalation", "hook_denied", "approval_denied"] {
    if contains(text, "category: ${kind}") { return "Error ${kind} ${contains(text, "escalated: true")}" }
  }
  return split(text, " (line")[0]
}"""


def marker(number: int, place: int) -> str:
    """What the prompt of a loop says, to be known by."""
    return f"loop {number}_{place} "


def replies(number: int, place: int, agent: Agent, unit: int, served: str) -> list[str]:
    """The model's script. A pattern looks for the turns that are over, so that a loop may run any number of times."""
    lines = []
    for turn in range(len(agent.turns), -1, -1):
        calls = agent.turns[turn] if turn < len(agent.turns) else ()
        shown = ", ".join(
            f'{{id: "{turn}-{n}", name: "t{asked.tool}", arguments: {_arguments(asked)}}}'
            for n, asked in enumerate(calls)
        )
        seen = marker(number, place) + (f"*turn {turn - 1}." if turn else "")
        lines.append(
            f'  llm_mock({{text: "turn {turn}.", tool_calls: [{shown}], input_tokens: {agent.units * unit}, output_tokens: 0, '
            f'model: "{served}", match: "*{seen}*"}})'
        )
    return lines


def _arguments(asked: Asked) -> str:
    return '{x: "given"}' if asked.given else "{}"


def argument(asked: Asked) -> str:
    """The arguments of a call, as a function shows them that is the handler itself."""
    return "{x: given}" if asked.given else "{}"


def loop_text(number: int, place: int, agent: Agent, unit: int, generators: frozenset[int]) -> str:
    """The loop as Harn text; ``generators`` are the functions that rest, ``unit`` is in tokens."""
    seen, registry = f"v{number}_{place}", f"r{place}"
    lines = [f"var {registry} = tool_registry()"]
    for name, tool in zip(TOOLS, agent.tools):
        fields = [f"handler: {_handler(f'{seen} {name}', tool, generators)}"]
        fields += [f'annotations: {{side_effect_level: "{tool.level}"}}'] if tool.level else []
        fields += ['parameters: {x: "string"}'] if tool.needs else []
        lines.append(f'{registry} = tool_define({registry}, "{name}", "A tool", {{{", ".join(fields)}}})')
    options = f'provider: "mock", tool_format: "native", tools: {registry}, max_tokens: 1, loop_detect_warn: 0'
    options += f", max_iterations: {agent.most}" if agent.most < 50 else ""
    options += f", token_budget: {agent.tokens * unit}" if agent.tokens is not None else ""
    if agent.after is not None:
        options += (
            f", post_turn_callback: {_handler(f'{seen} after', Tool(agent.after, 'closure', '', False), generators)}"
        )
    lines.append(f'let {seen} = agent_loop("{marker(number, place)}", nil, {{{options}}})')
    lines.append(
        f'println("{seen} ${{{seen}.status}} ${{{seen}.llm.iterations}} ${{{seen}.tools.calls}} ${{{seen}.tools.successful}} '
        f'${{{seen}.tools.rejected}}")'
    )
    lines.append(
        f'for m in {seen}.transcript.messages {{ if m.role == "tool" {{ println("{seen} heard ${{heard(m.content)}}") }} }}'
    )
    return "\n  ".join(lines)


def draws_one(how: str) -> bool:
    """Whether a handler of a generator draws its first element only."""
    return how in ("map", "spawn")


def _handler(seen: str, tool: Tool, generators: frozenset[int]) -> str:
    called = f'f{tool.callee}("t")'
    if tool.callee in generators:
        stop = "\n    break" if draws_one(tool.how) else ""
        return f'{{ args ->\n    for x in {called} {{ println("{seen} ${{x}}"){stop}\n    }}\n    nil\n  }}'
    return {
        "itself": f"f{tool.callee}",
        "closure": f"{{ args -> {called} }}",
        "map": f"{{ args -> [0].map({{ x -> {called} }}) }}",
        "spawn": f"{{ args ->\n    let task = spawn {{ {called} }}\n    await(task)\n  }}",
    }[tool.how]
