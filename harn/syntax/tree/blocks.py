"""Expressions that hold blocks: functions, branches, error handling, concurrency."""

from __future__ import annotations

from harn.source.span import Span
from harn.syntax import nodes
from harn.syntax.tree.common import Child, Complaint, Piece


class Blocks:
    """Alternatives of ``primary`` and ``stmt`` with a ``block`` inside."""

    def closure(self, children: list[Child], span: Span) -> nodes.Closure:
        _, params, _, body, _ = children
        return nodes.Closure(params, tuple(body), span=span)

    def fn_expr(self, children: list[Child], span: Span) -> nodes.Closure:
        return nodes.Closure(children[2], children[4].value, keyword=True, span=span)

    def fn_expr_typed(self, children: list[Child], span: Span) -> nodes.Closure:
        return nodes.Closure(children[2], children[6].value, keyword=True, result=children[5], span=span)

    def if_only(self, children: list[Child], span: Span) -> nodes.If:
        return nodes.If(children[1], children[2].value, span=span)

    def if_else(self, children: list[Child], span: Span) -> nodes.If:
        return nodes.If(children[1], children[2].value, children[4].value, span=span)

    def if_else_if(self, children: list[Child], span: Span) -> nodes.If:
        return nodes.If(children[1], children[2].value, (children[4],), span=span)

    def match(self, children: list[Child], span: Span) -> nodes.Match:
        return nodes.Match(children[1], tuple(children[3]), span=span)

    def arm(self, children: list[Child], span: Span) -> nodes.Arm:
        return nodes.Arm(children[0], children[2].value, span=span)

    def arm_guarded(self, children: list[Child], span: Span) -> nodes.Arm:
        return nodes.Arm(children[0], children[4].value, guard=children[2], span=span)

    def alternatives_first(self, children: list[Child], span: Span) -> list[Child]:
        return [children[0], children[2]]

    def or_pattern(self, children: list[Child], span: Span) -> nodes.OrPattern:
        return nodes.OrPattern(tuple(children[0]), span=span)

    def try_bare(self, children: list[Child], span: Span) -> nodes.Try:
        return nodes.Try(children[1].value, span=span)

    def try_catch(self, children: list[Child], span: Span) -> nodes.Try:
        return nodes.Try(children[1].value, catch=children[2], span=span)

    def try_finally(self, children: list[Child], span: Span) -> nodes.Try:
        return nodes.Try(children[1].value, cleanup=children[3].value, span=span)

    def try_catch_finally(self, children: list[Child], span: Span) -> nodes.Try:
        return nodes.Try(children[1].value, catch=children[2], cleanup=children[4].value, span=span)

    def catch_bare(self, children: list[Child], span: Span) -> nodes.Catch:
        return nodes.Catch(children[1].value, span=span)

    def catch_name(self, children: list[Child], span: Span) -> nodes.Catch:
        return nodes.Catch(children[2].value, name=str(children[1]), span=span)

    def catch_group(self, children: list[Child], span: Span) -> nodes.Catch:
        return nodes.Catch(children[4].value, name=str(children[2]), span=span)

    def catch_typed(self, children: list[Child], span: Span) -> nodes.Catch:
        return nodes.Catch(children[6].value, name=str(children[2]), type=children[4], span=span)

    def retry(self, children: list[Child], span: Span) -> nodes.Retry:
        return nodes.Retry(children[1], children[2].value, span=span)

    def spawn(self, children: list[Child], span: Span) -> nodes.Spawn:
        return nodes.Spawn(children[1].value, span=span)

    def deadline(self, children: list[Child], span: Span) -> nodes.Deadline:
        return nodes.Deadline(children[1], children[2].value, span=span)

    def mutex(self, children: list[Child], span: Span) -> nodes.Mutex:
        return nodes.Mutex(children[1].value, span=span)

    def worker_plain(self, children: list[Child], span: Span) -> Piece:
        return Piece((None, children[0].value), span)

    def worker_param(self, children: list[Child], span: Span) -> Piece:
        _, name, _, body, _ = children
        return Piece((str(name), tuple(body)), span)

    def options(self, children: list[Child], span: Span) -> list[Child]:
        """The options after ``with``; only ``max_concurrent`` exists."""
        for entry in children[2]:
            if entry.key.value != "max_concurrent":
                raise Complaint(
                    "known option (only `max_concurrent` is supported in `parallel ... with { ... }`;"
                    f" got `{entry.key.value}`)",
                    entry.span.start,
                    found=entry.key.value,
                )
        return children[2]  # type: ignore[no-any-return]

    def _parallel(self, mode: str, children: list[Child], span: Span, stream: bool = False) -> nodes.Parallel:
        subject, options, worker = children[-4:-1] if stream else children[-3:]
        param, body = worker.value
        return nodes.Parallel(mode, subject, body, param=param, options=tuple(options), stream=stream, span=span)

    def parallel_count(self, children: list[Child], span: Span) -> nodes.Parallel:
        return self._parallel("count", children, span)

    def parallel_each(self, children: list[Child], span: Span) -> nodes.Parallel:
        return self._parallel(str(children[1]), children, span)

    def parallel_stream(self, children: list[Child], span: Span) -> nodes.Parallel:
        return self._parallel("each", children, span, stream=True)

    def select_channel(self, children: list[Child], span: Span) -> nodes.SelectCase:
        name, _, channel, block = children
        return nodes.SelectCase(str(name), channel, block.value, span=span)

    def select_timeout(self, children: list[Child], span: Span) -> Piece:
        return Piece(("timeout", children[1], children[2].value), span)

    def select_default(self, children: list[Child], span: Span) -> Piece:
        return Piece(("default", None, children[1].value), span)

    def select(self, children: list[Child], span: Span) -> nodes.Select:
        """The cases, with at most one of ``timeout`` and ``default``."""
        cases: list[nodes.SelectCase] = []
        timeout: nodes.Expr | None = None
        timeout_body: nodes.Block | None = None
        default_body: nodes.Block | None = None
        for case in children[2]:
            if isinstance(case, nodes.SelectCase):
                cases.append(case)
            elif case.value[0] == "timeout":
                _, timeout, timeout_body = case.value
            else:
                default_body = case.value[2]
        if not children[2]:
            raise Complaint("at least one select case", span.end)
        if timeout is not None and default_body is not None:
            raise Complaint("select cannot have both timeout and default", span.end)
        return nodes.Select(tuple(cases), timeout, timeout_body, default_body, span=span)

    def params(self, children: list[Child], span: Span) -> tuple[nodes.Param, ...]:
        """Parameters in order; one without default cannot follow one with, a rest parameter stands last."""
        params: list[nodes.Param] = children[0] if children else []
        defaults = False
        for position, param in enumerate(params):
            if param.rest and (position < len(params) - 1 or children[-1] == ","):
                raise Complaint("Rest parameter must be the last parameter", param.span.end)
            if param.default is None and defaults and not param.rest:
                expected = "Required parameter cannot follow a parameter with a default value"
                raise Complaint(expected, param.span.end)
            defaults = defaults or param.default is not None
        return tuple(params)

    def param(self, children: list[Child], span: Span) -> nodes.Param:
        return nodes.Param(str(children[0]), span=span)

    def param_typed(self, children: list[Child], span: Span) -> nodes.Param:
        return nodes.Param(str(children[0]), type=children[2], span=span)

    def param_default(self, children: list[Child], span: Span) -> nodes.Param:
        return nodes.Param(str(children[0]), default=children[2], span=span)

    def param_typed_default(self, children: list[Child], span: Span) -> nodes.Param:
        return nodes.Param(str(children[0]), type=children[2], default=children[4], span=span)

    def param_rest(self, children: list[Child], span: Span) -> nodes.Param:
        return nodes.Param(str(children[1]), rest=True, span=span)

    def param_rest_typed(self, children: list[Child], span: Span) -> nodes.Param:
        return nodes.Param(str(children[1]), type=children[3], rest=True, span=span)
