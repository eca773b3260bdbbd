"""What it costs to call a step, and what steps cost a program that calls none of them.

``BODY: step / plain`` is the time of a call of a step over that of a plain call of the same function, the time of the empty
loop around them taken off both. The same for steps of other kinds (``KINDS``). ``plain, a step registered`` is a program of
plain calls with a step registered beside them over the same program without: two programs in turns, so that 1.00 says that
nobody pays for steps but who calls them.
"""

from __future__ import annotations

from benches.timing import medians
from harn.source.file import SourceFile
from harn.tools.bench import Subject

CALLS = 20_000

BODIES = {
    "empty body": "return x",
    "one line": "return x * 3 + 1",
    "small body": "let y = x * 3\n  if y > 100 {\n    return y - x\n  }\n  return y + 1",
}
"""What is measured -> the body of the called function. ``small`` runs about ten instructions, ``empty`` one."""

PROGRAM = """\
{attribute}fn f(x) {{
  {body}
}}

{around}fn work() {{
  var i = 0
  while i < {calls} {{
    {call}
    i = i + 1
  }}
  return i
}}

pipeline default(task) {{
  {other}return work()
}}
"""

STEP = '@step(name: "f")\n'
REGISTERED = "__register_step({ x -> x }, {})\n  "
KINDS = {
    "with a budget": {"attribute": '@step(name: "f", budget: {max_tokens: 100})\n'},
    "in a persona": {"attribute": STEP, "around": '@persona(name: "p")\n'},
    "beside a hook": {"attribute": STEP, "other": 'register_step_hook("*", "g", "PreStep", { told -> nil })\n  '},
}
"""Steps that need more than the plainest: how they are declared and what stands around them."""


def measure(rounds: int) -> dict[str, float]:
    """Ratios of medians, see above."""
    report: dict[str, float] = {}
    for title, body in BODIES.items():
        loop = _subject(body, call="f")
        plain, step = _subject(body), _subject(body, attribute=STEP)
        times = medians({"loop": loop.run, "plain": plain.run, "step": step.run}, rounds)
        report[f"{title}: step / plain"] = (times["step"] - times["loop"]) / (times["plain"] - times["loop"])
        report[f"{title}: step, us"] = (times["step"] - times["loop"]) / CALLS * 1e6
    body = BODIES["one line"]
    loop, plain = _subject(body, call="f"), _subject(body)
    subjects = {kind: _subject(body, **words).run for kind, words in KINDS.items()}
    times = medians({"loop": loop.run, "plain": plain.run, **subjects}, rounds)
    for kind in KINDS:
        report[f"one line, {kind}: step / plain"] = (times[kind] - times["loop"]) / (times["plain"] - times["loop"])
    body = BODIES["small body"]
    without, beside = _subject(body), _subject(body, other=REGISTERED)
    times = medians({"without": without.run, "beside": beside.run}, rounds)
    report["plain, a step registered"] = times["beside"] / times["without"]
    return report


def _subject(body: str, *, attribute: str = "", around: str = "", other: str = "", call: str = "f(i)") -> Subject:
    text = PROGRAM.format(attribute=attribute, around=around, body=body, other=other, call=call, calls=CALLS)
    subject = Subject(SourceFile("steps.harn", text))
    subject.run()
    return subject
