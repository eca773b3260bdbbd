"""Running the handlers of step and persona events, and asking a person."""

from __future__ import annotations

from harn.source.typing import Any, Sequence
from harn.steps import hooks as hooking
from harn.steps.definitions import PersonaDefinition, StepDefinition
from harn.values.errors import HarnError
from harn.vm.frame import Answer, Call, Done, Effect, Native, Perform, Throw


class RunHooks(Native):
    """Runs the handlers of one event in turn, behind a barrier. ``fold`` says what an answer means.

    ``args``: it may deny or replace the step's arguments; ``output``: it may replace the step's value; empty: it is ignored.
    """

    __slots__ = ("fold", "handlers", "payload", "place", "step", "value")
    name = "hook"
    edge = False
    barrier = True

    def __init__(
        self, handlers: list[Any], payload: dict[str, Any], step: StepDefinition | None, fold: str, value: Any
    ) -> None:
        self.handlers = handlers
        self.payload = payload
        self.step = step
        self.fold = fold
        self.value = value
        self.place = 0

    def start(self) -> Answer:
        return self._next()

    def resume(self, value: Any) -> Answer:
        if self.fold == "args":
            assert self.step is not None
            changed = hooking.read_pre_answer(value, self.step)
            if changed is not None:
                self.value = changed
        elif self.fold == "output":
            self.value = hooking.read_post_answer(value, self.value)
        return self._next()

    def _next(self) -> Answer:
        if self.place == len(self.handlers):
            return Done(self.value)
        handler = self.handlers[self.place]
        self.place += 1
        told = dict(self.payload)
        if self.fold == "args":
            told["step"] = {**told["step"], "args": list(self.value)}
        elif self.fold == "output":
            told["output"] = self.value
        return Call(handler, told)


def dispatch(
    vm: Any, event: str, persona: PersonaDefinition | None, step: StepDefinition | None, args: Sequence[Any],
    *, fold: str = "", value: Any = None, **added: Any,
) -> Call:  # fmt: skip
    """Run the hooks of an event; the answer's value is ``value`` as the handlers left it."""
    told = {**hooking.payload(event, persona, step, args), **added}
    handlers = [hook.handler for hook in vm.steps.matching_hooks(event, persona, step, told)]
    return Call(RunHooks(handlers, told, step, fold, value))


class AskHuman(Native):
    """Asks a person: OnPersonaPaused, the effect, OnPersonaResumed whatever came of it. Gives the answer."""

    __slots__ = ("answer", "error", "persona", "question", "stage")
    name = "human.ask"
    edge = False
    in_context = True

    def __init__(self, question: dict[str, Any], persona: PersonaDefinition | None) -> None:
        self.question = question
        self.persona = persona
        self.stage = 0
        self.answer: Any = None
        self.error: HarnError | None = None

    def resume_in(self, context: Any, value: Any) -> Answer:
        self.stage += 1
        if self.stage == 1 and self.persona is not None:
            return dispatch(context.vm, hooking.PAUSED, self.persona, None, [])
        if self.stage <= 2:
            self.stage = 2
            return Perform(Effect("human.ask", "ask", self.question))
        if self.stage == 3:
            self.answer = value
            return self._answered(context)
        return Done(self.answer) if self.error is None else Throw(self.error)

    def fail_in(self, context: Any, error: HarnError) -> Answer:
        if self.stage != 2:
            return Throw(error)  # a handler's
        self.stage = 3
        self.error = error
        return self._answered(context)

    def _answered(self, context: Any) -> Answer:
        if self.persona is not None:
            return dispatch(context.vm, hooking.RESUMED, self.persona, None, [])
        return self.resume_in(context, None)
