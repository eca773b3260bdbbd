"""Reading what the program is given, and pretending that it was given something else."""

from __future__ import annotations

from harn.builtins.strings import text_of
from harn.catalog.record import builtin
from harn.source.typing import TYPE_CHECKING, Any
from harn.vm.frame import Answer, Done, Effect, Native, Perform
from harn.vm.machine import Context

if TYPE_CHECKING:
    pass

AREA = "stdin"


class MockedInput:
    """The text that counts as standard input; ``at`` is where reading goes on."""

    __slots__ = ("at", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def line(self) -> str | None:
        """The next line without its line break; None at the end."""
        if self.at >= len(self.text):
            return None
        end = self.text.find("\n", self.at)
        end = len(self.text) if end < 0 else end
        line, self.at = self.text[self.at : end], end + 1
        return line.removesuffix("\r")

    def rest(self) -> str:
        """What was not read yet."""
        rest, self.at = self.text[self.at :], len(self.text)
        return rest


class Read(Native):
    """Reads once, of the mocked input where there is one, else of the real one."""

    __slots__ = ("asked", "operation")
    name = "read_line"
    in_context = True

    def __init__(self, operation: str) -> None:
        self.operation = operation
        self.asked = False

    def resume_in(self, context: Context, value: Any) -> Answer:
        if self.asked:
            return Done(self.told(value))
        mocked: MockedInput | None = context.vm.areas.get(AREA)
        if mocked is not None:
            return Done(self.told(mocked.line() if self.operation == "line" else mocked.rest()))
        self.asked = True
        return Perform(Effect("stdin", self.operation))

    def told(self, value: str | None) -> str | None:
        """The result, of what was read."""
        return value


@builtin("read_line() -> string?", form="native", effects=["stdin"])
def read_line() -> Native:
    """The next line of standard input without its line break; nil at the end."""
    return Read("line")


@builtin("read_stdin() -> string", form="native", effects=["stdin"])
def read_stdin() -> Native:
    """Everything of standard input that was not read yet."""
    return Read("rest")


@builtin('prompt_user(question: any = "") -> string', form="native", effects=["output", "stdin"])
def prompt_user(question: Any = "") -> Native:
    """Print a question and give the line that is answered, without blanks at its end; empty where nothing comes any more."""
    return Prompt(text_of(question))


class Prompt(Read):
    """Prints, then reads a line."""

    __slots__ = ("question",)
    name = "prompt_user"

    def __init__(self, question: str) -> None:
        super().__init__("line")
        self.question = question

    def resume_in(self, context: Context, value: Any) -> Answer:
        if not self.asked:
            context.vm.write(context.task, self.question)
        return super().resume_in(context, value)

    def told(self, value: str | None) -> str:
        return (value or "").rstrip()


@builtin("mock_stdin(text: any) -> nil", effects=["state"], ctx=True)
def mock_stdin(ctx: Context, text: Any) -> None:
    """Have a text read in place of standard input, for tests, until `unmock_stdin`."""
    ctx.vm.areas[AREA] = MockedInput(text_of(text))


@builtin("unmock_stdin() -> nil", effects=["state"], ctx=True)
def unmock_stdin(ctx: Context) -> None:
    """Read standard input again."""
    ctx.vm.areas.pop(AREA, None)
