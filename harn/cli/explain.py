"""``harn explain``: what the code of a diagnostic means, or how a promise of a function is broken."""

from __future__ import annotations

import json
import sys

from harn.cli.exits import FAILED, OK
from harn.cli.options import command_parser


def run(arguments: list[str]) -> int:
    """Print the row of a code with its programs."""
    parser = command_parser(
        "explain",
        "Prints what a diagnostic means, a program that provokes it and a corrected one. Without a code it lists all. With"
        " --invariant it prints how a function comes to break a promise that its `@invariant` makes.",
        examples=[
            ("harn explain S001", "explain one code"),
            ("harn explain", "list all codes"),
            ("harn explain --invariant fs.writes save main.harn", "every way in which `save` writes elsewhere"),
        ],
        exits=[FAILED],
    )
    parser.add_argument("code", nargs="?", help="a code such as S001")
    parser.add_argument(
        "--invariant",
        nargs=3,
        metavar=("NAME", "FUNCTION", "FILE"),
        help="how a function breaks a promise, step by step",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    if options.invariant is not None:
        from harn.cli.explain_invariant import explain_invariant

        return explain_invariant(*options.invariant, as_json=options.json)
    from harn.source.rows import rows

    known = rows()
    if options.code is None:
        if options.json:
            print(json.dumps({"schema": "harn.explain/1", "codes": [row._asdict() for row in known.values()]}))
        else:
            print("\n".join(f"{row.code}  {row.title}" for row in known.values()))
        return OK
    row = known.get(options.code.upper())
    if row is None:
        from harn.source.spelling import nearest

        near = nearest(options.code.upper(), known)
        hint = f"; did you mean `{near}`?" if near else "; `harn explain` lists all"
        print(f"error: there is no code `{options.code}`{hint}", file=sys.stderr)
        return FAILED
    if options.json:
        print(json.dumps({"schema": "harn.explain/1", **row._asdict()}))
        return OK
    shown = [f"{row.code}: {row.title}", "", row.explanation]
    for title, program in (("This program has it:", row.failing), ("This one does not:", row.corrected)):
        shown += ["", title, "", *(f"    {line}".rstrip() for line in program.rstrip("\n").split("\n"))]
    print("\n".join(shown))
    return OK
