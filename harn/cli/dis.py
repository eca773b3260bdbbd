"""``harn dis``: what a program was compiled to."""

from __future__ import annotations

import json
import sys

from harn.cli.exits import FAILED, OK
from harn.cli.failures import show_diagnostics
from harn.cli.options import command_parser
from harn.cli.sources import read_source


def run(arguments: list[str]) -> int:
    """Print the bytecode of a file beside its source lines."""
    parser = command_parser(
        "dis",
        "Instructions stand below the source lines they came from; a fused instruction is printed as its parts.",
        examples=[
            ("harn dis report.harn", "every function of the file"),
            ("harn dis report.harn --function total", "one of them"),
            ("harn dis report.harn --json", "as JSON, with all tables"),
        ],
        exits=[FAILED],
    )
    parser.add_argument("file", help="a source file, or - for standard input")
    parser.add_argument("--function", metavar="NAME", help="only this function, by its name or qualified name")
    parser.add_argument(
        "--pipeline", metavar="NAME", help="the pipeline to compile (default: the one that `harn run` takes)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    file = read_source(options.file)
    if file is None:
        return FAILED
    from harn.code.listing import listing, names
    from harn.compiler.build import build

    built = build(file, pipeline=options.pipeline)
    show_diagnostics(built.diagnostics)
    module = built.entry
    if module is None:
        return FAILED
    wanted = options.function
    if wanted is not None:
        chosen = tuple(chunk for chunk in module.functions if wanted in (chunk.name, chunk.qualified))
        if not chosen:
            from harn.source.spelling import nearest

            near = nearest(wanted, names(module))
            hint = f"; did you mean `{near}`?" if near else ""
            print(f"error: {options.file} has no function `{wanted}`{hint}", file=sys.stderr)
            return FAILED
    if options.json:
        from harn.code.disassembly import disassemble

        plain = disassemble(module, file)
        if wanted is not None:
            plain["functions"] = [f for f in plain["functions"] if wanted in (f["name"], f["qualified"])]
        print(json.dumps(plain))
    else:
        print(listing(module, file, wanted))
    return OK
