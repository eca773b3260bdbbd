"""``harn persona``: the personas of a program or of a project's manifest."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from harn.cli.exits import FAILED, OK
from harn.cli.options import CommandParser, command_parser

if TYPE_CHECKING:
    from harn.tools.personas import Catalog, CatalogError, Fault, Shown

_WIDTH = 16


def run(arguments: list[str]) -> int:
    """Run a sub-command."""
    options = _parser().parse_args(arguments)
    from harn.resolve.manifest import nearest_manifest
    from harn.tools.personas import CatalogError, catalog

    path = getattr(options, "path", None) or options.manifest or nearest_manifest(".")
    if path is None:
        print("error: no harn.toml found here or above; name a file with --manifest", file=sys.stderr)
        return FAILED
    try:
        found = catalog(path)
    except CatalogError as error:
        return refused(error, options)
    code: int = options.command(found, options)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = command_parser(
        "persona",
        "Personas are declared by `@persona` in a program, or by `[[personas]]` in harn.toml. Without --manifest the nearest\n"
        "harn.toml is taken, here or in a folder above.",
        examples=[
            ("harn persona list", "the personas of this project"),
            ("harn persona --manifest captain.harn inspect captain --json", "one persona of a program, with its steps"),
            ("harn persona check captain.harn", "whether all is as it must be"),
            ("harn persona --manifest captain.harn doctor captain", "what may go wrong when it runs"),
        ],
        exits=[FAILED],
        usage="harn persona [--manifest FILE] list|inspect NAME|check [FILE]|doctor NAME [--json]",
    )
    shared = CommandParser(add_help=False)
    for one, default in ((parser, None), (shared, argparse.SUPPRESS)):
        one.add_argument("--manifest", metavar="FILE", default=default, help="a .harn file, a harn.toml or its folder")
        one.add_argument(
            "--json", action="store_true", default=default or argparse.SUPPRESS, help="print one JSON object"
        )
    parser.set_defaults(json=False)
    commands = parser.add_subparsers(prog="harn persona", required=True, metavar="COMMAND", parser_class=CommandParser)
    commands.add_parser("list", parents=[shared], help="all personas").set_defaults(command=list_all)
    inspect = commands.add_parser("inspect", parents=[shared], help="all that is known of a persona")
    inspect.add_argument("name", metavar="NAME")
    inspect.set_defaults(command=inspect_one)
    check = commands.add_parser("check", parents=[shared], help="whether the declarations are as they must be")
    check.add_argument("path", nargs="?", metavar="FILE")
    check.set_defaults(command=check_all)
    doctor = commands.add_parser("doctor", parents=[shared], help="what may go wrong when a persona runs")
    doctor.add_argument("name", metavar="NAME")
    doctor.set_defaults(command=examine)
    return parser


def refused(error: CatalogError, options: argparse.Namespace) -> int:
    """Tell why personas cannot be read."""
    if options.json:
        show_faults(error.path, error.faults)
    for fault in error.faults:
        hint = f"; {fault.hint}" if fault.hint else ""
        print(f"error: {error.path} {fault.field}: {fault.message}{hint}", file=sys.stderr)
    return FAILED


def show_faults(path: str, faults: list[Fault]) -> None:
    """Print what is wrong as JSON."""
    errors = [
        {"manifest_path": path, "field_path": fault.field, "message": fault.message}
        | ({"hint": fault.hint} if fault.hint else {})
        for fault in faults
    ]
    show_json({"schema": "harn.persona.check/1", "ok": False, "errors": errors})


def show_json(value: Any) -> None:
    """Print data with two spaces of indent, keys alphabetical at every level."""
    print(json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False))


# ---------------------------------------------------------------------------------------------------------- commands


def list_all(found: Catalog, options: argparse.Namespace) -> int:
    """One line a persona."""
    if options.json:
        show_json({"schema": "harn.personas/1", "manifest_path": found.path, "personas": found.personas})
    elif not found.personas:
        print(f"No personas declared in {found.path}.")
    else:
        print(f"Personas in {found.path}:")
        width = max(len(persona["name"]) for persona in found.personas)
        for persona in found.personas:
            tier, receipts = persona["autonomy_tier"], persona["receipt_policy"]
            entry = persona["entry_workflow"]
            print(f"  {persona['name']:<{width}}  tier={tier:<17} receipts={receipts:<8} entry={entry}")
    return OK


def inspect_one(found: Catalog, options: argparse.Namespace) -> int:
    """All that is known of one persona."""
    persona = find(found, options)
    if persona is None:
        return FAILED
    if options.json:
        show_json(persona)
        return OK
    for key, value in _lines(persona):
        print(f"{key + ':':<{_WIDTH}}{value}")
    if persona["stages"]:
        print("stages:")
        for stage in persona["stages"]:
            print(f"  - {stage['name']}{_limits(stage, ('allowed_tools', 'side_effect_level', 'max_iterations'))}")
    if persona["steps"]:
        print("steps:")
        for step in persona["steps"]:
            budget = step.get("budget", {})
            flat = {**step, **budget}
            limits = _limits(flat, ("model", "error_boundary", "max_tokens", "max_usd", "scope"))
            print(f"  - {step['name']} ({step['function']}){limits}")
    print(f"{'manifest:':<{_WIDTH}}{found.path}")
    return OK


def find(found: Catalog, options: argparse.Namespace) -> Shown | None:
    """The persona that is asked for; None after telling that there is none."""
    from harn.source.spelling import nearest

    persona = found.find(options.name)
    if persona is None:
        message = f"persona '{options.name}' not found in {found.path}"
        near = nearest(options.name, [one["name"] for one in found.personas])
        hint = f"did you mean `{near}`?" if near else ""
        if options.json:
            from harn.tools.personas import Fault

            show_faults(found.path, [Fault("persona", message, hint)])
        print(f"error: {message}{f'; {hint}' if hint else ''}", file=sys.stderr)
    return persona


def _lines(persona: Shown) -> list[tuple[str, str]]:
    """What the text form says before the steps: key and value."""
    budget = {key: value for key, value in persona["budget"].items() if value is not None}
    optional = {
        "version": persona["version"],
        "owner": persona["owner"],
        "model": persona["model_policy"]["default_model"],
        "budget": _limits(budget, tuple(budget)).strip() or None,
    }
    order = (
        "name", "version", "description", "entry_workflow", "tools", "capabilities", "autonomy_tier", "receipt_policy",
        "triggers", "schedules", "handoffs", "context_packs", "evals", "owner", "model", "budget",
    )  # fmt: skip
    lines: list[tuple[str, str]] = []
    for key in order:
        value = optional[key] if key in optional else persona[key]
        if isinstance(value, list):
            lines.append((key, ", ".join(value) or "-"))
        elif value is not None:
            lines.append((key, str(value)))
    return lines


def _limits(values: dict[str, Any], keys: tuple[str, ...]) -> str:
    """`` key=value`` for those there are."""
    shown = ((key, values[key]) for key in keys if key in values)
    return "".join(f" {key}={(','.join(value) or '-') if isinstance(value, list) else value}" for key, value in shown)


def check_all(found: Catalog, options: argparse.Namespace) -> int:
    """Whether the declarations are as they must be; the reading has refused them where they are not."""
    if options.json:
        listed = [
            {
                "name": persona["name"],
                "triggers": persona["triggers"],
                "tools": persona["tools"],
                "autonomy": persona["autonomy_tier"],
                "receipts": persona["receipt_policy"],
            }
            for persona in found.personas
        ]
        show_json(
            {
                "schema": "harn.persona.check/1",
                "ok": True,
                "manifest_path": found.path,
                "personas": listed,
                "warnings": found.warnings,
            }
        )
    else:
        print(f"ok: {found.path} persona manifest validates ({len(found.personas)} personas)")
    for warning in found.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    return OK


def examine(found: Catalog, options: argparse.Namespace) -> int:
    """What may go wrong when a persona runs; FAILED where something is red."""
    from harn.tools.persona_doctor import RED, examined

    persona = find(found, options)
    if persona is None:
        return FAILED
    checks = examined(found, persona)
    red = any(check.status == RED for check in checks)
    if options.json:
        shown = [check._asdict() for check in checks]
        show_json({"schema": "harn.persona.doctor/1", "name": options.name, "ok": not red, "checks": shown})
    else:
        for check in checks:
            place = f"{check.path}:{check.line}: " if check.line else ""
            print(f"{check.status:<7} {check.name}: {place}{check.message}")
    return FAILED if red else OK
