"""Rendering within a run: templates are read through the host as effects, includes found, runaway loops stopped.

SEARCHING   where a path leads               (``harn.prompt.assets``)
ROOTING     the real folder of the template that was asked for
REALIZING   the real path of an included one: it must lie below that folder and not be in the middle of being rendered
READING     the text of a file
RENDERING   a thousand nodes at a time; in between the run looks at its limits and at cancellations
"""

from __future__ import annotations

import os

from harn.prompt.assets import NoSuchPlace, Search, is_asset
from harn.prompt.expressions import Names
from harn.prompt.fault import Fault
from harn.prompt.nodes import Template
from harn.prompt.parser import parse
from harn.prompt.renderer import DONE, INCLUDE, Renderer
from harn.source.diagnostic import Excerpt
from harn.source.file import SourceFile
from harn.source.typing import TYPE_CHECKING, Any
from harn.values.errors import THROWN, HarnError, thrown
from harn.vm.frame import AGAIN, Answer, Done, Effect, Native, Perform, Throw

if TYPE_CHECKING:
    from harn.vm.machine import Context

SEARCHING, ROOTING, REALIZING, READING, RENDERING = "searching", "rooting", "realizing", "reading", "rendering"

MAX_INCLUDES = 32
"""How deep templates may include each other."""
_STEPS = 1_000
_SHOWN = 500
"""Characters of a template's line that an error keeps on either side."""


class Rendering(Native):
    """Renders the file ``written``, or where that is None the text ``template``, for code whose file is in ``folder``."""

    __slots__ = (
        "chain",
        "doing",
        "folder",
        "names",
        "path",
        "renderer",
        "root",
        "search",
        "spans",
        "template",
        "written",
    )
    name = "render"
    in_context = True

    def __init__(
        self, written: str | None, template: str, names: Names | None, folder: str, *, spans: bool = False
    ) -> None:
        self.written = written
        self.template = template
        self.names: Names = names or {}
        self.folder = folder
        self.spans = spans
        self.doing = ""
        self.path = ""
        self.search: Search | None = None
        self.renderer: Renderer | None = None
        self.root = ""
        self.chain: list[str] = []  # the real paths of the templates in progress, the outermost first

    def resume_in(self, context: Context, value: Any) -> Answer:
        try:
            if self.doing == "":
                return self._begin(context)
            answer: Answer = _GO_ON[self.doing](self, context, value)
            return answer
        except Fault as fault:
            return Throw(template_error(fault))

    def fail_in(self, context: Context, error: HarnError) -> Answer:
        """A file cannot be read: told in the words of templates. Refusals of the host stay what they are."""
        before = f"Failed to read file {self.path}: "
        if self.doing != READING or error.kind != THROWN or not str(error.payload).startswith(before):
            return Throw(error)
        why = error.payload.removeprefix(before)
        if self.renderer is None:
            return Throw(thrown(f"Failed to read template {self.path}: {why}"))
        return Throw(template_error(self.renderer.fault(f"failed to read included template {self.path}: {why}")))

    def finish(self, context: Context, renderer: Renderer) -> Any:
        """The value, when everything is rendered."""
        return renderer.text

    # ------------------------------------------------------------------------------------------ the stages

    def _begin(self, context: Context) -> Answer:
        if self.written is None:
            return self._start(context, self.template)
        return self._seek(context, self.written, self.folder)

    def _seek(self, context: Context, written: str, folder: str) -> Answer:
        self.doing = SEARCHING
        self.search = Search(written, folder)
        return self._sought(context, self.search.begin())

    def _searching(self, context: Context, answer: Any) -> Answer:
        assert self.search is not None
        try:
            found = self.search.told(answer, context.vm.value_bytes)
        except NoSuchPlace as nowhere:
            if self.renderer is None:
                raise thrown(str(nowhere)) from None
            raise self.renderer.fault(str(nowhere)) from None
        return self._sought(context, found)

    def _sought(self, context: Context, found: Effect | str) -> Answer:
        if found.__class__ is Effect:
            return Perform(found)
        self.path = str(found)
        if self.renderer is None:
            return self._read(context)
        if self.written is not None and not self.root:
            self.doing = ROOTING
            return Perform(Effect("fs.read", "real", os.path.dirname(self.renderer.top.path), idempotent=True))
        return self._realize()

    def _rooting(self, context: Context, real: str) -> Answer:
        assert self.renderer is not None
        self.root = real
        self.chain = [os.path.join(real, os.path.basename(self.renderer.top.path))]
        return self._realize()

    def _realize(self) -> Answer:
        self.doing = REALIZING
        return Perform(Effect("fs.read", "real", self.path, idempotent=True))

    def _realizing(self, context: Context, real: str) -> Answer:
        """Whether the template may be included."""
        renderer, root = self.renderer, self.root
        assert renderer is not None
        assert self.search is not None
        inside = real == root or real.startswith(root.rstrip("/") + "/")
        if root and not inside and not is_asset(self.search.written):
            raise renderer.fault(f"include path {real} escapes template root {root}")
        if real in self.chain:
            raise renderer.fault(f"circular include detected: {' → '.join([*self.chain, real])}")
        if renderer.depth >= MAX_INCLUDES:
            raise renderer.fault(f"include depth exceeded ({MAX_INCLUDES} levels)")
        self.chain.append(real)
        return self._read(context)

    def _read(self, context: Context) -> Answer:
        self.doing = READING
        return Perform(Effect("fs.read", "read_text", self.path, context.vm.value_bytes, idempotent=True))

    def _reading(self, context: Context, text: str) -> Answer:
        if self.renderer is None:
            return self._start(context, text)
        self.renderer.enter(self.path, _parsed(text, self.path))
        return self._rendering(context, None)

    def _start(self, context: Context, text: str) -> Answer:
        template = _parsed(text, self.path)
        self.renderer = Renderer(template, self.names, self.path, context.vm.value_bytes, spans=self.spans)
        return self._rendering(context, None)

    def _rendering(self, context: Context, value: Any) -> Answer:
        renderer = self.renderer
        assert renderer is not None
        self.doing = RENDERING
        state = renderer.run(_STEPS)
        context.vm.instructions += renderer.spent
        if state == DONE:
            return Done(self.finish(context, renderer))
        if state == INCLUDE:
            del self.chain[renderer.depth + (self.written is not None) :]
            folder = os.path.dirname(renderer.file.path) if renderer.file.path else self.folder
            return self._seek(context, renderer.include_path(), folder)
        return AGAIN


_GO_ON: dict[str, Any] = {
    SEARCHING: Rendering._searching,
    ROOTING: Rendering._rooting,
    REALIZING: Rendering._realizing,
    READING: Rendering._reading,
    RENDERING: Rendering._rendering,
}


def _parsed(text: str, path: str) -> Template:
    try:
        return parse(text)
    except Fault as fault:
        fault.file = SourceFile(path, text)
        raise


def template_error(fault: Fault) -> HarnError:
    """What a program sees of a fault: its text, thrown. An uncaught one is shown with the line of the template."""
    error = thrown(fault.text)
    file, mark = fault.file, fault.place.mark
    line, column = file.position(mark.start)
    text = file.line(line) or ""
    begin = max(0, column - 1 - _SHOWN)
    error.excerpt = Excerpt(
        file.path or "<template>",
        line,
        column,
        text[begin : column - 1 + _SHOWN],
        column - 1 - begin,
        max(1, mark.end - mark.start),
        fault.help,
    )
    return error
