"""Reading and writing files."""

from __future__ import annotations

from harn.builtins.performing import Asking
from harn.builtins.strings import text_of
from harn.builtins.text_methods import split_lines
from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.values.display import display
from harn.values.errors import HarnError, thrown
from harn.values.kinds import err, ok, type_name
from harn.vm.frame import Answer, Done, Effect, Native, Throw
from harn.vm.machine import Context


@builtin("read_file(path: string) -> string", form="effect", ctx=True, effects=["fs.read"])
def read_file(ctx: Context, path: str) -> Effect:
    """The content of a text file (UTF-8). Throws a text that names the path where it cannot be read."""
    return Effect("fs.read", "read_text", path, ctx.vm.value_bytes, idempotent=True)


@builtin("read_file_result(path: string) -> Result<string, string>", form="native", ctx=True, effects=["fs.read"])
def read_file_result(ctx: Context, path: str) -> Native:
    """`Ok` with the content of a text file, or `Err` with the reason why it cannot be read."""
    return ReadResult(reading(ctx, path))


def reading(ctx: Context, path: str) -> Effect:
    """The effect that gives the text of a file."""
    return Effect("fs.read", "read_text", path, ctx.vm.value_bytes, idempotent=True)


class ReadResult(Asking):
    """Wraps the text, or the reason why there is none."""

    __slots__ = ()
    name = "read_file_result"

    def answered(self, value: Any) -> Any:
        return ok(value)

    def fail(self, error: HarnError) -> Answer:
        return Throw(error) if error.ending else Done(err(error.bound()))


@builtin("read_lines(path: string) -> list<string>", form="native", ctx=True, effects=["fs.read"])
def read_lines(ctx: Context, path: str) -> Native:
    """The lines of a text file, without their line breaks and without an empty one behind the last."""
    return ReadLines(reading(ctx, path))


class ReadLines(Asking):
    """Divides the text; a failure is told under its own name."""

    __slots__ = ()
    name = "read_lines"

    def answered(self, value: Any) -> Any:
        return split_lines(value)

    def fail(self, error: HarnError) -> Answer:
        told = error.payload
        if not error.ending and told.__class__ is str and told.startswith(_UNREAD):
            return Throw(thrown("read_lines: " + told[len(_UNREAD) :]))
        return Throw(error)


_UNREAD = "Failed to read file "


@builtin("read_file_bytes(path: string) -> bytes", form="effect", ctx=True, effects=["fs.read"])
def read_file_bytes(ctx: Context, path: str) -> Effect:
    """The content of a file as bytes."""
    return Effect("fs.read", "read", path, ctx.vm.value_bytes, idempotent=True)


@builtin(
    "stat(path: string) -> {size: int, is_file: bool, is_dir: bool, readonly: bool, modified: float}",
    form="effect",
    effects=["fs.read"],
)
def stat(path: str) -> Effect:
    """Facts about a file or folder: its size in bytes, what it is, and when it was last changed, in seconds since 1970."""
    return Effect("fs.read", "facts", path, idempotent=True)


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


@builtin("write_file_bytes(path: string, content: any) -> nil", form="effect", effects=["fs.write"])
def write_file_bytes(path: str, content: Any) -> Effect:
    """Make a file of bytes, in place of what was there. Throws for any other content."""
    if content.__class__ is not bytes:
        raise thrown(f"write_file_bytes expects bytes content, got {type_name(content)}")
    return Effect("fs.write", "write", path, content)


@builtin("copy_file(source: string, target: string) -> nil", form="effect", effects=["fs.read", "fs.write"])
def copy_file(source: str, target: str) -> Effect:
    """Copy a file, its permissions too, in place of a file that stands at the target."""
    return Effect("fs.write", "copy", source, target)


@builtin("move_file(source?: any, target?: any) -> nil", form="effect", effects=["fs.write"])
def move_file(source: Any = None, target: Any = None) -> Effect:
    """Give a file or folder another path, in place of a file that stands there. Both are needed."""
    if source is None or target is None:
        raise thrown("move_file: src and dst are required")
    return Effect("fs.write", "move", text_of(source), text_of(target))


@builtin("delete_file(path: string) -> nil", form="effect", effects=["fs.write"])
def delete_file(path: str) -> Effect:
    """Delete a file, or a folder with all it holds; not one that the working, home or temporary folder would go with."""
    return Effect("fs.write", "delete", path)
