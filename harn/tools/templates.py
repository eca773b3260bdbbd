"""What is wrong with templates, nothing of them rendered: those a program names by literals, and what these include."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from harn.catalog.index import record
from harn.host.files import SystemFiles
from harn.prompt.assets import NoSuchPlace, Search
from harn.prompt.fault import Fault, Place
from harn.prompt.filters import filter_fault
from harn.prompt.nodes import CONSTANT, FILTER, Conditional, Include, Loop, Node, Steps, Template
from harn.prompt.parser import parse
from harn.resolve.tree import walk
from harn.source.diagnostic import ERROR, WARNING, Diagnostic, Note
from harn.source.file import SourceFile
from harn.source.span import Span
from harn.source.spelling import nearest
from harn.syntax import nodes
from harn.syntax.parser import parse as parse_program
from harn.values.errors import HarnError
from harn.vm.frame import Effect

SUFFIX = ".prompt"
"""What the names of template files end in."""

_OF_FILES = frozenset(("render", "render_with_provenance"))
_OF_TEXTS = frozenset(("render_string",))
_MOST = 2**24
"""Characters of a template that is looked at."""


def called_templates(file: SourceFile) -> list[Diagnostic]:
    """What is wrong with the templates that the calls of a program name by literals."""
    if not any(key in file.text for key in _OF_FILES | _OF_TEXTS):
        return []
    program = parse_program(file).program
    if program is None:
        return []
    looked_at = Templates()
    own = {node.name for node in walk(program) if isinstance(node, nodes.Fn)}
    for call in walk(program):
        if not isinstance(call, nodes.Call) or call.callee.name in own or not call.args:
            continue
        found, literal = record(call.callee.name), call.args[0]
        if found is None or not isinstance(literal, nodes.StringLiteral):
            continue
        if found.key in _OF_FILES:
            looked_at.follow(literal.value, os.path.dirname(file.path), file, literal.span)
        elif found.key in _OF_TEXTS:
            looked_at.literal(literal.value, file, literal.span)
    return looked_at.found


def template_file(file: SourceFile) -> list[Diagnostic]:
    """What is wrong with one template file and with those it includes."""
    looked_at = Templates()
    looked_at.met.add(os.path.realpath(file.path))
    for named in looked_at.read(file, ()):
        looked_at.follow(*named)
    return looked_at.found


class Templates:
    """Looks at each template once. ``found``: what is wrong, in the order of looking."""

    def __init__(self) -> None:
        self.found: list[Diagnostic] = []
        self.met: set[str] = set()
        self.files = SystemFiles()

    def follow(self, written: str, folder: str, file: SourceFile, span: Span) -> None:
        """Look at the template a path leads to that stands in a file."""
        pending = [(written, folder, file, span)]
        while pending:
            written, folder, file, span = pending.pop()
            try:
                path = self._locate(written, folder)
                text = self.files.read_text(path, _MOST)
            except NoSuchPlace as nowhere:
                self._lost(str(nowhere), file=file, span=span)
                continue
            except HarnError:
                self._lost(*self._missing(written, folder), file=file, span=span)
                continue
            if os.path.realpath(path) in self.met:
                continue
            self.met.add(os.path.realpath(path))
            pending += self.read(SourceFile(path, text), (Note("it is named here", file, span),))

    def read(self, file: SourceFile, notes: tuple[Note, ...]) -> list[tuple[str, str, SourceFile, Span]]:
        """Look at a template file; what it includes, if that is written out in it."""
        try:
            template = parse(file.text)
        except Fault as fault:
            self._wrong(ERROR, fault, file, fault.place.mark, notes)
            return []
        for wrong in filter_faults(template):
            self._wrong(ERROR, wrong, file, wrong.place.mark, notes)
        return [
            (node.steps[0][1], os.path.dirname(file.path), file, node.place.mark)
            for node in everything(template)
            if isinstance(node, Include) and is_literal(node.steps)
        ]

    def literal(self, text: str, file: SourceFile, span: Span) -> None:
        """Look at a template that is a literal of the program."""
        try:
            faults = filter_faults(parse(text))
        except Fault as fault:
            faults = [fault]
        for wrong in faults:
            wrong.file = SourceFile("", text)
            self._wrong(WARNING, wrong, file, span, ())

    def _locate(self, written: str, folder: str) -> str:
        search = Search(written, folder)
        step = search.begin()
        while isinstance(step, Effect):
            operation, *arguments = step.args
            step = search.told(getattr(self.files, operation)(*arguments), _MOST)
        return step

    def _missing(self, written: str, folder: str) -> tuple[str, str]:
        path = self._locate(written, folder)
        try:
            near = nearest(os.path.basename(path), os.listdir(os.path.dirname(path)))
        except OSError:
            near = None
        return f"template '{written}' cannot be read at {path}", f"did you mean `{near}`?" if near else ""

    def _lost(self, message: str, help: str = "", *, file: SourceFile, span: Span) -> None:
        self.found.append(Diagnostic(ERROR, "P001", message, file, span, "this path leads to no template", (), help))

    def _wrong(self, severity: str, fault: Fault, file: SourceFile, span: Span, notes: tuple[Note, ...]) -> None:
        message = f"template error: {fault.text if severity == WARNING else fault.message}"
        self.found.append(Diagnostic(severity, "P002", message, file, span, "here", notes, fault.help))


def filter_faults(template: Template) -> list[Fault]:
    """The filters that no value can go through: unknown ones, and those with a wrong number of arguments."""
    faults = []
    for node in everything(template):
        for steps in expressions(node):
            for step in steps:
                if step[0] == FILTER and (fault := filter_fault(step[1], step[2])) is not None:
                    fault.place = Place(node.place.tag, Span(step[3], step[3] + len(step[1])))
                    faults.append(fault)
    return faults


def everything(template: Template) -> Iterator[Node]:
    """Every node of a template, in the order of the text."""
    pending: list[Node] = list(reversed(template.block))
    while pending:
        node = pending.pop()
        yield node
        inner: Iterable[Node] = ()
        if isinstance(node, Conditional):
            inner = [part for branch in node.branches for part in (branch, *branch.block)]
        elif isinstance(node, Loop):
            inner = (*node.block, *node.otherwise)
        pending += reversed(list(inner))


def expressions(node: Node) -> Iterable[Steps]:
    """The expressions of a node itself."""
    own: list[Steps] = [node.steps] if hasattr(node, "steps") else []
    return [*own, *(steps for _, steps in node.bindings)] if isinstance(node, Include) else own


def is_literal(steps: Steps) -> bool:
    """Whether an expression is one string."""
    return len(steps) == 1 and steps[0][0] == CONSTANT and isinstance(steps[0][1], str)
