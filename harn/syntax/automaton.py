"""Running Lark's LALR tables: shift, reduce, and questions that change nothing.

Lark builds the tables and lexes; the loop is ours because errors and layout ask the tables more than Lark's own parser does,
and because a row prepared once runs twice as fast as Lark's general one. It runs without Lark where rows come ready-made.
"""

from __future__ import annotations

from harn.source.span import Span
from harn.source.typing import TYPE_CHECKING, Any, Callable, Protocol, Sequence

if TYPE_CHECKING:
    from lark import Lark
    from lark.grammar import Rule

#: A reduction: how many symbols it takes, the nonterminal it makes, the number of its rule.
Reduction = tuple[int, str, int]
#: What to do in one state: by terminal, the state to shift to or a reduction; by nonterminal, the state to go to.
Row = dict[str, "int | Reduction"]
#: Makes the value of a rule from those of its children and the span they cover. None in its place passes the only child on.
Method = Callable[[list[Any], Span], Any]

END = "$END"


class Fed(Protocol):
    """A token, Lark's or another: the name of its terminal, and the offsets where it begins and ends."""

    @property
    def type(self) -> str: ...

    @property
    def start_pos(self) -> int | None: ...

    @property
    def end_pos(self) -> int | None: ...


class Rows(Protocol):
    """What a run needs to know of a grammar."""

    _rows: dict[int, Row]
    starts: dict[str, int]
    ends: dict[str, int]

    def row(self, state: int) -> Row:
        """What to do in a state."""
        ...


class Automaton:
    """The tables of a grammar, rows prepared at their first use."""

    def __init__(self, grammar: Lark) -> None:
        from lark.parsers.lalr_analysis import Shift

        self._shift: object = Shift
        table = grammar.parser.parser._parse_table
        self._raw: dict[int, dict[str, tuple[object, Any]]] = table.states
        self._rows: dict[int, Row] = {}
        self.starts: dict[str, int] = table.start_states
        self.ends: dict[str, int] = table.end_states
        self.rules: list[Rule] = list(grammar.rules)
        self._numbers = {rule: number for number, rule in enumerate(self.rules)}

    def row(self, state: int) -> Row:
        """What to do in a state."""
        row = self._rows.get(state)
        if row is None:
            row = self._rows[state] = {
                str(name): value
                if action is self._shift
                else (len(value.expansion), str(value.origin.name), self._numbers[value])
                for name, (action, value) in self._raw[state].items()
            }
        return row


class Stack:
    """One run of the automaton.

    ``states`` is one longer than ``values`` and ``starts``, the offsets at which the values begin; ``position`` is the state on
    top, which Lark's contextual lexer reads, and ``reached`` the offset behind the last token. ``before`` are the states from
    before the reductions a misfit caused: they still know all that could have stood in its place.
    """

    __slots__ = ("automaton", "before", "end", "methods", "position", "reached", "starts", "states", "values")

    def __init__(self, automaton: Rows, start: str, methods: Sequence[Method | None]) -> None:
        self.automaton = automaton
        self.methods = methods
        self.position = automaton.starts[start]
        self.end = automaton.ends[start]
        self.states = [self.position]
        self.before = self.states
        self.values: list[Any] = []
        self.starts: list[int] = []
        self.reached = 0

    def feed(self, token: Fed) -> bool:
        """Reduce as far as the token says, then shift it. False where it does not fit (reductions may have happened)."""
        automaton, states, values, kind = self.automaton, self.states, self.values, token.type
        rows = automaton._rows
        while True:
            row = rows.get(states[-1]) or automaton.row(states[-1])
            entry = row.get(kind)
            if isinstance(entry, int):
                states.append(entry)
                values.append(token)
                self.starts.append(token.start_pos)  # type: ignore[arg-type]
                self.position = entry
                self.before = states
                self.reached = token.end_pos  # type: ignore[assignment]
                return True
            if entry is None:
                self.position = states[-1]
                return False
            if self.before is states:
                self.before = states[:]
            self.reduce(entry)

    def reduce(self, reduction: Reduction) -> None:
        """Replace the children of a rule by its value."""
        size, name, number = reduction
        states, values = self.states, self.values
        method = self.methods[number]
        if method is None:
            states.pop()
        elif size:
            children = values[-size:]
            del states[-size:], values[-size:], self.starts[1 - size or len(self.starts) :]
            values.append(method(children, Span(self.starts[-1], self.reached)))
        else:
            values.append(method([], Span(self.reached, self.reached)))
            self.starts.append(self.reached)
        states.append(self.automaton._rows[states[-1]][name])  # type: ignore[arg-type]

    def finish(self) -> bool:
        """Reduce to the start rule, whose value is then ``values[0]``. False where the text cannot end here."""
        self.before = self.states[:]
        while True:
            row = self.automaton.row(self.states[-1])
            entry = row.get(END)
            if entry is None or isinstance(entry, int):
                self.position = self.states[-1]
                return False
            self.reduce(entry)
            if self.states[-1] == self.end:
                return True

    def shifting(self, terminal: str, states: list[int]) -> int | None:
        """The state in which a terminal would be shifted on some states, or None where it cannot be. Nothing is changed."""
        row_of = self.automaton.row
        entry = row_of(states[-1]).get(terminal)
        if entry is None:
            return None
        if isinstance(entry, int):
            return states[-1]
        states = states[:]
        while True:
            if entry[0]:
                del states[-entry[0] :]
            goto = row_of(states[-1])[entry[1]]
            assert isinstance(goto, int)
            states.append(goto)
            if terminal == END and goto == self.end:
                return goto
            following = row_of(goto).get(terminal)
            if following is None:
                return None
            if isinstance(following, int):
                return goto
            entry = following

    def accepts(self, terminal: str) -> bool:
        """Whether a terminal fits now."""
        return self.shifting(terminal, self.states) is not None

    def settle(self, terminal: str) -> None:
        """Do the reductions a terminal asks for, without shifting it, if it fits."""
        if self.accepts(terminal):
            entry = self.automaton.row(self.states[-1])[terminal]
            while not isinstance(entry, int):
                self.reduce(entry)
                entry = self.automaton.row(self.states[-1])[terminal]
            self.position = self.states[-1]

    def cut(self, size: int) -> None:
        """Keep the lowest ``size`` states."""
        del self.states[size:]
        self.before = self.states
        del self.values[max(size - 1, 0) :]
        del self.starts[max(size - 1, 0) :]
        self.position = self.states[-1]
