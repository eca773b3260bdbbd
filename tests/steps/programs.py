"""Random programs of steps, as Harn text and as what a plain evaluator says should happen."""

from __future__ import annotations

from typing import Any, NamedTuple

from hypothesis import strategies as st

BOUNDARIES = ("fail", "continue", "escalate")
CALLS = ("direct", "map", "try", "generator", "finally", "variable")


class Use(NamedTuple):
    """A model call that takes so many tokens."""

    tokens: int


class Raise(NamedTuple):
    """``plain`` throws a text, ``budget`` what a script throws as an exhausted budget."""

    kind: str


class Invoke(NamedTuple):
    """A call of a later function."""

    callee: int
    how: str


class Made(NamedTuple):
    """A function: a step where ``step`` holds, with these settings; ``tail`` ends it with a call in tail position."""

    step: bool
    persona_limit: int | None
    boundary: str
    limit: int | None
    inclusive: bool
    attempts: int
    actions: tuple[Any, ...]
    tail: int | None


def functions(count: int) -> st.SearchStrategy[tuple[Made, ...]]:
    """Functions that call only later ones, so every program ends."""
    return st.tuples(*(function(number, count) for number in range(count)))


def function(number: int, count: int) -> st.SearchStrategy[Made]:
    later = st.integers(number + 1, count - 1) if number + 1 < count else st.nothing()
    kinds: list[st.SearchStrategy[Any]] = [
        st.builds(Use, st.integers(0, 6)),
        st.builds(Use, st.integers(0, 6)),
        st.builds(Raise, st.sampled_from(("plain", "budget"))),
    ]
    if number + 1 < count:
        kinds += [st.builds(Invoke, later, st.sampled_from(CALLS))] * 3
    return st.builds(
        Made,
        st.booleans(),
        st.one_of(st.none(), st.none(), st.integers(1, 12)),
        st.sampled_from(BOUNDARIES),
        st.one_of(st.none(), st.integers(1, 10)),
        st.booleans(),
        st.integers(1, 2),
        st.lists(st.one_of(*kinds), max_size=4).map(tuple),
        st.one_of(st.none(), later) if number + 1 < count else st.none(),
    )


# --------------------------------------------------------------------------------------------------- as text


def text(program: tuple[Made, ...]) -> str:
    """The program; its pipeline calls the first function and prints what came of it and the log."""
    parts = [
        'fn ask(n) { return llm_call("tokens ${n} ", nil, {provider: "mock", model: "m", max_tokens: 1}).text }',
        'fn told(e) { return if type_of(e) == "dict" { "${e?.category} ${e?.step} ${e?.escalated}" } else { "${e}" } }',
    ]
    parts += [_function(number, program[number]) for number in reversed(range(len(program)))]
    parts.append("pipeline default() {")
    mock = '  llm_mock({{text: "t", input_tokens: {0}, output_tokens: 0, model: "m", match: "*tokens {0} *"}})'
    parts += [mock.format(tokens) for tokens in range(7)]
    parts.append('  try { println("value ${f0()}") } catch (e) { println("error ${told(e)}") }')
    parts.append('  for s in completed_steps() { println("${s.name} ${s.status} ${s.input_tokens} ${s.llm_calls}") }')
    parts.append("}")
    return "\n".join(parts)


def _function(number: int, made: Made) -> str:
    lines = []
    if made.step:
        budget = ""
        if made.limit is not None:
            budget = (
                f', budget: {{max_tokens: {made.limit}, scope: "{"inclusive" if made.inclusive else "exclusive"}"}}'
            )
        lines.append(
            f'@step(name: "f{number}", error_boundary: {made.boundary}, retry: {{max_attempts: {made.attempts}}}{budget})'
        )
    if made.persona_limit is not None:
        lines.append(f'@persona(name: "p{number}", budget: {{max_tokens: {made.persona_limit}}})')
    lines.append(f"fn f{number}() {{")
    lines += [f"  {_action(number, place, action)}" for place, action in enumerate(made.actions)]
    lines.append(f"  return f{made.tail}()" if made.tail is not None else f'  return "f{number}"')
    lines.append("}")
    return "\n".join(lines)


def _action(number: int, place: int, action: Any) -> str:
    if isinstance(action, Use):
        return f"ask({action.tokens})"
    if isinstance(action, Raise):
        return 'throw "plain"' if action.kind == "plain" else 'throw {category: "budget_exceeded"}'
    callee = f"f{action.callee}"
    seen = f"v{number}_{place}"
    show = f'println("{seen} ${{{seen}}}")'
    if action.how == "map":
        return f"let {seen} = [0].map({{ x -> {callee}() }})\n  {show}"
    if action.how == "try":
        return f'try {{ println("{seen} ${{{callee}()}}") }} catch (e) {{ println("{seen} caught ${{told(e)}}") }}'
    if action.how == "generator":
        return f'fn g{place}() {{ yield {callee}() }}\n  for x in g{place}() {{ println("{seen} ${{x}}") }}'
    if action.how == "finally":
        return f'try {{ println("{seen} ${{{callee}()}}") }} finally {{ println("{seen} finally") }}'
    if action.how == "variable":
        return f"let h{place} = {callee}\n  let {seen} = h{place}()\n  {show}"
    return f"let {seen} = {callee}()\n  {show}"


# --------------------------------------------------------------------------------------------------- as it should be


class Entry:
    """A live step or persona; ``limit`` bounds ``metered``."""

    def __init__(self, name: str, limit: int | None, inclusive: bool, *, step: bool) -> None:
        self.name = name
        self.limit = limit
        self.inclusive = inclusive
        self.step = step
        self.tokens = 0
        self.calls = 0
        self.metered = 0


class Fault(Exception):
    """A throw. ``budget`` where a boundary would take it for an exhausted budget; ``owner``: whose meter it is about."""

    def __init__(self, told: str, *, budget: bool, owner: Entry | None = None) -> None:
        super().__init__(told)
        self.told = told
        self.budget = budget
        self.owner = owner


class Evaluator:
    """What a program prints, by the rules alone: entries in a list, exceptions for throws."""

    def __init__(self, program: tuple[Made, ...]) -> None:
        self.program = program
        self.live: list[Entry] = []
        self.log: list[str] = []
        self.printed: list[str] = []

    def run(self) -> str:
        try:
            self.printed.append(f"value {self.call(0)}")
        except Fault as fault:
            self.printed.append(f"error {fault.told}")
        return "\n".join([*self.printed, *self.log]) + "\n"

    def call(self, number: int) -> str:
        made = self.program[number]
        attempts = made.attempts if made.step else 1
        while True:
            attempts -= 1
            height = len(self.live)
            if made.persona_limit is not None:
                self.live.append(Entry(f"p{number}", made.persona_limit, inclusive=True, step=False))
            entry = Entry(f"f{number}", made.limit, made.inclusive, step=True) if made.step else None
            if entry is not None:
                self.live.append(entry)
            try:
                value = self.body(number, made)
            except Fault as fault:
                again, value = self.failed(made, entry, fault, attempts)
                if again:
                    continue
            else:
                self.settle(entry, "completed")
            finally:
                del self.live[height:]
            return value

    def failed(self, made: Made, entry: Entry | None, fault: Fault, attempts: int) -> tuple[bool, str]:
        """(whether to try again, the value) of a function that an error leaves."""
        if entry is None:
            raise fault
        self.live.remove(entry)
        if attempts > 0 and not (fault.budget and any(self.full(meter) for meter in self.meters())):
            self.settle(entry, "failed")
            return True, ""
        if fault.budget and fault.owner not in self.live and made.boundary != "fail":
            if made.boundary == "continue":
                self.settle(entry, "skipped")
                return False, "nil"
            self.settle(entry, "escalated")
            step = fault.told.split()[1]
            told = f"handoff_escalation {entry.name if step == 'nil' else step} true"
            raise Fault(told, budget=True, owner=fault.owner)
        self.settle(entry, "failed")
        raise fault

    def body(self, number: int, made: Made) -> str:
        for place, action in enumerate(made.actions):
            if isinstance(action, Use):
                self.use(action.tokens)
            elif isinstance(action, Raise):
                plain = action.kind == "plain"
                raise Fault("plain" if plain else "budget_exceeded nil nil", budget=not plain)
            else:
                self.invoke(f"v{number}_{place}", action)
        return self.call(made.tail) if made.tail is not None else f"f{number}"

    def invoke(self, seen: str, action: Invoke) -> None:
        try:
            value = self.call(action.callee)
        except Fault as fault:
            if action.how == "try":
                self.printed.append(f"{seen} caught {fault.told}")
                return
            if action.how == "finally":
                self.printed.append(f"{seen} finally")
            raise
        self.printed.append(f"{seen} [{value}]" if action.how == "map" else f"{seen} {value}")
        if action.how == "finally":
            self.printed.append(f"{seen} finally")

    def use(self, tokens: int) -> None:
        for meter in self.meters():
            if self.full(meter):
                raise Fault(f"budget_exceeded {meter.name if meter.step else 'nil'} nil", budget=True, owner=meter)
        active = next((entry for entry in reversed(self.live) if entry.step), None)
        if active is not None:
            active.tokens += tokens
            active.calls += 1
        meters = self.meters()
        for meter in meters:
            meter.metered += tokens
        for meter in meters:
            if meter.limit is not None and meter.metered > meter.limit:
                raise Fault(f"budget_exceeded {meter.name if meter.step else 'nil'} nil", budget=True, owner=meter)

    def meters(self) -> list[Entry]:
        """The active step's, then inclusive ones and personas', innermost first."""
        found = []
        active_seen = False
        for entry in reversed(self.live):
            if entry.limit is not None and (not entry.step or entry.inclusive or not active_seen):
                found.append(entry)
            active_seen = active_seen or entry.step
        return found

    @staticmethod
    def full(meter: Entry) -> bool:
        return meter.limit is not None and meter.metered >= meter.limit

    def settle(self, entry: Entry | None, status: str) -> None:
        if entry is not None:
            self.log.append(f"{entry.name} {status} {entry.tokens} {entry.calls}")
