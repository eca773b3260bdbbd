"""The operations of the step runtime: one object per run, over frame lists it is handed and never keeps.

The machine calls these at the stages of entering and leaving a frame (``harn.vm.tracked``) and around model calls. With no
function flagged none of them is ever called.
"""

from __future__ import annotations

import math
from decimal import Decimal

from harn.source.typing import Any, NamedTuple, Sequence
from harn.steps import hooks as hooking
from harn.steps.definitions import PersonaDefinition, StepDefinition, Tracked, read_persona, read_step
from harn.steps.entries import Carrier, Chain, PersonaEntry, StepEntry, active_step, meters_of
from harn.steps.hooks import Hook
from harn.steps.log import CANCELLED, COMPLETED, TASK_CANCELLED, CompletedStep, record_of
from harn.steps.meters import Meter

FLAG_STEP, FLAG_PERSONA = 1, 2
"""Bits of a function object's ``flags``."""


class Charge(NamedTuple):
    """What recording a model call brought about: thresholds to dispatch, then the first limit crossed, if any."""

    thresholds: tuple[tuple[Hook, StepEntry | PersonaEntry, Decimal], ...]
    crossed: tuple[Meter, str] | None


class StepRuntime:
    """Definitions are bound to function objects; this object holds the hooks and the completed log of one run.

    ``settled`` are the entries of the log. ``personas``: whether any function was ever made a persona; where none was, nobody
    need look for the current one.
    """

    __slots__ = ("_next_hook", "hooks", "personas", "settled")

    def __init__(self) -> None:
        self.hooks: list[Hook] = []
        self.settled: list[StepEntry] = []
        self.personas = False
        self._next_hook = 0

    # ----------------------------------------------------------------------------------------- definitions

    def register_step(self, function: Any, metadata: dict[str, Any]) -> None:
        """Make a function object a step, replacing an earlier definition whole. Running calls keep theirs."""
        known = function.tracked
        function.tracked = Tracked(read_step(function.name, metadata), known.persona if known is not None else None)
        function.flags |= FLAG_STEP

    def register_persona(self, function: Any, metadata: dict[str, Any]) -> None:
        """Make a function object a persona."""
        known = function.tracked
        function.tracked = Tracked(known.step if known is not None else None, read_persona(function.name, metadata))
        function.flags |= FLAG_PERSONA
        self.personas = True

    @staticmethod
    def is_tracked_function(function: Any) -> bool:
        """Whether a function object is flagged."""
        return bool(function.flags)

    @staticmethod
    def step_definition_for_function(function: Any) -> StepDefinition | None:
        """The step definition of a function object."""
        return function.tracked.step if function.tracked is not None else None

    # ----------------------------------------------------------------------------------------- entering

    @staticmethod
    def maybe_push_active_persona(entries: Carrier, tracked: Tracked) -> bool:
        """The persona entry of the frame just pushed, if its function is a persona."""
        if tracked.persona is None:
            return False
        entries.persona = PersonaEntry(tracked.persona)
        return True

    def maybe_push_active_step(self, chain: Chain, entries: Carrier, tracked: Tracked, args: Sequence[Any]) -> bool:
        """The step entry of the frame just pushed, with the persona that is current now."""
        if tracked.step is None:
            return False
        persona = chain.persona() if self.personas else None
        entries.step = StepEntry(tracked.step, persona.definition if persona is not None else None, args)
        return True

    # ----------------------------------------------------------------------------------------- reading the chain

    @staticmethod
    def active_step_frame_depth(chain: Chain) -> int | None:
        """The depth of the active step's frame."""
        found = active_step(chain)
        return found[0] if found is not None else None

    @staticmethod
    def with_active_step(chain: Chain) -> StepEntry | None:
        """The active step itself."""
        found = active_step(chain)
        return found[1] if found is not None else None

    @staticmethod
    def active_step_model_default(chain: Chain) -> str | None:
        """The model that calls get which name none. A nested step inherits nothing."""
        found = active_step(chain)
        return (found[1].definition.model or None) if found is not None else None

    @staticmethod
    def current_persona_name(chain: Chain) -> str | None:
        """The innermost persona's name."""
        found = chain.persona()
        return found.definition.name if found is not None else None

    @staticmethod
    def take_active_context(chain: Chain) -> None:
        """Raise a barrier: what runs above it sees no step and no persona."""
        chain.raise_barrier()

    @staticmethod
    def restore_active_context(chain: Chain) -> None:
        """Lower the barrier: the same entries stand as before."""
        chain.lower_barrier()

    # ----------------------------------------------------------------------------------------- leaving

    @staticmethod
    def take_active_step(chain: Chain, depth: int) -> StepEntry | None:
        """Take the active step off, if its frame has this depth: it is no longer active, its own meter is closed."""
        found = active_step(chain)
        if found is None or found[0] != depth:
            return None
        found[1].take_off()
        return found[1]

    def finish_active_step(self, entry: StepEntry, status: str, error: str | None) -> None:
        """Settle a step that was taken off: one record in the log."""
        entry.status = status
        entry.error = error
        entry.args = ()  # the log keeps no argument alive
        self.settled.append(entry)

    def return_at_once(self, entry: StepEntry) -> bool:
        """Take off and settle a step that returns a value. False, and no effect, where a handler or a span is to be told.

        ``take_off`` and ``finish_active_step`` written out: most steps end here, and two calls would be a tenth of their cost.
        """
        if entry.span is not None or (self.hooks and self.hears(hooking.POST_STEP, entry.definition)):
            return False
        if entry.meter is not None:
            entry.take_off()
        entry.status = COMPLETED
        entry.args = ()  # the log keeps no argument alive
        self.settled.append(entry)
        return True

    def pop_and_record(self, chain: Chain, depth: int, status: str, error: str | None) -> bool:
        """Take off and settle; False, and no effect, where the active step has another depth."""
        entry = self.take_active_step(chain, depth)
        if entry is None:
            return False
        self.finish_active_step(entry, status, error)
        return True

    def prune_below_frame(self, chain: Chain, depth: int, error: str = TASK_CANCELLED) -> list[CompletedStep]:
        """Settle as cancelled what stands on frames deeper than ``depth``, innermost first: they go without Harn code."""
        records: list[CompletedStep] = []
        for place in range(chain.depth(), depth, -1):
            entries = chain.entries_at(place)
            if entries is None:
                continue
            step = entries.step
            if step is not None and step.copy_of is None:
                step.take_off()
                self.finish_active_step(step, CANCELLED, error)
                records.append(record_of(step))
            self.pop_persona(entries)
            entries.step = None
        return records

    @staticmethod
    def pop_persona(entries: Carrier) -> None:
        """The persona of a frame that is being popped: its meter is closed, where it is its own."""
        persona = entries.persona
        if persona is not None:
            if persona.meter is not None and persona.meter.owner is persona:
                persona.meter.close()
            entries.persona = None

    # ----------------------------------------------------------------------------------------- model calls

    def record_step_llm_usage(
        self, chain: Chain, model: str, input_tokens: int, output_tokens: int, cost: Decimal | float
    ) -> Charge:
        """Charge a model call to the active step and to every meter that counts it; then look for crossed limits.

        Negative tokens and negative or non-finite costs count as 0.
        """
        tokens_in, tokens_out = max(0, input_tokens), max(0, output_tokens)
        amount = _dollars(cost)
        entry = self.with_active_step(chain)
        if entry is not None:
            calls = entry.count()
            calls.input_tokens += tokens_in
            calls.output_tokens += tokens_out
            calls.cost += amount
            calls.llm_calls += 1
            calls.last_model = model or calls.last_model
        meters = meters_of(chain)
        for meter in meters:
            meter.add(tokens_in + tokens_out, amount)
        crossed = next(((meter, limit) for meter in meters if (limit := meter.crossed()) is not None), None)
        return Charge(tuple(self._thresholds(chain, meters)), crossed)

    def _thresholds(
        self, chain: Chain, meters: tuple[Meter, ...]
    ) -> list[tuple[Hook, StepEntry | PersonaEntry, Decimal]]:
        """Threshold hooks that fire now: once per hook and entry, entries innermost first."""
        if not self.hooks:
            return []
        found: list[tuple[Hook, StepEntry | PersonaEntry, Decimal]] = []
        for meter in meters:
            owner = meter.owner
            if isinstance(owner, StepEntry):
                persona, step = owner.persona, owner.definition
                if owner.copy_of is not None:
                    continue
            else:
                assert isinstance(owner, PersonaEntry)
                persona, step = owner.definition, None
            share = meter.share()
            told = hooking.payload(hooking.THRESHOLD, persona, step, ())
            for hook in self.matching_hooks(hooking.THRESHOLD, persona, step, told):
                if hook.number not in meter.fired and hooking.due(hook, share):
                    meter.fired += (hook.number,)
                    found.append((hook, owner, share))
        return found

    # ----------------------------------------------------------------------------------------- hooks

    def register_persona_hook(self, pattern: str, event: str, handler: Any) -> None:
        """A handler for an event of personas of that pattern; EventError for an unknown event."""
        self._add_hook(pattern, None, event, handler)

    def register_step_hook(self, pattern: str, step: str, event: str, handler: Any) -> None:
        """The same, for one step by its declared name."""
        self._add_hook(pattern, step, event, handler)

    def register_manifest_hook(self, pattern: str, event: str, handler: Any) -> None:
        """A handler that the project's manifest names; these come before the program's own, which begins later.

        EventError for an unknown event and for a pattern with an invalid regular expression.
        """
        hooking.parse_pattern(pattern)
        self._add_hook(pattern, None, event, handler, manifest=True)

    def _add_hook(self, pattern: str, step: str | None, event: str, handler: Any, *, manifest: bool = False) -> None:
        name, percent = hooking.parse_event(event)
        self.hooks.append(Hook(self._next_hook, pattern, step, name, percent, handler, manifest))
        self._next_hook += 1

    def clear_persona_hooks(self) -> None:
        """Forget all handlers of both kinds, those of the manifest excepted."""
        self.hooks[:] = [hook for hook in self.hooks if hook.manifest]

    def hears(self, event: str, step: StepDefinition | None) -> bool:
        """Whether an event of this step may reach a handler at all; patterns of personas are not looked at."""
        if step is not None:
            for hook in self.hooks:
                if hook.event == event and (hook.step is None or hook.step == step.name):
                    return True
        return False

    def matching_hooks(
        self,
        event: str,
        persona: PersonaDefinition | None,
        step: StepDefinition | None,
        told: dict[str, Any] | None = None,
    ) -> list[Hook]:
        """The handlers an event reaches, fixed for this dispatch. ``told``: what they are told, for patterns of the manifest."""
        name = persona.name if persona is not None else ""
        return hooking.matching_hooks(self.hooks, event, name, step.name if step is not None else None, told)

    # ----------------------------------------------------------------------------------------- the log

    def peek_completed_steps(self) -> list[CompletedStep]:
        """A copy of the log."""
        return [record_of(entry) for entry in self.settled]

    def drain_completed_steps(self) -> list[CompletedStep]:
        """The log, left empty."""
        drained = self.peek_completed_steps()
        self.settled.clear()
        return drained

    def reset(self) -> None:
        """As a fresh run: no hooks, an empty log."""
        self.hooks.clear()
        self.settled.clear()
        self._next_hook = 0


def _dollars(cost: Decimal | float) -> Decimal:
    if isinstance(cost, float):
        if not math.isfinite(cost) or cost < 0:
            return Decimal(0)
        return Decimal(repr(cost))
    return cost if cost.is_finite() and cost > 0 else Decimal(0)
