"""Calls of functions, builtins and methods."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from harn.catalog.index import Entry
from harn.catalog.index import entry as builtin
from harn.catalog.record import CONSTANT
from harn.catalog.signature import TypeTerm
from harn.source.diagnostic import Note
from harn.syntax import nodes
from harn.types.access import enum_named
from harn.types.annotations import KINDS, term
from harn.types.arguments import check_arguments, check_given
from harn.types.assignability import expand
from harn.types.declarations import Callable, Declared
from harn.types.evidence import is_function, proven
from harn.types.generics import bind_arguments
from harn.types.passed import check_passed
from harn.types.schemas import schema_call
from harn.types.scope import GONE, Local
from harn.types.structs import construct, enum_value
from harn.types.values import (
    DYNAMIC,
    INT,
    NEVER,
    NIL,
    TESTED,
    Dynamic,
    Function,
    Named,
    OneOf,
    Shape,
    Type,
    Unknown,
    Variable,
    doubtful,
    made,
    show,
    substitute,
    union,
)  # fmt: skip

if TYPE_CHECKING:
    from harn.types.checker import Checker


@lru_cache(maxsize=4096)
def _entry(key: str) -> Entry | None:
    """The builtin of a key, where it can be called."""
    found = builtin(key)
    return None if found is not None and found.form == CONSTANT else found


def call(c: Checker, node: nodes.Call) -> Type:
    """``f(args)``"""
    name = node.callee.name
    found = c.scope.find(name)
    if isinstance(found, Local):
        return _value_call(c, node, found)
    function = found if isinstance(found, Callable) else c.declarations.function(name)
    if function is not None:
        return _function_call(c, node, function)
    if name in ("Ok", "Err"):
        return _result(c, name, node.args)
    struct = c.type_declared(name, "struct")
    if struct is not None and len(node.args) == 1 and isinstance(node.args[0], nodes.DictLiteral):
        return construct(c, struct, node.args[0].entries, node)
    if name == "unreachable":
        return _unreachable(c, node)
    special = schema_call(c, node)
    if special is not None:
        return special
    return _builtin_call(c, node, name)


def pipe(c: Checker, node: nodes.Pipe) -> Type:
    """``x |> f``: the value stands where ``_`` is, whose type nobody knows."""
    value = c.infer(node.value)
    if not isinstance(node.target, nodes.Name):
        c.infer(node.target)
        return DYNAMIC
    name = node.target.name
    found = c.scope.find(name)
    function = found if isinstance(found, Callable) else None
    if found is None:
        function = c.declarations.function(name)
        known = _entry(name)
        if function is None and known is not None and name not in c.provided:
            return _known_call(c, nodes.Call(node.target, (node.value,), span=node.span), known, [value])
    if function is None or function.result is None or function.variables:
        return DYNAMIC
    return doubtful(function.result)


def infer_arguments(c: Checker, args: tuple[Any, ...]) -> list[Type]:
    """The types of arguments; a spread one is not known."""
    found: list[Type] = []
    for argument in args:
        if isinstance(argument, nodes.Spread):
            c.infer(argument.value)
            found.append(DYNAMIC)
        else:
            found.append(c.infer(argument))
    return found


def _value_call(c: Checker, node: nodes.Call, local: Local) -> Type:
    """A call of a variable."""
    types = infer_arguments(c, node.args)
    opened = expand(c.flow.type(local))
    if local.function is not None:
        check_arguments(c, node, local.function, types)
    elif isinstance(opened, Function):
        check_given(c, node, local, opened, types)
    c.user_code_ran()
    return opened.result if isinstance(opened, Function) else DYNAMIC


def _function_call(c: Checker, node: nodes.Call, function: Callable) -> Type:
    """A call of a function that is declared."""
    types = infer_arguments(c, node.args)
    if function.deprecated is not None:
        _deprecated(c, node, function)
    bound = check_arguments(c, node, function, types)
    if function.name not in c.declarations.functions or any(map(is_function, types)):
        c.user_code_ran()  # a function of a block, or one that is given a closure; no other one reaches what closures share
    if function.result is None:
        return DYNAMIC
    result = substitute(function.result, {v: bound.get(v, DYNAMIC) for v in function.variables})
    if result == NEVER:
        never_reached(c, f"{node.callee.name}()", node.span)
        c.flow.dead = max(c.flow.dead, GONE)
    return DYNAMIC if isinstance(result, Variable) else result


def _deprecated(c: Checker, node: nodes.Call, function: Callable) -> None:
    assert function.deprecated is not None
    since, use = function.deprecated
    message = f"`{function.name}` is deprecated" + (f" (since {since})" if since else "")
    note = Note(f"`{function.name}` is declared here", function.home.file, function.span)
    c.warn("T022", message, node.span, "deprecated", f"use `{use}` instead" if use else "", [note])


# --------------------------------------------------------------------------------------------- builtins


def _result(c: Checker, name: str, args: tuple[Any, ...]) -> Type:
    """``Ok(x)`` and ``Err(x)``"""
    types = infer_arguments(c, args)
    payload = types[0] if types else NIL
    return Named("Result", (payload, DYNAMIC) if name == "Ok" else (DYNAMIC, payload))


def _unreachable(c: Checker, node: nodes.Call) -> Type:
    """``unreachable(x)`` claims that nothing is left of ``x``."""
    types = infer_arguments(c, node.args)
    never_reached(c, "unreachable()", node.span)
    c.flow.dead = max(c.flow.dead, GONE)
    if node.args and isinstance(node.args[0], nodes.Name):
        type = types[0]
        opened = expand(type)
        open_ended = isinstance(opened, (Dynamic, Unknown, Variable)) or opened in (Named("any"), NEVER)
        if not open_ended and c.local(node.args[0].name) is not None:
            told = f"unreachable() argument has type `{show(type)}` — not all cases are handled"
            c.report("T011", told, node.span, label=f"`{node.args[0].name}` can still be {show(type)}", actual=type)
    return NEVER


def never_reached(c: Checker, what: str, span: Any) -> None:
    """A place that claims all kinds of an ``unknown`` value were handled: warn where tests left some out."""
    for local, type in c.flow.types.items():
        if isinstance(type, Unknown) and type.covered:
            rest = [kind for kind in TESTED if kind not in type.covered]
            if rest:
                message = (
                    f"`{what}` reached but `{local.name}: unknown` was not fully narrowed — "
                    f"uncovered concrete type(s): {', '.join(rest)}"
                )
                c.warn("T012", message, span, f"`{local.name}` may be {rest[0]} here")


def _builtin_call(c: Checker, node: nodes.Call, name: str) -> Type:
    """A call of a name that nothing in the program declares."""
    types = infer_arguments(c, node.args)
    known = _entry(name)
    return DYNAMIC if known is None or name in c.provided else _known_call(c, node, known, types)


def _known_call(c: Checker, node: nodes.Call | nodes.MethodCall, known: Entry, types: list[Type]) -> Type:
    """A call of a builtin; the types of its arguments are compared when it runs, and told here as far as they are known."""
    signature = known.signature
    name = signature.name
    check_passed(c, node, types, known)
    if any(map(is_function, types)):
        c.user_code_ran()
    bound = bind_arguments(c, signature, node.args, types, {})
    if known.deprecated:
        c.warn("T022", f"`{name}` is deprecated", node.span, "deprecated", f"use `{known.deprecated}` instead")
    result = _told(signature.result, frozenset(signature.type_params), bound)
    if result == NEVER:
        if name != "exit":
            never_reached(c, f"{name}()", node.span)
        c.flow.dead = max(c.flow.dead, GONE)
    return result


def _told(result: TypeTerm, variables: frozenset[str], bound: dict[str, Type]) -> Type:
    """The type of a result; parameters that no argument decided are not known."""
    return made(_simplified(substitute(term(result, variables), {v: bound.get(v, DYNAMIC) for v in variables})))


def _simplified(type: Type) -> Type:
    """A container without the elements that are not known."""
    containers = ("list", "set", "iter", "dict", "Stream", "Generator", "pair")
    if isinstance(type, Named) and type.name in containers and any(isinstance(a, Dynamic) for a in type.args):
        return Named(type.name)
    return type


# --------------------------------------------------------------------------------------------- methods


def method_call(c: Checker, node: nodes.MethodCall) -> Type:
    """``x.m(args)``, or a variant of an enum with a payload."""
    if isinstance(node.receiver, nodes.Name) and c.scope.find(node.receiver.name) is None:
        declared = enum_named(c, node.receiver)
        if declared is not None:
            return enum_value(c, declared, node.name, node.args, node)
        if node.receiver.name == "Result" and node.name in ("Ok", "Err"):
            return _result(c, node.name, node.args)
        known = None if node.optional else _entry(f"{node.receiver.name}::{node.name}")
        if known is not None and c.declarations.function(node.receiver.name) is None:
            return _known_call(c, node, known, infer_arguments(c, node.args))
    receiver = c.infer(node.receiver)
    types = infer_arguments(c, node.args)
    if isinstance(receiver, Variable):
        _constrained(c, receiver.name, node)
    _method_arguments(c, node, receiver, types)
    if any(map(is_function, types)):
        c.user_code_ran()
    return DYNAMIC if node.optional else method_result(c, receiver, node, types)


def _method_arguments(c: Checker, node: nodes.MethodCall, receiver: Type, types: list[Type]) -> None:
    """The arguments of a method, where the type of the receiver tells which one it is."""
    opened = expand(receiver)
    if node.optional and isinstance(opened, OneOf):
        opened = expand(union(m for m in opened.members if m != NIL))
    sure = proven(c, node.receiver)
    if isinstance(opened, Named) and opened.declared is not None:
        method = _own_method(opened.declared, node.name)
        if method is not None:
            check_arguments(c, node, method, types, sure)
        return
    found = _builtin_method(opened, node.name)
    if found is not None:
        check_passed(c, node, types, *found, sure)


def _own_method(declared: Declared, name: str) -> Callable | None:
    """A method of a struct or an interface of the program."""
    if declared.kind == "interface":
        return declared.interface_methods().get(name)
    return declared.methods.get(name) if declared.kind == "struct" else None


def _constrained(c: Checker, variable: str, node: nodes.MethodCall) -> None:
    """A method of a value whose type is a parameter with ``where``: the interface has it."""
    bound = c.context.where.get(variable)
    interface = c.type_declared(bound, "interface") if bound is not None else None
    if interface is not None and node.name not in interface.interface_methods():
        note = Note(f"`{bound}` is declared here", interface.home.file, interface.node.name_span)
        message = f"Method '{node.name}' not found in interface '{bound}' (constraint on '{variable}')"
        c.warn("T020", message, node.name_span, "not in the interface", notes=[note])


def method_result(c: Checker, receiver: Type, node: nodes.MethodCall, types: list[Type]) -> Type:
    """The type of a method's result; not known where the receiver is not."""
    opened, name = expand(receiver), node.name
    if isinstance(opened, OneOf):
        found = [method_result(c, m, node, types) for m in opened.members]
        return DYNAMIC if any(isinstance(f, Dynamic) for f in found) else doubtful(union(found))
    if isinstance(opened, Named) and opened.declared is not None:
        return _declared_method(opened, name)
    builtin_method = _builtin_method(opened, name)
    if builtin_method is None:
        return DYNAMIC
    known, decided = builtin_method
    signature = known.signature
    bound = bind_arguments(c, signature, node.args, types, decided)
    return _told(signature.result, frozenset(("T", "K", "V", *signature.type_params)), bound)


def _declared_method(type: Named, name: str) -> Type:
    """A method of a struct or of an interface."""
    declared = type.declared
    assert declared is not None
    method = _own_method(declared, name)
    if method is None or method.result is None or method.variables:
        return DYNAMIC
    if isinstance(declared.node, nodes.Interface) and declared.node.types:
        return DYNAMIC
    bound: dict[str, Type] = dict.fromkeys(declared.variables, DYNAMIC)
    bound.update(zip(declared.variables, type.args, strict=False))
    result = substitute(method.result, bound)
    return DYNAMIC if result == NEVER else doubtful(result)


def _builtin_method(type: Type, name: str) -> tuple[Entry, dict[str, Type]] | None:
    """The method that a value of a type has from the language, and what its type says of the parameters. What a range has not,
    an iterator over it does.
    """
    if isinstance(type, Shape) and type.get(name) is not None:
        return None  # a function in a field comes first
    found = _receiver(type)
    if found is None:
        return None
    known = _entry(f"{found[0]}.{name}")
    if known is None and found[0] == "range":
        known, found = _entry(f"iter.{name}"), ("iter", {"T": INT})
    return None if known is None else (known, found[1])


def _receiver(type: Type) -> tuple[str, dict[str, Type]] | None:
    """The kind whose methods a value has, and what its type says of their parameters."""
    if isinstance(type, Shape):
        return "dict", {}  # a dict may hold more than its type names
    if not isinstance(type, Named) or type.name not in KINDS:
        return None
    kind = {"Stream": "stream", "Generator": "generator"}.get(type.name, type.name)
    if kind == "dict" and len(type.args) == 2:
        return kind, {"K": type.args[0], "V": type.args[1]}
    if kind in ("list", "set", "iter", "stream", "generator") and type.args:
        return kind, {"T": type.args[0]}
    return kind, {}
