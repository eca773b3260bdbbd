"""State that outlives a run: JSON objects in files below the folder where a program's state is kept.

A file is read when it is asked for and replaced as a whole, so that who reads it meanwhile finds the old state or the new. What
JSON has no form for is kept as null; floats keep their point.
"""

from __future__ import annotations

import math

from harn.builtins.places import Rooted, file_folder, program_file
from harn.source.typing import TYPE_CHECKING, Any
from harn.values.errors import runtime_error
from harn.values.json_read import JsonError, from_json
from harn.values.json_write import quote
from harn.values.render import Leaves, Openers, render
from harn.vm.frame import Answer, Done, Effect, Perform

if TYPE_CHECKING:
    from harn.vm.machine import Context, Machine

_LEAVES: Leaves = {
    str: quote,
    int: str,
    float: lambda value: repr(value) if math.isfinite(value) else "null",
    bool: lambda value: "true" if value else "false",
}


def _list(items: Any) -> Any:
    return (zip(["[", *[","] * (len(items) - 1)], items, strict=True), "]") if items else "[]"


def _dict(entries: dict[str, Any]) -> Any:
    if not entries:
        return "{}"
    keys = sorted(entries)
    labels = [f"{',' if at else '{'}{quote(key)}:" for at, key in enumerate(keys)]
    return zip(labels, [entries[key] for key in keys], strict=True), "}"


_OPENERS: Openers = {list: _list, dict: _dict}


def state_json(value: Any, limit: int) -> str:
    """A value as it is kept; LimitReached above ``limit`` characters."""
    return render(value, _LEAVES, _OPENERS, lambda _: "null", limit)


def as_kept(value: Any, limit: int) -> Any:
    """The value that will be read again."""
    return from_json(state_json(value, limit))


def state_text(entries: dict[str, Any], limit: int) -> str:
    """An object as the text of its file: a line an entry, in the order of their names."""
    lines = (f"  {quote(name)}: {state_json(entries[name], limit)}" for name in sorted(entries))
    return "{\n" + ",\n".join(lines) + "\n}\n" if entries else "{}\n"


def state_entries(text: str, path: str) -> dict[str, Any]:
    """The object in a file. A runtime error where there is none: nothing is overwritten that is not understood."""
    try:
        found = from_json(text)
    except JsonError as error:
        raise runtime_error(f"{path} holds no state: {error}") from None
    if found.__class__ is not dict:
        raise runtime_error(f"{path} holds no state: it is no JSON object")
    return found


def state_folder(vm: Machine) -> str:
    """The folder of the program whose state is kept; empty for the working directory."""
    return file_folder(program_file(vm))[1]


class StateFile(Rooted):
    """Reads a file, then answers from its entries or changes them: subclasses say which file and what is done.

    ``path`` is known once the roots are.
    """

    __slots__ = ("limit", "path", "stage")

    def __init__(self, ctx: Context) -> None:
        super().__init__(state_folder(ctx.vm))
        self.limit = ctx.vm.value_bytes
        self.path = ""
        self.stage = ""

    def rooted(self, roots: dict[str, str]) -> Answer:
        self.path, self.stage = self.file(roots["state"]), "reading"
        return self.begin()

    def begin(self) -> Answer:
        """Ask for the file."""
        return Perform(Effect("fs.read", "kept", self.path, self.limit, idempotent=True))

    def resume(self, value: Any) -> Answer:
        if not self.stage:
            return super().resume(value)
        if self.stage == "writing":
            return Done(None)
        return self.found({} if value is None else state_entries(value, self.path), there=value is not None)

    def file(self, state: str) -> str:
        """The path, of the folder where state is kept."""
        raise NotImplementedError

    def found(self, entries: dict[str, Any], *, there: bool) -> Answer:
        """Called with the entries; ``there`` where a file is."""
        raise NotImplementedError

    def write(self, entries: dict[str, Any]) -> Answer:
        """Keep these from now on; the result is nil."""
        self.stage = "writing"
        return Perform(Effect("fs.write", "keep", self.path, state_text(entries, self.limit).encode(), idempotent=True))


class Lookup(StateFile):
    """What is asked of one file of entries: the value of a key, whether it is there, or all keys."""

    __slots__ = ("key", "location", "question")
    name = "store"

    def __init__(self, ctx: Context, location: str, question: str, key: str = "") -> None:
        super().__init__(ctx)
        self.location = location
        self.question = question
        self.key = key

    def file(self, state: str) -> str:
        return f"{state}/{self.location}"

    def found(self, entries: dict[str, Any], *, there: bool) -> Answer:
        if self.question == "value":
            return Done(entries.get(self.key))
        return Done(self.key in entries if self.question == "exists" else sorted(entries))


class Change(Lookup):
    """Sets a key (``question`` is ``set``) or removes it (``remove``)."""

    __slots__ = ("value",)

    def __init__(self, ctx: Context, location: str, question: str, key: str, value: Any = None) -> None:
        super().__init__(ctx, location, question, key)
        self.value = value

    def found(self, entries: dict[str, Any], *, there: bool) -> Answer:
        if self.question == "set":
            return self.write({**entries, self.key: self.value})
        if self.key not in entries:
            return Done(None)
        return self.write({name: value for name, value in entries.items() if name != self.key})


class WhereThere(Lookup):
    """Does something with the file where there is one, whatever it holds; the result is nil."""

    __slots__ = ()

    def begin(self) -> Answer:
        return Perform(Effect("fs.read", "exists", self.path, idempotent=True))

    def resume(self, value: Any) -> Answer:
        if self.stage != "reading":
            return super().resume(value)
        return self.act() if value else Done(None)

    def act(self) -> Answer:
        """Called where the file is there."""
        raise NotImplementedError
