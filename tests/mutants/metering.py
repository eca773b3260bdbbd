"""Mutants of meters, model calls, policies and child tasks."""

from __future__ import annotations

from tests.mutants.record import Mutant

METERS, ENTRIES, CALL, CHILDREN = (
    "harn/steps/meters.py",
    "harn/steps/entries.py",
    "harn/llm/call.py",
    "harn/vm/children.py",
)
POLICIES, RUNTIME, BUDGETS = "harn/steps/policies.py", "harn/steps/runtime.py", "harn/steps/budgets.py"

METERING = (
    Mutant(
        "tokens are exceeded when they are reached", ("17",), "a limit is exceeded by more than the limit",
        METERS,
        "        if tokens is not None and self.recorded.tokens > tokens:\n",
        "        if tokens is not None and self.recorded.tokens >= tokens:\n",
    ),
    Mutant(
        "dollars are exceeded when they are reached", ("17",), "a limit is exceeded by more than the limit",
        METERS,
        "        if dollars is not None and self.recorded.dollars > dollars:\n",
        "        if dollars is not None and self.recorded.dollars >= dollars:\n",
    ),
    Mutant(
        "dollars before tokens", ("18",), "of two limits the tokens are named",
        METERS,
        "            return TOKENS\n        if dollars is not None and self.recorded.dollars > dollars:\n",
        "            return TOKENS if dollars is None or self.recorded.dollars <= dollars else DOLLARS\n"
        "        if dollars is not None and self.recorded.dollars > dollars:\n",
    ),
    Mutant(
        "a used-up budget lets a call through", ("J",), "what is exactly used up refuses the next call",
        METERS,
        "        if tokens is not None and self.recorded.tokens >= tokens:\n",
        "        if tokens is not None and self.recorded.tokens > tokens:\n",
    ),
    Mutant(
        "dollars bar calls that cost nothing", ("J",), "a dollar limit bars only calls with a price",
        METERS,
        "        if dollars is not None and projected_dollars > 0 and self.recorded.dollars >= dollars:\n",
        "        if dollars is not None and self.recorded.dollars >= dollars:\n",
    ),
    Mutant(
        "totals miss the crossing call", ("J", "19"), "the totals of a run include the call that crossed",
        CALL,
        "        session_of(vm).charge(reply.model or request.model, reply.input_tokens, reply.output_tokens, cost)\n",
        "        if self._crossed() is None:\n"
        "            session_of(vm).charge(reply.model or request.model, reply.input_tokens, reply.output_tokens, cost)\n",
    ),
    Mutant(
        "the default output asks for too much", ("K",), "the cap shrinks to what a budget has left",
        "harn/llm/budgets.py",
        "            bounds.append(tokens - input_tokens)\n",
        "            bounds.append(wanted)\n",
        likely="parts",
    ),
    Mutant(
        "asking for no output reserves none", ("K", "L"), "what a provider decides is reckoned with the default",
        "harn/llm/budgets.py",
        "    return max(1, min(wanted if wanted > 0 else DEFAULT_MAX_TOKENS, *bounds))\n",
        "    return max(1, min(wanted, *bounds)) if wanted > 0 else wanted\n",
        likely="parts",
    ),
    Mutant(
        "branches do not reserve", ("L",), "branches that share a budget never exceed it together",
        METERS,
        "            meter.reserved += ((reservation, use),)\n",
        "            pass\n",
        likely="parts",
    ),
    Mutant(
        "reservations stay", ("42", "L"), "the end of a call gives back what it reserved",
        METERS,
        "            meter.reserved = tuple(held for held in meter.reserved if held[0] is not self)\n",
        "            meter.reserved = tuple(meter.reserved)\n",
        likely="parts",
    ),
    Mutant(
        "calls dropped with their task go on holding", ("42", "L"), "what ends gives back what it reserved, however it ends",
        CALL,
        '        self._give_up(vm, "cancelled")\n',
        "        pass\n",
        likely="parts",
    ),
    Mutant(
        "closed meters count", ("42",), "the meter of a step that is over takes no more",
        METERS,
        "        if not self.closed:\n            self.recorded = Use(",
        "        if self is not None:\n            self.recorded = Use(",
        likely="parts",
    ),
    Mutant(
        "every enclosing budget is charged", ("14", "L"), "an exclusive budget counts its own calls only",
        ENTRIES,
        "            if step.meter is not None and (step.definition.budget.inclusive or not seen_active):\n",
        "            if step.meter is not None:\n",
    ),
    Mutant(
        "inclusive budgets count like others", ("L",), "an inclusive budget counts nested steps",
        ENTRIES,
        "            if step.meter is not None and (step.definition.budget.inclusive or not seen_active):\n",
        "            if step.meter is not None and not seen_active:\n",
    ),
    Mutant(
        "personas have no budget", ("O", "L"), "a persona's budget bounds all in its call",
        ENTRIES,
        "        if entries.persona is not None and entries.persona.meter is not None:\n",
        "        if entries.persona is not None and entries.persona.meter is Ellipsis:\n",
    ),
    Mutant(
        "negative tokens are credit", ("16", "AB"), "negative tokens count as nothing",
        RUNTIME,
        "        tokens_in, tokens_out = max(0, input_tokens), max(0, output_tokens)\n",
        "        tokens_in, tokens_out = input_tokens, output_tokens\n",
    ),
    Mutant(
        "costs that are no numbers are added", ("16", "AB"), "non-finite costs count as nothing",
        RUNTIME,
        "        if not math.isfinite(cost) or cost < 0:\n",
        "        if cost < 0:\n",
        likely="parts",
    ),
    Mutant(
        "an unnamed reply erases the model", ("21",), "the last model is the last one with a name",
        RUNTIME,
        "            calls.last_model = model or calls.last_model\n",
        "            calls.last_model = model\n",
        likely="machine",
    ),
    Mutant(
        "a given nil is no model", ("22",), "the step's model is put in where the key is absent",
        CALL,
        '            if model is not None and "model" not in self.options:\n',
        '            if model is not None and self.options.get("model") is None:\n',
    ),
    Mutant(
        "the declared model is not put in", ("22", "H"), "the active step's model is the default",
        CALL,
        '                self.options = {**self.options, "model": model}\n',
        '                self.options = {**self.options}\n',
    ),
    Mutant(
        "one iteration too many", ("O",), "a stage's max_iterations is the number of calls",
        ENTRIES,
        "        return most is None or self.counted.iterations < most\n",
        "        return most is None or self.counted.iterations <= most\n",
    ),
    Mutant(
        "a loop is not cut to its stage", ("O",), "an agent loop ends where its stage's iterations are used up",
        "harn/builtins/agents.py",
        "    return step is None or step.may_iterate\n",
        "    return True\n",
    ),
    Mutant(
        "thresholds fire again and again", ("O",), "a threshold fires once for a hook and an entry",
        RUNTIME,
        "                    meter.fired += (hook.number,)\n",
        "                    meter.fired += ()\n",
    ),
    Mutant(
        "thresholds must be passed", ("O",), "reaching a threshold exactly counts",
        "harn/steps/hooks.py",
        "    return not hook.percent.is_nan() and share >= hook.percent\n",
        "    return not hook.percent.is_nan() and share > hook.percent\n",
    ),
    Mutant(
        "copies fire thresholds", ("I",), "a copied step has no threshold hooks",
        RUNTIME,
        "                if owner.copy_of is not None:\n                    continue\n",
        "",
    ),
    Mutant(
        "dollars print as whole numbers", ("M",), "an exceeded dollar limit prints dollars",
        BUDGETS,
        "    return dollars(meter.recorded.dollars, meter.budget.max_usd or Decimal(0))\n",
        "    return [str(int(amount)) for amount in (meter.recorded.dollars, meter.budget.max_usd or Decimal(0))]\n",
    ),
    Mutant(
        "amounts that differ look alike", ("M",), "as many decimals as it takes",
        BUDGETS,
        "    for places in range(6, 29):\n",
        "    for places in range(6, 7):\n",
    ),
    Mutant(
        "half a kind is a budget", ("N", "27"), "kind and reason are needed both",
        BUDGETS,
        '        (value.get("kind") == "budget_exhausted" and value.get("reason") == "step_budget_exhausted")\n',
        '        value.get("kind") == "budget_exhausted"\n',
    ),
    Mutant(
        "refusals meet no boundary", ("N",), "a refusal, and a script's own error, is an exhausted budget",
        BUDGETS,
        '        or value.get("category") == BUDGET_EXCEEDED\n',
        "",
    ),
    Mutant(
        "marked errors meet no boundary", ("N", "23"), "a marked error is still an exhausted budget",
        BUDGETS,
        '        or (value.get("escalated") is True and value.get("category") == HANDOFF)\n',
        "",
    ),
    Mutant(
        "only the first attempt is charged", ("W",), "every model call is charged, each attempt of a structured one",
        CALL,
        "        if vm.step_runtime is not None:\n            chain = FrameChain(context.task.frames)\n            self.charge",
        "        if vm.step_runtime is not None and self.nudge is None:\n"
        "            chain = FrameChain(context.task.frames)\n            self.charge",
    ),
    Mutant(
        "model calls have no span", ("X",), "every model call has a span of its own",
        CALL,
        '            self.span = tracer.begin(context.task, "llm_call", "llm_call")\n',
        "            self.span = None\n",
    ),
    Mutant(
        "an inner stage may widen", ("D", "29"), "a stage adds no tool",
        POLICIES,
        "        tools = outer.tools & inner.tools\n",
        "        tools = inner.tools\n",
        likely="parts",
    ),
    Mutant(
        "an inner stage may raise the level", ("D", "30"), "a stage raises no level",
        POLICIES,
        "    level = min(ranks, key=lambda pair: pair[0])[1] if ranks else None\n",
        "    level = ranks[-1][1] if ranks else None\n",
    ),
    Mutant(
        "nothing allowed is all allowed", ("D",), "an empty list allows no tool",
        POLICIES,
        "    if policy.tools is not None and tool not in policy.tools:\n",
        "    if policy.tools and tool not in policy.tools:\n",
        likely="parts",
    ),
    Mutant(
        "an unknown level bars nothing", ("Z",), "an unknown level acts as none",
        POLICIES,
        "        return None if self.level is None else RANKS.get(self.level, 0)\n",
        "        return None if self.level is None else RANKS.get(self.level)\n",
    ),
    Mutant(
        "what nobody declared may be called", ("D",), "a host function without declared effects passes at no level",
        POLICIES,
        "        if effect == _UNKNOWN:\n",
        "        if effect == ...:\n",
        likely="parts",
    ),
    Mutant(
        "tasks are free of policies", ("H", "28"), "policies hold in child tasks",
        CHILDREN,
        "        barred.policy = in_force(policies_of(parent))\n",
        "        barred.policy = None\n",
    ),
    Mutant(
        "tasks begin without context", ("H", "41"), "a child task keeps model, persona and budget",
        CHILDREN,
        "    for _, entries in reversed(list(FrameChain(parent.frames).outward())):\n",
        "    for _, entries in reversed(list(FrameChain([]).outward())):\n",
    ),
    Mutant(
        "a task has its parent's own step", ("I", "40"), "use of a child goes to its copy",
        CHILDREN,
        "            copy.step = entries.step.attribution_copy()\n",
        "            copy.step = entries.step\n",
    ),
    Mutant(
        "tasks share exclusive meters", ("I", "41"), "a child changes its parent through inclusive meters only",
        ENTRIES,
        "            copy.meter = self.meter if self.definition.budget.inclusive else self.meter.copy(copy)\n",
        "            copy.meter = self.meter\n",
    ),
    Mutant(
        "tasks have budgets of their own", ("L", "41"), "an inclusive budget counts child tasks",
        ENTRIES,
        "            copy.meter = self.meter if self.definition.budget.inclusive else self.meter.copy(copy)\n",
        "            copy.meter = self.meter.copy(copy)\n",
    ),
    Mutant(
        "spans of tasks hang nowhere", ("X",), "what a task does hangs below the step it was started in",
        ENTRIES,
        "        copy.span = self.span  # what the task does hangs below the step; the span is the step's own to end\n",
        "",
    ),
    Mutant(
        "audited steps stay off the receipt", ("O",), "receipt: audit puts a step on the receipt",
        "harn/steps/log.py",
        '            return self.receipt == "audit"\n',
        "            return False\n",
        likely="parts",
    ),
    Mutant(
        "inspect hides the declared model", ("AA",), "inspect shows what is declared",
        "harn/tools/personas.py",
        '    shown["model_policy"]["default_model"] = symbol(given.get("model"))\n',
        "",
        likely="tools",
    ),
)  # fmt: skip
