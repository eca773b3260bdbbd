"""What a file declares, as the checker sees it: its types, its functions, and those it imports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol, Union

import attrs

from harn.resolve.tree import walk
from harn.source.file import SourceFile
from harn.source.span import Span
from harn.syntax import nodes
from harn.types.annotations import annotation
from harn.types.values import DYNAMIC, Function, Named, Type, Variable


class ModuleTypes(Protocol):
    """A module as the checker asks for it. Its text is read when the first of its declarations is needed."""

    @property
    def names(self) -> tuple[str, ...]:
        """What a wildcard import binds."""

    def declarations(self) -> Declarations | None:
        """What it declares; None where it cannot be read."""


@attrs.frozen(slots=True)
class Parameter:
    """A parameter of a function or method; ``span`` is where it is declared."""

    name: str
    type: Type
    optional: bool
    rest: bool
    span: Span


@attrs.frozen(slots=True, eq=False)
class Callable:
    """A function, tool or method that is declared. ``result`` None: none is written. ``variables``: its type parameters."""

    name: str
    params: tuple[Parameter, ...]
    result: Type | None
    variables: tuple[str, ...]
    where: tuple[tuple[str, str], ...]
    home: Declarations
    span: Span
    deprecated: tuple[str, str] | None = None
    form: str = "fn"

    @property
    def least(self) -> int:
        """The fewest arguments."""
        return sum(not p.optional and not p.rest for p in self.params)

    @property
    def rest(self) -> bool:
        """Whether it takes any number of arguments."""
        return any(p.rest for p in self.params)

    def type(self) -> Function:
        """The type of the function as a value; without an annotation its result is not known."""
        params = tuple(p.type for p in self.params if not p.rest)
        return Function(params, DYNAMIC if self.result is None else self.result, self.least, self.rest)


class Declared:
    """A type that a program declares; ``node`` tells which kind. Its parts are read when they are asked for."""

    __slots__ = ("_fields", "_type", "busy", "home", "methods", "name", "node", "variables", "variances")

    def __init__(self, node: TypeNode, home: Declarations) -> None:
        self.node = node
        self.name = node.name
        self.home = home
        self.variables = tuple(p.name for p in node.type_params)
        self.variances = tuple(p.variance for p in node.type_params)
        self.methods: dict[str, Callable] = {}
        self.busy = False
        self._type: Type | None = None
        self._fields: dict[str, tuple[Type, bool]] | None = None

    @property
    def kind(self) -> str:
        """``struct``, ``enum``, ``interface`` or ``alias``."""
        return _KINDS[self.node.__class__]

    def body(self) -> Type:
        """What an alias stands for, its parameters as type variables."""
        assert isinstance(self.node, nodes.TypeAlias)
        if self._type is None:
            self._type = annotation(self.node.type, self.home, self.variables)
        return self._type

    def fields(self) -> dict[str, tuple[Type, bool]]:
        """The fields of a struct: name -> (type, optional)."""
        assert isinstance(self.node, nodes.Struct)
        if self._fields is None:
            self._fields = {
                f.name: (annotation(f.type, self.home, self.variables), f.optional) for f in self.node.fields
            }
        return self._fields

    def variant(self, name: str) -> tuple[tuple[str, Type], ...] | None:
        """The payload of a variant of an enum: names and types; None where there is no such variant."""
        assert isinstance(self.node, nodes.Enum)
        for variant in self.node.variants:
            if variant.name == name:
                return tuple((p.name, annotation(p.type, self.home, self.variables)) for p in variant.params)
        return None

    def interface_methods(self) -> dict[str, Callable]:
        """The methods an interface asks for."""
        assert isinstance(self.node, nodes.Interface)
        if not self.methods:
            known = (*self.variables, *(t.name for t in self.node.types))
            for method in self.node.methods:
                inner = (*known, *(p.name for p in method.type_params))
                self.methods[method.name] = Callable(
                    method.name,
                    parameters(method.params, self.home, inner),
                    None if method.result is None else annotation(method.result, self.home, inner),
                    tuple(p.name for p in method.type_params),
                    (),
                    self.home,
                    method.span,
                    form="method",
                )
        return self.methods


TypeNode = Union[nodes.Struct, nodes.Enum, nodes.Interface, nodes.TypeAlias]  # noqa: UP007
_KINDS: dict[type, str] = {
    nodes.Struct: "struct",
    nodes.Enum: "enum",
    nodes.Interface: "interface",
    nodes.TypeAlias: "alias",
}


class Declarations:
    """The types and functions of a file. ``imports``: for each path the module it leads to, None where it leads nowhere."""

    def __init__(self, program: nodes.Program, file: SourceFile, imports: Mapping[str, ModuleTypes | None]) -> None:
        self.program = program
        self.file = file
        self.imports = imports
        self.types: dict[str, Declared] = {}
        self.functions: dict[str, Callable] = {}
        self.pipelines: dict[str, nodes.Pipeline] = {}
        impls: list[nodes.Impl] = []
        for node in walk(program):
            if isinstance(node, (nodes.Struct, nodes.Enum, nodes.Interface, nodes.TypeAlias)):
                self.types.setdefault(node.name, Declared(node, self))
            elif isinstance(node, nodes.Impl):
                impls.append(node)
        for impl in impls:
            declared = self.types.get(impl.type_name)
            if declared is not None:
                for method in impl.methods:
                    declared.methods[method.name] = callable_of(method, self, declared.variables, "method")
        for statement in program.body:
            if isinstance(statement, nodes.Fn):
                self.functions[statement.name] = callable_of(statement, self)
            elif isinstance(statement, nodes.Pipeline):
                self.pipelines[statement.name] = statement

    def type(self, name: str, passed: frozenset[int] = frozenset()) -> Declared | None:
        """A type by the name it has here."""
        found = self.types.get(name)
        if found is not None or id(self) in passed:
            return found
        for module in self._importing(name, types=True):
            there = module.declarations()
            found = there.type(name, passed | {id(self)}) if there is not None else None
            if found is not None:
                return found
        return None

    def function(self, name: str, passed: frozenset[int] = frozenset()) -> Callable | None:
        """A function by the name it has here."""
        found = self.functions.get(name)
        if found is not None or id(self) in passed:
            return found
        for module in self._importing(name, types=False):
            there = module.declarations()
            found = there.function(name, passed | {id(self)}) if there is not None else None
            if found is not None:
                return found
        return None

    def _importing(self, name: str, types: bool) -> Iterator[ModuleTypes]:
        """The modules that may give a name. Types come along with any import of their module."""
        for statement in self.program.body:
            if isinstance(statement, nodes.Import):
                module = self.imports.get(statement.path)
                if module is None:
                    continue
                if types or name in (statement.names if statement.names is not None else module.names):
                    yield module

    @property
    def enums(self) -> list[Declared]:
        """The enums the file declares itself."""
        return [t for t in self.types.values() if t.kind == "enum"]


def parameters(
    params: tuple[nodes.Param, ...], home: Declarations, variables: tuple[str, ...], method: bool = True
) -> tuple[Parameter, ...]:
    """Parameters of a function; of a method without ``self``."""
    return tuple(
        Parameter(p.name, annotation(p.type, home, variables), p.default is not None, p.rest, p.span)
        for number, p in enumerate(params)
        if number or not method or p.name != "self"
    )


def callable_of(
    node: nodes.Fn | nodes.Tool, home: Declarations, outer: tuple[str, ...] = (), form: str = "fn"
) -> Callable:
    """A function as it is declared. ``outer``: type parameters of what it stands in."""
    own = tuple(p.name for p in node.type_params) if isinstance(node, nodes.Fn) else ()
    variables = (*outer, *own)
    result = None if node.result is None else annotation(node.result, home, variables)
    found = parameters(node.params, home, variables, form == "method")
    where = tuple((w.param, w.bound) for w in node.where) if isinstance(node, nodes.Fn) else ()
    return Callable(node.name, found, result, own, where, home, node.name_span, deprecation(node.attributes), form)


def closure_callable(name: str, node: nodes.Closure, home: Declarations, outer: tuple[str, ...]) -> Callable:
    """A closure by the name it is bound to."""
    result = None if node.result is None else annotation(node.result, home, outer)
    found = parameters(node.params, home, outer, method=False)
    return Callable(name, found, result, (), (), home, node.span, form="closure")


def deprecation(attributes: tuple[nodes.Attribute, ...]) -> tuple[str, str] | None:
    """(since, use) of ``@deprecated``, empty where not told."""
    for attribute in attributes:
        if attribute.name == "deprecated":
            told = {a.name: a.value.value for a in attribute.args if isinstance(a.value, nodes.StringLiteral)}
            return told.get("since", ""), told.get("use", "")
    return None


def nominal(declared: Declared, args: tuple[Type, ...] = ()) -> Named:
    """The type that a declaration makes."""
    return Named(declared.name, args, declared)


def own_type(declared: Declared) -> Named:
    """The type of ``self`` in the methods of a struct."""
    return nominal(declared, tuple(Variable(name) for name in declared.variables))
