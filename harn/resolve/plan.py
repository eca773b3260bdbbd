"""Which statements of a file run, and in what order.

    entry file with a pipeline   imports, types, top-level variables, declarations, ancestors of the pipeline, the pipeline
    entry file without           imports, types, then everything else as it stands: a script
    imported module              imports, types, top-level variables, declarations

Types come first in every file: making one cannot fail and needs nothing.
"""

from __future__ import annotations

from typing import NamedTuple

from harn.syntax import nodes

DECLARATIONS = (nodes.Fn, nodes.Tool, nodes.Skill, nodes.EvalPack, nodes.Impl)
"""What defines something when it is reached, besides variables and types."""

NAMED = (nodes.Fn, nodes.Tool, nodes.Skill, nodes.EvalPack, nodes.Struct, nodes.Enum)
"""Declarations whose name is a variable."""

TYPES = (nodes.Struct, nodes.Enum)


class Plan(NamedTuple):
    """``script``: whether ``body`` is everything the file does; ``pipelines``: the ancestors of the chosen one and itself."""

    imports: tuple[nodes.Import, ...]
    types: tuple[nodes.Struct | nodes.Enum, ...]
    body: tuple[nodes.Statement, ...]
    pipelines: tuple[nodes.Pipeline, ...]
    script: bool


def plan(program: nodes.Program, *, entry: bool, pipeline: str | None = None) -> Plan:
    """The plan of a file. ``pipeline``: the one to run; None for ``default`` or else the first; empty for none."""
    body = program.body
    imports = tuple(s for s in body if isinstance(s, nodes.Import))
    types = tuple(s for s in body if isinstance(s, TYPES))
    found = pipelines(program)
    if entry and not found:
        rest = tuple(s for s in body if not isinstance(s, (nodes.Import, *TYPES)))
        return Plan(imports, types, rest, (), True)
    variables = [s for s in body if isinstance(s, nodes.Let)]
    declarations = [s for s in body if isinstance(s, DECLARATIONS)]
    chosen = _ancestry(found, _chosen(found, pipeline)) if entry else ()
    return Plan(imports, types, (*variables, *declarations), chosen, False)


def pipelines(program: nodes.Program) -> dict[str, nodes.Pipeline]:
    """The pipelines of a file by name, in order; of several with one name the first counts."""
    found: dict[str, nodes.Pipeline] = {}
    for statement in program.body:
        if isinstance(statement, nodes.Pipeline):
            found.setdefault(statement.name, statement)
    return found


def _chosen(found: dict[str, nodes.Pipeline], wanted: str | None) -> nodes.Pipeline | None:
    if wanted is not None:
        return found.get(wanted)
    return found.get("default") or next(iter(found.values()), None)


def _ancestry(found: dict[str, nodes.Pipeline], pipeline: nodes.Pipeline | None) -> tuple[nodes.Pipeline, ...]:
    """A pipeline after those it extends, the oldest first; an unknown parent ends the chain, and so does a circle."""
    chain: list[nodes.Pipeline] = []
    while pipeline is not None and pipeline not in chain:
        chain.append(pipeline)
        pipeline = found.get(pipeline.extends) if pipeline.extends else None
    return tuple(reversed(chain))
