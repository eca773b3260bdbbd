"""Steps and personas in progress, and the way from a frame list to them.

The runtime sees frames through two small protocols only: a record of the list may carry ``Entries`` and may be a barrier.
"""

from __future__ import annotations

from decimal import Decimal

from harn.source.typing import Any, Iterator, Protocol, Sequence
from harn.steps.definitions import UNLIMITED, Budget, PersonaDefinition, StepDefinition
from harn.steps.meters import ZERO, Meter
from harn.steps.policies import Policy

ACTIVE, TAKEN = "active", "taken"
"""The status of a step that is not settled: in progress, being left."""


class Carrier(Protocol):
    """A record of the list that may carry at most one step and one persona, and the policy of a stage."""

    step: StepEntry | None
    persona: PersonaEntry | None
    policy: Policy | None


class Entries:
    """A carrier that is nothing else: what a child task inherits. ``policy`` bars it like those of its parent's frames."""

    __slots__ = ("persona", "policy", "step")

    def __init__(self) -> None:
        self.step: StepEntry | None = None
        self.persona: PersonaEntry | None = None
        self.policy: Policy | None = None


class Chain(Protocol):
    """A task's frame list as this runtime sees it. Depths count from 1, from the bottom."""

    def depth(self) -> int:
        """How many records there are."""

    def entries_at(self, depth: int) -> Carrier | None:
        """What the record at a depth carries."""

    def outward(self) -> Iterator[tuple[int, Carrier]]:
        """(depth, what it carries) of each record that may carry something, from the innermost out to the nearest barrier."""

    def persona(self) -> PersonaEntry | None:
        """The innermost persona that ``outward`` comes to. Every step that is entered asks for it."""

    def raise_barrier(self) -> None:
        """Put a barrier on top."""

    def lower_barrier(self) -> None:
        """Take the barrier on top away."""


class Calls:
    """What the model calls of one step came to: its own, in its own task."""

    __slots__ = ("cost", "input_tokens", "iterations", "last_model", "llm_calls", "output_tokens")

    def __init__(self) -> None:
        self.input_tokens = self.output_tokens = self.llm_calls = self.iterations = 0
        self.cost: Decimal = ZERO
        self.last_model = ""

    def copy(self) -> Calls:
        """The same counts, to go on from."""
        made = Calls()
        made.input_tokens, made.output_tokens, made.cost = self.input_tokens, self.output_tokens, self.cost
        made.llm_calls, made.last_model, made.iterations = self.llm_calls, self.last_model, self.iterations
        return made


NO_CALLS = Calls()
"""What most steps end with. Read only."""


class StepEntry:
    """One call of a step. Few steps call a model, so that what these calls come to (``calls``) appears with the first.

    ``args`` is the list the call was made with, not a copy: nobody changes it. ``status`` is what the step settled as; from
    then on nothing in an entry changes, and the completed log holds it as it is.
    """

    __slots__ = ("args", "calls", "copy_of", "definition", "error", "meter", "persona", "span", "status")

    def __init__(self, definition: StepDefinition, persona: PersonaDefinition | None, args: Sequence[Any]) -> None:
        self.definition = definition
        self.persona = persona
        self.args = args
        self.status = ACTIVE
        self.error: str | None = None
        self.calls: Calls | None = None
        self.meter = None if definition.budget is UNLIMITED else meter_for(definition.budget, self)
        self.span: Any = None
        self.copy_of: StepEntry | None = None

    def attribution_copy(self) -> StepEntry:
        """What a child task gets: everything as it stands. Use goes to the copy; an inclusive meter stays shared."""
        copy = StepEntry(self.definition, self.persona, self.args)
        copy.calls = self.calls.copy() if self.calls is not None else None
        copy.copy_of = self
        copy.span = self.span  # what the task does hangs below the step; the span is the step's own to end
        if self.meter is not None:
            copy.meter = self.meter if self.definition.budget.inclusive else self.meter.copy(copy)
        return copy

    def take_off(self) -> None:
        """It is no longer active, and its own meter counts nothing any more; one that a copy shares goes on."""
        self.status = TAKEN
        if self.meter is not None and self.meter.owner is self:
            self.meter.close()

    @property
    def taken(self) -> bool:
        """Whether it is being left, or was."""
        return self.status != ACTIVE

    def count(self) -> Calls:
        """The counts of its model calls, to be changed."""
        if self.calls is None:
            self.calls = Calls()
        return self.calls

    @property
    def counted(self) -> Calls:
        """The counts of its model calls, to be read."""
        return self.calls or NO_CALLS

    @property
    def most_iterations(self) -> int | None:
        """How many model calls its stage lets it make; None without a limit."""
        stage = self.persona.stage(self.definition.name) if self.persona is not None else None
        return stage.max_iterations if stage is not None else None

    @property
    def may_iterate(self) -> bool:
        """Whether its stage lets it make one more."""
        most = self.most_iterations
        return most is None or self.counted.iterations < most

    @property
    def persona_name(self) -> str:
        """The persona the step was entered under, empty without one."""
        return self.persona.name if self.persona is not None else ""


class PersonaEntry:
    """One call of a persona."""

    __slots__ = ("definition", "meter")

    def __init__(self, definition: PersonaDefinition) -> None:
        self.definition = definition
        self.meter = None if definition.budget is UNLIMITED else meter_for(definition.budget, self)

    def attribution_copy(self) -> PersonaEntry:
        """What a child task gets; a persona's meter is always shared."""
        copy = PersonaEntry(self.definition)
        copy.meter = self.meter
        return copy


def meter_for(budget: Budget, owner: object) -> Meter | None:
    """The meter of an entry, if its budget limits anything."""
    return Meter(budget, owner) if budget.limits_anything else None


def active_step(chain: Chain) -> tuple[int, StepEntry] | None:
    """The innermost live step that has not been taken off, with its depth."""
    for depth, entries in chain.outward():
        if entries.step is not None and not entries.step.taken:
            return depth, entries.step
    return None


def meters_of(chain: Chain) -> tuple[Meter, ...]:
    """The meters a model call is charged to, innermost first.

    That of the active step, whatever its scope; then those of enclosing steps with an inclusive budget and of personas with one.
    """
    found: list[Meter] = []
    seen_active = False
    for _, entries in chain.outward():
        step = entries.step
        if step is not None and not step.taken:
            if step.meter is not None and (step.definition.budget.inclusive or not seen_active):
                found.append(step.meter)
            seen_active = True
        if entries.persona is not None and entries.persona.meter is not None:
            found.append(entries.persona.meter)
    return tuple(meter for meter in found if not meter.closed)
