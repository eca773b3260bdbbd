"""Mutants of what stands around steps: tools and their loops, stages, hooks and their order, records and receipts, attempts."""

from __future__ import annotations

from tests.mutants.record import Mutant

AGENTS, CALL = "harn/builtins/agents.py", "harn/llm/call.py"
RUNTIME, METERS, POLICIES, LOG = (f"harn/steps/{name}.py" for name in ("runtime", "meters", "policies", "log"))
DEFINITIONS, SETTLE = "harn/steps/definitions.py", "harn/vm/settle.py"

HANDLING = (
    Mutant(
        "any tool may run", ("D",), "a stage's tools are those a loop in its step may run",
        AGENTS,
        "        refusal = tool_refusal(in_force(policies_of(ctx.task)), name, side_effect_level(tool))\n",
        "        refusal = None\n",
    ),
    Mutant(
        "the innermost stage decides on tools", ("D", "29"), "a tool needs every stage around",
        AGENTS,
        "        refusal = tool_refusal(in_force(policies_of(ctx.task)), name, side_effect_level(tool))\n",
        "        refusal = tool_refusal(in_force(policies_of(ctx.task)[-1:]), name, side_effect_level(tool))\n",
    ),
    Mutant(
        "tools say nothing of what they do", ("D", "30"), "a tool's annotated level is held against the ceiling",
        AGENTS,
        "        refusal = tool_refusal(in_force(policies_of(ctx.task)), name, side_effect_level(tool))\n",
        "        refusal = tool_refusal(in_force(policies_of(ctx.task)), name)\n",
    ),
    Mutant(
        "a tool of an unknown level is harmless", ("Z",), "an unknown level of a tool is above every ceiling",
        POLICIES,
        "RANKS.get(level, len(RANKS)) > policy.rank",
        "RANKS.get(level, 0) > policy.rank",
        likely="parts",
    ),
    Mutant(
        "the end of a task is a tool's result", ("A", "E"), "a deadline or cancellation leaves the loop as well",
        AGENTS,
        "        return Throw(error) if error.ending else Done(",
        "        return Done(",
    ),
    Mutant(
        "a tool's error ends its loop", ("P",), "what a handler throws is a result for the model",
        AGENTS,
        "        return Throw(error) if error.ending else Done(",
        "        return Throw(error) if error.kind else Done(",
    ),
    Mutant(
        "handlers are called with nothing", ("enter 1", "P"), "a handler is given the arguments of the call",
        AGENTS,
        "        return Call(self.handler, self.arguments)\n",
        "        return Call(self.handler, {})\n",
    ),
    Mutant(
        "loops know no iterations", ("O",), "a loop is cut to what its stage has left",
        AGENTS,
        "    return step is None or step.may_iterate\n",
        "    return True\n",
    ),
    Mutant(
        "iterations begin anew in a task", ("H", "I"), "a copy has made the calls that were made before it",
        "harn/steps/entries.py",
        "made.llm_calls, made.last_model, made.iterations = self.llm_calls, self.last_model, self.iterations",
        "made.llm_calls, made.last_model = self.llm_calls, self.last_model",
    ),
    Mutant(
        "transport retries are iterations", ("O",), "an iteration is a call, however often it was sent",
        CALL,
        "        if self.entry is not None and self.attempt == 0:\n            self.entry.count()",
        "        if self.entry is not None:\n            self.entry.count()",
        likely="parts",
    ),
    Mutant(
        "only the innermost budget tells of a threshold", ("O",), "every metered entry that is charged has thresholds",
        RUNTIME,
        "        for meter in meters:\n            owner = meter.owner\n",
        "        for meter in meters[:1]:\n            owner = meter.owner\n",
    ),
    Mutant(
        "a persona's threshold names a step", ("O",), "of a persona's own meter no step hook hears",
        RUNTIME,
        "                persona, step = owner.definition, None\n",
        "                persona, step = owner.definition, getattr(self.with_active_step(chain), 'definition', None)\n",
    ),
    Mutant(
        "a threshold is a share of the tokens", ("O",), "the larger share of the limits counts",
        METERS,
        "        return max(shares)\n",
        "        return shares[0] if len(shares) == 1 else shares[1]\n",
    ),
    Mutant(
        "a threshold's error hides the crossing", ("O", "19"), "a limit crossed by the same call wins",
        CALL,
        "            return Throw(self._crossed() or error)\n",
        "            return Throw(error)\n",
    ),
    Mutant(
        "calls cost what was asked for", ("13",), "the price is that of the model that served",
        CALL,
        "        cost = cost_of(reply.model, ",
        "        cost = cost_of(request.model, ",
    ),
    Mutant(
        "who comes later may pass", ("L",), "calls that share a budget are let through in order of coming",
        "harn/llm/turns.py",
        "        if _meet(other.meters, meters):\n            return True\n",
        "        if _meet(other.meters, meters):\n            return False\n",
        likely="parts",
    ),
    Mutant(
        "a persona's limit has a step's name", ("O",), "a persona's limit of dollars is run_usd",
        "harn/steps/budgets.py",
        "    return limit if limit == TOKENS or isinstance(meter.owner, StepEntry) else",
        "    return limit if limit or isinstance(meter.owner, StepEntry) else",
        likely="parts",
    ),
    Mutant(
        "budgets count all by themselves", ("14", "L"), "a budget without a scope is exclusive",
        DEFINITIONS,
        '        value.get("scope") == INCLUSIVE,\n',
        '        value.get("scope") != EXCLUSIVE,\n',
    ),
    Mutant(
        "part of a token is a token", ("17",), "a limit that is no whole number is truncated",
        DEFINITIONS,
        "        int(tokens) if tokens is not None and tokens > 0 else None,\n",
        "        math.ceil(tokens) if tokens is not None and tokens > 0 else None,\n",
    ),
    Mutant(
        "dollars of 0 are no limit", ("17",), "a dollar limit of 0 is one",
        DEFINITIONS,
        "if dollars is not None and dollars >= 0 else None,\n",
        "if dollars is not None and dollars > 0 else None,\n",
    ),
    Mutant(
        "the last stage of a name counts", ("32",), "of stages with one name the first counts",
        DEFINITIONS,
        "        for stage in self.stages:\n",
        "        for stage in reversed(self.stages):\n",
    ),
    Mutant(
        "handlers are free of policies", ("28", "38"), "a barrier hides steps, not what they may do",
        "harn/vm/tracked.py",
        "    carriers = (chain.entries_at(depth) for depth in range(1, chain.depth() + 1))\n",
        "    carriers = reversed([carrier for _, carrier in chain.outward()])\n",
    ),
    Mutant(
        "a task is bound by one stage", ("H", "28"), "a task is bound by all stages around",
        "harn/vm/children.py",
        "        barred.policy = in_force(policies_of(parent))\n",
        "        barred.policy = policies_of(parent)[-1] if policies_of(parent) else None\n",
    ),
    Mutant(
        "steps alone know no persona", ("enter 5", "32"), "a step that needs nothing else has its persona, too",
        "harn/vm/tracked.py",
        "    if steps.personas or vm.tracer is not None:\n",
        "    if vm.tracer is not None:\n",
    ),
    Mutant(
        "every attempt asks the hooks", ("enter 2", "47"), "an attempt begins with the arguments, not with the hooks",
        SETTLE,
        '        return ("enter", enter.callee, enter.args, enter.tracked)\n',
        '        return ("call", enter.callee, enter.args)\n',
    ),
    Mutant(
        "a failed attempt keeps its permits", ("leave 5", "47"), "permits of an attempt go back before the next",
        "harn/vm/leave.py",
        "                if side.regions and task.frames[-1] is not frame:  # left to be tried once more\n",
        "                if False:\n",
    ),
    Mutant(
        "a failed attempt keeps its persona's meter", ("leave 5", "42"), "the persona of an attempt is over with it",
        SETTLE,
        "        vm.step_runtime.pop_persona(side)\n        task.frames.pop()\n        return (",
        "        task.frames.pop()\n        return (",
    ),
    Mutant(
        "PostStep hears no arguments", ("leave 3", "36"), "PostStep handlers see the arguments after rewriting",
        SETTLE,
        'entry.args, fold="output"',
        '(), fold="output"',
    ),
    Mutant(
        "a handoff does not say why", ("leave 3", "O"), "OnHandoffEmitted handlers see the error",
        SETTLE,
        "error=verdict.value)\n",
        "error=None)\n",
    ),
    Mutant(
        "nobody hears that it goes on", ("enter 3", "O"), "OnPersonaResumed after a person was asked",
        "harn/vm/hooks.py",
        "        return dispatch(context.vm, hooking.RESUMED, self.persona, None, [])\n",
        "        return dispatch(context.vm, hooking.PAUSED, self.persona, None, [])\n",
        likely="parts",
    ),
    Mutant(
        "clearing forgets the manifest", ("O",), "handlers of the manifest are never cleared",
        RUNTIME,
        "        self.hooks[:] = [hook for hook in self.hooks if hook.manifest]\n",
        "        self.hooks.clear()\n",
        likely="parts",
    ),
    Mutant(
        "arguments of any kind are taken", ("R",), "args must be a list",
        "harn/steps/hooks.py",
        "            if not isinstance(answer[key], list):\n",
        "            if answer[key] is None:\n",
    ),
    Mutant(
        "Deny in words goes on", ("R", "35"), "the word Deny denies",
        "harn/steps/hooks.py",
        '    if answer == "Deny" and isinstance(answer, str):\n',
        '    if answer == "deny" and isinstance(answer, str):\n',
    ),
    Mutant(
        "a step hook hears of all steps", ("enter 2", "36"), "a step hook is about the step of its name",
        "harn/steps/hooks.py",
        "        and (hook.step is None or hook.step == step)\n",
        "",
    ),
    Mutant(
        "records name the declared model", ("21",), "a record's model is the one that served",
        LOG,
        "        calls.last_model or definition.model or None,\n",
        "        definition.model or calls.last_model or None,\n",
    ),
    Mutant(
        "records do not tell of nested use", ("L",), "an inclusive budget's use is on the receipt",
        LOG,
        "    shared = meter is not None and definition.budget.inclusive\n",
        "    shared = False\n",
        likely="parts",
    ),
    Mutant(
        "steps cannot stay off the receipt", ("O",), "receipt: none keeps a step off",
        LOG,
        '            return self.receipt == "audit"\n',
        "            return True\n",
        likely="parts",
    ),
    Mutant(
        "personas cannot stay off the receipt", ("O",), "receipts: none keeps a persona's steps off",
        LOG,
        '        return self.persona_receipts != "none"\n',
        "        return True\n",
        likely="parts",
    ),
    Mutant(
        "records show all of a thrown dict", ("A",), "of a dict with a message the record has the message",
        LOG,
        '    if isinstance(value, dict) and isinstance(value.get("message"), str):\n',
        "    if False:\n",
    ),
    Mutant(
        "an old list takes new spans", ("X", "33"), "a span that began before its list did is not on it",
        "harn/trace/spans.py",
        "        if span.number and span.epoch == self._epoch:\n",
        "        if span.number:\n",
        likely="programs",
    ),
)  # fmt: skip
