"""Mutants of entering a step: its six stages, tail calls, registration."""

from __future__ import annotations

from tests.mutants.record import Mutant

TRACKED = "harn/vm/tracked.py"

ENTERING = (
    Mutant(
        "definition read anew for each attempt", ("enter 1", "45"), "a call keeps the definition it began with",
        "harn/vm/settle.py",
        '        return ("enter", enter.callee, enter.args, enter.tracked)\n',
        '        return ("enter", enter.callee, enter.args, enter.callee.tracked)\n',
    ),
    Mutant(
        "handlers are told no arguments", ("enter 1",), "a handler sees the arguments as they were passed",
        "harn/vm/hooks.py",
        '            told["step"] = {**told["step"], "args": list(self.value)}\n',
        '            told["step"] = {**told["step"], "args": []}\n',
    ),
    Mutant(
        "no PreStep hooks", ("enter 2", "P"), "PreStep handlers run before a step is entered",
        TRACKED,
        "            if step.approval or context.vm.steps.hooks:\n",
        "            if step.approval:\n",
    ),
    Mutant(
        "PreStep names the persona around", ("enter 2", "Q"), "PreStep sees the function's own persona",
        TRACKED,
        "                self.persona = self.tracked.persona or _current_persona(context.task)\n",
        "                self.persona = _current_persona(context.task) or self.tracked.persona\n",
    ),
    Mutant(
        "rewritten arguments get lost", ("enter 2",), "a PreStep handler may replace the arguments",
        TRACKED,
        "            self.args = value\n            if step.approval:\n",
        "            if step.approval:\n",
    ),
    Mutant(
        "a handler runs inside of the step around", ("enter 2", "38"), "handlers stand behind a barrier",
        "harn/vm/hooks.py",
        "    barrier = True\n",
        "    barrier = False\n",
    ),
    Mutant(
        "no barrier stops the search", ("38",), "above a barrier there is no step and no persona",
        "harn/vm/chain.py",
        "            elif record.barrier:\n                return\n",
        "            elif record.barrier:\n                pass\n",
    ),
    Mutant(
        "calls of steps by natives skip Enter", ("enter 2", "P"), "a builtin's callback that is a step enters like any call",
        "harn/vm/pump.py",
        "        if callee.flags:\n",
        "        if callee.flags and task.frames[-1].__class__ is Frame:\n",
    ),
    Mutant(
        "approval is not asked for", ("enter 3", "O"), "approval: required asks before the step is entered",
        TRACKED,
        "            if step.approval:\n                _permit_asking(context.vm)\n",
        "            if False:\n                _permit_asking(context.vm)\n",
    ),
    Mutant(
        "any answer approves", ("enter 3", "O"), "only true, or approved: true, lets a step through",
        TRACKED,
        '    if answer is True or (isinstance(answer, dict) and answer.get("approved") is True):\n',
        '    if answer is True or isinstance(answer, dict):\n',
        likely="parts",
    ),
    Mutant(
        "nobody hears of the pause", ("enter 3", "O"), "OnPersonaPaused before a person is asked",
        "harn/vm/hooks.py",
        "        if self.stage == 1 and self.persona is not None:\n",
        "        if self.stage == 1 and self.persona is None:\n",
    ),
    Mutant(
        "a pause without an answer never ends", ("enter 3", "O"), "OnPersonaResumed also where asking failed",
        "harn/vm/hooks.py",
        "        if self.stage != 2:\n",
        "        if self.stage:\n",
        likely="parts",
    ),
    Mutant(
        "asking passes every policy", ("enter 3", "O"), "the run's policy may forbid to ask",
        TRACKED,
        "                _permit_asking(context.vm)\n",
        "",
        likely="parts",
    ),
    Mutant(
        "approval alone is not looked for", ("enter 3", "O"), "a step to be approved is entered from outside of its frame",
        "harn/steps/definitions.py",
        "        self.asks = step is not None and (step.attempts > 1 or step.approval)\n",
        "        self.asks = step is not None and step.attempts > 1\n",
    ),
    Mutant(
        "a refusal may be tried again", ("enter 3", "35"), "a denial is not retried",
        "harn/vm/settle.py",
        '    if isinstance(value, dict) and value.get("category") in ("hook_denied", "approval_denied"):\n',
        '    if isinstance(value, dict) and value.get("category") in ("hook_denied",):\n',
    ),
    Mutant(
        "surplus arguments of steps are dropped", ("enter 4", "9"), "arity of a step is checked, and belongs to the caller",
        TRACKED,
        "    frame = make_frame(vm, task, callee, args)\n",
        "    frame = make_frame(vm, task, callee, args[: len(callee.code.names)])\n",
    ),
    Mutant(
        "hooks restart the depth", ("enter 4", "R"), "a handler that calls its own step is stopped by the 512",
        "harn/vm/hooks.py",
        '    name = "hook"\n    edge = False\n',
        '    name = "hook"\n    edge = True\n',
    ),
    Mutant(
        "the step before the persona", ("enter 5", "Q"), "a persona that is its own step is current in that step",
        TRACKED,
        "    if tracked.persona is not None:\n        steps.maybe_push_active_persona(side, tracked)\n"
        "    if tracked.step is None:\n        return\n"
        "    steps.maybe_push_active_step(FrameChain(task.frames), side, tracked, args)\n",
        "    if tracked.step is not None:\n"
        "        steps.maybe_push_active_step(FrameChain(task.frames), side, tracked, args)\n"
        "    if tracked.persona is not None:\n        steps.maybe_push_active_persona(side, tracked)\n"
        "    if tracked.step is None:\n        return\n",
    ),
    Mutant(
        "stages by the function's name", ("enter 5", "32"), "the stage of a step is the one named like the step",
        TRACKED,
        "    stage = persona.stage(entry.definition.name) if",
        "    stage = persona.stage(entry.definition.function) if",
    ),
    Mutant(
        "the stage's level is forgotten", ("enter 5", "D"), "a stage's level is in force in its step",
        TRACKED,
        "        side.policy = Policy(tools, stage.side_effect_level or None)\n",
        "        side.policy = Policy(tools, None)\n",
    ),
    Mutant(
        "no span", ("enter 5", "33"), "every step has a span where tracing is on",
        TRACKED,
        "    if vm.tracer is not None:\n        entry.span = vm.tracer.begin_step(task, entry)\n",
        "    if vm.tracer is not None and tracked.persona is not None:\n"
        "        entry.span = vm.tracer.begin_step(task, entry)\n",
    ),
    Mutant(
        "a step with missing arguments is entered late", ("enter 6",), "default values are evaluated inside of the step",
        TRACKED,
        "    if tracked.persona is not None or callee.code.generator:\n",
        "    if len(args) < len(callee.code.names):\n        task.frames.append(frame)\n        return None\n"
        "    if tracked.persona is not None or callee.code.generator:\n",
    ),
    Mutant(
        "generators never enter their step", ("enter 5", "P", "I"), "a generator's step is entered at the first pull",
        "harn/vm/pump.py",
        "            vm.step_runtime.push_entries(vm, task, top.side, tracked, args)\n",
        "            pass\n",
    ),
    Mutant(
        "the step is forgotten on a tail call", ("46",), "a tail call of a step is a call and a return",
        "harn/vm/hot.py",
        "if f.__class__ is Closure and f.code.simple == n and not f.flags and frame.side is None:\n",
        "if f.__class__ is Closure and f.code.simple == n and frame.side is None:\n",
        likely="fixtures",
    ),
    Mutant(
        "a step's frame is given up by a tail call", ("46",), "a tail call out of a step is a call and a return",
        "harn/vm/hot.py",
        "if f.__class__ is Closure and f.code.simple == n and not f.flags and frame.side is None:\n",
        "if f.__class__ is Closure and f.code.simple == n and not f.flags:\n",
    ),
    Mutant(
        "definitions found by name", ("G",), "a definition belongs to the function object that was registered",
        "harn/builtins/steps.py",
        "        if isinstance(function, str):\n",
        "        function = getattr(function, \"name\", function)\n        if isinstance(function, str):\n",
    ),
    Mutant(
        "registering again keeps what was said before", ("44", "G"), "a new definition replaces the earlier one whole",
        "harn/steps/runtime.py",
        "        function.tracked = Tracked(read_step(function.name, metadata), known.persona if known is not None else None)\n",
        "        before = known or Tracked()\n"
        "        function.tracked = Tracked(before.step or read_step(function.name, metadata), before.persona)\n",
    ),
    Mutant(
        "a step is no persona any more", ("44",), "a function may be both",
        "harn/steps/runtime.py",
        "        function.tracked = Tracked(read_step(function.name, metadata), known.persona if known is not None else None)\n",
        "        function.tracked = Tracked(read_step(function.name, metadata), None)\n",
    ),
    Mutant(
        "hooks of another event count", ("enter 2", "36"), "handlers of an event are looked for by the event",
        "harn/steps/runtime.py",
        "                if hook.event == event and (hook.step is None or hook.step == step.name):\n",
        "                if hook.event != event and (hook.step is None or hook.step == step.name):\n",
    ),
    Mutant(
        "hooks of all steps are not heard", ("enter 2", "36"), "a hook that names no step is about all of them",
        "harn/steps/runtime.py",
        "                if hook.event == event and (hook.step is None or hook.step == step.name):\n",
        "                if hook.event == event and hook.step == step.name:\n",
    ),
    Mutant(
        "steps forget their persona", ("enter 5", "32"), "a step knows the persona that it was entered under",
        TRACKED,
        "    if steps.personas or vm.tracer is not None:\n",
        "    if vm.tracer is not None:\n",
    ),
    Mutant(
        "the first attribute counts", ("U",), "of repeated attributes the last counts",
        "harn/compiler/attributes.py",
        "    marks = {attribute.name: attribute for attribute in node.attributes}\n",
        "    marks = {attribute.name: attribute for attribute in reversed(node.attributes)}\n",
    ),
    Mutant(
        "attributes in bodies are not looked at", ("V",), "a function declared in a body may be a step",
        "harn/compiler/attributes.py",
        "    for attribute in node.attributes:\n        if marks",
        "    for attribute in node.attributes if c.asm.flags == (c.asm.name,) else ():\n        if marks",
    ),
    Mutant(
        "deny needs a reason that is true", ("R", "35"), "deny denies, whatever its value",
        "harn/steps/hooks.py",
        '    if "deny" in answer:\n',
        '    if answer.get("deny"):\n',
    ),
    Mutant(
        "a reason alone goes on", ("R",), "a reason without deny or action is no answer",
        "harn/steps/hooks.py",
        '    if "reason" in answer and action is None:\n',
        '    if "reason" in answer and action is Ellipsis:\n',
    ),
    Mutant(
        "patterns do not look behind", ("49",), "a star in front matches an ending",
        "harn/steps/hooks.py",
        "        return name.endswith(pattern[1:])\n",
        "        return pattern[1:] in name\n",
        likely="parts",
    ),
    Mutant(
        "a generator of a step ends with who drew from it", ("enter 5", "I"), "it is left when the task that made it ends",
        TRACKED,
        ', "stream" in frame.code.chunk.flags, home=task)',
        ', "stream" in frame.code.chunk.flags)',
    ),
    Mutant(
        "a hidden function is registered by its name", ("G",), "a name is the innermost variable of that name, function or not",
        "harn/builtins/steps.py",
        "            function = next(meanings(frame, function), None) if frame is not None else None\n",
        "            found = meanings(frame, function) if frame is not None else ()\n"
        "            function = next((one for one in found if isinstance(one, Closure)), None)\n",
    ),
)  # fmt: skip
