"""Steps and personas in progress, and the way from a frame list to them.

The runtime sees frames through two small protocols only: a record of the list may carry ``Entries`` and may be a barrier.
"""

from __future__ import annotations

from decimal import Decimal

from harn.source.typing import Any, Protocol, Sequence
from harn.steps.definitions import UNLIMITED, Budget, PersonaDefinition, StepDefinition
from harn.steps.meters import ZERO, Meter
from harn.steps.policies import Policy


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

    def is_barrier(self, depth: int) -> bool:
        """Whether the search for entries stops at this record."""

    def raise_barrier(self) -> None:
        """Put a barrier on top."""

    def lower_barrier(self) -> None:
        """Take the barrier on top away."""


class StepEntry:
    """One call of a step. Counters hold the calls made while it was the active step, in its own task.

    ``args`` is the list the call was made with, not a copy: nobody changes it. ``status`` is empty until the step is settled;
    from then on nothing in an entry changes, and the completed log holds it as it is.
    """

    __slots__ = (
        "args", "copy_of", "cost", "definition", "error", "fired", "input_tokens", "iterations", "last_model", "llm_calls",
        "meter", "output_tokens", "persona", "span", "status", "taken",
    )  # fmt: skip

    def __init__(self, definition: StepDefinition, persona: PersonaDefinition | None, args: Sequence[Any]) -> None:
        self.definition = definition
        self.persona = persona
        self.args = args
        self.input_tokens = self.output_tokens = self.llm_calls = self.iterations = 0
        self.cost: Decimal = ZERO
        self.last_model = self.status = ""
        self.error: str | None = None
        self.meter = None if definition.budget is UNLIMITED else meter_for(definition.budget, self)
        self.fired: set[int] | None = None
        self.span: Any = None
        self.taken = False
        self.copy_of: StepEntry | None = None

    def attribution_copy(self) -> StepEntry:
        """What a child task gets: everything as it stands. Use goes to the copy; an inclusive meter stays shared."""
        copy = StepEntry(self.definition, self.persona, self.args)
        copy.input_tokens, copy.output_tokens, copy.cost = self.input_tokens, self.output_tokens, self.cost
        copy.llm_calls, copy.last_model, copy.iterations = self.llm_calls, self.last_model, self.iterations
        copy.copy_of = self
        copy.span = self.span  # what the task does hangs below the step; the span is the step's own to end
        if self.meter is not None:
            copy.meter = self.meter if self.definition.budget.inclusive else self.meter.copy(copy)
        return copy

    def take_off(self) -> None:
        """It is no longer active, and its own meter counts nothing any more; one that a copy shares goes on."""
        self.taken = True
        if self.meter is not None and self.meter.owner is self:
            self.meter.close()

    @property
    def persona_name(self) -> str:
        """The persona the step was entered under, empty without one."""
        return self.persona.name if self.persona is not None else ""


class PersonaEntry:
    """One call of a persona."""

    __slots__ = ("definition", "fired", "meter")

    def __init__(self, definition: PersonaDefinition) -> None:
        self.definition = definition
        self.meter = None if definition.budget is UNLIMITED else meter_for(definition.budget, self)
        self.fired: set[int] | None = None

    def attribution_copy(self) -> PersonaEntry:
        """What a child task gets; a persona's meter is always shared."""
        copy = PersonaEntry(self.definition)
        copy.meter = self.meter
        return copy


def meter_for(budget: Budget, owner: object) -> Meter | None:
    """The meter of an entry, if its budget limits anything."""
    return Meter(budget, owner) if budget.limits_anything else None


def walk(chain: Chain) -> list[tuple[int, Carrier]]:
    """(depth, entries) from the innermost record out, up to the nearest barrier."""
    found: list[tuple[int, Carrier]] = []
    for depth in range(chain.depth(), 0, -1):
        if chain.is_barrier(depth):
            break
        entries = chain.entries_at(depth)
        if entries is not None:
            found.append((depth, entries))
    return found


def active_step(chain: Chain) -> tuple[int, StepEntry] | None:
    """The innermost live step that has not been taken off, with its depth."""
    for depth in range(chain.depth(), 0, -1):
        if chain.is_barrier(depth):
            return None
        entries = chain.entries_at(depth)
        if entries is not None and entries.step is not None and not entries.step.taken:
            return depth, entries.step
    return None


def current_persona(chain: Chain) -> PersonaEntry | None:
    """The innermost live persona."""
    for depth in range(chain.depth(), 0, -1):
        if chain.is_barrier(depth):
            return None
        entries = chain.entries_at(depth)
        if entries is not None and entries.persona is not None:
            return entries.persona
    return None


def meters_of(chain: Chain) -> tuple[Meter, ...]:
    """The meters a model call is charged to, innermost first.

    That of the active step, whatever its scope; then those of enclosing steps with an inclusive budget and of personas with one.
    """
    found: list[Meter] = []
    seen_active = False
    for _, entries in walk(chain):
        step = entries.step
        if step is not None and not step.taken:
            if step.meter is not None and (step.definition.budget.inclusive or not seen_active):
                found.append(step.meter)
            seen_active = True
        if entries.persona is not None and entries.persona.meter is not None:
            found.append(entries.persona.meter)
    return tuple(meter for meter in found if not meter.closed)
