"""The verifier: code is looked through before it runs, so that the machine need not look at every step.

Sound code cannot reach past the slots and operand stack of its frame, jump out of its function or run past its end, and holds
plain data only. ``verify`` looks at a whole module; ``verify_function`` at one function, for who links lazily.
"""

from __future__ import annotations

from harn.code.chunk import CATCH, Chunk, ModuleChunk, RefusedCode
from harn.code.flow import Region, Unbalanced, follow
from harn.code.opcodes import NUMBER, OPS
from harn.code.pictures import PICTURES, Fields
from harn.code.specs import SPECS, is_text, texts
from harn.source.typing import Any, Callable

MOST_CELLS = 2**24
"""More slots or operands than this no function has."""

_PLAIN = (type(None), bool, int, float, str)
_RETURN, _CALL_PLAIN, _LINK = (NUMBER[name] for name in ("RETURN", "CALL_PLAIN", "LINK"))
_TAIL_CALLS = frozenset(NUMBER[name] for name in ("TAIL_CALL", "TAIL_CALL_CELL", "TAIL_CALL_MODULE"))
_LINKER_ONLY = frozenset((_CALL_PLAIN, _LINK))
_CLOSURE = NUMBER["CLOSURE"]
_IMPORTS = frozenset((NUMBER["IMPORT"], NUMBER["BIND_IMPORT"]))
_TWO_SLOTS = frozenset(NUMBER[name] for name in ("PEND", "PEND_VALUE", "PENDED", "END_FINALLY"))


def verify(module: ModuleChunk) -> None:
    """RefusedCode where a module is unsound."""
    verify_frame(module)
    for index in range(len(module.functions)):
        verify_function(module, index)


def verify_frame(module: ModuleChunk) -> None:
    """What a module says besides the code of its functions."""
    where = "module"
    _require(
        is_text(module.path) and module.entry.__class__ is bool and is_text(module.source_digest), where, "its header"
    )
    _require(texts(module.names) and texts(module.pipelines), where, "its names")
    size = len(module.names)
    for table in (module.exports, module.private):
        _require(_pairs(table, size), where, "its exports")
    _require(module.imports.__class__ is tuple, where, "its imports")
    for spec in module.imports:
        _require(isinstance(spec, tuple) and len(spec) == 7, where, "an import")
        _require(is_text(spec.target) and is_text(spec.problem), where, "where an import leads")
        sound = is_text(spec.path) and (spec.names is None or texts(spec.names)) and spec.pub.__class__ is bool
        _require(sound and _pairs(spec.slots, size) and _is_span(spec.span), where, f"the import of {spec.path!r}")
    _require(module.functions.__class__ is tuple and bool(module.functions), where, "its functions")
    first = module.functions[0]
    _require(isinstance(first, Chunk) and not first.captures, where, "its first function")


def verify_function(module: ModuleChunk, index: int) -> None:
    """RefusedCode where one function of a module is unsound."""
    where = f"function {index}"
    try:
        chunk = module.functions[index]
        _require(isinstance(chunk, Chunk) and is_text(chunk.name) and is_text(chunk.qualified), where, "its name")
        _verify_header(chunk, where)
        fields = _Shapes(module, chunk, where).fields()
        _verify_tables(chunk, where)
        _verify_flow(chunk, fields, where)
    except (AttributeError, IndexError, TypeError, ValueError) as problem:
        raise RefusedCode(f"unsound code: {where}: its data has another shape: {problem}") from None


def _require(sound: bool, where: str, what: str) -> None:
    if not sound:
        raise RefusedCode(f"unsound code: {where}: {what}")


def _is_count(value: Any, limit: int = MOST_CELLS) -> bool:
    return value.__class__ is int and 0 <= value < limit


def _pairs(table: Any, size: int) -> bool:
    return table.__class__ is tuple and all(
        pair.__class__ is tuple and len(pair) == 2 and is_text(pair[0]) and _is_count(pair[1], size) for pair in table
    )


def _is_span(span: Any) -> bool:
    if span.__class__ is not tuple or len(span) != 2:
        return False
    start, end = span
    return start.__class__ is int and end.__class__ is int and 0 <= start <= end


def _is_plain(value: Any) -> bool:
    """None, bool, int, float, text, and tuples of these."""
    todo = [value]
    while todo:
        at = todo.pop()
        if at.__class__ is tuple:
            todo.extend(at)
        elif at.__class__ not in _PLAIN:
            return False
    return True


def _verify_header(chunk: Chunk, where: str) -> None:
    for param in chunk.params:
        kinds = ("required", "optional", "rest")
        _require(isinstance(param, tuple) and len(param) == 3 and is_text(param.name), where, "a parameter")
        _require(param.kind in kinds and _is_plain(param.type), where, f"parameter {param.name!r}")
    for capture in chunk.captures:
        sound = isinstance(capture, tuple) and len(capture) == 2 and is_text(capture.name)
        _require(sound and _is_count(capture.slot), where, "a captured variable")
    own = len(chunk.params) + len(chunk.captures)
    _require(_is_count(chunk.slots) and chunk.slots >= own, where, "the number of its slots")
    _require(_is_count(chunk.depth), where, "the depth of its operand stack")
    _require(texts(chunk.flags) and _is_span(chunk.span), where, "its flags")
    _require(chunk.code.__class__ is tuple and bool(chunk.code), where, "it has no instructions")
    same = chunk.spans.__class__ is tuple and len(chunk.spans) == len(chunk.code)
    _require(same and all(map(_is_span, chunk.spans)), where, "places of its instructions")


def _verify_tables(chunk: Chunk, where: str) -> None:
    size = len(chunk.code)
    for handler in chunk.handlers:
        _require(isinstance(handler, tuple) and all(x.__class__ is int for x in handler), where, "a handler")
        start, end, target, depth, slot = handler
        _require(0 <= start < end <= size and 0 <= target < size, where, "a handler's range")
        in_slots = slot == CATCH or 0 <= slot < chunk.slots - 1
        _require(0 <= depth <= chunk.depth and in_slots, where, "a handler's depth or slot")
    for block in chunk.defers:
        _require(_is_count(block, size), where, "a deferred block")
    for scope in chunk.scopes:
        sound = isinstance(scope, tuple) and len(scope) == 5 and is_text(scope.name) and scope.cell.__class__ is bool
        _require(sound and _is_count(scope.slot, chunk.slots), where, "a scope")
        _require(_is_count(scope.end, size + 1) and _is_count(scope.start, scope.end), where, "a scope's range")


def _verify_flow(chunk: Chunk, fields: list[Fields], where: str) -> None:
    regions = [Region(h.start, h.end, h.target, -1 - h.depth, h.slot == CATCH) for h in chunk.handlers]
    try:
        depths = follow([op for op, _ in chunk.code], fields, range(len(fields)), regions, chunk.defers)
    except Unbalanced as problem:
        raise RefusedCode(f"unsound code: {where}, instruction {problem.place}: {problem}") from None
    _require(max(depths) <= chunk.depth, where, f"{max(depths)} operands are more than its {chunk.depth}")
    for region in chunk.handlers:
        # Cutting the stack to more cells than it has would show what an earlier operand left.
        low = min((d for d in depths[region.start : region.end] if d >= 0), default=region.depth)
        _require(low >= region.depth, where, "a handler deeper than its region")


class _Shapes:
    """Looks at the arguments of a function's instructions."""

    def __init__(self, module: ModuleChunk, chunk: Chunk, where: str) -> None:
        self.module = module
        self.chunk = chunk
        self.where = where
        slots, size, names = chunk.slots, len(chunk.code), len(module.names)
        self.tests: dict[str, Callable[[Any], bool]] = {
            "slot": lambda v: v.__class__ is int and 0 <= v < slots,
            "flag": lambda v: v.__class__ is int and 0 <= v < slots,
            "own": lambda v: v.__class__ is int and -1 <= v < slots,
            "global": lambda v: v.__class__ is int and 0 <= v < names,
            "owner": lambda v: v.__class__ is int and -1 <= v < names,
            "target": lambda v: v.__class__ is int and 0 <= v < size,
            "targets": lambda v: v.__class__ is tuple and all(t.__class__ is int and 0 <= t < size for t in v),
            "name": lambda v: v.__class__ is str,
            "count": lambda v: v.__class__ is int and v >= 0,
            "weight": lambda v: v.__class__ is int and v >= 0,
            "code": lambda v: v.__class__ is int and 0 <= v < len(module.functions),
            "const": lambda v: v.__class__ in _PLAIN and (v.__class__ is not int or -(2**63) <= v < 2**63),
            "spec": _is_plain,
        }

    def fields(self) -> list[Fields]:
        """The fields of all instructions; RefusedCode where an argument does not have the shape of its row."""
        code = self.chunk.code
        found: list[Fields] = []
        sound: set[int] = set()
        for pc, instruction in enumerate(code):
            # The same tuple often stands in several places: marshal and the assembler share equal ones.
            if id(instruction) not in sound and not self._sound(instruction):
                raise RefusedCode(f"unsound code: {self.where}, instruction {pc}: {instruction!r:.80}")
            sound.add(id(instruction))
            found.append(PICTURES[instruction[0]].split(instruction[1]))
            if instruction[0] in _TAIL_CALLS and (pc + 1 == len(code) or code[pc + 1] != (_RETURN, None)):
                raise RefusedCode(
                    f"unsound code: {self.where}, instruction {pc}: a tail call that is not followed by RETURN"
                )
        return found

    def _sound(self, instruction: Any) -> bool:
        if instruction.__class__ is not tuple or len(instruction) != 2:
            return False
        number, argument = instruction
        if number.__class__ is not int or not 0 <= number < len(OPS) or number in _LINKER_ONLY:
            return False
        kinds = OPS[number].arg
        if len(kinds) == 0:
            return argument is None
        if len(kinds) == 1:
            shaped = self.tests[kinds[0]](argument)
        else:
            tests = self.tests
            shaped = argument.__class__ is tuple and len(argument) == len(kinds)
            shaped = shaped and all(tests[kind](value) for kind, value in zip(kinds, argument, strict=True))
        return shaped and self._meaningful(number, argument)

    def _meaningful(self, number: int, argument: Any) -> bool:
        """What single instructions ask beyond their row."""
        spec = SPECS.get(number)
        if spec is not None:
            fields = PICTURES[number].split(argument)
            if not spec(fields[OPS[number].arg.index("spec")], self.module, self.chunk):
                return False
        if number in _TWO_SLOTS:
            slot = argument if argument.__class__ is int else argument[0]
            return _is_count(slot, self.chunk.slots - 1)
        if number == _CLOSURE:
            return all(_is_count(c.slot, self.chunk.slots) for c in self.module.functions[argument].captures)
        if number in _IMPORTS:
            return _is_count(argument, len(self.module.imports))
        return True
