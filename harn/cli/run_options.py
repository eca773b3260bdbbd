"""Reading the options of ``harn run``. Off the fast path: a plain ``harn run FILE [-- ARGS]`` never comes here."""

from __future__ import annotations

import argparse

from harn.cli.exits import FAILED, INTERRUPTED, TERMINATED, TIME_LIMIT
from harn.cli.options import CommandParser, command_parser
from harn.source.typing import Any
from harn.vm.limits import Limits
from harn.vm.policy import Policy, unknown_words


def run_parser() -> CommandParser:
    """The parser of ``harn run``, without what follows ``--``."""
    parser = command_parser(
        "run",
        "FILE may be `-` for standard input. What follows `--` is the program's `argv`. An int that the pipeline gives is the "
        "exit code.",
        usage="harn run [options] FILE [-- ARGS...]\n       harn run [options] -e CODE [-- ARGS...]",
        examples=[
            ("harn run hello.harn", "run a file"),
            ("harn run tool.harn -- --fast data.txt", "with arguments"),
            ("harn run -e 'println(1 + 2)'", "run a piece of code"),
            ("harn run --pipeline nightly jobs.harn", "one of several pipelines"),
            ("harn run --deny fs.write,proc.exec untrusted.harn", "without writing files or starting programs"),
            ("harn run --steps --receipt-out run.json agent.harn", "showing steps, with a receipt"),
            ("harn run --checkpoint job.journal job.harn", "with a journal: `harn resume` goes on where it was killed"),
            ("harn run --deterministic --seed 7 tasks.harn", "the same output at every run, in another order of tasks"),
            ("harn run --limit seconds=2 --limit instructions=1000000 x.harn", "within limits"),
        ],
        exits=[FAILED, TIME_LIMIT, INTERRUPTED, TERMINATED],
    )
    parser.add_argument("file", nargs="?", metavar="FILE", help="the program")
    parser.add_argument(
        "-e", "--eval", dest="code", metavar="CODE", help="run this code; its last value is the exit code"
    )
    parser.add_argument("--pipeline", metavar="NAME", help="run this pipeline instead of `default` or the first")
    parser.add_argument(
        "--allow",
        metavar="LIST",
        type=words,
        help="builtins with effects that may be called, by name or effect; no others",
    )
    parser.add_argument("--deny", metavar="LIST", type=words, help="builtins or effects that may not be used")
    parser.add_argument(
        "--limit",
        metavar="KIND=VALUE",
        action="append",
        default=[],
        type=limit,
        help=f"a limit, may be repeated; kinds: {', '.join(sorted(Limits.__slots__))}",
    )
    parser.add_argument(
        "--steps", action="store_true", help="print the tree of steps with tokens, cost and time, on standard error"
    )
    parser.add_argument(
        "--receipt-out",
        dest="receipt",
        metavar="FILE",
        help="write a receipt of the run, as JSON, with what its steps used",
    )
    parser.add_argument(
        "--profile-json",
        dest="profile",
        metavar="FILE",
        help="write where the time went, as JSON: by kind of span, model call and step",
    )
    parser.add_argument(
        "--checkpoint", metavar="FILE", help="keep a journal in this new file, from which `harn resume` goes on"
    )
    parser.add_argument(
        "--sync",
        action="store_true",
        help="with --checkpoint: have what was written on the disk before anything is done, to outlive a loss of power too",
    )
    parser.add_argument(
        "--deterministic",
        action="store_true",
        help="the same output at every run: time is virtual (it begins with 2025, sleeps and deadlines pass at once), random "
        "numbers and ids come from the seed, effects of tasks are performed one after the other. What files, programs and "
        "models answer is theirs",
    )
    parser.add_argument(
        "--seed",
        type=int,
        metavar="N",
        help="with --deterministic: switch between tasks in an order, and after times of computing, that N decides (without it "
        "they take their turns)",
    )
    parser.add_argument("--no-cache", dest="cache", action="store_false", help="neither use nor keep compiled code")
    return parser


def words(text: str) -> list[str]:
    """A comma-separated list of builtins and effects."""
    found = [word for word in (part.strip() for part in text.split(",")) if word]
    unknown = unknown_words(found)
    if unknown:
        from harn.catalog.effects import EFFECTS
        from harn.catalog.index import names
        from harn.source.spelling import nearest

        near = nearest(unknown[0], [*EFFECTS, *names()])
        hint = f"; did you mean `{near}`?" if near else ""
        raise argparse.ArgumentTypeError(f"`{unknown[0]}` is neither a builtin nor an effect{hint}")
    return found


def limit(text: str) -> tuple[str, float]:
    """``KIND=VALUE``."""
    kind, _, value = text.partition("=")
    if kind not in Limits.__slots__:
        raise argparse.ArgumentTypeError(
            f"there is no limit `{kind}`; the kinds are {', '.join(sorted(Limits.__slots__))}"
        )
    try:
        number = float(value) if kind == "seconds" else int(value.replace("_", ""))
        Limits(**{kind: number})  # type: ignore[arg-type]
    except ValueError:
        raise argparse.ArgumentTypeError(f"the limit `{kind}` must be a number above zero, not `{value}`") from None
    return kind, number


def settings(arguments: list[str]) -> dict[str, Any]:
    """The options as ``harn.cli.run`` wants them; ends the process where they are wrong."""
    own, argv = arguments, []
    if "--" in arguments:
        place = arguments.index("--")
        own, argv = arguments[:place], arguments[place + 1 :]
    parser = run_parser()
    found = parser.parse_args(own)
    if (found.file is None) == (found.code is None):
        parser.error("give a FILE or -e CODE" if found.file is None else "give either a FILE or -e CODE, not both")
    if found.sync and found.checkpoint is None:
        parser.error("--sync goes with --checkpoint")
    if found.seed is not None and not found.deterministic:
        parser.error("--seed needs --deterministic")
    policy = Policy(found.allow, found.deny or ()) if found.allow is not None or found.deny is not None else None
    return {
        "file": found.file,
        "code": found.code,
        "argv": argv,
        "pipeline": found.pipeline,
        "policy": policy,
        "limits": Limits(**dict(found.limit)),
        "cache": found.cache,
        "deterministic": found.deterministic,
        "seed": found.seed,
        "steps": found.steps,
        "receipt": found.receipt,
        "profile": found.profile,
        "checkpoint": found.checkpoint,
        "sync": found.sync,
    }
