"""Writes what can be reached from some roots as bytes: each object once, whoever shares it.

    version of Harn, label, texts, classes (name, fields), modules (key), functions (module, name, digest, use)
    records       the class of each                     made empty first, so that anything may refer to them
    parts         lists, dicts, tuples, values          each built of earlier parts and of records: no part can hold itself
    fields        the fields of each record             a reference for every field of its row
    root          one reference

The walk keeps a stack of its own: how deep a value is nested does not matter. A function is *live* where a frame or a value
holds it; one that is only bound to its name, in a module or as a method, is not (see ``Bound``). Of what runs a module only the
instructions behind its declarations matter once they are done: it is *begun*, and functions may be added.
"""

from __future__ import annotations

from decimal import Decimal

from harn import __version__
from harn.catalog.index import record as find_record
from harn.catalog.record import Record
from harn.source.typing import TYPE_CHECKING, Any, Iterable, Iterator
from harn.values.kinds import Builtin, Closure
from harn.vm.frame import Frame
from harn.vm.linked import Code, LinkedModule
from harn.vm.machine import Machine
from harn.vm.ops.linking import builtin_value
from harn.vm.snapshot import tags
from harn.vm.snapshot.errors import SnapshotError
from harn.vm.snapshot.registry import RECORD, Row, constant_name, row_of
from harn.vm.snapshot.rows import Bound, stands_in_body
from harn.vm.snapshot.wire import Writer

if TYPE_CHECKING:
    from harn.vm.modules import Program

_ATOMS = frozenset((type(None), bool, int, float, str, bytes, Decimal, Code, LinkedModule, Builtin, Record, Machine))
_BUILT = {
    list: tags.LIST,
    tuple: tags.TUPLE,
    dict: tags.DICT,
    Bound: tags.DICT,
    set: tags.SET,
    frozenset: tags.FROZENSET,
}


class Encoder:
    """One snapshot being written. ``numbers`` and ``places`` are kept by identity; ``kept`` keeps those identities theirs."""

    def __init__(self, vm: Machine, program: Program) -> None:
        self.vm = vm
        self.program = program
        self.texts: dict[str, int] = {}
        self.classes: dict[type, int] = {}
        self.modules: dict[int, tuple[int, LinkedModule]] = {}
        self.functions: dict[int, tuple[int, Code]] = {}
        self.live: set[int] = set()
        self.begun: set[int] = set()
        self.records: list[Any] = []
        self.numbers: dict[int, int] = {}
        self.places: dict[int, int] = {}
        self.kept: list[Any] = []
        self.parts = Writer()
        self.fields = Writer()

    def encode(self, root: Any, label: str) -> bytes:
        """The body of a snapshot from which ``root`` can be read again."""
        self.build((root,))
        done = 0
        while done < len(self.records):
            record = self.records[done]
            done += 1
            if record.__class__ is Frame:
                self._stands(record.code, record.pc)
            values = row_of(record.__class__).read(record)
            self.build(values)
            for value in values:
                self.refer(self.fields, value)
        self.refer(self.fields, root)
        return self._body(label)

    # ------------------------------------------------------------------------------------------ the walk

    def build(self, values: Iterable[Any]) -> None:
        """Write the parts that references to these values need, innermost first, and number the records."""
        places, numbers = self.places, self.numbers
        values = [v for v in values if v.__class__ not in _ATOMS and id(v) not in places and id(v) not in numbers]
        if not values:
            return
        opened: set[int] = set()
        stack: list[tuple[Any, Any, Iterator[Any]]] = [(None, (), iter(values))]
        while stack:
            owner, held, rest = stack[-1]
            for value in rest:
                kind = value.__class__
                if kind in _ATOMS or id(value) in places or id(value) in numbers:
                    continue
                inside = self.inside(value, kind)
                if inside is None:
                    continue
                if id(value) in opened:
                    raise SnapshotError("a value of the run contains itself")
                opened.add(id(value))
                stack.append((value, inside, iter(inside)))
                break
            else:
                stack.pop()
                if stack:
                    opened.discard(id(owner))
                    self.write_part(owner, held)

    def inside(self, value: Any, kind: type) -> Iterable[Any] | None:
        """What a part consists of; None for a record, which is numbered, and for a constant."""
        if kind is list or kind is tuple or kind is set or kind is frozenset:
            return value  # type: ignore[no-any-return]
        if kind is dict or kind is Bound:
            return [*value, *value.values()]
        if constant_name(value) is not None:
            return None
        row = row_of(kind)
        if row.kind is not RECORD:
            return row.read(value)
        self.numbers[id(value)] = len(self.records)
        self.records.append(value)
        return None

    def write_part(self, value: Any, held: Any) -> None:
        """A part all of whose own parts are written; ``held`` is what ``inside`` gave for it."""
        out = self.parts
        kind = value.__class__
        tag = _BUILT.get(kind)
        if tag == tags.DICT:
            self._write_dict(value, kind is Bound)
        elif tag is not None:
            out.out.append(tag)
            out.number(len(value))
            for item in held:
                self.refer(out, item)
        else:
            row = row_of(kind)
            out.out.append(tags.VALUE if row.kind == "value" else tags.NAMED)
            out.number(self._class(row))
            for item in held:
                self.refer(out, item)
        self.places[id(value)] = len(self.places)
        self.kept.append(value)

    def _write_dict(self, entries: dict[Any, Any], bound: bool) -> None:
        out = self.parts
        out.out.append(tags.DICT)
        out.number(len(entries))
        for key, value in entries.items():
            if key.__class__ is tuple and key == (b"@%d;" % id(value),):  # see ``harn.values.keys``
                out.out.append(tags.ITSELF)
            else:
                self.refer(out, key)
            self.refer(out, value, bound)

    # ------------------------------------------------------------------------------------------ references

    def refer(self, to: Writer, value: Any, bound: bool = False) -> None:
        """A reference to a value whose parts are written. ``bound``: it is only what a name is bound to."""
        out = to.out
        kind = value.__class__
        if value is None:
            out.append(tags.NIL)
            return
        if kind is str:
            out.append(tags.TEXT)
            texts = self.texts
            number = texts.get(value)
            if number is None:
                number = texts[value] = len(texts)
        elif kind is int:
            out.append(tags.INT)
            number = value << 1 if value >= 0 else (-value << 1) - 1
        elif kind is bool:
            out.append(tags.TRUE if value else tags.FALSE)
            return
        elif (found := self.places.get(id(value))) is not None:
            out.append(tags.PART)
            number = found
        elif (found := self.numbers.get(id(value))) is not None:
            out.append(tags.RECORD)
            number = found
            if kind is Closure and not bound and value.code is not value.code.module.functions[0]:
                self.live.add(id(value.code))
        elif kind is float:
            out.append(tags.FLOAT)
            to.real(value)
            return
        else:
            self._refer_by_name(to, value, kind)
            return
        if number < 128:
            out.append(number)
        else:
            to.number(number)

    def _stands(self, code: Code, pc: int) -> None:
        """A frame stands in a function. Of what runs a module only the instructions behind its declarations are live by then."""
        if code is code.module.functions[0]:
            (self.begun if stands_in_body(code, pc) else self.live).add(id(code))

    def _refer_by_name(self, to: Writer, value: Any, kind: type) -> None:
        """What stands outside of the run and is found again by its name."""
        if kind is bytes:
            to.out.append(tags.BYTES)
            to.blob(value)
            return
        if kind is Code:
            to.out.append(tags.FUNCTION)
            to.number(self._function(value))
            return
        if kind is LinkedModule:
            to.out.append(tags.MODULE)
            to.number(self._module(value))
            return
        if kind is Machine:
            if value is not self.vm:
                raise SnapshotError("the run holds another run")
            to.out.append(tags.MACHINE)
            return
        if kind is Decimal:
            tag, name = tags.DECIMAL, str(value)
        elif kind is Builtin:
            tag, name = self._builtin(value)
        elif kind is Record:
            tag, name = self._rule(value)
        else:
            tag, name = tags.CONSTANT, constant_name(value) or ""
            assert name, f"a {kind} was not written before it was referred to"
        to.out.append(tag)
        to.number(self._text(name))

    def _builtin(self, value: Builtin) -> tuple[int, str]:
        if self.vm.globals.get(value.name) is value:
            return tags.GIVEN, value.name
        if builtin_value(value.name) is value:
            return tags.BUILTIN, value.name
        raise SnapshotError(f"the function `{value.name}` belongs to another run")

    def _rule(self, record: Record) -> tuple[int, str]:
        for name, given in self.vm.globals.items():
            if given.__class__ is Builtin and given.record is record:
                return tags.GIVEN_RULE, name
        if find_record(record.key) is record:
            return tags.RULE, record.key
        raise SnapshotError(f"the function `{record.key}` belongs to another run")

    # ------------------------------------------------------------------------------------------ tables

    def _text(self, text: str) -> int:
        found = self.texts.get(text)
        if found is None:
            found = self.texts[text] = len(self.texts)
        return found

    def _class(self, row: Row) -> int:
        found = self.classes.get(row.cls)
        if found is None:
            found = self.classes[row.cls] = len(self.classes)
        return found

    def _module(self, module: LinkedModule) -> int:
        found = self.modules.get(id(module))
        if found is None:
            found = self.modules[id(module)] = len(self.modules), module
        return found[0]

    def _function(self, code: Code) -> int:
        found = self.functions.get(id(code))
        if found is None:
            found = self.functions[id(code)] = len(self.functions), code
        return found[0]

    # ------------------------------------------------------------------------------------------ the whole

    def _body(self, label: str) -> bytes:
        functions, records = Writer(), Writer()
        functions.number(len(self.functions))
        for _, code in self.functions.values():
            name = code.chunk.qualified
            begun = id(code) in self.begun and id(code) not in self.live
            functions.number(self._module(code.module))
            functions.number(self._text(name))
            functions.out += code.module.digest(name, code.module.body if begun else 0)
            functions.out.append(tags.BEGUN if begun else tags.LIVE if id(code) in self.live else tags.IDLE)
        records.number(len(self.records))
        for record in self.records:
            records.number(self._class(row_of(record.__class__)))
        modules, classes = Writer(), Writer()
        modules.number(len(self.modules))
        for _, module in self.modules.values():
            modules.number(self._text(self._key(module)))
        classes.number(len(self.classes))
        for cls in self.classes:
            row = row_of(cls)
            classes.number(self._text(row.name))
            classes.number(len(row.fields))
            for field in row.fields:
                classes.number(self._text(field))
        head = Writer()
        head.text(__version__)
        head.text(label)
        head.number(len(self.texts))
        for text in self.texts:
            head.text(text)
        count = Writer()
        count.number(len(self.places))
        sections = (head, classes, modules, functions, records, count, self.parts, self.fields)
        return b"".join(bytes(section.out) for section in sections)

    def _key(self, module: LinkedModule) -> str:
        key = self.program.key_of(module)
        if key is None:
            raise SnapshotError(f"the module {module.path} is not part of the program")
        return self.program.portable(key)
