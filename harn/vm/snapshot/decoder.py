"""Reads the body of a snapshot. Nothing in it is executed: classes are made empty, functions found by name and compared."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from harn import __version__
from harn.catalog.index import known
from harn.catalog.index import record as find_record
from harn.source.typing import TYPE_CHECKING, Any, Callable
from harn.values.kinds import Builtin
from harn.vm.linked import Code, LinkedModule
from harn.vm.machine import Machine
from harn.vm.ops.linking import builtin_value
from harn.vm.snapshot import tags
from harn.vm.snapshot.errors import SnapshotError, damaged
from harn.vm.snapshot.registry import NAMED, RECORD, VALUE, Row, constant, row_named
from harn.vm.snapshot.wire import Reader

if TYPE_CHECKING:
    from harn.vm.modules import Program

_DIGEST = 16
_LARGEST_EXPONENT = 1_000
_KEYS = frozenset((type(None), bool, int, float, str, bytes, Decimal, tuple, frozenset))


class Decoder:
    """One snapshot being read into a machine."""

    def __init__(self, body: bytes, vm: Machine, program: Program) -> None:
        self.reader = Reader(body)
        self.vm = vm
        self.program = program
        self.texts: list[str] = []
        self.modules: list[LinkedModule | None] = []
        self.functions: list[Code | None] = []
        self.records: list[Any] = []
        self.parts: list[Any] = []
        self.late: list[tuple[Row, Any, tuple[Any, ...]]] = []

    def decode(self) -> Any:
        """The root. SnapshotError for bytes that no encoder wrote, or whose program or Harn is another."""
        reader = self.reader
        writer = reader.text()
        reader.text()  # the label
        self.texts = [reader.text() for _ in range(reader.count())]
        classes = [self._class(writer) for _ in range(reader.count())]
        self.modules = [self._module() for _ in range(reader.count())]
        self.functions = [self._function() for _ in range(reader.count())]
        rows: list[Row] = [reader.among(classes) for _ in range(reader.count())]
        for row in rows:
            if row.kind is not RECORD:
                raise damaged(f"`{row.name}` is no record")
            self.records.append(row.empty())
        for _ in range(reader.count()):
            self.parts.append(self._part(classes))
        for row, record in zip(rows, self.records, strict=True):
            assert row.fill is not None
            row.fill(record, self._references(len(row.fields)))
        root = self.refer()
        if reader.place != len(reader.data):
            raise damaged("it goes on behind its end")
        for row, value, fields in self.late:
            assert row.fill is not None
            row.fill(value, fields)
        return root

    # ------------------------------------------------------------------------------------------ tables

    def _class(self, writer: str) -> Row:
        reader = self.reader
        row = row_named(reader.among(self.texts))
        fields = tuple(reader.among(self.texts) for _ in range(reader.count()))
        if fields != row.fields:
            raise SnapshotError(
                f"the snapshot was made by another Harn (version {writer}, this is {__version__}): `{row.name}` has other fields"
            )
        return row

    def _module(self) -> LinkedModule | None:
        key = self.program.real_key(self.reader.among(self.texts))
        if not key:
            return self.program.entry
        try:
            return self.program.module(key)
        except LookupError:
            return None

    def _function(self) -> Code | None:
        """The function of that name now; None where there is none any more and the run does not stand in it."""
        reader = self.reader
        module: LinkedModule | None = reader.among(self.modules)
        name: str = reader.among(self.texts)
        digest = reader.take(_DIGEST)
        use = reader.byte()
        code = module.function(name) if module is not None else None
        if use and (code is None or module is None):
            raise SnapshotError(
                f"the run stands in or holds the function `{name}`, which the program does not have any more"
            )
        if use and module is not None and module.digest(name, module.body if use == tags.BEGUN else 0) != digest:
            raise SnapshotError(
                f"the run stands in or holds the function `{name}` of {module.path}, "
                "which has changed since the snapshot was made"
            )
        return code

    # ------------------------------------------------------------------------------------------ parts

    def _references(self, count: int) -> tuple[Any, ...]:
        refer = self.refer
        return tuple([refer() for _ in range(count)])

    def _part(self, classes: list[Row]) -> Any:
        reader = self.reader
        tag = reader.byte()
        if tag == tags.DICT:
            return self._dict(reader.count())
        if tag == tags.LIST:
            refer = self.refer
            return [refer() for _ in range(reader.count())]
        if tag == tags.TUPLE:
            return self._references(reader.count())
        if tag == tags.SET or tag == tags.FROZENSET:
            items = [hashable(item) for item in self._references(reader.count())]
            return set(items) if tag == tags.SET else frozenset(items)
        row: Row = reader.among(classes)
        if row.kind is RECORD or (tag, row.kind) not in ((tags.VALUE, VALUE), (tags.NAMED, NAMED)):
            raise damaged(f"`{row.name}` is no part")
        values = self._references(len(row.fields))
        if row.make is not None:
            return row.make(values)
        made = row.empty()
        self.late.append((row, made, values))
        return made

    def _dict(self, count: int) -> dict[Any, Any]:
        made: dict[Any, Any] = {}
        reader, refer = self.reader, self.refer
        data = reader.data
        for _ in range(count):
            if reader.place < len(data) and data[reader.place] == tags.ITSELF:
                reader.place += 1
                value = refer()
                made[(b"@%d;" % id(value),)] = value
            else:
                key = refer()
                made[key if key.__class__ is str else hashable(key)] = refer()
        return made

    # ------------------------------------------------------------------------------------------ references

    def refer(self) -> Any:
        """What a reference stands for."""
        reader = self.reader
        tag = reader.byte()
        if tag == tags.TEXT:
            return reader.among(self.texts)
        if tag == tags.INT:
            return reader.signed()
        if tag == tags.PART:
            return reader.among(self.parts)
        if tag == tags.RECORD:
            return reader.among(self.records)
        if tag <= tags.TRUE:
            return None if tag == tags.NIL else tag == tags.TRUE
        if tag == tags.FLOAT:
            return reader.real()
        if tag == tags.BYTES:
            return reader.blob()
        if tag == tags.FUNCTION:
            return reader.among(self.functions)
        if tag == tags.MODULE:
            module = reader.among(self.modules)
            if module is None:
                raise SnapshotError("the program does not have all modules any more that the run has loaded")
            return module
        if tag == tags.MACHINE:
            return self.vm
        find = _NAMED.get(tag)
        if find is None:
            raise damaged("it holds something unknown")
        return find(self, reader.among(self.texts))

    def _decimal(self, text: str) -> Decimal:
        try:
            found = Decimal(text)
        except InvalidOperation:
            raise damaged("a decimal is no number") from None
        if found.is_finite() and abs(found.adjusted()) > _LARGEST_EXPONENT:
            raise damaged("a decimal is too large")
        return found

    def _builtin(self, key: str) -> Builtin:
        if not known(key):
            raise SnapshotError(f"the snapshot needs the builtin `{key}`, which this version of Harn does not have")
        return builtin_value(key)

    def _rule(self, key: str) -> Any:
        return self._builtin(key) and find_record(key)

    def _given(self, name: str) -> Builtin:
        found = self.vm.globals.get(name)
        if found.__class__ is not Builtin:
            raise SnapshotError(f"the run needs the function `{name}` of the embedding program, which is not given")
        return found

    def _given_rule(self, name: str) -> Any:
        return self._given(name).record


_NAMED: dict[int, Callable[[Decoder, str], Any]] = {
    tags.DECIMAL: Decoder._decimal,
    tags.CONSTANT: lambda decoder, name: constant(name),
    tags.BUILTIN: Decoder._builtin,
    tags.RULE: Decoder._rule,
    tags.GIVEN: Decoder._given,
    tags.GIVEN_RULE: Decoder._given_rule,
}


def hashable(value: Any) -> Any:
    """A value that may be a key: data that never changes, or a record known by its identity."""
    cls = value.__class__
    if cls in _KEYS or cls.__hash__ is object.__hash__ or issubclass(cls, tuple):
        return value
    raise damaged("a key can change")
