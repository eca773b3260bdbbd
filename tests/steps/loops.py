"""What an agent loop of a random program should print and charge, by the rules alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.steps.agents import TOOLS, Agent, Asked, Tool, argument, draws_one
from tests.steps.happenings import Fault
from tests.steps.model import active

if TYPE_CHECKING:
    from tests.steps.evaluator import Evaluator

RANKS = {"none": 0, "read_only": 1, "workspace_write": 2, "process_exec": 3, "network": 4}


class Loop:
    """One run of a loop: what it called, what worked, what it was not allowed, and what its model heard."""

    def __init__(self, evaluator: Evaluator, seen: str, agent: Agent) -> None:
        self.evaluator = evaluator
        self.seen = seen
        self.agent = agent
        self.turns = 0
        self.called: list[str] = []
        self.successful: list[str] = []
        self.rejected: list[str] = []
        self.heard: list[str] = []

    def run(self) -> None:
        """From its first turn to its last; a Fault where a model call is refused or its charge exceeds a budget."""
        status = ""
        while not status:
            status = "budget_exhausted" if self.turns == self.agent.most or self.nothing_left() else self.turn()
        names = [f"[{', '.join(list_)}]" for list_ in (self.called, self.successful, self.rejected)]
        self.evaluator.show(f"{self.seen} {status} {self.turns} {' '.join(names)}")
        for text in self.heard:
            self.evaluator.show(f"{self.seen} heard {text}")

    def nothing_left(self) -> bool:
        """Whether the stage of the active step lets it have no further turn."""
        entry = active(self.evaluator.branch.live)
        return entry is not None and entry.most is not None and entry.iterations >= entry.most

    def turn(self) -> str:
        """A model call and the tools it asks for; how the loop ends, empty where it goes on."""
        agent = self.agent
        self.evaluator.charge(agent.units)
        said = agent.turns[self.turns] if self.turns < len(agent.turns) else ()
        self.turns += 1
        for asked in said:
            self.answer(asked)
        if said and agent.after is not None:
            self.evaluator.handler(f"{self.seen} after", agent.after, "t", one=False)
        if agent.tokens is not None and agent.units * self.turns >= agent.tokens:
            return "budget_exhausted"
        return "" if said else "done"

    def answer(self, asked: Asked) -> None:
        """A tool is looked for, allowed, checked and run; an error of its is a text for the model."""
        name = f"t{asked.tool}"
        if asked.tool >= len(TOOLS):
            self.rejected.append(name)
            self.heard.append("unknown")
            return
        tool = self.agent.tools[asked.tool]
        barred = self.barred(name, tool)
        if barred:
            self.rejected.append(name)
            self.heard.append(barred)
            return
        if tool.needs and not asked.given:
            self.heard.append("lacks")
            return
        self.called.append(name)
        try:
            heard = self.handle(name, tool, asked)
        except Fault as fault:
            if fault.ending:
                raise
            heard = _as_heard(fault)
        else:
            if name not in self.successful:
                self.successful.append(name)
        self.heard.append(heard)

    def barred(self, name: str, tool: Tool) -> str:
        """Which ceiling of the stages in force bars a tool."""
        stages = self.evaluator.branch.policies
        if any(tools is not None and name not in tools for _, tools in stages):
            return "tool"
        levels = [RANKS[level] for level, _ in stages if level]
        return "side-effect" if tool.level and levels and RANKS[tool.level] > min(levels) else ""

    def handle(self, name: str, tool: Tool, asked: Asked) -> str:
        """What the handler gives."""
        seen, evaluator = f"{self.seen} {name}", self.evaluator
        if evaluator.program.functions[tool.callee].generator:
            evaluator.handler(seen, tool.callee, "t", one=draws_one(tool.how))
            return "nil"
        if tool.how == "spawn":
            return evaluator.in_task(tool.callee, "t")
        value = evaluator.call(tool.callee, argument(asked) if tool.how == "itself" else "t")
        return f"[{value}]" if tool.how == "map" else value


def _as_heard(fault: Fault) -> str:
    """An error as the model is told of it."""
    if fault.category:
        return f"Error {fault.category} {'true' if fault.escalated else 'false'}"
    return f"Error: {fault.text}" if fault.text.startswith("Runtime error") else f"Error: Thrown: {fault.text}"
