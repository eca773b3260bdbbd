"""Modules of a run: made at their first import, initialised once, their exports bound in the importing module.

A module that is imported while it is being initialised (a cycle) is left alone: the importer gets what is defined so far.
"""

from __future__ import annotations

from harn.code.chunk import ImportSpec, ModuleChunk
from harn.resolve.manifest import precedes
from harn.resolve.paths import STD_PREFIX
from harn.source.typing import TYPE_CHECKING, Any, Callable
from harn.values.errors import HarnError, runtime_error
from harn.values.kinds import UNSET, Closure
from harn.vm.frame import Answer, Call, Done, Native, TailCall, Throw
from harn.vm.link import link
from harn.vm.linked import LinkedModule
from harn.vm.machine import Context, Machine, ModuleInstance

if TYPE_CHECKING:
    from harn.compiler.build import Build

NEW, RUNNING, READY = "new", "running", "ready"


class Program:
    """A program's code: the entry module and the modules it may import, linked when they are first asked for.

    ``chunks`` are the modules that were compiled with the entry, by key; ``find`` gives any other, which can only be a std
    module that a builtin written in Harn lives in. Programs hold no state of a run and may be run many times. ``first`` are the
    keys of modules that run before the entry: what the project's manifest asks for.
    """

    __slots__ = ("_chunks", "_find", "_linked", "entry", "first")

    def __init__(
        self, entry: LinkedModule, chunks: dict[str, ModuleChunk], find: Callable[[str], ModuleChunk] | None = None
    ) -> None:
        self.entry = entry
        self._chunks = chunks
        self._find = find
        self._linked: dict[str, LinkedModule] = {}
        self.first = tuple(key for key in chunks if precedes(key))

    def module(self, key: str) -> LinkedModule:
        """The code of a module. KeyError for one that is not part of the program."""
        found = self._linked.get(key)
        if found is None:
            chunk = self._chunks.get(key)
            if chunk is None:
                if self._find is None:
                    raise KeyError(key)
                chunk = self._find(key)
            found = self._linked[key] = link(chunk, verified=False)
        return found

    def key_of(self, module: LinkedModule) -> str | None:
        """The key of a module of this program, empty for its entry; None for any other."""
        if module is self.entry:
            return ""
        return next((key for key, linked in self._linked.items() if linked is module), None)

    def portable(self, key: str) -> str:
        """A key as it holds in another folder: files are named from that of the entry."""
        from os.path import dirname, isabs, realpath, relpath

        return relpath(key, dirname(realpath(self.entry.path))) if isabs(key) else key

    def real_key(self, portable: str) -> str:
        """The key behind such a name."""
        from os.path import dirname, join, normpath, realpath

        if not portable or portable.startswith(STD_PREFIX) or portable in self._chunks:
            return portable
        return normpath(join(dirname(realpath(self.entry.path)), portable))


def load(build: Build) -> Program:
    """The program a build gave; it must have succeeded."""
    from harn.compiler.build import ENTRY, std_module

    assert build.entry is not None
    entry = link(build.entry, verified=ENTRY in build.compiled)
    return Program(entry, build.modules, std_module)


def main(instance: ModuleInstance) -> Closure:
    """What runs a module: the entry's whole program, an imported module's initialisation."""
    return Closure(instance.code.functions[0], [], instance)


class Preceded(Native):
    """Runs the modules that come first, then the program."""

    __slots__ = ("keys", "program")
    name = "task"
    edge = False
    in_context = True

    def __init__(self, keys: tuple[str, ...], program: Closure) -> None:
        self.keys = keys
        self.program = program

    def resume_in(self, context: Context, value: Any) -> Answer:
        while self.keys:
            first = initialisation(context.vm, self.keys[0])
            self.keys = self.keys[1:]
            if first is not None:
                return Call(first)
        return TailCall(self.program)


def import_module(vm: Machine, importer: ModuleInstance, index: int) -> Native | None:
    """What must run before import number ``index`` can be bound: None where nothing must. HarnError where it leads nowhere."""
    spec = importer.code.chunk.imports[index]
    if spec.problem:
        raise runtime_error(spec.problem)
    return initialisation(vm, spec.target)


def initialisation(vm: Machine, key: str) -> Native | None:
    """The initialisation of a module that has not begun yet."""
    instance = vm.modules.get(key)
    if instance is None:
        assert vm.program is not None, f"a machine without a program was asked for the module {key}"
        instance = vm.modules[key] = ModuleInstance(vm.program.module(key))
    return Initialise(instance) if instance.state == NEW else None


class Initialise(Native):
    """Below the frame of a module's initialisation."""

    __slots__ = ("instance",)
    name = "import"
    edge = False

    def __init__(self, instance: ModuleInstance) -> None:
        self.instance = instance

    def start(self) -> Answer:
        self.instance.state = RUNNING
        return Call(main(self.instance))

    def resume(self, value: Any) -> Answer:
        self.instance.state = READY
        return Done(None)

    def fail(self, error: HarnError) -> Answer:
        """A module that failed begins anew at its next import (in a REPL there may be one)."""
        instance = self.instance
        instance.state = NEW
        instance.slots[:] = [UNSET] * len(instance.slots)
        return Throw(error)


def bind_import(vm: Machine, importer: ModuleInstance, index: int) -> None:
    """Bind the names of an import. HarnError where a name is missing or already means something else."""
    spec = importer.code.chunk.imports[index]
    module = vm.modules[spec.target]
    chunk = module.code.chunk
    exports = dict(chunk.exports)
    if spec.names is not None:
        exports = {**dict(chunk.private), **exports}
    for name, slot in spec.slots:
        if name not in exports:
            raise runtime_error(f"Import error: '{name}' is not defined in {module.path}")
        value = module.slots[exports[name]]
        if value is not UNSET:
            _bind(importer, spec, module, name, slot, value)


def _bind(importer: ModuleInstance, spec: ImportSpec, module: ModuleInstance, name: str, slot: int, value: Any) -> None:
    bound = importer.slots[slot]
    if (
        value.__class__ is dict and bound is not UNSET
    ):  # the schema of a type, which may have the name of something else
        return
    if bound is not UNSET and bound is not value and bound.__class__ is not dict:
        raise runtime_error(
            f"Import collision: '{name}' is already defined when importing {module.path}. "
            f'Use selective imports to disambiguate: import {{ {name} }} from "..."'
        )
    importer.slots[slot] = value


def std_request(vm: Machine, source: str, args: list[Any]) -> tuple[Any, ...]:
    """The request that calls a builtin written in Harn: ``source`` is ``std/module:function``."""
    key, _, name = source.partition(":")
    first = initialisation(vm, key)
    if first is not None:
        return ("start", StdCall(first, vm.modules[key], name, args))
    return ("call", std_function(vm.modules[key], name), args)


def std_function(instance: ModuleInstance, name: str) -> Any:
    """A function of a std module by name."""
    return instance.slots[instance.by_name[name]]


class StdCall(Native):
    """Initialises a std module, then calls a function of it."""

    __slots__ = ("args", "first", "function", "instance")
    name = "import"
    edge = False

    def __init__(self, first: Native, instance: ModuleInstance, function: str, args: list[Any]) -> None:
        self.first: Native | None = first
        self.instance = instance
        self.function = function
        self.args = args

    def resume(self, value: Any) -> Answer:
        first = self.first
        if first is not None:
            self.first = None
            return Call(first)
        return TailCall(std_function(self.instance, self.function), *self.args)
