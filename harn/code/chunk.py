"""Chunks: what the compiler makes of a file, as plain data.

A ``ModuleChunk`` holds the functions of one file; ``Chunk`` is one of them. Every field is built of None, bool, int, float, str
and tuples of these, so that a chunk marshals as it is, and a damaged one is refused by comparing digests. The objects a machine
runs (``harn.vm.linked``) are made from them at load.
"""

from __future__ import annotations

from harn.catalog.signature import TypeTerm
from harn.source.typing import Any, NamedTuple

Instruction = tuple[int, Any]
"""(opcode number, argument); the argument's fields are those of the opcode's row."""

CATCH = -1


class Handler(NamedTuple):
    """A protected region ``start <= pc < end`` (pc of the raising instruction), innermost first in the table.

    On an error the operand stack is cut to ``depth`` cells. A catch (``slot`` is CATCH) gets the error pushed. A finally block
    gets way 1 and the error stored in ``slot`` and ``slot + 1``, nothing pushed.
    """

    start: int
    end: int
    target: int
    depth: int
    slot: int = CATCH


class Param(NamedTuple):
    """A parameter: ``kind`` is ``required``, ``optional`` (its default is evaluated by the callee) or ``rest``."""

    name: str
    kind: str = "required"
    type: TypeTerm | None = None


class Capture(NamedTuple):
    """A captured variable: its name and the slot of the *enclosing* frame it is copied from when the closure is made.

    It lands in the slot after the parameters, in order. A slot that holds a cell is copied like any other: the cell is shared.
    """

    name: str
    slot: int


class ScopeName(NamedTuple):
    """Where a name is visible in a chunk: in ``slot`` (a cell where ``cell``) while ``start <= pc < end``."""

    name: str
    slot: int
    start: int
    end: int
    cell: bool = False


class Chunk(NamedTuple):
    """One function. Slots are numbered: parameters, captures, then locals.

    ``slots``   how many there are in all
    ``depth``   the deepest operand stack
    ``code``    the instructions; ``spans`` the characters each came from
    ``defers``  first instruction of each deferred block
    ``scopes``  names for LOOKUP_FN and the debugger
    ``flags``   words: ``generator``, ``stream``, ``closure`` (value of its last expression), ``method``, ``pipeline``, ``module``
    """

    name: str
    qualified: str
    params: tuple[Param, ...]
    captures: tuple[Capture, ...]
    slots: int
    depth: int
    code: tuple[Instruction, ...]
    spans: tuple[tuple[int, int], ...]
    handlers: tuple[Handler, ...] = ()
    defers: tuple[int, ...] = ()
    scopes: tuple[ScopeName, ...] = ()
    flags: tuple[str, ...] = ()
    span: tuple[int, int] = (0, 0)


class ImportSpec(NamedTuple):
    """One import as written; ``names`` is None for a wildcard. ``slots`` maps each bound name to a module variable.

    ``target`` is the key of the module it leads to; where it leads nowhere, ``problem`` is the error it raises when it runs.
    """

    path: str
    names: tuple[str, ...] | None
    pub: bool
    slots: tuple[tuple[str, int], ...]
    span: tuple[int, int]
    target: str = ""
    problem: str = ""


class ModuleChunk(NamedTuple):
    """A compiled file.

    ``functions[0]`` is what runs: for an entry file imports, top-level variables, declarations, then the pipeline or
    the script; for an imported module its initialisation. ``names`` are the module variables in order
    of their slots, ``exports`` the names other modules may see, ``private`` those a selective import may still name.
    """

    path: str
    entry: bool
    functions: tuple[Chunk, ...]
    names: tuple[str, ...]
    exports: tuple[tuple[str, int], ...]
    private: tuple[tuple[str, int], ...]
    imports: tuple[ImportSpec, ...]
    pipelines: tuple[str, ...]
    source_digest: str


class RefusedCode(Exception):
    """Code that will not be run: damaged, of another version, or unsound."""
