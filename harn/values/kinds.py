"""The value classes beyond Python's own types.

``__bool__`` is defined only where a kind can be falsy (set, duration); Python's default truth serves the others.
Equality of Harn values is ``harn.values.equality.equal``; these classes keep Python's identity comparison.
"""

from __future__ import annotations

from harn.source.typing import TYPE_CHECKING, Any, Iterator

if TYPE_CHECKING:
    from harn.catalog.record import Record

Value = Any
"""A Harn value: None, bool, int, float, str, bytes, list, dict or one of the classes below."""


class Range:
    """``start to end``; ``exclusive`` leaves out the end. Lazy, always truthy."""

    __slots__ = ("end", "exclusive", "start")

    def __init__(self, start: int, end: int, exclusive: bool) -> None:
        self.start = start
        self.end = end
        self.exclusive = exclusive

    @property
    def stop(self) -> int:
        """The first int after the range, in Python's sense."""
        return self.end if self.exclusive else self.end + 1

    def count(self) -> int:
        """How many ints it holds."""
        return max(0, self.stop - self.start)

    def __repr__(self) -> str:
        return f"Range({self.start}, {self.end}, exclusive={self.exclusive})"


class Pair:
    """Two values, ``(first, second)``."""

    __slots__ = ("first", "second")

    def __init__(self, first: Value, second: Value) -> None:
        self.first = first
        self.second = second


class Set:
    """Distinct values in order of first insertion. ``members`` maps a structural key (``equality.key_of``) to the value."""

    __slots__ = ("members",)

    def __init__(self, members: dict[Any, Value]) -> None:
        self.members = members

    def __bool__(self) -> bool:
        return bool(self.members)

    def __len__(self) -> int:
        return len(self.members)

    def __iter__(self) -> Iterator[Value]:
        return iter(self.members.values())


class Duration:
    """A length of time in milliseconds; zero is falsy."""

    __slots__ = ("ms",)

    def __init__(self, ms: int) -> None:
        self.ms = ms

    def __bool__(self) -> bool:
        return self.ms != 0


class StructType:
    """A declared struct. ``fields`` are the names in order; methods are found by type, in ``methods``."""

    __slots__ = ("fields", "methods", "module", "name")

    def __init__(self, name: str, fields: tuple[str, ...], module: str) -> None:
        self.name = name
        self.fields = fields
        self.module = module
        self.methods: dict[str, Closure] = {}


class Struct:
    """An instance: its type and the fields it has (a field never given is absent and reads as nil)."""

    __slots__ = ("fields", "type")

    def __init__(self, type: StructType, fields: dict[str, Value]) -> None:
        self.type = type
        self.fields = fields


class EnumType:
    """A declared enum: ``variants`` maps a variant to the names of its payload. ``methods`` come from ``impl``."""

    __slots__ = ("methods", "module", "name", "variants")

    def __init__(self, name: str, variants: dict[str, tuple[str, ...]], module: str) -> None:
        self.name = name
        self.variants = variants
        self.module = module
        self.methods: dict[str, Closure] = {}


class Enum:
    """A variant with its payload. Compared by enum name, variant and payload."""

    __slots__ = ("payload", "type", "variant")

    def __init__(self, type: EnumType, variant: str, payload: tuple[Value, ...] = ()) -> None:
        self.type = type
        self.variant = variant
        self.payload = payload


RESULT = EnumType("Result", {"Ok": ("value",), "Err": ("error",)}, "")
"""The built-in Result."""


def ok(value: Value) -> Enum:
    """``Result.Ok(value)``."""
    return Enum(RESULT, "Ok", (value,))


def err(value: Value) -> Enum:
    """``Result.Err(value)``."""
    return Enum(RESULT, "Err", (value,))


class Cell:
    """A box shared by frames and closures: late-bound names of local functions. ``value`` is UNSET before it is bound."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value


class Unset:
    """What a name holds before its declaration has run. Only the machine sees it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<unset>"

    def __reduce__(self) -> str:
        return "UNSET"


UNSET = Unset()


class Closure:
    """A function value: linked code, captured values (copied into the slots of every call) and the module it belongs to.

    ``flags`` is 0 for a function that no runtime but the machine looks at; a step or persona definition bound to
    the function sets it and stands in ``tracked`` (see ``harn.vm.enter``).
    """

    __slots__ = ("captures", "code", "flags", "module", "tail", "tracked")

    def __init__(self, code: Any, captures: list[Value], module: Any) -> None:
        self.code = code
        self.captures = captures
        self.module = module
        self.flags = 0
        self.tracked: Any = None
        # Captured values, then room for locals and the operand stack: appended to the arguments at each call.
        self.tail: list[Value] = captures + code.room if captures else code.room

    @property
    def name(self) -> str:
        """The declared name, empty for a closure."""
        return str(self.code.name)


class Builtin:
    """A builtin used as a value. Interned by name (``builtin_value``)."""

    __slots__ = ("name", "record")

    def __init__(self, name: str, record: Record) -> None:
        self.name = name
        self.record = record


class Atomic:
    """A number that tasks share; the one value that changes in place. Compared by its number."""

    __slots__ = ("value",)

    def __init__(self, value: int) -> None:
        self.value = value


class Iter:
    """A single-pass lazy iterator: a native that answers pulls. ``done`` once a pull met the end, ``busy`` while one runs."""

    __slots__ = ("busy", "done", "source")

    def __init__(self, source: Any) -> None:
        self.source = source
        self.done = False
        self.busy = False


class Generator:
    """A resting segment of frames (see ``harn.vm.pump``); ``stream`` for ``gen fn``.

    ``deadlines`` are those whose blocks it rests in: they go on while it rests, and are thrown at the next pull. ``home`` is
    the task at whose end it is left: that which made it or, where that one is over, that which drew from it.
    """

    __slots__ = ("busy", "deadlines", "done", "frames", "home", "item", "stream")

    def __init__(self, frames: list[Any], stream: bool, item: str = "", home: Any = None) -> None:
        self.frames = frames
        self.stream = stream
        self.home = home
        self.done = False
        self.busy = False
        self.deadlines: tuple[Any, ...] = ()
        self.item = item


class Handle:
    """A value that stands for something of the machine: task, channel, atomic, lock. ``kind`` is its type name in Harn."""

    __slots__ = ("id", "kind", "state")

    def __init__(self, kind: str, id: str, state: Any = None) -> None:
        self.kind = kind
        self.id = id
        self.state = state


_NAMES: dict[type, str] = {
    type(None): "nil", bool: "bool", int: "int", float: "float", str: "string", bytes: "bytes", list: "list", dict: "dict",
    Range: "range", Pair: "pair", Set: "set", Duration: "duration", Struct: "struct", Enum: "enum", Closure: "closure",
    Builtin: "builtin", Iter: "iter", EnumType: "enum", StructType: "struct", Atomic: "atomic",
}  # fmt: skip


def classes_of(names: frozenset[str]) -> frozenset[type]:
    """The classes whose values always have one of these type names."""
    return frozenset(kind for kind, name in _NAMES.items() if name in names)


def type_name(value: Value) -> str:
    """The name of a value's type, as ``type_of`` and error texts give it."""
    found = _NAMES.get(type(value))
    if found is not None:
        return found
    if isinstance(value, Generator):
        return "stream" if value.stream else "generator"
    if isinstance(value, Handle):
        return value.kind
    return getattr(type(value), "harn_type", "unknown")
