"""``harn repl``: programs entered piece by piece."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from harn.cli.ending import ended
from harn.cli.exits import FAILED, OK
from harn.cli.failures import show_diagnostics
from harn.cli.options import command_parser
from harn.host.host import Host
from harn.tools.repl import Session, shown
from harn.vm.frame import EXIT, Ended, Returned

PROMPT, MORE = "> ", ". "

HELP = """Enter statements or expressions; an expression's value is shown. An unfinished piece goes on over lines, an empty
line ends it. What a piece has bound before an error stays bound. Ctrl-C interrupts, Ctrl-D or :quit leaves.
    :names   the names bound so far     :help   this     :quit   leave"""


def run(arguments: list[str]) -> int:
    """Read and run pieces until the input ends."""
    parser = command_parser(
        "repl",
        "History and completion work on a terminal; from a pipe pieces are read without prompts, and the exit code is that of "
        "the last one.",
        examples=[("harn repl", "begin a session"), ("echo '1 + 1' | harn repl", "run pieces from a pipe")],
        exits=[FAILED],
    )
    parser.parse_args(arguments)
    host = Host.system()
    session = Session(host, host.stdout)
    talking = sys.stdin.isatty()
    if talking:
        print(f"Harn {version()}; :help for help")
        prepare_terminal(session)
    code = OK
    try:
        while True:
            text = read_piece(session, talking)
            if text is None:
                break
            if text.strip().startswith(":"):
                if not command(session, text.strip()):
                    break
                continue
            code, over = enter(session, text)
            if over:
                return code
    finally:
        if talking:
            save_history()
    if talking:
        print()
    return OK if talking else code


def version() -> str:
    """The version of this program."""
    import harn

    return harn.__version__


def read_piece(session: Session, talking: bool) -> str | None:
    """The next piece, None at the end of the input."""
    lines: list[str] = []
    while True:
        try:
            line = input((MORE if lines else PROMPT) if talking else "")
        except EOFError:
            return "\n".join(lines) if lines else None
        except KeyboardInterrupt:
            print()
            lines = []
            continue
        if not lines and not line.strip():
            continue
        lines.append(line)
        text = "\n".join(lines)
        if not line.strip() or line.lstrip().startswith(":") or not session.is_unfinished(text):
            return text


def command(session: Session, word: str) -> bool:
    """Do what a word that begins with a colon says; whether the session goes on."""
    if word in (":q", ":quit", ":exit"):
        return False
    if word == ":names":
        print(" ".join(sorted(session.variables)) or "nothing is bound yet")
    else:
        print(HELP)
    return True


def enter(session: Session, text: str) -> tuple[int, bool]:
    """Run a piece and show what came of it: the exit code it would give, and whether it ended the session."""
    found, outcome = session.enter(text)
    sys.stdout.flush()
    if found:
        show_diagnostics(found)
    if outcome is None:
        return FAILED, False
    if isinstance(outcome, Returned):
        value = shown(outcome.value)
        if value:
            print(value)
        return OK, False
    return ended(outcome), isinstance(outcome, Ended) and outcome.completion.kind == EXIT


def history_file() -> Path | None:
    """Where lines are kept between sessions: ``$XDG_STATE_HOME/harn/history``, else below ``~/.local/state``."""
    base = os.environ.get("XDG_STATE_HOME") or (
        os.path.join(os.environ["HOME"], ".local", "state") if os.environ.get("HOME") else ""
    )
    return Path(base, "harn", "history") if base else None


def prepare_terminal(session: Session) -> None:
    """History and completion, where the system has them."""
    try:
        import readline
    except ImportError:
        return
    found: list[str] = []

    def complete(word: str, place: int) -> str | None:
        if place == 0:
            found[:] = session.complete(readline.get_line_buffer()[: readline.get_endidx()])
        return found[place] if place < len(found) else None

    readline.set_completer(complete)
    readline.set_completer_delims(" \t\n()[]{}<>=+-*/%!?:;,|&\"'`")
    readline.parse_and_bind("tab: complete")
    path = history_file()
    try:
        if path is not None:
            readline.read_history_file(path)
    except OSError:  # there is none yet, or it is not ours to read
        pass


def save_history() -> None:
    """Keep the last thousand lines, for the user alone to read."""
    path = history_file()
    try:
        import readline

        if path is None:
            return
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        readline.set_history_length(1_000)
        readline.write_history_file(path)
        path.chmod(0o600)
    except (ImportError, OSError):
        pass
