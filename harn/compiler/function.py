"""One function being compiled: its slots and scopes, the regions around the current place, the way from a node to its code."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harn.code.assembler import Assembler
from harn.code.chunk import Capture, Chunk, Param
from harn.compiler.names import ESCAPES
from harn.compiler.regions import Region
from harn.resolve.bindings import Binding, FunctionScope
from harn.syntax import nodes

if TYPE_CHECKING:
    from harn.compiler.module import ModuleCompiler

Compile = Callable[["FunctionCompiler", Any], None]


class FunctionCompiler:
    """Collects the code of one function. ``kind`` is what stands in the chunk's flags."""

    def __init__(
        self,
        module: ModuleCompiler,
        scope: FunctionScope,
        name: str,
        qualified: str,
        params: tuple[Param, ...],
        declared: tuple[Binding | None, ...],
        flags: tuple[str, ...],
        span: tuple[int, int],
    ) -> None:
        self.module = module
        self.names = module.names
        self.scope = scope
        self.qualified = qualified
        captures = tuple(Capture(outer.name, outer.slot) for outer in scope.captures)
        self.asm = Assembler(name, qualified, params, captures, flags, span)
        self.regions: list[Region] = []
        self.deferred: list[tuple[int, nodes.Defer]] = []
        self._visible: list[list[tuple[Binding, int]]] = []
        self.open()
        for slot, binding in enumerate((*declared, *scope.captures.values())):
            if binding is not None:
                binding.slot = slot
                if binding.grows:
                    binding.own = self.asm.slot()
                self.show(binding)

    # ------------------------------------------------------------------------------------------ scopes

    def open(self) -> None:
        """Begin a scope."""
        self._visible.append([])

    def close(self) -> None:
        """End the scope: its names are gone, their slots free unless a deferred block reads them."""
        ending = self._visible.pop()
        if not ending:
            return
        asm = self.asm
        end = asm.label()
        asm.mark(end)
        for binding, start in ending:
            if start >= 0:
                asm.scope(binding.name, binding.slot, start, end, binding.cell)
            if not binding.deferred:
                asm.release(binding.slot)
                if binding.own >= 0:
                    asm.release(binding.own)

    def allot(self, binding: Binding) -> None:
        """Give a local its slot, and its ownership flag if it has one."""
        if binding.slot < 0:
            binding.slot = self.asm.slot()
            if binding.grows:
                binding.own = self.asm.slot()

    def show(self, binding: Binding) -> None:
        """From here to the end of the scope a name stands for its binding."""
        start = self.asm.label()
        self.asm.mark(start)
        self._visible[-1].append((binding, start))

    def hoist(self, statements: nodes.Block) -> None:
        """Fresh cells for the functions of a block that others refer to before they are defined."""
        for statement in statements:
            if isinstance(statement, nodes.Fn):
                (binding,) = self.names.declared[id(statement)]
                if binding is not None and binding.function is not None and binding.cell:
                    self.allot(binding)
                    self.asm.emit("NEW_CELL", binding.slot)

    # ------------------------------------------------------------------------------------------ code

    def value(self, node: Any, reach: int = ESCAPES) -> None:
        """Push the value of an expression. ``reach``: how far it goes (see ``harn.compiler.names``)."""
        from harn.compiler.dispatch import push

        push(self, node, reach)

    def statement(self, node: Any) -> None:
        """Execute a statement; the operand stack is afterwards as it was."""
        from harn.compiler.dispatch import execute

        execute(self, node)

    def block(self, statements: nodes.Block, want: bool) -> None:
        """A block in a scope of its own; with ``want`` its value is pushed: that of a last expression, else nil."""
        self.open()
        self.statements(statements, want)
        self.close()

    def statements(self, statements: nodes.Block, want: bool) -> None:
        """Statements in the scope that stands."""
        from harn.compiler.dispatch import is_statement

        self.hoist(statements)
        for statement in statements[:-1]:
            self.statement(statement)
        if statements and (not want or is_statement(statements[-1])):
            self.statement(statements[-1])
        elif statements:
            self.value(statements[-1])
            return
        if want:
            self.asm.emit("CONST", None)

    def temporary(self) -> int:
        """Pop into a slot that has no name; to be released by who asked."""
        slot = self.asm.slot()
        self.asm.emit("STORE", slot)
        return slot

    def finish(self) -> Chunk:
        """The deferred blocks, then the chunk. The body must have ended in a return."""
        waiting = self.deferred
        while waiting:
            label, node = waiting.pop(0)
            self.regions = []
            self.asm.mark(label)
            self.asm.at(node.span)
            self.block(node.body, False)
            self.asm.emit("END_DEFER")
        self.close()
        return self.asm.finish()
