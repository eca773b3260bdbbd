"""Where a program stands on the disk: its files, its project, and where its state is kept."""

from __future__ import annotations

from harn.catalog.record import builtin
from harn.source.typing import TYPE_CHECKING, Any
from harn.vm.frame import Answer, Done, Effect, Frame, Native, Perform

if TYPE_CHECKING:
    from harn.vm.machine import Context, Machine, Task

MANIFEST = "harn.toml"


def caller_file(task: Task) -> str:
    """The path of the file whose code calls a builtin, functions of std modules passed over; empty where there is none."""
    for record in reversed(task.frames):
        if record.__class__ is Frame and not record.code.std:
            return file_folder(record.code.module.path)[0]
    return ""


def program_file(vm: Machine) -> str:
    """The path of the file that was started; empty for a program that is in no file."""
    return "" if vm.program is None else file_folder(vm.program.entry.path)[0]


def file_folder(path: str) -> tuple[str, str]:
    """The path of a module's file and its folder; both empty for a module in no file (`<eval>`)."""
    return ("", "") if path.startswith("<") else (path, path.rpartition("/")[0] or "/" * path.startswith("/"))


def caller_folder(task: Task) -> str:
    """The folder of the calling file, as it was written when the program was started; empty for the working directory."""
    return file_folder(caller_file(task))[1]


@builtin("cwd() -> string", form="effect", effects=["fs.read"], aliases=["execution_root"])
def cwd() -> Effect:
    """The working directory, where relative paths start."""
    return Effect("fs.read", "folder", idempotent=True)


@builtin("temp_dir() -> string", form="effect", effects=["fs.read"])
def temp_dir() -> Effect:
    """The folder for temporary files, which all programs share: make one in it with `mkdir`. A sandbox gives its root."""
    return Effect("fs.read", "temporary", idempotent=True)


@builtin("source_dir() -> string", form="effect", effects=["fs.read"], ctx=True, aliases=["asset_root"])
def source_dir(ctx: Context) -> Effect:
    """The folder of the file whose code calls this; the working directory for code that is in no file."""
    return Effect("fs.read", "whole", caller_folder(ctx.task), idempotent=True)


@builtin("project_root() -> string?", form="effect", effects=["fs.read"], ctx=True)
def project_root(ctx: Context) -> Effect:
    """The nearest folder with a `harn.toml`, that of the calling file or one above it in its repository; nil without one."""
    return Effect("fs.read", "above", caller_folder(ctx.task), MANIFEST, idempotent=True)


@builtin("runtime_paths() -> dict<string, string>", form="native", effects=["fs.read"], ctx=True)
def runtime_paths(ctx: Context) -> Native:
    """`execution_root` (the working directory), `asset_root` (the calling file's folder), and where state, runs and work trees
    are kept: `state_root`, `run_root`, `worktree_root`, below the project's folder, else below that of the program.
    """
    return RuntimePaths(caller_folder(ctx.task))


class Rooted(Native):
    """What needs the folders where state is kept: asks for the program's project, then for its roots, then goes on.

    ``folder`` is that of the program; later ``base`` is that of its project.
    """

    __slots__ = ("asking", "base", "folder")

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.base = ""
        self.asking = "above"

    def start(self) -> Answer:
        return Perform(Effect("fs.read", "above", self.folder, MANIFEST, idempotent=True))

    def resume(self, value: Any) -> Answer:
        if self.asking == "above" and value is None:
            self.asking = "whole"
            return Perform(Effect("fs.read", "whole", self.folder, idempotent=True))
        if self.asking != "roots":
            self.base, self.asking = value, "roots"
            return Perform(Effect("fs.read", "roots", value, idempotent=True))
        return self.rooted(value)

    def rooted(self, roots: dict[str, str]) -> Answer:
        """Called with ``state``, ``runs`` and ``worktrees``."""
        raise NotImplementedError


class RuntimePaths(Rooted):
    """Asks for the two folders besides."""

    __slots__ = ("told",)
    name = "runtime_paths"

    def __init__(self, folder: str) -> None:
        super().__init__(folder)
        self.told: dict[str, str] = {}

    def rooted(self, roots: dict[str, str]) -> Answer:
        self.told = {
            "state_root": roots["state"],
            "run_root": roots["runs"],
            "worktree_root": roots["worktrees"],
        }
        return Perform(Effect("fs.read", "folder", idempotent=True))

    def resume(self, value: Any) -> Answer:
        if not self.told:
            return super().resume(value)
        if "execution_root" not in self.told:
            self.told["execution_root"] = value
            return Perform(Effect("fs.read", "whole", self.folder, idempotent=True))
        return Done({**self.told, "asset_root": value})
