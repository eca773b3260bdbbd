"""``harn version``."""

from __future__ import annotations

import harn
from harn.cli.exits import OK


def run(arguments: list[str]) -> int:
    """Print the version, or with ``--json`` also what it runs on."""
    if not arguments:
        print(f"harn {harn.__version__}")
        return OK
    import json
    import platform

    from harn.cli.options import command_parser

    parser = command_parser(
        "version",
        "",
        examples=[("harn version", "print it"), ("harn version --json", "as JSON, with the Python it runs on")],
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.parse_args(arguments)
    report = {
        "schema": "harn.version/1",
        "version": harn.__version__,
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
    }
    print(json.dumps(report))
    return OK
