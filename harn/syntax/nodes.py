"""The syntax tree: frozen attrs records, one for each construct of the language.

Every node carries ``span``, the characters it was read from. Spans do not take part in equality, so that a
printed and re-read tree equals the first. Sequences are tuples. A block is a tuple of statements; a statement is an
expression or one of the statement nodes. Names follow the words of the language: a *pattern* binds names in ``let``, ``var``
and ``for``; an *arm* belongs to ``match``; a *case* to ``select``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Union

import attrs

from harn.source.span import NOWHERE, Span

if TYPE_CHECKING:
    from typing import dataclass_transform
else:  # 3.11 has it too, but importing typing costs nothing more here than a plain name

    def dataclass_transform(**_):
        return lambda f: f


@dataclass_transform(frozen_default=True, field_specifiers=(attrs.field,))
def node(cls: type) -> type:
    """Declare a node class: frozen, slotted, equal by content."""
    return attrs.frozen(cls, slots=True)


def at(default: Span = NOWHERE) -> Span:
    """The span field, last in every node and outside equality."""
    return attrs.field(default=default, eq=False, repr=False, kw_only=True)


# --------------------------------------------------------------------------------------------- types


@node
class NamedType:
    """``int``, ``list<T>``, ``dict<string, int>``, ``Stream<T>``, ``Name``; ``[T]`` is read as ``list<T>``."""

    name: str
    args: tuple[Type, ...] = ()
    span: Span = at()


@node
class UnionType:
    """``A | B | C``, flat."""

    members: tuple[Type, ...]
    span: Span = at()


@node
class ShapeField:
    """``name: T`` or ``name?: T`` in a shape type."""

    name: str
    type: Type
    optional: bool = False
    span: Span = at()


@node
class ShapeType:
    """``{a: int, b?: string}``."""

    fields: tuple[ShapeField, ...]
    span: Span = at()


@node
class FnType:
    """``fn(int, string) -> bool``."""

    params: tuple[Type, ...]
    result: Type
    span: Span = at()


@node
class LiteralType:
    """A string or an int standing for its own singleton type."""

    value: str | int
    span: Span = at()


Type = Union[NamedType, UnionType, ShapeType, FnType, LiteralType]


# --------------------------------------------------------------------------------------------- literals and names


@node
class IntLiteral:
    value: int
    span: Span = at()


@node
class FloatLiteral:
    """A float, or an integer literal beyond 64 bits; ``text`` as written, for the printer."""

    value: float
    text: str = attrs.field(default="", eq=False)
    span: Span = at()


@node
class StringLiteral:
    """A string without interpolation. ``form`` is ``plain``, ``raw`` (``r"..."``) or ``block`` (triple quotes)."""

    value: str
    form: str = attrs.field(default="plain", eq=False)
    span: Span = at()


@node
class Interpolation:
    """A string with ``${...}``: parts are texts and expressions. ``form`` as for StringLiteral, never ``raw``."""

    parts: tuple[str | Expr, ...]
    form: str = attrs.field(default="plain", eq=False)
    span: Span = at()


@node
class BoolLiteral:
    value: bool
    span: Span = at()


@node
class NilLiteral:
    span: Span = at()


@node
class DurationLiteral:
    """A duration; ``milliseconds`` is its value, ``text`` what was written (``90s``)."""

    milliseconds: int
    text: str = attrs.field(default="", eq=False)
    span: Span = at()


@node
class Name:
    """A variable, function, enum or builtin, by name."""

    name: str
    span: Span = at()


@node
class Spread:
    """``...e`` in a list, a dict or an argument list."""

    value: Expr
    span: Span = at()


@node
class ListLiteral:
    items: tuple[Expr | Spread, ...]
    span: Span = at()


@node
class DictEntry:
    """``name: v`` and ``"name": v`` (key is a StringLiteral) or ``[e]: v`` (any other expression, ``computed``)."""

    key: Expr
    value: Expr
    computed: bool = False
    span: Span = at()


@node
class DictLiteral:
    entries: tuple[DictEntry | Spread, ...]
    span: Span = at()


@node
class StructLiteral:
    """``Point {x: 1}``; ``Point({x: 1})`` is an ordinary Call."""

    name: str
    entries: tuple[DictEntry | Spread, ...]
    span: Span = at()


# --------------------------------------------------------------------------------------------- operators and access


@node
class Unary:
    """``op`` is ``!`` or ``-``."""

    op: str
    operand: Expr
    span: Span = at()


@node
class Binary:
    """All two-sided operators but the pipe: ``+ - * / % ** == != < > <= >= in``, ``not in``, ``&& || ??``."""

    op: str
    left: Expr
    right: Expr
    span: Span = at()


@node
class Range:
    """``start to end``, ``exclusive`` where the word follows."""

    start: Expr
    end: Expr
    exclusive: bool = False
    span: Span = at()


@node
class Pipe:
    """``value |> target``. Placeholders stay ordinary names ``_`` in ``target``; the resolver finds them."""

    value: Expr
    target: Expr
    span: Span = at()


@node
class Ternary:
    condition: Expr
    then: Expr
    otherwise: Expr
    span: Span = at()


@node
class Call:
    """``name(args)`` or ``name<T>(args)``. Only a bare name can be called; ``callee`` is that name."""

    callee: Name
    args: tuple[Expr | Spread, ...]
    type_args: tuple[Type, ...] = ()
    span: Span = at()


@node
class MethodCall:
    """``receiver.name(args)``; with ``optional`` ``receiver?.name(args)``."""

    receiver: Expr
    name: str
    args: tuple[Expr | Spread, ...]
    optional: bool = False
    name_span: Span = at()
    span: Span = at()


@node
class Property:
    """``receiver.name`` or ``receiver?.name``."""

    receiver: Expr
    name: str
    optional: bool = False
    name_span: Span = at()
    span: Span = at()


@node
class Index:
    """``receiver[index]`` or ``receiver?[index]``."""

    receiver: Expr
    index: Expr
    optional: bool = False
    span: Span = at()


@node
class Slice:
    """``receiver[start:end]``, either bound may be left out."""

    receiver: Expr
    start: Expr | None
    end: Expr | None
    span: Span = at()


@node
class Propagate:
    """``operand?`` on a Result."""

    operand: Expr
    span: Span = at()


@node
class TryStar:
    """``try* operand``."""

    operand: Expr
    span: Span = at()


# --------------------------------------------------------------------------------------------- functions


@node
class Param:
    """A parameter of a function, closure, tool, method or enum variant. ``rest`` is the ``...name`` form."""

    name: str
    type: Type | None = None
    default: Expr | None = None
    rest: bool = False
    span: Span = at()


@node
class Closure:
    """``{ a, b -> body }``; with ``keyword`` the form ``fn(a, b) { body }``."""

    params: tuple[Param, ...]
    body: Block
    keyword: bool = False
    result: Type | None = None
    span: Span = at()


# --------------------------------------------------------------------------------------------- patterns


@node
class NamePattern:
    """Binds one name; ``_`` binds nothing."""

    name: str
    span: Span = at()


@node
class ListPatternItem:
    name: str
    default: Expr | None = None
    rest: bool = False
    span: Span = at()


@node
class ListPattern:
    """``[a, b = 1, ...rest]``."""

    items: tuple[ListPatternItem, ...]
    span: Span = at()


@node
class DictPatternField:
    """``key``, ``key: alias``, ``key = default``, ``...rest`` (then ``key`` is the bound name)."""

    key: str
    alias: str | None = None
    default: Expr | None = None
    rest: bool = False
    span: Span = at()


@node
class DictPattern:
    fields: tuple[DictPatternField, ...]
    span: Span = at()


@node
class PairPattern:
    """``(a, b)``, only in ``for``."""

    first: str
    second: str
    span: Span = at()


Pattern = Union[NamePattern, ListPattern, DictPattern, PairPattern]


# --------------------------------------------------------------------------------------------- expressions with blocks


@node
class If:
    """``if c { } else ...``; ``otherwise`` is a block, where ``else if`` is a block of one ``If``, or None."""

    condition: Expr
    then: Block
    otherwise: Block | None = None
    span: Span = at()


@node
class OrPattern:
    """``a | b | c`` in a match arm."""

    alternatives: tuple[Expr, ...]
    span: Span = at()


@node
class Arm:
    """``pattern [if guard] -> { body }``. Patterns are written as expressions; the resolver reads them as such."""

    pattern: Expr | OrPattern
    body: Block
    guard: Expr | None = None
    span: Span = at()


@node
class Match:
    subject: Expr
    arms: tuple[Arm, ...]
    span: Span = at()


@node
class Catch:
    """``catch (name: Type) { body }``; name and type may be missing."""

    body: Block
    name: str | None = None
    type: Type | None = None
    span: Span = at()


@node
class Try:
    """``try { } catch { } finally { }``. With neither catch nor finally it yields a Result."""

    body: Block
    catch: Catch | None = None
    cleanup: Block | None = None
    span: Span = at()


@node
class Retry:
    count: Expr
    body: Block
    span: Span = at()


@node
class Parallel:
    """``parallel n { i -> }`` (``mode`` count), ``parallel each xs { x -> }``, ``parallel settle xs { x -> }``.

    ``stream`` is set for ``parallel each ... as stream``. ``options`` are the entries after ``with``.
    """

    mode: str
    subject: Expr
    body: Block
    param: str | None = None
    options: tuple[DictEntry, ...] = ()
    stream: bool = False
    span: Span = at()


@node
class Spawn:
    body: Block
    span: Span = at()


@node
class SelectCase:
    """``name from channel { body }``."""

    name: str
    channel: Expr
    body: Block
    span: Span = at()


@node
class Select:
    cases: tuple[SelectCase, ...]
    timeout: Expr | None = None
    timeout_body: Block | None = None
    default_body: Block | None = None
    span: Span = at()


@node
class Deadline:
    duration: Expr
    body: Block
    span: Span = at()


@node
class Mutex:
    body: Block
    span: Span = at()


@node
class Yield:
    value: Expr | None = None
    span: Span = at()


@node
class Emit:
    value: Expr
    span: Span = at()


# --------------------------------------------------------------------------------------------- statements


@node
class Let:
    """``let pattern: T = value``; with ``mutable`` a ``var``."""

    pattern: Pattern
    value: Expr
    type: Type | None = None
    mutable: bool = False
    span: Span = at()


@node
class Assign:
    """``target op value``; ``op`` is ``=``, ``+=``, ``-=``, ``*=``, ``/=`` or ``%=``. Targets: Name, Property, Index."""

    target: Expr
    op: str
    value: Expr
    span: Span = at()


@node
class For:
    pattern: Pattern
    iterable: Expr
    body: Block
    span: Span = at()


@node
class While:
    condition: Expr
    body: Block
    span: Span = at()


@node
class Return:
    value: Expr | None = None
    span: Span = at()


@node
class Throw:
    value: Expr
    span: Span = at()


@node
class Break:
    span: Span = at()


@node
class Continue:
    span: Span = at()


@node
class Guard:
    """``guard condition else { body }``."""

    condition: Expr
    body: Block
    span: Span = at()


@node
class Require:
    condition: Expr
    message: Expr | None = None
    span: Span = at()


@node
class Defer:
    body: Block
    span: Span = at()


# --------------------------------------------------------------------------------------------- declarations


@node
class AttributeArg:
    """``value`` or ``name: value``. Values are literals, Name, dotted Property, ListLiteral, DictLiteral, Call."""

    value: Expr
    name: str | None = None
    name_span: Span = at()
    span: Span = at()


@node
class Attribute:
    """``@name(args)`` before a declaration."""

    name: str
    args: tuple[AttributeArg, ...] = ()
    span: Span = at()


@node
class TypeParam:
    """``T``, ``in T``, ``out T``; ``variance`` is ``""``, ``in`` or ``out``."""

    name: str
    variance: str = ""
    span: Span = at()


@node
class Where:
    """``T: Interface`` after ``where``."""

    param: str
    bound: str
    span: Span = at()


@node
class Fn:
    """``fn name<T>(params) -> R where T: I { body }``; ``stream`` for ``gen fn``."""

    name: str
    params: tuple[Param, ...]
    body: Block
    result: Type | None = None
    type_params: tuple[TypeParam, ...] = ()
    where: tuple[Where, ...] = ()
    pub: bool = False
    stream: bool = False
    attributes: tuple[Attribute, ...] = ()
    doc: str = attrs.field(default="", eq=False)
    name_span: Span = at()
    span: Span = at()


@node
class Pipeline:
    """``pipeline name(params) -> R extends parent { body }``."""

    name: str
    params: tuple[str, ...]
    body: Block
    result: Type | None = None
    extends: str | None = None
    pub: bool = False
    attributes: tuple[Attribute, ...] = ()
    doc: str = attrs.field(default="", eq=False)
    name_span: Span = at()
    span: Span = at()


@node
class Override:
    """``override name(params) { body }``: parsed and checked, without effect at run time."""

    name: str
    params: tuple[str, ...]
    body: Block
    span: Span = at()


@node
class Tool:
    """``tool name(params) -> R { description "..." body }``."""

    name: str
    params: tuple[Param, ...]
    body: Block
    description: str | None = None
    result: Type | None = None
    pub: bool = False
    attributes: tuple[Attribute, ...] = ()
    doc: str = attrs.field(default="", eq=False)
    name_span: Span = at()
    span: Span = at()


@node
class ConfigField:
    """``name value`` or ``name: value`` in a skill or eval_pack body."""

    name: str
    value: Expr
    span: Span = at()


@node
class Skill:
    name: str
    fields: tuple[ConfigField, ...]
    pub: bool = False
    attributes: tuple[Attribute, ...] = ()
    doc: str = attrs.field(default="", eq=False)
    name_span: Span = at()
    span: Span = at()


@node
class EvalPack:
    """``eval_pack name ["id"] { fields; body; summarize { } }``; ``id`` is the name where none is given."""

    name: str
    id: str
    fields: tuple[ConfigField, ...]
    body: Block = ()
    summarize: Block | None = None
    pub: bool = False
    attributes: tuple[Attribute, ...] = ()
    doc: str = attrs.field(default="", eq=False)
    name_span: Span = at()
    span: Span = at()


@node
class StructField:
    name: str
    type: Type | None = None
    optional: bool = False
    span: Span = at()


@node
class Struct:
    name: str
    fields: tuple[StructField, ...]
    type_params: tuple[TypeParam, ...] = ()
    pub: bool = False
    attributes: tuple[Attribute, ...] = ()
    doc: str = attrs.field(default="", eq=False)
    name_span: Span = at()
    span: Span = at()


@node
class Variant:
    name: str
    params: tuple[Param, ...] = ()
    span: Span = at()


@node
class Enum:
    name: str
    variants: tuple[Variant, ...]
    type_params: tuple[TypeParam, ...] = ()
    pub: bool = False
    attributes: tuple[Attribute, ...] = ()
    doc: str = attrs.field(default="", eq=False)
    name_span: Span = at()
    span: Span = at()


@node
class Impl:
    type_name: str
    methods: tuple[Fn, ...]
    attributes: tuple[Attribute, ...] = ()
    span: Span = at()


@node
class AssociatedType:
    name: str
    default: Type | None = None
    span: Span = at()


@node
class InterfaceMethod:
    name: str
    params: tuple[Param, ...]
    result: Type | None = None
    type_params: tuple[TypeParam, ...] = ()
    span: Span = at()


@node
class Interface:
    name: str
    methods: tuple[InterfaceMethod, ...]
    types: tuple[AssociatedType, ...] = ()
    type_params: tuple[TypeParam, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    doc: str = attrs.field(default="", eq=False)
    name_span: Span = at()
    span: Span = at()


@node
class TypeAlias:
    name: str
    type: Type
    type_params: tuple[TypeParam, ...] = ()
    pub: bool = False
    attributes: tuple[Attribute, ...] = ()
    doc: str = attrs.field(default="", eq=False)
    name_span: Span = at()
    span: Span = at()


@node
class Import:
    """``import "path"`` (``names`` None) or ``import { a, b } from "path"``; ``pub`` re-exports."""

    path: str
    names: tuple[str, ...] | None = None
    pub: bool = False
    span: Span = at()


@node
class Comment:
    """A comment kept for the formatter: ``text`` with its markers, ``span`` where it stood."""

    text: str
    span: Span = at()


@node
class Program:
    """A whole file."""

    body: Block
    comments: tuple[Comment, ...] = attrs.field(default=(), eq=False, repr=False)
    span: Span = at()


Expr = Union[
    IntLiteral, FloatLiteral, StringLiteral, Interpolation, BoolLiteral, NilLiteral, DurationLiteral, Name, ListLiteral,
    DictLiteral, StructLiteral, Unary, Binary, Range, Pipe, Ternary, Call, MethodCall, Property, Index, Slice, Propagate,
    TryStar, Closure, If, Match, Try, Retry, Parallel, Spawn, Select, Deadline, Mutex, Yield, Emit,
]  # fmt: skip
Declaration = Union[Fn, Pipeline, Override, Tool, Skill, EvalPack, Struct, Enum, Impl, Interface, TypeAlias, Import]
Statement = Union[
    Expr, Let, Assign, For, While, Return, Throw, Break, Continue, Guard, Require, Defer, Declaration
]  # fmt: skip
Block = tuple[Statement, ...]
Node = Union[
    Statement, Type, Pattern, Param, Arm, Catch, Attribute, AttributeArg, Spread, DictEntry, OrPattern, ShapeField, SelectCase,
    ConfigField, StructField, Variant, AssociatedType, InterfaceMethod, TypeParam, Where, ListPatternItem, DictPatternField,
    Comment, Program,
]  # fmt: skip
