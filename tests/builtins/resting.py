"""A program that is written down in the middle and goes on in another machine."""

from __future__ import annotations

from typing import Any

import harn
from harn.host.host import Host


def thawed(body: str, before: Host, after: Host, pause: str = "REST", **options: Any) -> str:
    """What the body of a pipeline prints altogether if it is frozen where it calls ``env("REST")`` and thawed on another host."""
    program = harn.compile(f"pipeline default(task) {{ {body} }}")
    run = program.start(effects=["env.read"], host=before, **options)
    effect = run.advance()
    assert isinstance(effect, harn.Effect), effect
    assert effect.arguments == (pause,), effect
    data = run.snapshot()
    again = program.restore(data, effects=["env.read"], host=after, **options)
    again.resume(None)
    result = again.advance()
    assert isinstance(result, harn.Result), result
    return result.stdout
