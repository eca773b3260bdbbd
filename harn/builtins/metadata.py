"""Facts about the folders of a project: entries in namespaces, which a folder has from those above it unless it has its own.

They are read when they are first asked for, changed in memory, and written by ``metadata_save``: one file a namespace, below
``metadata`` where the program's state is kept.

    {"version": 1, "namespace": NAME, "backend": "filesystem", "generatedAt": TIME, "entries": {FOLDER: {KEY: VALUE}}}

A folder is named by its path from the project's folder on; that itself is ``.``.
"""

from __future__ import annotations

from harn.builtins.kept_state import as_kept, state_entries, state_folder, state_json
from harn.builtins.places import Rooted
from harn.builtins.stamps import now, stamp
from harn.builtins.strings import text_of
from harn.catalog.record import builtin
from harn.source.typing import TYPE_CHECKING, Any
from harn.values.errors import HarnError
from harn.vm.frame import Answer, Done, Effect, Native, Perform, Throw
from harn.vm.machine import Context

if TYPE_CHECKING:
    from harn.vm.machine import Machine

AREA = "metadata"
ROOT = "."
HASHES = "classification"
"""The namespace in which hashes of folders are kept."""
OLD = "root.json"
"""A file in which all namespaces stood once, ``{"entries": {FOLDER: {"namespaces": {NAMESPACE: {KEY: VALUE}}}}}``: still read."""
STRUCTURE, CONTENT = "structureHash", "contentHash"

Fields = dict[str, Any]
Namespaces = dict[str, Fields]


class Metadata:
    """What a run knows: ``folders`` by name, ``base`` the project's folder, ``kept`` where the files are. ``changed`` since they
    were written. ``base`` is empty until they were read.
    """

    __slots__ = ("base", "changed", "folders", "kept")

    def __init__(self) -> None:
        self.folders: dict[str, Namespaces] = {}
        self.base = ""
        self.kept = ""
        self.changed = False

    def add(self, folder: str, namespace: str, fields: Fields) -> None:
        """Add entries, in place of those of the same names."""
        own = self.folders.setdefault(folder, {})
        own[namespace] = {**own.get(namespace, {}), **fields}  # anew: a program may hold the one before

    def resolved(self, folder: str) -> Namespaces:
        """What holds for a folder: its own entries over those of the folders above."""
        found: Namespaces = {}
        names = [name for name in folder.split("/") if name not in ("", ROOT)]
        for count in range(len(names) + 1):
            for namespace, fields in self.folders.get("/".join(names[:count]) or ROOT, {}).items():
                found[namespace] = {**found.get(namespace, {}), **fields}
        return found

    def namespaces(self) -> list[str]:
        """All names of namespaces, sorted."""
        return sorted({name for own in self.folders.values() for name in own})

    def place(self, folder: str) -> str:
        """Where a folder stands."""
        if folder in ("", ROOT):
            return self.base
        return folder if folder.startswith("/") else f"{self.base.rstrip('/')}/{folder}"


def metadata_of(vm: Machine) -> Metadata:
    """That of a run, made at its first use."""
    found: Metadata | None = vm.areas.get(AREA)
    if found is None:
        found = vm.areas[AREA] = Metadata()
    return found


def folder_name(folder: Any) -> str:
    """A folder as entries name it."""
    text = text_of(folder).strip()
    names = "/".join(name for name in text.split("/") if name not in ("", ROOT))
    return "/" + names if text.startswith("/") else names or ROOT


class WithMetadata(Rooted):
    """Reads the files where that was not done yet, then goes on with ``ready``.

    ``stage``: ``names`` (what stands in the folder), ``files`` (one after the other), and whatever a subclass adds.
    """

    __slots__ = ("left", "own", "reading", "stage")
    name = "metadata"

    def __init__(self, ctx: Context) -> None:
        super().__init__(state_folder(ctx.vm))
        self.own = metadata_of(ctx.vm)
        self.stage = ""
        self.left: list[str] = []
        self.reading = ""

    def start(self) -> Answer:
        return super().start() if not self.own.base else self._go_on()

    def rooted(self, roots: dict[str, str]) -> Answer:
        self.own.base, self.own.kept = self.base, roots["state"] + "/metadata"
        self.stage = "names"
        return Perform(Effect("fs.read", "names", self.own.kept, idempotent=True))

    def resume(self, value: Any) -> Answer:
        if not self.stage:
            return super().resume(value)
        if self.stage == "names":
            self.left = [f"{self.own.kept}/{name}/entries.json" for name in reversed(value)]
            self.left.append(f"{self.own.kept}/{OLD}")
            self.stage = "files"
            return self._next()
        if self.stage == "files":
            if value is not None:
                self._take(value)
            return self._next()
        return self.answered(value)

    def fail(self, error: HarnError) -> Answer:
        if self.stage == "names" and not error.ending:  # there is no such folder yet
            return self._go_on()
        return Throw(error)

    def _next(self) -> Answer:
        if not self.left:
            return self._go_on()
        self.reading = self.left.pop()
        return Perform(Effect("fs.read", "kept", self.reading, idempotent=True))

    def _take(self, text: str) -> None:
        found = state_entries(text, self.reading)
        namespace, entries = found.get("namespace"), found.get("entries")
        for folder, held in entries.items() if entries.__class__ is dict else ():
            spaces = held.get("namespaces") if held.__class__ is dict and namespace is None else {namespace: held}
            for name, fields in spaces.items() if spaces.__class__ is dict else ():
                if name.__class__ is str and fields.__class__ is dict:
                    self.own.add(folder_name(folder), name, fields)

    def _go_on(self) -> Answer:
        self.stage = "ready"
        return self.ready()

    def ready(self) -> Answer:
        """Called when everything was read."""
        raise NotImplementedError

    def answered(self, value: Any) -> Answer:
        """Called with the answers of what ``ready`` asked for."""
        raise NotImplementedError


class Get(WithMetadata):
    """What holds for a folder. Without a namespace: of all of them, apart (``whole``) or together."""

    __slots__ = ("asked", "namespace", "whole")

    def __init__(self, ctx: Context, folder: str, namespace: str | None, *, whole: bool) -> None:
        super().__init__(ctx)
        self.asked = folder
        self.namespace = namespace
        self.whole = whole

    def ready(self) -> Answer:
        found = self.own.resolved(self.asked)
        if self.namespace is not None:
            return Done(found.get(self.namespace))
        if self.whole:
            return Done(found or None)
        together: Fields = {}
        for name in sorted(found):
            together.update(found[name])
        return Done(together or None)


def _name(namespace: Any) -> str | None:
    return None if namespace is None else text_of(namespace)


@builtin("metadata_get(folder: any, namespace?: any) -> dict?", form="native", effects=["fs.read"], ctx=True)
def metadata_get(ctx: Context, folder: Any, namespace: Any = None) -> Native:
    """The entries of a namespace that hold for a folder, its own and those of the folders above; without one the entries of all
    namespaces. Nil where there are none.
    """
    return Get(ctx, folder_name(folder), _name(namespace), whole=False)


@builtin("metadata_resolve(folder: any, namespace?: any) -> dict?", form="native", effects=["fs.read"], ctx=True)
def metadata_resolve(ctx: Context, folder: Any, namespace: Any = None) -> Native:
    """The same, but without a namespace a dict of all of them, each with its entries."""
    return Get(ctx, folder_name(folder), _name(namespace), whole=True)


@builtin("metadata_entries(namespace?: any) -> list<dict>", form="native", effects=["fs.read"], ctx=True)
def metadata_entries(ctx: Context, namespace: Any = None) -> Native:
    """Every folder that has entries, by name: `{dir, local, resolved}`, its own entries and those that hold for it."""
    return Entries(ctx, _name(namespace))


class Entries(WithMetadata):
    """Lists the folders."""

    __slots__ = ("namespace",)

    def __init__(self, ctx: Context, namespace: str | None) -> None:
        super().__init__(ctx)
        self.namespace = namespace

    def ready(self) -> Answer:
        told: list[Fields] = []
        for folder in sorted(self.own.folders):
            local, resolved = dict(self.own.folders[folder]), self.own.resolved(folder)
            if self.namespace is None:
                told.append({"dir": folder, "local": local, "resolved": resolved})
            else:
                name = self.namespace
                told.append({"dir": folder, "local": local.get(name), "resolved": resolved.get(name)})
        return Done(told)


@builtin(
    "metadata_set(folder: any, namespace: any, entries: any) -> nil",
    form="native",
    effects=["fs.read", "state"],
    ctx=True,
)
def metadata_set(ctx: Context, folder: Any, namespace: Any, entries: Any) -> Native:
    """Add the entries of a dict to a folder's namespace, in place of those of the same names. They are written by
    `metadata_save`; what JSON has no form for is nil from now on.
    """
    given = as_kept(entries, ctx.vm.value_bytes) if entries.__class__ is dict else {}
    return Add(ctx, folder_name(folder), text_of(namespace), given)


class Add(WithMetadata):
    """Adds entries."""

    __slots__ = ("asked", "fields", "namespace")

    def __init__(self, ctx: Context, folder: str, namespace: str, fields: Fields) -> None:
        super().__init__(ctx)
        self.asked = folder
        self.namespace = namespace
        self.fields = fields

    def ready(self) -> Answer:
        if self.fields:
            self.own.add(self.asked, self.namespace, self.fields)
            self.own.changed = True
        return Done(None)


@builtin("metadata_save() -> nil", form="native", effects=["fs.read", "fs.write", "clock"], ctx=True)
def metadata_save(ctx: Context) -> Native:
    """Write what was changed: a file for each namespace, `.harn/metadata/NAMESPACE/entries.json` in the project's folder (the
    nearest with a `harn.toml`), else in that of the program.
    """
    return Save(ctx)


class Save(WithMetadata):
    """Asks for the time, then writes the namespaces, one after the other."""

    __slots__ = ("limit", "namespaces", "time")

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self.limit = ctx.vm.value_bytes
        self.namespaces: list[str] | None = None
        self.time = ""

    def ready(self) -> Answer:
        return Perform(now()) if self.own.changed else Done(None)

    def answered(self, value: Any) -> Answer:
        if self.namespaces is None:
            self.namespaces, self.time = self.own.namespaces()[::-1], stamp(value)
        if not self.namespaces:
            self.own.changed = False
            return Done(None)
        namespace = self.namespaces.pop()
        shard = {
            "version": 1,
            "namespace": namespace,
            "backend": "filesystem",
            "generatedAt": self.time,
            "entries": {name: own[namespace] for name, own in self.own.folders.items() if namespace in own},
        }
        path = f"{self.own.kept}/{file_name(namespace)}/entries.json"
        return Perform(
            Effect("fs.write", "keep", path, state_json(shard, self.limit).encode() + b"\n", idempotent=True)
        )


def file_name(namespace: str) -> str:
    """A namespace as the name of a folder, which leads nowhere else."""
    name = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else f"_{ord(c):02X}" for c in namespace)
    return "_" if name in ("", ".", "..") else name
