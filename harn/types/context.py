"""The function whose body is being checked."""

from __future__ import annotations

from harn.source.span import Span
from harn.types.values import Type


class Context:
    """``kind``: script, fn, gen, pipeline or closure. ``result`` None: nothing to compare returns with.

    ``certain``: whether only conditions stand between the place and the body's beginning, so that a return there is judged as
    an error. ``emits``: what a stream gives, None elsewhere.
    """

    __slots__ = ("certain", "emits", "kind", "name", "result", "result_span", "variables", "where")

    def __init__(self, kind: str, result: Type | None, variables: tuple[str, ...] = ()) -> None:
        self.kind = kind
        self.name = ""
        self.result = result
        self.result_span: Span | None = None
        self.variables = variables
        self.emits: Type | None = None
        self.where: dict[str, str] = {}
        self.certain = True
