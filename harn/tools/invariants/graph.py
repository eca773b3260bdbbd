"""The control flow of a function: what happens, and what may come next.

    entry -> ... -> exit        ``after``: where the flow goes on once a node has done its part
                                ``thrown``: where it goes on if the node threw, so without what it does having been done

The graph says too much rather than too little: every node inside a ``try`` may throw, every loop may end at once, a closure
that is passed on may be called or not. What holds on all its paths holds whenever the program runs.
"""

from __future__ import annotations

from typing import Any

import attrs

from harn.source.span import Span


@attrs.frozen(eq=False)
class Calls:
    """A call by name. ``args`` as written; what is piped in stands where it arrives."""

    name: str
    args: tuple[Any, ...]


@attrs.frozen(eq=False)
class Assigns:
    """``target`` is a name or a path of properties, ``a.b``; ``op`` the operator, ``let`` for a declaration."""

    target: str
    op: str
    value: Any


Act = Calls | Assigns


@attrs.define(eq=False)
class Node:
    """``label`` in words; ``act`` None for a mere point of the flow; ``approved`` inside a block that people have let run."""

    label: str
    span: Span
    act: Act | None = None
    approved: bool = False
    after: list[Node] = attrs.field(factory=list, repr=False)
    thrown: list[Node] = attrs.field(factory=list, repr=False)


@attrs.frozen(eq=False)
class Flow:
    """The graph of one function. Nodes that no edge leads to are not part of it."""

    entry: Node
    exit: Node
