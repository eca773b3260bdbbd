"""Reading and writing files."""

from __future__ import annotations

from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.values.display import display
from harn.values.errors import HarnError
from harn.values.kinds import err, ok
from harn.vm.frame import Answer, Done, Effect, Native, Perform, Throw
from harn.vm.machine import Context


@builtin("read_file(path: string) -> string", form="effect", ctx=True, effects=["fs.read"])
def read_file(ctx: Context, path: str) -> Effect:
    """The content of a text file (UTF-8). Throws a text that names the path where it cannot be read."""
    return Effect("fs.read", "read_text", path, ctx.vm.value_bytes, idempotent=True)


@builtin("read_file_result(path: string) -> Result<string, string>", form="native", ctx=True, effects=["fs.read"])
def read_file_result(ctx: Context, path: str) -> Native:
    """`Ok` with the content of a text file, or `Err` with the reason why it cannot be read."""
    return ReadResult(path, ctx.vm.value_bytes)


class ReadResult(Native):
    """Reads once and wraps what comes of it."""

    __slots__ = ("most", "path")
    name = "read_file_result"

    def __init__(self, path: str, most: int) -> None:
        self.path = path
        self.most = most

    def start(self) -> Answer:
        return Perform(Effect("fs.read", "read_text", self.path, self.most, idempotent=True))

    def resume(self, value: Any) -> Answer:
        return Done(ok(value))

    def fail(self, error: HarnError) -> Answer:
        return Throw(error) if error.ending else Done(err(error.bound()))


@builtin("file_exists(path: string) -> bool", form="effect", effects=["fs.read"])
def file_exists(path: str) -> Effect:
    """Whether a file or folder stands there."""
    return Effect("fs.read", "exists", path, idempotent=True)


@builtin("write_file(path: string, content: any) -> nil", form="effect", ctx=True, effects=["fs.write"])
def write_file(ctx: Context, path: str, content: Any) -> Effect:
    """Make a file with the display text of a value, in place of what was there. Folders are not made."""
    return Effect("fs.write", "write", path, display(content, ctx.vm.value_bytes).encode())


@builtin("append_file(path: string, content: any) -> nil", form="effect", ctx=True, effects=["fs.write"])
def append_file(ctx: Context, path: str, content: Any) -> Effect:
    """Add the display text of a value to the end of a file, which is made where there is none."""
    return Effect("fs.write", "append", path, display(content, ctx.vm.value_bytes).encode())


@builtin("delete_file(path: string) -> nil", form="effect", effects=["fs.write"])
def delete_file(path: str) -> Effect:
    """Delete a file, or a folder with all it holds."""
    return Effect("fs.write", "delete", path)


@builtin("mkdir(path: string) -> nil", form="effect", effects=["fs.write"])
def mkdir(path: str) -> Effect:
    """Make a folder and its parents; one that exists is fine."""
    return Effect("fs.write", "make_folder", path)


@builtin('list_dir(path: string = ".") -> list<string>', form="effect", effects=["fs.read"])
def list_dir(path: str = ".") -> Effect:
    """The names in a folder, hidden ones too, sorted."""
    return Effect("fs.read", "names", path, idempotent=True)
