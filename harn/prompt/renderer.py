"""Rendering: a template and names become a text, in steps between which a run can stop, rest or be cancelled.

Pure: what an include names is asked for (``INCLUDE``) and handed in by ``enter``. The blocks in progress are a list of levels;
nothing recurses. There is one dict of names: loops and includes write into it and put back what stood there before.
"""

from __future__ import annotations

from harn.prompt.expressions import Names, evaluate
from harn.prompt.fault import Fault, Place
from harn.prompt.nodes import Block, Conditional, Expression, Include, Loop, Placeholder, Template, Text
from harn.prompt.texts import text_of, truthy
from harn.source.file import SourceFile
from harn.source.typing import Any
from harn.values.errors import LimitReached
from harn.values.kinds import Range, Set, type_name

DONE, PAUSED, INCLUDE = "done", "paused", "include"

PREVIEW = 80
"""Characters of a value that a span shows."""
_SPAN_SIZE = 256
"""What a span counts towards the limit of characters."""

_Kept = list[tuple[str, tuple[Any, ...]]]
"""Names with what they were bound to: nothing, or one value."""


class Level:
    """A block in progress. ``node``: what it belongs to; ``start``: the length of the output before that."""

    __slots__ = ("at", "block", "node", "start")

    def __init__(self, node: Any, block: Block, start: int) -> None:
        self.node = node
        self.block = block
        self.at = 0
        self.start = start


class Round(Level):
    """The block of a loop, for element number ``number`` of ``source``; ``keys`` are those of a dict."""

    __slots__ = ("count", "kept", "keys", "number", "source")

    def __init__(self, node: Loop, source: Any, keys: list[str] | None, count: int, kept: _Kept, start: int) -> None:
        Level.__init__(self, node, node.block, start)
        self.source = source
        self.keys = keys
        self.count = count
        self.number = 0
        self.kept = kept


class Included(Level):
    """An included template; ``before``: the file it is included from."""

    __slots__ = ("before", "kept")

    def __init__(self, node: Include, block: Block, before: SourceFile, kept: _Kept, start: int) -> None:
        Level.__init__(self, node, block, start)
        self.before = before
        self.kept = kept


class Renderer:
    """One rendering. ``file``: the template that is being rendered right now; ``wanted``: the include that ``enter`` answers;
    ``depth``: how many are in progress.

    ``limit``: of characters in the output and in every text on the way. With ``spans`` a list, each piece of the output is noted
    in it: `kind`, where it stands in its template and in the output (in characters), and a preview of the value.
    """

    __slots__ = ("depth", "file", "limit", "names", "out", "size", "spans", "spent", "stack", "top", "wanted")

    def __init__(self, template: Template, names: Names, path: str, limit: int, *, spans: bool = False) -> None:
        self.names = dict(names)
        self.limit = limit
        self.file = self.top = SourceFile(path, template.text)
        self.stack: list[Level] = [Level(None, template.block, 0)]
        self.out: list[str] = []
        self.size = 0
        self.spans: list[dict[str, Any]] | None = [] if spans else None
        self.wanted: Include | None = None
        self.depth = 0
        self.spent = 0

    @property
    def text(self) -> str:
        """What was rendered so far."""
        return "".join(self.out)

    def run(self, steps: int) -> str:
        """Render on: DONE, PAUSED after some steps, or INCLUDE; ``spent`` tells how many it took. Raises Fault, LimitReached."""
        stack = self.stack
        self.spent = 0
        try:
            while self.spent < steps:
                self.spent += 1
                level = stack[-1]
                if level.at == len(level.block):
                    if self._end(level):
                        return DONE
                    continue
                node = level.block[level.at]
                level.at += 1
                _DO[node.__class__](self, node)
                if self.wanted is not None:
                    return INCLUDE
        except Fault as fault:
            fault.file = self.file
            raise
        return PAUSED

    def include_path(self) -> str:
        """The path that the include which is wanted names."""
        assert self.wanted is not None
        path = self._value(self.wanted, self.wanted.steps)
        if not isinstance(path, str):
            raise self.fault(f"include path must be a string (got {type_name(path)})")
        return path

    def fault(self, message: str) -> Fault:
        """Something is wrong with the include that is wanted."""
        assert self.wanted is not None
        fault = Fault(message, self.wanted.place)
        fault.file = self.file
        return fault

    def enter(self, path: str, template: Template) -> None:
        """Go on with the included template, which is that file."""
        node = self.wanted
        assert node is not None
        bound = {name: self._value(node, steps) for name, steps in node.bindings}
        self.stack.append(Included(node, template.block, self.file, self._bind(bound), self.size))
        self.file = SourceFile(path, template.text)
        self.depth += 1
        self.wanted = None

    # ------------------------------------------------------------------------------------------ nodes

    def _text(self, node: Text) -> None:
        self._write("text", node.text, node.place)

    def _placeholder(self, node: Placeholder) -> None:
        bound = node.name in self.names
        text = text_of(self.names[node.name], self.limit) if bound else f"{{{{{node.name}}}}}"
        self._write("legacy_bare", text, node.place, bound)

    def _expression(self, node: Expression) -> None:
        self._write("expr", text_of(self._value(node, node.steps), self.limit), node.place, True)

    def _conditional(self, node: Conditional) -> None:
        for branch in node.branches:
            if not branch.steps or truthy(self._value(branch, branch.steps)):
                self.stack.append(Level(node, branch.block, self.size))
                return
        self._note("if", node.place, self.size)

    def _loop(self, node: Loop) -> None:
        source, keys = self._value(node, node.steps), None
        kind = source.__class__
        if kind is dict:
            keys = sorted(source)
            source = [source[key] for key in keys]
        elif kind is Set:
            source = list(source)
        elif source is None:
            source = []
        elif kind is not list and kind is not Range:
            raise Fault(f"cannot iterate over {type_name(source)} — expected list, dict, set, or range", node.place)
        count = source.count() if kind is Range else len(source)
        if count:
            level = Round(node, source, keys, count, self._keep((node.value, node.key, "loop")), self.size)
            self.stack.append(level)
            self._begin(level)
        elif node.otherwise:
            self.stack.append(Level(node, node.otherwise, self.size))

    def _include(self, node: Include) -> None:
        self.wanted = node

    # ------------------------------------------------------------------------------------------ levels

    def _begin(self, level: Round) -> None:
        """Bind the names for a round. A variable called `loop` stays what it is."""
        node, number, names = level.node, level.number, self.names
        names["loop"] = {
            "index": number + 1,
            "index0": number,
            "first": number == 0,
            "last": number == level.count - 1,
            "length": level.count,
        }
        source = level.source
        names[node.value] = source.start + number if source.__class__ is Range else source[number]
        if node.key:
            names[node.key] = number if level.keys is None else level.keys[number]

    def _end(self, level: Level) -> bool:
        """A block is through; whether that was the whole template."""
        node = level.node
        if level.__class__ is Round:
            self._note("for_iteration", node.place, level.start)
            level.number += 1
            if level.number < level.count:
                level.at, level.start = 0, self.size
                self._begin(level)
                return False
            self._put_back(level.kept)
        elif level.__class__ is Included:
            self._put_back(level.kept)
            self.file = level.before
            self.depth -= 1
        self.stack.pop()
        if level.__class__ is Included:
            self._note("include", node.place, level.start)
        elif node.__class__ is Conditional:
            self._note("if", node.place, level.start)
        return not self.stack

    def _bind(self, bound: Names) -> _Kept:
        """Bind names; what they were bound to."""
        kept = self._keep(tuple(bound))
        self.names.update(bound)
        return kept

    def _keep(self, names: tuple[str, ...]) -> _Kept:
        return [(name, (self.names[name],) if name in self.names else ()) for name in names]

    def _put_back(self, kept: _Kept) -> None:
        for name, value in kept:
            if value:
                self.names[name] = value[0]
            else:
                self.names.pop(name, None)

    # ------------------------------------------------------------------------------------------ values and output

    def _value(self, node: Any, steps: Any) -> Any:
        return evaluate(steps, self.names, node.place.tag, self.limit)

    def _write(self, kind: str, text: str, place: Place, valued: bool = False) -> None:
        start = self.size
        self.size += len(text)
        if self.size > self.limit:
            raise LimitReached("value_bytes", self.limit)
        self.out.append(text)
        if self.spans is not None:
            self._note(kind, place, start, text if valued else None)

    def _note(self, kind: str, place: Place, start: int, value: str | None = None) -> None:
        """Note a span of the output that ends where the output does now."""
        if self.spans is None:
            return
        line, column = self.file.position(place.tag)
        span: dict[str, Any] = {
            "kind": kind,
            "template_line": line,
            "template_col": column,
            "output_start": start,
            "output_end": self.size,
        }
        if value is not None:
            span["bound_value"] = value if len(value) <= PREVIEW else value[: PREVIEW - 1] + "…"
        if self.file is not self.top:
            span["template_uri"] = self.file.path
        self.spans.append(span)
        if self.size + _SPAN_SIZE * len(self.spans) > self.limit:
            raise LimitReached("value_bytes", self.limit)


_DO: dict[type, Any] = {
    Text: Renderer._text,
    Placeholder: Renderer._placeholder,
    Expression: Renderer._expression,
    Conditional: Renderer._conditional,
    Loop: Renderer._loop,
    Include: Renderer._include,
}
"""What each kind of node does."""


def render(template: Template, names: Names, limit: int) -> str:
    """The text of a template that includes nothing, at once."""
    renderer = Renderer(template, names, "", limit)
    while (state := renderer.run(1_000_000)) != DONE:
        if state == INCLUDE:
            raise renderer.fault("nothing can be included here")
    return renderer.text
