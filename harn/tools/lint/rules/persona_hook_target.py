"""`register_step_hook` names a persona there is, and a step that it calls."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from harn.source.diagnostic import ERROR
from harn.syntax import nodes
from harn.tools.declared_steps import steps_called
from harn.tools.lint.source import Finding, Source

CODE = "L032"


def find(source: Source) -> Iterator[Finding]:
    called = {
        persona.name: {step.name for step in steps_called(persona, source.declared.steps)}
        for persona in source.declared.personas.values()
    }
    for call in source.of(nodes.Call):
        if call.callee.name != "register_step_hook" or len(call.args) < 2:
            continue
        pattern, step = call.args[:2]
        if not isinstance(pattern, nodes.StringLiteral) or not isinstance(step, nodes.StringLiteral):
            continue
        matching = [name for name in called if fnmatchcase(name, pattern.value)]
        without = [name for name in matching if step.value not in called[name]]
        if not matching:
            message = f"`register_step_hook` pattern `{pattern.value}` does not match a statically declared `@persona`"
            yield Finding(message, call.span, "register hooks against a declared persona name or glob", (), ERROR)
        elif without:
            listed = ", ".join(without)
            message = (
                f"`register_step_hook` targets step `{step.value}`, but it is not declared by persona(s): {listed}"
            )
            help = "use a step name declared with `@step(name: ...)` and called by the matching `@persona`"
            yield Finding(message, call.span, help, (), ERROR)
