"""The tree of a template.

Nodes are plain data: a run may rest in the middle of rendering one. Blocks are tuples of nodes. An expression is no tree but a
tuple of *steps* in the order in which they are done, on a stack of values (``harn.prompt.expressions``), so that neither its
depth nor that of blocks costs Python frames.

    (CONSTANT, value)
    (PATH, (name, part, ...))            parts: a str for a field or key, an int for an index
    (NEGATED,)
    (COMPARED, "==")
    (AND, n), (OR, n)                    keep the value and skip ``n`` steps where it decides, else drop it
    (FILTER, name, arguments, offset)    ``offset``: where the name stands
"""

from __future__ import annotations

from harn.prompt.fault import Place
from harn.source.typing import Any

CONSTANT, PATH, NEGATED, COMPARED, AND, OR, FILTER = "constant", "path", "negated", "compared", "and", "or", "filter"

Steps = tuple[tuple[Any, ...], ...]


class Node:
    """A part of a template and its place."""

    __slots__ = ("place",)

    def __init__(self, place: Place) -> None:
        self.place = place


Block = tuple[Node, ...]


class Text(Node):
    """Text that is copied."""

    __slots__ = ("text",)

    def __init__(self, text: str, place: Place) -> None:
        self.text = text
        self.place = place


class Placeholder(Node):
    """``{{ name }}``: the value, or the tag as it stands (without blanks) where the name is not bound."""

    __slots__ = ("name",)

    def __init__(self, name: str, place: Place) -> None:
        self.name = name
        self.place = place


class Expression(Node):
    """``{{ a.b | upper }}``: the value, nothing where there is none."""

    __slots__ = ("steps",)

    def __init__(self, steps: Steps, place: Place) -> None:
        self.steps = steps
        self.place = place


class Branch(Node):
    """``{{ if ... }}`` or ``{{ elif ... }}`` with what stands behind it. An ``else`` has no condition: its steps are empty."""

    __slots__ = ("block", "steps")

    def __init__(self, steps: Steps, block: Block, place: Place) -> None:
        self.steps = steps
        self.block = block
        self.place = place


class Conditional(Node):
    """The first branch whose condition holds."""

    __slots__ = ("branches",)

    def __init__(self, branches: tuple[Branch, ...], place: Place) -> None:
        self.branches = branches
        self.place = place


class Loop(Node):
    """``{{ for value in ... }}`` or ``{{ for key, value in ... }}``; ``key`` is empty in the first. ``otherwise``: the else."""

    __slots__ = ("block", "key", "otherwise", "steps", "value")

    def __init__(self, key: str, value: str, steps: Steps, block: Block, otherwise: Block, place: Place) -> None:
        self.key = key
        self.value = value
        self.steps = steps
        self.block = block
        self.otherwise = otherwise
        self.place = place


class Include(Node):
    """``{{ include ... with { name: ... } }}``."""

    __slots__ = ("bindings", "steps")

    def __init__(self, steps: Steps, bindings: tuple[tuple[str, Steps], ...], place: Place) -> None:
        self.steps = steps
        self.bindings = bindings
        self.place = place


class Template:
    """A whole template: its text and the block it is."""

    __slots__ = ("block", "text")

    def __init__(self, text: str, block: Block) -> None:
        self.text = text
        self.block = block
