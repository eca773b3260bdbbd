"""What a module lets others see.

Functions: those marked ``pub``, or all of them where none is. Tools, skills and eval packs likewise. Structs and enums always:
they are the types of the module; aliases and interfaces are exported as schemas. ``pub import`` passes names on. Top-level
variables and pipelines are not exported.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harn.resolve.plan import TYPES, VALUED, exported_types
from harn.syntax import nodes

_CALLED = (nodes.Fn, nodes.Tool, nodes.Skill, nodes.EvalPack)


def exported_names(
    program: nodes.Program, imports: Mapping[str, Sequence[str] | None]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(names a wildcard import binds, names that only a selective import may give), each in order of the text.

    ``imports``: for each imported path the names that a wildcard import of it binds; None where it cannot be resolved.
    """
    exported: dict[str, None] = {}
    private: dict[str, None] = {}
    declared = [s for s in program.body if isinstance(s, _CALLED)]
    all_public = not any(s.pub for s in declared if isinstance(s, nodes.Fn))
    types = {statement.name for statement in exported_types(program)}
    for statement in program.body:
        if isinstance(statement, _CALLED):
            (exported if all_public or statement.pub else private)[statement.name] = None
        elif isinstance(statement, TYPES) or (isinstance(statement, VALUED) and statement.name in types):
            exported[statement.name] = None
        elif isinstance(statement, nodes.Import) and statement.pub:
            names = statement.names if statement.names is not None else imports.get(statement.path) or ()
            exported.update(dict.fromkeys(names))
    return tuple(exported), tuple(name for name in private if name not in exported)
