"""The resolver: one walk over a file in the order its parts run, giving every name its binding.

Operand trees are walked with a list of nodes to visit, not by recursion, so that a sum of ten thousand terms is no deeper than
one; recursion follows blocks only, whose nesting the parser bounds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from harn.resolve.bindings import Binding, FunctionScope, Resolution
from harn.resolve.growth import lengthens
from harn.resolve.patterns import declare_match_pattern, declare_pattern
from harn.resolve.placeholders import placeholders
from harn.resolve.plan import NAMED, TYPES, VALUED, Plan
from harn.resolve.scopes import Scope, find, note_use
from harn.resolve.tree import children
from harn.syntax import nodes

Handler = Callable[["Resolver", Any], None]

REGISTRARS = ("__register_step", "__register_persona")
"""Builtins whose first argument may name a function as it is seen from the call: a closure that names one captures it."""


def resolve(program: nodes.Program, plan: Plan, *, entry: bool, imported: Iterable[str] = ()) -> Resolution:
    """Resolve the names of what a plan runs. ``imported``: names that the imports of the file bind."""
    resolver = Resolver(program, entry)
    resolver.file(plan, imported)
    return resolver.out


class Resolver:
    """The state of the walk: where it stands (``scope``, ``function``, loops, operands around), and what it found."""

    def __init__(self, program: nodes.Program, entry: bool) -> None:
        self.program = program
        self.entry = entry
        self.function = FunctionScope(program, None)
        self.scope = Scope(None, self.function)
        self.out = Resolution(self.function)
        self.out.functions[id(program), ""] = self.function
        self.loops = 0
        self.operands = 0
        self.order = 0
        self.top = True
        self.script = False

    # ------------------------------------------------------------------------------------------ the file

    def file(self, plan: Plan, imported: Iterable[str]) -> None:
        """Walk a file. Module variables are known everywhere in it from the start."""
        module = self.out.module
        self.script = plan.script
        for name in imported:
            module.setdefault(name, Binding(name, "import", None, 0))
        for declaration in (*plan.types, *(s for s in plan.body if isinstance(s, NAMED))):
            self._declare_module(declaration, declaration.name, _kind(declaration))
        for statement in plan.body:
            self.statement(statement)
        self.top = False
        if plan.pipelines:
            self.scope = Scope(self.scope, self.function)
            for pipeline in plan.pipelines:
                self.hoist(pipeline.body)
                for statement in pipeline.body:
                    self.statement(statement)
        self.finish(self.function)

    def _declare_module(self, node: Any, name: str, kind: str) -> Binding:
        """A module variable. One name is one variable: that it is bound twice shows when the second binding runs."""
        binding = self.out.module.get(name)
        if binding is None:
            binding = self.out.module[name] = Binding(name, kind, None, 0)
        self.out.declared[id(node)] = (binding,)
        return binding

    # ------------------------------------------------------------------------------------------ scopes

    def declare(self, node: Any, name: str, kind: str, place: int = 0, value: Any = None) -> Binding | None:
        """A name declared by a node from here on; ``_`` declares nothing. ``place``: which of the node's names it is."""
        binding = None if name == "_" else self._bind(node, name, kind, value)
        before = self.out.declared.get(id(node), ())
        self.out.declared[id(node)] = (*before[:place], binding)
        return binding

    def _bind(self, node: Any, name: str, kind: str, value: Any) -> Binding:
        names = self.scope.names
        known = names.get(name)
        if self.top and self.scope.parent is None and known is None:
            known = self.out.module.get(name)
            if not self.entry and kind in ("let", "var"):
                return self._module_variable(node, name, kind, known)
        if known is not None and kind in ("let", "fn") and not (known.mutable or known.kind == "param"):
            self.out.redeclared[id(node)] = name
        self.order += 1
        binding = Binding(name, kind, self.function, self.order, self.loops > 0)
        binding.value = value
        names[name] = binding
        self.function.names.add(name)
        return binding

    def _module_variable(self, node: Any, name: str, kind: str, known: Binding | None) -> Binding:
        """A top-level variable of an imported module, which its functions share."""
        if known is None:
            known = self.out.module[name] = Binding(name, kind, None, 0)
        elif kind == "let" and not known.mutable:
            self.out.redeclared[id(node)] = name
        else:
            known.kind = kind
        return known

    def use(self, node: Any, name: str) -> Binding | None:
        """A name that is read, called or assigned to."""
        binding = find(self.scope, name, self.out.module)
        if binding is None:
            self.function.free.add(name)
            return None
        note_use(binding)
        self.out.uses[id(node)] = binding
        return binding

    def hoist(self, statements: nodes.Block) -> None:
        """Note the functions a block defines, for functions nested in it that refer to them earlier."""
        for statement in statements:
            if isinstance(statement, nodes.Fn) and statement.name not in self.scope.hoisted:
                binding = Binding(statement.name, "fn", self.function, self.order, self.loops > 0)
                self.scope.hoisted[statement.name] = binding

    def block(self, statements: nodes.Block) -> None:
        """A block in a scope of its own."""
        outer = self.scope
        self.scope = Scope(outer, self.function)
        self.statements(statements)
        self.scope = outer

    def statements(self, statements: nodes.Block) -> None:
        """Statements in the scope that stands."""
        self.hoist(statements)
        for statement in statements:
            self.statement(statement)

    def enter(self, node: Any, params: Iterable[nodes.Param] = (), part: str = "") -> tuple[Any, ...]:
        """Begin a nested function; what comes back belongs to ``leave``. ``part`` tells the functions of one node apart."""
        saved = (self.function, self.scope, self.loops, self.operands, self.top)
        self.function = FunctionScope(node, self.function)
        self.out.functions[id(node), part] = self.function
        self.scope = Scope(self.scope, self.function)
        self.loops = self.operands = 0
        self.top = False
        for param in params:
            if param.default is not None:
                self.expression(param.default)
            self.declare(param, param.name, "param")
        return saved

    def leave(self, saved: tuple[Any, ...]) -> FunctionScope:
        """End the nested function."""
        inner = self.function
        self.finish(inner)
        self.function, self.scope, self.loops, self.operands, self.top = saved
        self.function.nested |= inner.free
        return inner

    def finish(self, function: FunctionScope) -> None:
        """Everything of a function has been read."""
        function.visible = not function.nested.isdisjoint(function.names)
        function.free |= function.nested

    def nested(self, node: Any, params: Iterable[nodes.Param], body: nodes.Block, part: str = "") -> FunctionScope:
        """A whole nested function."""
        saved = self.enter(node, params, part)
        self.block(body)
        return self.leave(saved)

    # ------------------------------------------------------------------------------------------ statements

    def statement(self, node: nodes.Statement) -> None:
        """A statement, or an expression in its place."""
        handler = STATEMENTS.get(node.__class__)
        if handler is not None:
            handler(self, node)
        else:
            self.expression(node)

    def let(self, node: nodes.Let) -> None:
        self.expression(node.value)
        declare_pattern(self, node.pattern, "var" if node.mutable else "let", node.value)

    def assign(self, node: nodes.Assign) -> None:
        target = node.target
        while isinstance(target, (nodes.Index, nodes.Property)):
            if isinstance(target, nodes.Index):
                self.operand(target.index)
            target = target.receiver
        # In `x op= v` the old value of x waits for v, as an operand does for the next.
        (self.expression if target is node.target and node.op == "=" else self.operand)(node.value)
        if not isinstance(target, nodes.Name):
            self.operand(target)
            return
        binding = self.use(target, target.name)
        if binding is not None and (target is not node.target or lengthens(node, binding)):
            binding.grows = True
        if binding is not None and self.operands:
            binding.fickle = True

    def for_(self, node: nodes.For) -> None:
        self.expression(node.iterable)
        outer = self.scope
        self.scope = Scope(outer, self.function)
        self.loops += 1
        declare_pattern(self, node.pattern, "loop")
        self.block(node.body)
        self.loops -= 1
        self.scope = outer

    def while_(self, node: nodes.While) -> None:
        self.loops += 1
        self.expression(node.condition)
        self.block(node.body)
        self.loops -= 1

    def defer(self, node: nodes.Defer) -> None:
        function = self.function
        function.defers = True
        kept: dict[Binding, None] = {}
        function.blocks.append((self.order + 1, kept))
        loops, self.loops = self.loops, 0
        self.block(node.body)
        self.loops = loops
        function.blocks.pop()
        self.out.deferred[id(node)] = tuple(kept)

    def fn(self, node: nodes.Fn) -> None:
        if id(node) in self.out.declared:  # a module variable
            self.nested(node, node.params, node.body)
            return
        hoisted = self.scope.hoisted.pop(node.name, None)
        binding = self._bind(node, node.name, "fn", node)
        if hoisted is not None:
            # Captures made so far refer to the hoisted binding: it is the one that counts from here on.
            hoisted.order, hoisted.looped = binding.order, binding.looped
            hoisted.value = node
            binding = self.scope.names[node.name] = hoisted
        self.out.declared[id(node)] = (binding,)
        inner = self.nested(node, node.params, node.body)
        if binding in inner.captures:
            binding.late = True

    def local_type(self, node: nodes.Struct | nodes.Enum) -> None:
        if id(node) not in self.out.declared:
            self.declare(node, node.name, _kind(node))

    def alias(self, node: nodes.TypeAlias) -> None:
        self.out.aliases[node.name] = node

    def impl(self, node: nodes.Impl) -> None:
        self.use(node, node.type_name)
        for method in node.methods:
            self.nested(method, method.params, method.body)

    def tool(self, node: nodes.Tool) -> None:
        self.nested(node, node.params, node.body)
        if id(node) not in self.out.declared:
            self.declare(node, node.name, "tool")

    def skill(self, node: nodes.Skill) -> None:
        for field in node.fields:
            self.expression(field.value)
        if id(node) not in self.out.declared:
            self.declare(node, node.name, "tool")

    def eval_pack(self, node: nodes.EvalPack) -> None:
        """The pack's name; where its body runs, in a scope with the names of its fields."""
        for field in node.fields:
            self.operand(field.value)
        if id(node) not in self.out.declared:
            self.declare(node, node.name, "tool")
        if self.top and not self.script:
            return
        outer = self.scope
        self.scope = Scope(outer, self.function)
        names = dict.fromkeys(("id", "version", *(field.name for field in node.fields)))
        for place, name in enumerate(names, 1):
            self.declare(node, name, "let", place)
        self.statements(node.body)
        if node.summarize is not None:
            self.statements(node.summarize)
        self.scope = outer

    # ------------------------------------------------------------------------------------------ expressions

    def expression(self, node: Any) -> None:
        """An expression whose value nothing waits beside."""
        handler = EXPRESSIONS.get(node.__class__)
        if handler is not None:
            handler(self, node)
            return
        self.operands += 1
        waiting = children(node)
        while waiting:
            node = waiting.pop()
            handler = EXPRESSIONS.get(node.__class__)
            if handler is not None:
                handler(self, node)
            else:
                waiting += children(node)
        self.operands -= 1

    def operand(self, node: Any) -> None:
        """An expression beside whose value another one waits."""
        self.operands += 1
        self.expression(node)
        self.operands -= 1

    def name(self, node: nodes.Name) -> None:
        if id(node) not in self.out.uses:  # placeholders of a pipe are resolved already
            self.use(node, node.name)

    def call(self, node: nodes.Call) -> None:
        self.name(node.callee)
        for argument in node.args:
            self.operand(argument)
        if node.callee.name in REGISTRARS and node.args and isinstance(node.args[0], nodes.StringLiteral):
            named = find(self.scope, node.args[0].value, self.out.module)
            if named is not None:
                note_use(named)

    def struct_literal(self, node: nodes.StructLiteral) -> None:
        self.use(node, node.name)
        for entry in node.entries:
            self.operand(entry)

    def pipe(self, node: nodes.Pipe) -> None:
        chain = [node]
        while isinstance(chain[-1].value, nodes.Pipe):
            chain.append(chain[-1].value)
        self.operand(chain[-1].value)
        for link in reversed(chain):
            places = placeholders(link.target)
            if places:
                self.order += 1
                piped = Binding("_", "let", self.function, self.order)
                self.out.pipes[id(link)] = piped
                for place in places:
                    self.out.uses[id(place)] = piped
            self.operand(link.target)

    def closure(self, node: nodes.Closure) -> None:
        self.nested(node, node.params, node.body)

    def if_(self, node: nodes.If) -> None:
        while True:
            self.expression(node.condition)
            self.block(node.then)
            other = node.otherwise
            if other is None:
                return
            if len(other) != 1 or not isinstance(other[0], nodes.If):
                self.block(other)
                return
            node = other[0]

    def match(self, node: nodes.Match) -> None:
        self.expression(node.subject)
        for arm in node.arms:
            outer = self.scope
            self.scope = Scope(outer, self.function)
            declare_match_pattern(self, arm.pattern)
            if arm.guard is not None:
                self.operand(arm.guard)
            self.block(arm.body)
            self.scope = outer

    def try_(self, node: nodes.Try) -> None:
        self.block(node.body)
        if node.catch is not None:
            outer = self.scope
            self.scope = Scope(outer, self.function)
            if node.catch.name is not None:
                self.declare(node.catch, node.catch.name, "catch")
            self.block(node.catch.body)
            self.scope = outer
        if node.cleanup is not None:
            self.block(node.cleanup)

    def retry(self, node: nodes.Retry) -> None:
        self.expression(node.count)
        self.loops += 1
        self.block(node.body)
        self.loops -= 1

    def parallel(self, node: nodes.Parallel) -> None:
        self.operand(node.subject)
        for option in node.options:
            self.operand(option.value)
        saved = self.enter(node)
        if node.param is not None:
            self.declare(node, node.param, "param")
        self.block(node.body)
        self.leave(saved)

    def spawn(self, node: nodes.Spawn) -> None:
        self.nested(node, (), node.body)

    def select(self, node: nodes.Select) -> None:
        for case in node.cases:
            self.operand(case.channel)
        if node.timeout is not None:
            self.operand(node.timeout)
        for case in node.cases:
            outer = self.scope
            self.scope = Scope(outer, self.function)
            self.declare(case, case.name, "let")
            self.block(case.body)
            self.scope = outer
        for body in (node.timeout_body, node.default_body):
            if body is not None:
                self.block(body)

    def deadline(self, node: nodes.Deadline) -> None:
        self.expression(node.duration)
        self.block(node.body)

    def mutex(self, node: nodes.Mutex) -> None:
        self.block(node.body)

    def yield_(self, node: nodes.Yield) -> None:
        self.function.yields = True
        if node.value is not None:
            self.expression(node.value)

    def emit(self, node: nodes.Emit) -> None:
        self.function.yields = True
        self.expression(node.value)

    def guard(self, node: nodes.Guard) -> None:
        self.expression(node.condition)
        self.block(node.body)

    def skip(self, node: Any) -> None:
        """Nothing in it is a name of the program."""


def _kind(node: Any) -> str:
    """The kind of binding a declaration makes."""
    if isinstance(node, nodes.Fn):
        return "fn"
    if isinstance(node, TYPES):
        return "struct" if isinstance(node, nodes.Struct) else "enum"
    if isinstance(node, VALUED):
        return "type"
    return "tool"


STATEMENTS: dict[type, Handler] = {
    nodes.Let: Resolver.let,
    nodes.Assign: Resolver.assign,
    nodes.For: Resolver.for_,
    nodes.While: Resolver.while_,
    nodes.Defer: Resolver.defer,
    nodes.Guard: Resolver.guard,
    nodes.Fn: Resolver.fn,
    nodes.Struct: Resolver.local_type,
    nodes.Enum: Resolver.local_type,
    nodes.Impl: Resolver.impl,
    nodes.Tool: Resolver.tool,
    nodes.Skill: Resolver.skill,
    nodes.EvalPack: Resolver.eval_pack,
    nodes.Pipeline: Resolver.skip,
    nodes.Override: Resolver.skip,
    nodes.Interface: Resolver.skip,
    nodes.TypeAlias: Resolver.alias,
    nodes.Import: Resolver.skip,
}

EXPRESSIONS: dict[type, Handler] = {
    nodes.Name: Resolver.name,
    nodes.Call: Resolver.call,
    nodes.StructLiteral: Resolver.struct_literal,
    nodes.Pipe: Resolver.pipe,
    nodes.Closure: Resolver.closure,
    nodes.If: Resolver.if_,
    nodes.Match: Resolver.match,
    nodes.Try: Resolver.try_,
    nodes.Retry: Resolver.retry,
    nodes.Parallel: Resolver.parallel,
    nodes.Spawn: Resolver.spawn,
    nodes.Select: Resolver.select,
    nodes.Deadline: Resolver.deadline,
    nodes.Mutex: Resolver.mutex,
    nodes.Yield: Resolver.yield_,
    nodes.Emit: Resolver.emit,
}
