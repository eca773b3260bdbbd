"""One model call: from its options to what it is charged to.

    1 options       call options, then the active step's model where the key ``model`` is absent, then provider and model
    2 iterations    a stage's ``max_iterations`` used up refuses
    3 what is left  a meter with nothing left refuses, innermost first, tokens before dollars
    4 cap           the output is cut to what every meter can bear
    5 own budget    the limits of the call itself, then the run's
    6 reservation   input and cap, on all meters at once; where only others' are in the way the call waits and goes back to row 2
    7 the call      in its turn at a rate limit: a scripted reply, or the effect ``llm.call``; then the reservation is released
    8 charge        the active step's counters and all meters, then the totals of the run
    9 thresholds    OnBudgetThreshold hooks
   10 compare       the first limit crossed is the error; then the run's limit

The rows are those of the table of checks; what they mean stands in ``harn.steps.meters`` and ``harn.llm.budgets``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harn.llm.budgets import output_cap, own_refusal, project, session_refusal
from harn.llm.failures import as_failure, failure, may_pass
from harn.llm.mock import PROVIDER, mocks_of
from harn.llm.options import Behaviour, build_request, text_option
from harn.llm.prices import cost_of, price_of
from harn.llm.resolving import missing_key, resolve
from harn.llm.session import session_of
from harn.llm.shapes import Reply, Request
from harn.llm.turns import Turn, call_next, must_wait, stand_in_line, step_out
from harn.steps import hooks as hooking
from harn.steps.budgets import crossed_error, iterations_error, refused_error
from harn.steps.entries import PersonaEntry, StepEntry, active_step, meters_of
from harn.steps.meters import Meter, Reservation, reserve
from harn.steps.runtime import Charge
from harn.values.errors import HarnError, thrown
from harn.vm.chain import FrameChain
from harn.vm.frame import AGAIN, Answer, Call, Done, Effect, Native, Perform, Throw, Wait
from harn.vm.hooks import RunHooks
from harn.vm.machine import Context, Machine
from harn.vm.rates import AREA as RATES
from harn.vm.rates import Admission

_YES = ("1", "true", "yes", "on")
_MOST_DELAY_MS = 60_000


class Served:
    """A call that was answered. ``fresh`` are bytes of chance and the time for the ids of its transcript."""

    __slots__ = ("attempts", "fresh", "reply", "request")

    def __init__(self, request: Request, reply: Reply, fresh: tuple[int, bytes]) -> None:
        self.request = request
        self.reply = reply
        self.fresh = fresh


class ModelCall(Native):
    """One model call; gives ``Served`` or throws. Transport retries stay inside."""

    __slots__ = (
        "admission", "attempt", "behaviour", "charge", "entry", "nudge", "options", "place", "prompt", "reply", "request",
        "reservation", "span", "stage", "system", "turn",
    )  # fmt: skip
    name = "llm_call"
    edge = False
    in_context = True

    def __init__(
        self, prompt: Any, system: Any, options: dict[str, Any], behaviour: Behaviour, nudge: str | None = None
    ) -> None:
        self.prompt = prompt
        self.system = system
        self.options = options
        self.behaviour = behaviour
        self.nudge = nudge
        self.stage = "options"
        self.admission: Admission | None = None
        self.attempt = 0
        self.place = 0
        self.entry: StepEntry | None = None
        self.request: Request | None = None
        self.reservation: Reservation | None = None
        self.turn: Turn | None = None
        self.reply: Reply | None = None
        self.charge: Charge | None = None
        self.span: Any = None

    def resume_in(self, context: Context, value: Any) -> Answer:
        if self.stage == "options":
            return self._options(context)
        if self.stage == "surroundings":
            return self._resolve(context, value)
        if self.stage == "again":
            return self._admit(context)
        if self.stage == "admitted":
            return self._send(context)
        if self.stage == "allowed":
            return self._allowed(context, value)
        if self.stage == "sent":
            return self._served(context, value)
        return self._thresholds(context)

    # ------------------------------------------------------------------------------------------------ row 1

    def _options(self, context: Context) -> Answer:
        chain = FrameChain(context.task.frames)
        if context.vm.step_runtime is not None:
            model = context.vm.step_runtime.active_step_model_default(chain)
            if model is not None and "model" not in self.options:
                self.options = {**self.options, "model": model}
        provider, model = text_option(self.options, "provider"), text_option(self.options, "model")
        if provider and provider != "auto" and model:
            return self._resolve(context, {})
        self.stage = "surroundings"
        return Perform(Effect("env.read", "all", idempotent=True))

    def _resolve(self, context: Context, env: Mapping[str, str]) -> Answer:
        provider, model = resolve(text_option(self.options, "provider"), text_option(self.options, "model"), env)
        self.request = build_request(self.prompt, self.system, self.options, provider, model, self.nudge)
        return self._admit(context)

    # ------------------------------------------------------------------------------------------------ rows 2 to 6

    def _admit(self, context: Context) -> Answer:
        """Let the call through, or refuse it unpaid."""
        request = self.request
        assert request is not None
        chain = FrameChain(context.task.frames)
        meters = meters_of(chain) if context.vm.step_runtime is not None else ()
        session = session_of(context.vm)
        projected = project(request, session.cost)
        refusal = self._refused_by_step(chain, meters, request, projected)
        if refusal is not None:
            return self._throw(context, refusal, "refused")
        price = price_of(request.model)
        request.max_tokens = output_cap(meters, request.max_tokens, projected.input_tokens, price)
        projected = project(request, session.cost)
        names = (request.provider, request.model)
        refused = own_refusal(self.behaviour.budget, projected, *names)
        refused = refused or session_refusal(session.budget, projected, *names)
        if refused is not None:
            return self._throw(context, thrown(refused), "refused")
        if not must_wait(context.vm, self.turn, meters):
            self.reservation = reserve(meters, projected.input_tokens + projected.output_tokens, projected.cost)
        if self.reservation is None:
            self.turn = self.turn or stand_in_line(context.vm, meters)
            self.stage = "again"
            return Wait(self.turn)
        self._step_out(context.vm)
        if self.entry is not None and self.attempt == 0:
            self.entry.count().iterations += 1
        return self._send(context)

    def _refused_by_step(
        self, chain: FrameChain, meters: tuple[Meter, ...], request: Request, projected: Any
    ) -> HarnError | None:
        names = {"provider": request.provider, "model": request.model}
        found = active_step(chain)
        self.entry = found[1] if found is not None else None
        if self.entry is not None and self.attempt == 0 and not self.entry.may_iterate:
            return _owned(iterations_error(self.entry, projected, **names), self.entry)
        for meter in meters:
            limit = meter.exhausted(projected.cost)
            if limit is not None:
                return _owned(refused_error(meter, limit, projected, **names), meter.owner)
        return None

    # ------------------------------------------------------------------------------------------------ row 7

    def _send(self, context: Context) -> Answer:
        request = self.request
        assert request is not None
        tracer = context.vm.tracer
        if tracer is not None and self.span is None:
            self.span = tracer.begin(context.task, "llm_call", "llm_call")
        waiting = self._rate(context, request.provider)
        if waiting is not None:
            return waiting
        mocks = mocks_of(context.vm)
        if mocks.intercepts(request.provider):
            try:
                reply = mocks.answer(request)
            except HarnError as error:
                return self._failed(context, error, mocked=True)
            return self._served(context, reply)
        self.stage = "allowed"
        return Perform(Effect("env.read", "all", idempotent=True))

    def _rate(self, context: Context, provider: str) -> Answer | None:
        """Wait for the provider's rate limit, once an attempt; None where there is room."""
        if self.admission is None:
            rate = context.vm.areas.get(RATES, {}).get(provider)
            if rate is None or rate.most is None:
                return None
            self.admission = Admission(rate)
        if self.admission.admitted:
            return None
        self.stage = "admitted"
        return Wait(self.admission)

    def _allowed(self, context: Context, env: Mapping[str, str]) -> Answer:
        """A real provider is asked only where the surroundings allow it."""
        request = self.request
        assert request is not None
        names = (request.provider, request.model)
        if env.get("HARN_LLM_CALLS_DISABLED", "").lower() in _YES:
            text = (
                "Runtime error: LLM calls are disabled by HARN_LLM_CALLS_DISABLED; "
                f"provider `{request.provider}` would make a real LLM request"
            )
            return self._failed(context, thrown(failure("generic", text, *names)), mocked=False)
        missing = missing_key(request.provider, env)
        if missing is not None:
            return self._failed(context, thrown(failure("generic", missing, *names)), mocked=False)
        self.stage = "sent"
        return Perform(Effect("llm.call", "complete", request))

    def _failed(self, context: Context, error: HarnError, *, mocked: bool) -> Answer:
        """A provider's failure: nothing is charged; a transient one is tried again while attempts are left."""
        request = self.request
        assert request is not None
        self._release(context.vm)
        error = as_failure(error, request.provider, request.model)
        if error.ending or not may_pass(error) or self.attempt >= self.behaviour.llm_retries:
            return self._throw(context, error, "error" if self.attempt == 0 else "retries_exhausted")
        self.attempt += 1
        self.admission = None
        self.stage = "again"
        if mocked:
            return AGAIN
        wait = error.payload.get("retry_after_ms")
        if not isinstance(wait, int):
            wait = self.behaviour.backoff_ms * 2 ** min(self.attempt, 4)
        return Perform(Effect("clock.sleep", "sleep", max(0, min(wait, _MOST_DELAY_MS)) / 1000, idempotent=True))

    # ------------------------------------------------------------------------------------------------ rows 8 to 10

    def _served(self, context: Context, reply: Reply) -> Answer:
        request = self.request
        assert request is not None
        self._release(context.vm)
        self.reply = reply
        self.stage = "served"
        cost = cost_of(reply.model, reply.input_tokens, reply.output_tokens)
        vm = context.vm
        if vm.step_runtime is not None:
            chain = FrameChain(context.task.frames)
            self.charge = vm.step_runtime.record_step_llm_usage(
                chain, reply.model, reply.input_tokens, reply.output_tokens, cost
            )
        session_of(vm).charge(reply.model or request.model, reply.input_tokens, reply.output_tokens, cost)
        if self.span is not None:
            self.span.metadata.update(
                model=request.model, provider=request.provider, status="ok", cost_usd=float(cost),
                input_tokens=reply.input_tokens, output_tokens=reply.output_tokens,
            )  # fmt: skip
            vm.tracer.end(context.task, self.span)
            self.span = None
        return self._thresholds(context)

    def _thresholds(self, context: Context) -> Answer:
        """The next handler that is due; after the last the limits are compared."""
        charge = self.charge
        if charge is not None and self.place < len(charge.thresholds):
            hook, owner, share = charge.thresholds[self.place]
            self.place += 1
            if isinstance(owner, PersonaEntry):
                told = hooking.payload(hook.event, owner.definition, None, [])
            else:
                told = hooking.payload(hook.event, owner.persona, owner.definition, owner.args)
            told["threshold"] = None if hook.percent is None else float(hook.percent)
            told["pct"] = float(share)
            return Call(RunHooks([hook.handler], told, None, "", None))
        assert self.request is not None
        assert self.reply is not None
        crossed = self._crossed()
        if crossed is not None:
            return Throw(crossed)
        overspent = session_of(context.vm).overspent(self.request.provider, self.request.model)
        if overspent is not None:
            return Throw(overspent)
        return Done(Served(self.request, self.reply, _fresh(context)))

    def _crossed(self) -> HarnError | None:
        """The error of the first limit that this call has crossed."""
        if self.charge is None or self.charge.crossed is None:
            return None
        assert self.request is not None
        meter, limit = self.charge.crossed
        value = crossed_error(meter, limit, provider=self.request.provider, model=self.request.model)
        return _owned(value, meter.owner)

    # ------------------------------------------------------------------------------------------------ ends

    def fail_in(self, context: Context, error: HarnError) -> Answer:
        if self.stage == "sent":
            return self._failed(context, error, mocked=False)
        if self.stage == "served" and not error.ending:  # a threshold hook's error: a limit crossed by the call wins
            return Throw(self._crossed() or error)
        return self._throw(context, error, "error")

    def _throw(self, context: Context, error: HarnError, status: str) -> Answer:
        self._give_up(context.vm, status)
        return Throw(error)

    def drop(self, vm: Machine) -> None:
        self._give_up(vm, "cancelled")

    def _give_up(self, vm: Machine, status: str) -> None:
        """The call ends without a reply, and nobody waits for what it held."""
        if self.admission is not None:
            self.admission.give_up(vm)
        self._release(vm)
        self._step_out(vm)
        if self.span is not None:
            assert self.request is not None
            self.span.metadata.update(model=self.request.model, provider=self.request.provider, status=status)
            vm.tracer.end(None, self.span)
            self.span = None

    def _release(self, vm: Machine) -> None:
        """The call has ended: what it had reserved is free for those in line."""
        if self.reservation is not None:
            self.reservation.release()
            self.reservation = None
            call_next(vm)

    def _step_out(self, vm: Machine) -> None:
        """The call does not wait its turn any more."""
        if self.turn is not None:
            step_out(vm, self.turn)
            self.turn = None


def _owned(value: dict[str, Any], owner: object) -> HarnError:
    """An error about a budget, which remembers whose: boundaries inside of the owner let it pass."""
    error = thrown(value)
    error.owner = owner
    return error


def _fresh(context: Context) -> tuple[int, bytes]:
    """What ids are made of: the time in milliseconds and ten bytes of chance."""
    vm, task = context.vm, context.task
    now = vm.perform_now(task, Effect("clock", "now_ms", idempotent=True))[1]
    return now, vm.perform_now(task, Effect("random", "bytes", 10))[1]


__all__ = ["PROVIDER", "ModelCall", "Served"]
