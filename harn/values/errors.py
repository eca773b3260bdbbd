"""The one exception that carries a Harn error through Python code, and the ways a run can end without one.

An error has a kind, which decides its text and what ``catch`` binds:

    kind       text form                         catch binds
    thrown     Thrown: <display of the value>    the value itself
    runtime    Runtime error: <text>             the text form
    type       Type error: <text>                the text form
    category   Error [<category>]: <text>        the text form
    bare       <text>                            the text form

Bare errors (an unknown name, division by zero, stack overflow ...) become runtime errors, and runtime and type errors gain
`` (line n)``, once, when they cross a native callback or leave the run.
"""

from __future__ import annotations

from harn.source.typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from harn.source.diagnostic import Excerpt

THROWN, RUNTIME, TYPE, CATEGORY, BARE = "thrown", "runtime", "type", "category", "bare"


class TraceEntry(NamedTuple):
    """One frame of a stack trace. ``line`` and ``column`` count from 1; 0 where unknown."""

    function: str
    path: str
    line: int
    column: int
    length: int = 1
    std: bool = False


class HarnError(Exception):
    """An error of a Harn program on its way to a handler."""

    __slots__ = ("category", "ending", "excerpt", "kind", "located", "owner", "payload", "trace")

    def __init__(self, kind: str, payload: Any, category: str = "") -> None:
        Exception.__init__(self)
        self.kind = kind
        self.payload = payload
        self.category = category
        self.located = False
        # "deadline" or "cancel" where the machine throws it to end something; lost when a script throws the value again.
        self.ending = ""
        # The step or persona entry whose budget the error is about.
        self.owner: Any = None
        self.trace: list[TraceEntry] | None = None
        # The line of a text of the program's own (a template) that the error is about; lost like ``ending``.
        self.excerpt: Excerpt | None = None

    def text(self) -> str:
        """The text form, one line as a rule."""
        kind = self.kind
        if kind == THROWN:
            from harn.values.display import display, excerpt

            try:
                return f"Thrown: {display(self.payload)}"
            except LimitReached:  # the run is over by now, or this is about one of its errors: the text must not fail
                return f"Thrown: {excerpt(self.payload)}"
        if kind == RUNTIME:
            return f"Runtime error: {self.payload}"
        if kind == TYPE:
            return f"Type error: {self.payload}"
        if kind == CATEGORY:
            return f"Error [{self.category}]: {self.payload}"
        return str(self.payload)

    def bound(self) -> Any:
        """What ``catch (e)`` binds."""
        return self.payload if self.kind == THROWN else self.text()

    def locate(self, line: int) -> None:
        """Attach class and line, as happens at the edge of a callback and of the run; later calls change nothing."""
        if self.located or self.kind in (THROWN, CATEGORY):
            return
        self.located = True
        if self.kind == BARE:
            self.kind = RUNTIME
        if line > 0:
            self.payload = f"{self.payload} (line {line})"

    def __str__(self) -> str:
        return self.text()


def thrown(value: Any) -> HarnError:
    """The error of ``throw value``."""
    return HarnError(THROWN, value)


def runtime_error(text: str) -> HarnError:
    """``Runtime error: text``."""
    return HarnError(RUNTIME, text)


def type_error(text: str) -> HarnError:
    """``Type error: text``."""
    return HarnError(TYPE, text)


def bare_error(text: str) -> HarnError:
    """An error whose text stands alone until it leaves the run."""
    return HarnError(BARE, text)


def category_error(category: str, text: str) -> HarnError:
    """``Error [category]: text``."""
    return HarnError(CATEGORY, text, category)


_LIMITED = {
    "depth": "frames (depth)",
    "value_bytes": "bytes for one value (value_bytes)",
    "memory_bytes": "bytes of memory (memory_bytes)",
    "output_bytes": "bytes of output (output_bytes)",
}


class LimitReached(Exception):
    """A limit of the run was met: not catchable in Harn. ``kind`` names it as ``--limit`` does."""

    def __init__(self, kind: str, limit: int | float) -> None:
        Exception.__init__(self, f"the run reached its limit of {limit:,} {_LIMITED.get(kind, kind)}")
        self.kind = kind
        self.limit = limit


class ExitRun(Exception):
    """``exit(code)``: the run ends at once, no handler, finally or deferred block runs."""

    def __init__(self, code: int) -> None:
        Exception.__init__(self, f"exit {code}")
        self.code = code


class Aborted(Exception):
    """The run was given up: interrupted twice, or cleaning up took too long. Not catchable."""
