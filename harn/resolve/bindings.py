"""What the resolver finds out: bindings, the functions they belong to, and which node means which binding.

Nodes are looked up by identity: a tree must not hold one node object in two places (the parser never makes such trees).
"""

from __future__ import annotations

from typing import Any

MUTABLE_KINDS = frozenset(("var", "loop"))
"""Kinds of bindings that may be assigned to. Loop variables are variables of one round."""

CALLABLE_KINDS = frozenset(("fn", "struct"))
"""Kinds whose value can always be called, so that they hide a builtin of their name without a look at run time."""


class Binding:
    """One declared name.

    ``kind``     ``let``, ``var``, ``param``, ``loop``, ``match``, ``catch``, ``fn``, ``struct``, ``enum``, ``import``, ``tool``,
                 ``type``
    ``function`` the function whose frame holds it; None for a module variable
    ``source``   for a captured name, what it was copied from in the enclosing function
    ``value``    the expression a ``let`` or ``var`` begins with
    ``order``    position in the order of declarations, to tell what stands outside a deferred block
    ``late``     a local function that a nested one refers to before it is defined: it lives in a cell
    ``grows``    target of changes in place, which gives it an ownership flag
    ``fickle``   changed in place inside an operand, so that reads around it may not borrow
    ``looped``   declared inside a loop of its function
    ``deferred`` read by a deferred block, so that its slot must stay
    ``slot``     where the compiler put it: a slot, or the index of a module variable; ``own`` likewise for the flag
    """

    __slots__ = (
        "deferred", "fickle", "function", "grows", "kind", "late", "looped", "name", "order", "own", "slot", "source", "value",
    )  # fmt: skip

    def __init__(self, name: str, kind: str, function: FunctionScope | None, order: int, looped: bool = False) -> None:
        self.name = name
        self.kind = kind
        self.function = function
        self.source: Binding | None = None
        self.value: Any = None
        self.order = order
        self.late = False
        self.grows = False
        self.fickle = False
        self.looped = looped
        self.deferred = False
        self.slot = -1
        self.own = -1

    @property
    def mutable(self) -> bool:
        """Whether an assignment to it is allowed."""
        return self.kind in MUTABLE_KINDS

    @property
    def cell(self) -> bool:
        """Whether its slot holds a cell."""
        binding = self
        while binding.source is not None:
            binding = binding.source
        return binding.late

    @property
    def origin(self) -> Binding:
        """The declaration a captured name goes back to."""
        binding = self
        while binding.source is not None:
            binding = binding.source
        return binding

    def __repr__(self) -> str:
        return f"<{self.kind} {self.name}>"


class FunctionScope:
    """One function of the program text: the entry or initialisation, a fn, closure, method, tool or task body.

    ``captures``  bindings of the enclosing function -> the copies here, in the order of the slots
    ``names``     every name declared or captured here
    ``free``      names that resolve nowhere lexically, those of nested functions included; ``nested``: only those
    ``visible``   whether a nested function may look for one of ``names`` on the stack (no tail calls then)
    ``yields``    whether it is a generator; ``defers`` whether it has deferred blocks
    """

    __slots__ = ("blocks", "captures", "defers", "free", "names", "nested", "node", "parent", "visible", "yields")

    def __init__(self, node: Any, parent: FunctionScope | None) -> None:
        self.node = node
        self.parent = parent
        self.captures: dict[Binding, Binding] = {}
        self.names: set[str] = set()
        self.free: set[str] = set()
        self.nested: set[str] = set()
        self.visible = False
        self.yields = False
        self.defers = False
        self.blocks: list[tuple[int, dict[Binding, None]]] = []
        """Deferred blocks being read: order at their start, and what they use from outside."""


class Resolution:
    """The names of one file.

    ``uses``       id of a Name or StructLiteral -> its binding; a name that is missing resolves nowhere lexically
    ``declared``   id of a declaring node -> what it declares (None for ``_``)
    ``redeclared`` ids of declaring nodes that declare a name a second time, with the name
    ``functions``  (id of a node, part) -> the scope of the function it stands for; parts tell several functions of one node apart
    ``pipes``      id of a Pipe with placeholders -> the binding of the piped value
    ``deferred``   id of a Defer -> bindings of loop rounds that it needs as they are when it is registered
    ``module``     module variables by name, in the order of their slots
    ``aliases``    type aliases declared in functions and blocks, by name
    """

    def __init__(self, root: FunctionScope) -> None:
        self.root = root
        self.uses: dict[int, Binding] = {}
        self.declared: dict[int, tuple[Binding | None, ...]] = {}
        self.redeclared: dict[int, str] = {}
        self.functions: dict[tuple[int, str], FunctionScope] = {}
        self.pipes: dict[int, Binding] = {}
        self.deferred: dict[int, tuple[Binding, ...]] = {}
        self.module: dict[str, Binding] = {}
        self.aliases: dict[str, Any] = {}
