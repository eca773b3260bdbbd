"""What may go wrong when a persona runs, told before it does."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import NamedTuple

from harn.syntax import nodes
from harn.tools.declared_steps import declared_steps
from harn.tools.lint.rules.persona_body_must_call_steps import other_calls
from harn.tools.lint.settings import settings_for
from harn.tools.lint.source import Source
from harn.tools.personas import Catalog, CatalogError, Shown, catalog
from harn.types.step_attributes import attribute_warnings

GREEN, YELLOW, RED = "ok", "warning", "red"

_CALLED = (nodes.Fn, nodes.Pipeline, nodes.Tool)
"""Declarations that an entry may name."""


class Check(NamedTuple):
    """One thing looked at. Where it has a place, that is ``line`` of the file ``path``; else these are 0 and empty."""

    name: str
    status: str
    message: str
    path: str = ""
    line: int = 0


def examined(found: Catalog, persona: Shown) -> list[Check]:
    """All checks of a persona, the declaration first."""
    return [*_declaration(found, persona), *_workflow(found, persona)]


def _declaration(found: Catalog, persona: Shown) -> Iterator[Check]:
    yield Check("declaration", GREEN, f"`{persona['name']}` is declared in {found.path}")
    about = f"'{persona['name']}'"
    yield from (Check("stages", YELLOW, warning) for warning in found.warnings if about in warning)
    if found.program is not None and found.file is not None:
        for warning in attribute_warnings(found.program, found.file):
            yield Check("attributes", YELLOW, warning.message, *warning.place[:2])
    names = [step["name"] for step in persona["steps"]]
    for stage in persona["stages"] if found.declared is not None else ():
        if stage["name"] not in names:
            yield Check("stages", YELLOW, f"stage `{stage['name']}` is no step that `{persona['name']}` calls")


def _workflow(found: Catalog, persona: Shown) -> Iterator[Check]:
    """The entry and what it calls."""
    if found.declared is not None:
        yield from _steps(found, persona["entry_workflow"])
        return
    path, _, function = persona["entry_workflow"].partition("#")
    path = os.path.join(os.path.dirname(found.path), path)
    if not path.endswith(".harn"):
        yield Check(
            "entry_workflow", YELLOW, f"`{persona['entry_workflow']}` names no file, so its steps are not known"
        )
    elif not os.path.isfile(path):
        yield Check("entry_workflow", RED, f"{path} does not exist")
    else:
        yield from _entry(path, function)


def _entry(path: str, function: str) -> Iterator[Check]:
    """The entry of a persona that a manifest declares: a function of a file."""
    try:
        source = catalog(path)
    except CatalogError as error:
        fault = error.faults[0].message
        known = fault.startswith("no @persona")
        yield Check("entry_workflow", YELLOW if known else RED, f"{path}: {fault}")
        return
    assert source.program is not None
    assert source.declared is not None
    if function in source.declared.personas:
        yield Check("entry_workflow", GREEN, f"{path} declares `{function}`")
        yield from _steps(source, function)
    elif not function:
        yield Check("entry_workflow", YELLOW, f"{path} is named without a function, so its steps are not known")
    elif any(isinstance(node, _CALLED) and node.name == function for node in source.program.body):
        yield Check("entry_workflow", YELLOW, f"`{function}` is not marked `@persona`: its steps have no persona")
    else:
        yield Check("entry_workflow", RED, f"{path} declares no `{function}`")


def _steps(found: Catalog, function: str) -> Iterator[Check]:
    assert found.file is not None
    assert found.program is not None
    source = Source(found.file, found.program, settings_for(found.path))
    declared = declared_steps(found.program)
    wrong = list(other_calls(source, declared.personas[function]))
    for finding in wrong:
        yield Check("steps", RED, finding.message, found.path, found.file.position(finding.span.start)[0])
    if not wrong:
        yield Check("steps", GREEN, "everything it calls by name is a step")
