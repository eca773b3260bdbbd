"""Which builtins a run may use: by name, or by the effects their records declare."""

from __future__ import annotations

from harn.catalog.effects import EFFECTS
from harn.catalog.record import Record
from harn.source.typing import Iterable
from harn.values.errors import HarnError, category_error


class Policy:
    """``allow``: nothing with an effect but these; ``deny``: all but these. Both may be given, then both must agree.

    A word is a builtin (``read_file``), an effect (``fs.write``) or a family of effects (``fs``). A builtin that is allowed by
    its effects must have all of them allowed; one is denied where any of its effects is.
    """

    __slots__ = ("allow", "deny")

    def __init__(self, allow: Iterable[str] | None = None, deny: Iterable[str] = ()) -> None:
        self.allow = None if allow is None else frozenset(allow)
        self.deny = frozenset(deny)

    def refusal(self, record: Record) -> HarnError | None:
        """The error of a call this policy does not allow, or None."""
        receiver = record.key.rpartition(".")[0]
        names = (record.name, *record.aliases)
        whole = tuple(f"{receiver}.{name}" for name in names) if receiver else ()
        return self.judge((record.key, *names, *whole), record.effects)

    def judge(self, names: tuple[str, ...], effects: frozenset[str]) -> HarnError | None:
        """The same for anything with effects and one or more names, of which the first is told."""
        for word in sorted(effects):
            if covers(self.deny, word):
                return refused(names[0], f"its effect {word} is denied")
        if any(name in self.deny for name in names):
            return refused(names[0], f"it is denied (its effects: {', '.join(sorted(effects)) or 'none'})")
        if self.allow is None or any(name in self.allow for name in names):
            return None
        for word in sorted(effects):
            if not covers(self.allow, word):
                return refused(names[0], f"its effect {word} is not allowed")
        return None


def covers(words: frozenset[str], effect: str) -> bool:
    """Whether the effect or its family is among the words."""
    return effect in words or effect.partition(".")[0] in words


def refused(name: str, why: str) -> HarnError:
    """The error of a refused call; a program may catch it."""
    return category_error("policy", f"`{name}` is not permitted here: {why}")


def unknown_words(words: Iterable[str]) -> list[str]:
    """Those that name neither a builtin, a method, an effect nor a family of effects."""
    from harn.catalog.index import names

    known = {part for key in names() for part in (key, key.rpartition(".")[2])}
    known |= {part for effect in EFFECTS for part in (effect, effect.partition(".")[0])}
    return [word for word in words if word not in known]
