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

VALUED = (nodes.TypeAlias, nodes.Interface)
"""Types that are variables only in a module, for those who import them: their value is a schema."""


_Type = nodes.Struct | nodes.Enum | nodes.TypeAlias | nodes.Interface


class Plan(NamedTuple):
    """``script``: whether ``body`` is everything the file does; ``pipelines``: the ancestors of the chosen one and itself."""

    imports: tuple[nodes.Import, ...]
    types: tuple[_Type, ...]
    body: tuple[nodes.Statement, ...]
    pipelines: tuple[nodes.Pipeline, ...]
    script: bool


def plan(program: nodes.Program, *, entry: bool, pipeline: str | None = None) -> Plan:
    """The plan of a file. ``pipeline``: the one to run; None for ``default`` or else the first; empty for none."""
    body = program.body
    imports = tuple(s for s in body if isinstance(s, nodes.Import))
    types: tuple[_Type, ...] = tuple(s for s in body if isinstance(s, TYPES))
    found = pipelines(program)
    if entry and not found:
        rest = tuple(s for s in body if not isinstance(s, (nodes.Import, *TYPES)))
        return Plan(imports, types, rest, (), True)
    if not entry:
        types += exported_types(program)
    variables = [s for s in body if isinstance(s, nodes.Let)]
    declarations = [s for s in body if isinstance(s, DECLARATIONS)]
    chosen = _ancestry(found, _chosen(found, pipeline)) if entry else ()
    return Plan(imports, types, (*variables, *declarations), chosen, False)


def exported_types(program: nodes.Program) -> tuple[nodes.TypeAlias | nodes.Interface, ...]:
    """The aliases and interfaces of a module whose names nothing else has."""
    taken = {s.name for s in program.body if isinstance(s, NAMED)}
    taken.update(
        s.pattern.name for s in program.body if isinstance(s, nodes.Let) and isinstance(s.pattern, nodes.NamePattern)
    )
    found = {s.name: s for s in program.body if isinstance(s, VALUED) and s.name not in taken}
    return tuple(found.values())


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
