"""From a syntax tree to its text: every tree that can be written reads back as itself.

``print_node`` prints a tree made by hand or changed by a tool. ``layout`` prints the tree of a file with the file beside it:
comments, the spelling of literals and line breaks inside chains are kept, everything else gets the one layout of the language.
"""

from __future__ import annotations

from harn.source.file import SourceFile
from harn.syntax.nodes import Node, Program
from harn.syntax.printer import access, blocks, declarations, literals, operators, program, statements, types
from harn.syntax.printer.engine import LINE_WIDTH, Printer
from harn.syntax.printer.origin import Origin

__all__ = ["LINE_WIDTH", "layout", "print_node"]

_RULE_MODULES = (access, blocks, declarations, literals, operators, program, statements, types)
"""Imported because each enters its rules into the engine's table."""


def print_node(node: Node, width: int = LINE_WIDTH) -> str:
    """The text of any node, a Program's with a line end."""
    printer = Printer(width=width)
    return printer.run(printer.node(node, 0))


def layout(tree: Program, file: SourceFile, width: int = LINE_WIDTH) -> str:
    """The text of a file in the language's layout; ``tree`` is what the file was read as, with its comments."""
    printer = Printer(Origin(file.text, tree.comments), width)
    return printer.run(printer.node(tree, 0))
