"""``harn doc``: the page of a builtin, or the list of all."""

from __future__ import annotations

import json
import sys

from harn.cli.exits import FAILED, OK
from harn.cli.options import command_parser


def run(arguments: list[str]) -> int:
    """Print what the records say."""
    parser = command_parser(
        "doc",
        "Without a name it lists all builtins by area.",
        examples=[
            ("harn doc split", "the page of a function"),
            ("harn doc list.map", "the page of a method"),
            ("harn doc map", "every method of that name"),
            ("harn doc", "the list"),
        ],
        exits=[FAILED],
    )
    parser.add_argument("name", nargs="?", help="a function, TYPE.METHOD, or the name of a method")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    from harn.tools.doc import areas, described, find, overview, page, suggestion

    if options.name is None:
        if options.json:
            listed = [
                {"area": a.name, "title": a.title, "builtins": [described(r) for r in a.records]} for a in areas()
            ]
            print(json.dumps({"schema": "harn.doc/1", "areas": listed}))
        else:
            print(overview())
        return OK
    found = find(options.name)
    if not found:
        near = suggestion(options.name)
        hint = f"; did you mean `{near}`?" if near else "; `harn doc` lists all"
        print(f"error: there is no builtin `{options.name}`{hint}", file=sys.stderr)
        return FAILED
    if options.json:
        print(json.dumps({"schema": "harn.doc/1", "builtins": [described(made) for made in found]}))
    else:
        print("\n\n".join(page(made) for made in found))
    return OK
