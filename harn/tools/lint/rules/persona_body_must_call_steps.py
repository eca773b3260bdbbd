"""What a persona calls by name is a step, so that its cost and outcome are known."""

from __future__ import annotations

from collections.abc import Iterator

from harn.catalog.index import known
from harn.tools.declared_steps import Marked, calls
from harn.tools.lint.source import Finding, Source

CODE = "L031"


_OWN = ("__", "hostlib_")


def find(source: Source) -> Iterator[Finding]:
    for persona in source.declared.personas.values():
        yield from other_calls(source, persona)


def other_calls(source: Source, persona: Marked) -> Iterator[Finding]:
    """The calls in a persona's body of what is neither a step nor a builtin nor a local variable."""
    body = persona.node.span
    inside = (v for v in source.variables.all if body.start < v.span.start < body.end)
    passed = {v.name for v in inside} | set(source.declared.steps) | source.settings.step_allowlist
    for site in calls(persona.node):
        name = site.name
        if name not in passed and not name.startswith(_OWN) and not known(name):
            message = f"`@persona` function `{persona.node.name}` calls `{name}`, which is not declared `@step`"
            help = f'add `@step(name: "{name}", ...)` to `{name}` or list it in `[lint].persona_step_allowlist`'
            yield Finding(message, site.span, help)
