"""From a source text to the code of a whole program: modules are found, parsed, resolved, checked, compiled, verified, and kept.

A module is compiled by itself: its code depends on its own text and on the names its imports export, nothing else. So each has
its own file in the cache, and a program whose modules are all there is not parsed; neither parser nor compiler is imported then.
Only the entry is checked, against the types of its modules: it is checked and compiled anew when the text of one has changed.
"""

from __future__ import annotations

from harn.code.chunk import ModuleChunk
from harn.compiler.cache import Cache, user_cache
from harn.resolve.manifest import hook_modules
from harn.resolve.paths import STD_PREFIX, Sources, Target, locate, std_target
from harn.source.digest import hexdigest
from harn.source.file import SourceFile
from harn.source.typing import TYPE_CHECKING, Any, Collection, Iterator, NamedTuple

if TYPE_CHECKING:
    from harn.resolve.graph import Module
    from harn.source.diagnostic import Diagnostic

ENTRY = ""
"""The key of the entry, which is a module of its own even where it is imported as well."""


class Build(NamedTuple):
    """``entry`` is None where the program has errors, and ``diagnostics`` tell them, and what its types give reason to warn of.
    Code from the cache has been checked: what was told then is kept with it. ``modules`` are all others, by key.

    ``compiled``: the keys of what was compiled and verified now; anything else comes from the cache.
    """

    entry: ModuleChunk | None
    modules: dict[str, ModuleChunk]
    diagnostics: list[Diagnostic]
    compiled: frozenset[str]


def build(
    file: SourceFile,
    *,
    pipeline: str | None = None,
    sources: Sources | None = None,
    cache: Cache | None = None,
    value: bool = False,
    provided: Collection[str] = (),
    recheck: bool = False,
    strict: bool = False,
) -> Build:
    """Build a program. Never raises for what its files contain.

    ``pipeline``: the one to run; None for ``default`` or else the first, an empty text for none. ``cache``: None for that of the
    user; ``Cache(None)`` for none. ``value``: a script gives the value of its last expression. ``provided``: functions that
    are there when the program runs, besides those it declares and imports. ``recheck``: tell what is wrong with its types even
    where the code is kept from an earlier time; ``strict`` warns of unchecked values from outside as well.

    Import paths are relative to the folder of ``file.path``.
    """
    sources = sources or Sources()
    if not sources.cached:
        cache = Cache(None)
    building = _Building(sources, cache or user_cache())
    building.strict = strict
    return building.program(file, pipeline, value, provided, recheck)


def std_module(key: str) -> ModuleChunk:
    """The code of a std module. LookupError where there is none of that name, which is a defect of whoever asks."""
    target = std_target(key)
    building = _Building(Sources(), user_cache())
    building.add(target)
    building.walk()
    found = building.finish()
    if key not in found:
        raise LookupError(building.problems.get(key) or target.problem)
    return found[key]


class _Unit:
    """A module being built: from the cache (``chunk``) or parsed now (``module``).

    ``imports``: (path as written, names or None, pub) and where each leads. ``own``: names it exports itself.
    """

    __slots__ = ("chunk", "digest", "file", "imported", "imports", "key", "module", "own", "purpose", "targets", "told")

    def __init__(self, key: str, file: SourceFile, digest: str, purpose: str) -> None:
        self.key = key
        self.file = file
        self.digest = digest
        self.purpose = purpose
        self.chunk: ModuleChunk | None = None
        self.module: Module | None = None
        self.own: tuple[str, ...] = ()
        self.imports: list[tuple[str, tuple[str, ...] | None, bool]] = []
        self.targets: list[Target] = []
        self.imported: tuple[tuple[str, ...] | None, ...] = ()
        self.told: tuple[Any, ...] = ()


class _Building:
    """One build. ``units`` by key; ``problems``: key -> why a module that was found cannot be used."""

    def __init__(self, sources: Sources, cache: Cache) -> None:
        self.sources = sources
        self.cache = cache
        self.units: dict[str, _Unit] = {}
        self.problems: dict[str, str] = {}
        self.exports: dict[str, tuple[str, ...]] = {}
        self.pending: list[_Unit] = []
        self.compiled: set[str] = set()
        self.strict = False

    # ------------------------------------------------------------------------------------------ the whole way

    def program(
        self, file: SourceFile, pipeline: str | None, value: bool, provided: Collection[str], recheck: bool
    ) -> Build:
        """Build the program whose entry is ``file``."""
        digest = hexdigest(file.text.encode("utf-8", "surrogatepass"))
        # An unnamed text is known by its content: there is no file it could be compared with.
        known = self.sources.real(file.path) if self.sources.is_file(file.path) else digest
        chosen = f"{'*' if pipeline is None else f'={pipeline}'}{' value' if value else ''}"
        entry = self.open(ENTRY, file, digest, f"entry {chosen} {','.join(sorted(provided))} {known}")
        if entry.module is not None and entry.module.program is None:
            return Build(None, {}, entry.module.diagnostics, frozenset())
        if known != digest:
            for target, text in hook_modules(file.path, self.sources):
                self.open(target.key, text, hexdigest(text.text.encode()), f"module {target.key}")
        self.walk()
        seen = self.digests()
        if entry.chunk is not None and (recheck or entry.own != seen):
            self.parse(entry)
        found: list[Diagnostic] = []
        if entry.chunk is None:
            entry.own = seen
            found = self.check(entry, provided)
            if found:
                from harn.compiler.told import plain

                entry.told = plain(found, self.files())
            faults = self.compile(entry, pipeline, value, provided, refused=any(d.severity == "error" for d in found))
            if faults or any(d.severity == "error" for d in found):
                return Build(None, {}, merged(found, faults), frozenset())
        elif entry.told:
            from harn.compiler.told import diagnostics

            found = diagnostics(entry.told, self.files())
        modules = self.finish()
        assert entry.chunk is not None
        return Build(self.aimed(entry), modules, found, frozenset(self.compiled))

    def files(self) -> dict[str, SourceFile]:
        """The texts of all modules by key."""
        return {key: unit.file for key, unit in self.units.items()}

    def digests(self) -> tuple[str, ...]:
        """What the types of the entry were checked against: the texts of all modules. Kept in place of names it exports."""
        return tuple(sorted(f"{key}={unit.digest}" for key, unit in self.units.items() if key != ENTRY))

    def check(self, entry: _Unit, provided: Collection[str]) -> list[Diagnostic]:
        """What is wrong with the types of the entry."""
        from harn.types.checker import check

        assert entry.module is not None
        assert entry.module.program is not None
        types: dict[str, Any] = {}
        return check(
            entry.module.program, entry.file, self.module_types(entry, types), provided=provided, strict=self.strict
        )

    def module_types(self, unit: _Unit, types: dict[str, Any]) -> dict[str, Any]:
        """The imports of a unit for the checker: by the path as written, None where one leads nowhere."""
        from functools import partial

        from harn.types.modules import LazyModule

        found: dict[str, Any] = {}
        for (written, _, _), target in zip(unit.imports, unit.targets, strict=True):
            names = self.names(target)
            if names is not None and target.key not in types:
                types[target.key] = LazyModule(names, partial(self.tree, self.units[target.key], types))
            found[written] = types[target.key] if names is not None else None
        return found

    def tree(self, unit: _Unit, types: dict[str, Any]) -> Any:
        """The tree, file and imports of a unit, which is parsed for it if its code came from the cache."""
        program = unit.module.program if unit.module is not None else None
        if program is None:
            from harn.resolve.graph import Module

            program = Module(unit.key, unit.file, self.sources).program
        return None if program is None else (program, unit.file, self.module_types(unit, types))

    def walk(self) -> None:
        """Find every module, and look which of the kept ones still hold."""
        while self.pending:
            for target in self.pending.pop(0).targets:
                self.add(target)
        for unit in self.units.values():
            if unit.chunk is not None and unit.imported != tuple(self.names(target) for target in unit.targets):
                self.parse(unit)

    def finish(self) -> dict[str, ModuleChunk]:
        """Compile what is not compiled yet; the code of every module that can be used, the entry left out."""
        for key, unit in self.units.items():
            if key != ENTRY and key not in self.problems:
                faults = self.compile(unit, None)
                if faults:
                    self.problems[key] = f"Import compile error: {faults[0].short}"
        return {key: self.aimed(unit) for key, unit in self.units.items() if key != ENTRY and unit.chunk is not None}

    # ------------------------------------------------------------------------------------------ one module

    def add(self, target: Target) -> None:
        """Read a module that is not there yet."""
        if not target.key or target.key in self.units or target.key in self.problems:
            return
        text = self.sources.text(target)
        if isinstance(text, str):
            self.problems[target.key] = text
            return
        digest = hexdigest(text.text.encode("utf-8", "surrogatepass"))
        unit = self.open(target.key, text, digest, f"module {target.key}")
        if unit.module is not None and unit.module.program is None:
            from harn.resolve.graph import parse_problem

            self.problems[target.key] = parse_problem(unit.module)

    def open(self, key: str, file: SourceFile, digest: str, purpose: str) -> _Unit:
        """A unit from the cache if it is there, else parsed."""
        unit = self.units[key] = _Unit(key, file, digest, purpose)
        self.pending.append(unit)
        kept = self.cache.load(purpose, digest)
        if kept is None:
            self.parse(unit)
            return unit
        about, unit.chunk = kept
        unit.own, unit.imported, unit.told = about.own, about.imported, about.told
        unit.imports = [(spec.path, spec.names, spec.pub) for spec in unit.chunk.imports]
        unit.targets = [locate(spec.path, file.path, self.sources) for spec in unit.chunk.imports]
        return unit

    def parse(self, unit: _Unit) -> None:
        """Parse a unit's text in place of what was kept."""
        from harn.resolve.graph import Module
        from harn.resolve.modules import exported_names

        unit.chunk = None
        module = unit.module = Module(unit.key, unit.file, self.sources)
        unit.imports = [(node.path, node.names, node.pub) for node, _ in module.imports]
        unit.targets = [target for _, target in module.imports]
        if module.program is not None:
            unit.own = exported_names(module.program, {})[0]

    def compile(
        self,
        unit: _Unit,
        pipeline: str | None,
        value: bool = False,
        provided: Collection[str] = (),
        refused: bool = False,
    ) -> list[Diagnostic]:
        """Compile a unit unless it came from the cache; its errors. ``refused``: it has others and is not kept."""
        if unit.chunk is not None:
            return []
        from harn.code.verifier import verify
        from harn.compiler.compiler import compile_module
        from harn.compiler.faults import CompileFault

        assert unit.module is not None
        assert unit.module.program is not None
        imported = tuple(self.names(target) for target in unit.targets)
        by_path = {written: names for (written, _, _), names in zip(unit.imports, imported, strict=True)}
        try:
            unit.chunk = compile_module(
                unit.module.program,
                unit.file,
                entry=unit.key == ENTRY,
                imports=by_path,
                pipeline=pipeline,
                value=value,
                provided=provided,
            )
        except CompileFault as fault:
            return fault.diagnostics
        if refused:
            return []
        verify(unit.chunk)
        self.compiled.add(unit.key)
        if not self.strict:  # what is told then is more than a run tells
            self.cache.store(unit.purpose, unit.digest, unit.own, imported, unit.told, unit.chunk)
        return []

    def aimed(self, unit: _Unit) -> ModuleChunk:
        """A unit's code with its imports leading where they lead now, under the name it has now."""
        chunk = unit.chunk
        assert chunk is not None
        specs = tuple(
            spec._replace(target=target.key, problem=self.problem(target))
            for spec, target in zip(chunk.imports, unit.targets, strict=True)
        )
        return chunk._replace(path=unit.file.path, imports=specs)

    # ------------------------------------------------------------------------------------------ names

    def problem(self, target: Target) -> str:
        """Why an import fails; empty where it does not."""
        return target.problem or self.problems.get(target.key, "")

    def names(self, target: Target) -> tuple[str, ...] | None:
        """What a wildcard import binds; None where the import fails."""
        if self.problem(target):
            return None
        found = self.exports.get(target.key)
        if found is None:
            found = self.exports[target.key] = tuple(dict.fromkeys(self._exported(target.key)))
        return found

    def _exported(self, key: str) -> Iterator[str]:
        """A module's own names, then those of the modules it passes on, which may be a circle."""
        seen = {key}
        todo = [key]
        while todo:
            unit = self.units[todo.pop(0)]
            yield from unit.own
            for (_, names, pub), target in zip(unit.imports, unit.targets, strict=True):
                if pub and names is None and target.key in self.units and target.key not in seen:
                    seen.add(target.key)
                    todo.append(target.key)


def merged(found: list[Diagnostic], faults: list[Diagnostic]) -> list[Diagnostic]:
    """What two stages found, in the order of the text, nothing twice."""
    told = {(d.span, d.short) for d in found}
    every = [*found, *(d for d in faults if (d.span, d.short) not in told)]
    return sorted(every, key=lambda d: d.span or (0, 0))


__all__ = ["STD_PREFIX", "Build", "build", "std_module"]
