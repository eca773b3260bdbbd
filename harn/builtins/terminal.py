"""The terminal: whether there is one, colours, and lines that tell how far something has come."""

from __future__ import annotations

from harn.builtins.strings import text_of
from harn.catalog.record import builtin
from harn.source.typing import TYPE_CHECKING, Any
from harn.values.errors import thrown
from harn.values.operators import check_size
from harn.vm.frame import Answer, Done, Effect, Native, Perform
from harn.vm.machine import Context

if TYPE_CHECKING:
    from harn.vm.machine import Machine

AREA = "terminal"
STREAMS = ("stdin", "stdout", "stderr")
AUTO, ALWAYS, NEVER = "auto", "always", "never"

_NAMES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
COLOURS = {
    **{name: 30 + code for code, name in enumerate(_NAMES)},
    **{f"bright_{name}": 90 + code for code, name in enumerate(_NAMES)},
    "gray": 90,
    "grey": 90,
}
"""Name of a colour -> its code."""
BOLD, DIM = 1, 2
_RESET = "\x1b[0m"
FRAMES = "|/-\\"


class Terminal:
    """What a program has said about its terminal: ``mode`` of colours, and what streams pretend to be (``mocked``)."""

    __slots__ = ("mocked", "mode")

    def __init__(self) -> None:
        self.mode = AUTO
        self.mocked: dict[str, bool] = {}


def terminal_of(vm: Machine) -> Terminal:
    """That of a run, made at its first use."""
    found: Terminal | None = vm.areas.get(AREA)
    if found is None:
        found = vm.areas[AREA] = Terminal()
    return found


class IsTerminal(Native):
    """Asks whether a stream is a terminal, unless the program pretends to know."""

    __slots__ = ("stream",)
    name = "is_tty"
    in_context = True

    def __init__(self, stream: str) -> None:
        self.stream = stream

    def resume_in(self, context: Context, value: Any) -> Answer:
        if value is None:
            known = terminal_of(context.vm).mocked.get(self.stream)
            return Done(known) if known is not None else Perform(tty(self.stream))
        return Done(value and (self.stream != "stdout" or prints_to_process(context.vm)))


def tty(stream: str) -> Effect:
    """The effect that asks whether a stream of the process is a terminal."""
    return Effect("env.read", "terminal", stream, idempotent=True)


def prints_to_process(vm: Machine) -> bool:
    """Whether what the run prints goes to the process's own standard output, not into a text somebody keeps."""
    return getattr(vm.output, "of_process", False)


@builtin("is_stdin_tty() -> bool", form="native", effects=["env.read"])
def is_stdin_tty() -> Native:
    """Whether standard input is a terminal."""
    return IsTerminal("stdin")


@builtin("is_stdout_tty() -> bool", form="native", effects=["env.read"])
def is_stdout_tty() -> Native:
    """Whether what is printed goes to a terminal."""
    return IsTerminal("stdout")


@builtin("is_stderr_tty() -> bool", form="native", effects=["env.read"])
def is_stderr_tty() -> Native:
    """Whether the standard error stream is a terminal."""
    return IsTerminal("stderr")


@builtin("mock_tty(stream: string, terminal?: any) -> nil", effects=["state"], ctx=True)
def mock_tty(ctx: Context, stream: str, terminal: Any = None) -> None:
    """Have `stdin`, `stdout` or `stderr` count as a terminal (`true`) or not (anything else), for tests."""
    if stream not in STREAMS:
        raise thrown(f"mock_tty: invalid stream '{stream}'. Expected 'stdin', 'stdout', or 'stderr'.")
    terminal_of(ctx.vm).mocked[stream] = terminal is True


@builtin("unmock_tty() -> nil", effects=["state"], ctx=True)
def unmock_tty(ctx: Context) -> None:
    """Undo every `mock_tty`."""
    terminal_of(ctx.vm).mocked.clear()


@builtin("set_color_mode(mode: string) -> nil", effects=["state"], ctx=True)
def set_color_mode(ctx: Context, mode: str) -> None:
    """When `color`, `bold` and `dim` do something: `always`, `never`, or `auto`: with FORCE_COLOR, and on a terminal without
    NO_COLOR.
    """
    if mode not in (AUTO, ALWAYS, NEVER):
        raise thrown(f"set_color_mode: invalid mode '{mode}'. Expected 'auto', 'always', or 'never'.")
    terminal_of(ctx.vm).mode = mode


class Styled(Native):
    """A text between two escape sequences, where colours are wanted."""

    __slots__ = ("code", "text")
    name = "color"
    in_context = True

    def __init__(self, text: str, code: int) -> None:
        self.text = text
        self.code = code

    def resume_in(self, context: Context, value: Any) -> Answer:
        vm = context.vm
        own = terminal_of(vm)
        if value is None:
            if own.mode == AUTO:
                return Perform(Effect("output", "colours", idempotent=True))
            value = own.mode
        elif value not in (ALWAYS, NEVER):
            real = value == "terminal" and prints_to_process(vm)
            value = ALWAYS if own.mocked.get("stdout", real) else NEVER
        check_size(len(self.text) + len(_RESET) * 2, vm.value_bytes)
        return Done(f"\x1b[{self.code}m{self.text}{_RESET}" if value == ALWAYS else self.text)


@builtin("color(text: any, name: any) -> string", form="native", effects=["output"])
def color(text: Any, name: Any) -> Native | str:
    """A text in a colour, where colours are wanted (see `set_color_mode`): `black red green yellow blue magenta cyan white`, each
    also with `bright_` before it, and `gray`. An unknown name leaves the text as it is.
    """
    code = COLOURS.get(text_of(name))
    return text_of(text) if code is None else Styled(text_of(text), code)


@builtin("bold(text: any) -> string", form="native", effects=["output"])
def bold(text: Any) -> Native:
    """A text in bold, where colours are wanted (see `set_color_mode`)."""
    return Styled(text_of(text), BOLD)


@builtin("dim(text: any) -> string", form="native", effects=["output"])
def dim(text: Any) -> Native:
    """A text that is less bright, where colours are wanted (see `set_color_mode`)."""
    return Styled(text_of(text), DIM)


@builtin(
    "progress(phase: any, message: any, progress?: any, total?: any) -> nil",
    effects=["output"],
    ctx=True,
    examples=[('progress("build", "compiling", 3, 10)', "nil")],
)
def progress(ctx: Context, phase: Any, message: Any, progress: Any = None, total: Any = None) -> None:
    """Print a line that tells how far something has come: `[build] compiling (3/10)`, with one number `(50%)`.

    `{mode: "bar", current, total, width}` draws a bar of 3 to 40 (else 10) signs, `{mode: "spinner", step}` one of four signs.
    """
    ctx.vm.write(ctx.task, progress_line(text_of(phase), text_of(message), progress, total))


def progress_line(phase: str, message: str, progress: Any, total: Any) -> str:
    """The line that `progress` prints."""
    if progress.__class__ is dict:
        mode = progress.get("mode")
        if mode == "spinner":
            step = _number(progress, "step", _number(progress, "current", 0))
            return f"[{phase}] {FRAMES[step % 4]} {message}\n"
        if mode == "bar":
            current, end = _number(progress, "current", 0), _number(progress, "total", 0)
            bar = progress_bar(current, end, min(40, max(3, _number(progress, "width", 10))))
            return f"[{phase}] {bar} {message} ({current}/{end})\n"
    if progress.__class__ is not int:
        return f"[{phase}] {message}\n"
    return (
        f"[{phase}] {message} ({progress}/{total})\n"
        if total.__class__ is int
        else f"[{phase}] {message} ({progress}%)\n"
    )


def progress_bar(current: int, total: int, width: int) -> str:
    """``[######--]``; empty where there is nothing to be done."""
    filled = 0 if total <= 0 else (2 * min(max(current, 0), total) * width + total) // (2 * total)
    return f"[{'#' * filled}{'-' * (width - filled)}]"


def _number(options: dict[str, Any], key: str, otherwise: int) -> int:
    found = options.get(key)
    return found if found.__class__ is int else otherwise
