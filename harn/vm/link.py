"""Linking: from chunks, which are plain data, to code the loop can run.

A module is linked function by function: a new ``Code`` holds the single instruction LINK, which at the first call puts the real
ones in its place. What names a builtin stays a name until it is executed (``harn.vm.ops.linking``), so that a program imports the
implementations it uses and no others.
"""

from __future__ import annotations

from harn.code.opcodes import NUMBER
from harn.source.typing import TYPE_CHECKING, Any, Callable
from harn.values.kinds import Duration
from harn.vm.linked import Code, LinkedModule

if TYPE_CHECKING:
    from harn.code.chunk import ModuleChunk
    from harn.source.file import SourceFile

_LINK, _CONST, _CLOSURE = NUMBER["LINK"], NUMBER["CONST"], NUMBER["CLOSURE"]


def link(chunk: ModuleChunk, file: SourceFile | None = None, *, verified: bool = True) -> LinkedModule:
    """A module ready to run. ``file``: its source text where that is at hand.

    With ``verified`` false every function is verified when it is linked; unsound code then ends the run with RefusedCode.
    """
    if not verified:
        from harn.code.verifier import verify_frame

        verify_frame(chunk)
    module = LinkedModule(chunk, file)
    for number, function in enumerate(chunk.functions):
        code = Code(function, module)
        code.checks = _checks(function.params)
        code.instructions = [(_LINK, -1 if verified else number)]
        module.functions.append(code)
    return module


def link_function(code: Code) -> None:
    """Put a function's instructions in the place of its LINK; the list stays the same object."""
    number = code.instructions[0][1]
    if number >= 0:
        from harn.code.verifier import verify_function

        verify_function(code.module.chunk, number)
    instructions = list(code.chunk.code)
    for pc, (op, argument) in enumerate(instructions):
        resolve = _RESOLVED.get(op)
        if resolve is not None:
            instructions[pc] = resolve(code.module, op, argument)
    code.instructions[:] = instructions


def _checks(params: Any) -> tuple[Any, ...] | None:
    if all(param.type is None for param in params):
        return None
    from harn.values.checks import parameter_check

    return tuple(None if param.type is None else parameter_check(param.name, param.type) for param in params)


Resolve = Callable[[LinkedModule, int, Any], tuple[int, Any]]


def _closure(module: LinkedModule, op: int, argument: Any) -> tuple[int, Any]:
    return op, module.functions[argument]


def _duration(module: LinkedModule, op: int, argument: Any) -> tuple[int, Any]:
    return _CONST, Duration(argument)


def _site(module: LinkedModule, op: int, argument: Any) -> tuple[int, Any]:
    """A method call remembers at its site which class it met last and what it called (see ``harn.vm.ops.calls``)."""
    return op, [*argument, None, None]


_RESOLVED: dict[int, Resolve] = {
    _CLOSURE: _closure,
    NUMBER["DURATION"]: _duration,
    NUMBER["CALL_METHOD"]: _site,
    NUMBER["CALL_METHOD_OPT"]: _site,
}
