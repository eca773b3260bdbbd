"""From the tree of a file to its chunks."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Collection, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from harn.code.chunk import Chunk, ImportSpec, ModuleChunk
from harn.compiler.dispatch import is_statement
from harn.compiler.faults import CompileFault, compile_error
from harn.compiler.function import FunctionCompiler
from harn.compiler.module import ModuleCompiler
from harn.resolve.bindings import Resolution
from harn.resolve.calls import undefined_calls
from harn.resolve.modules import exported_names
from harn.resolve.plan import Plan, pipelines, plan
from harn.resolve.resolver import resolve
from harn.source.file import SourceFile
from harn.syntax import nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

_RECURSION = 10_000
"""Python frames a compilation may use. The parser bounds the depth of a tree; this is several times what such a tree needs."""

Imports = Mapping[str, Sequence[str] | None]
"""For each path imported: the names a wildcard import of it binds, None where it cannot be resolved."""


def compile_module(
    program: nodes.Program,
    file: SourceFile,
    *,
    entry: bool,
    imports: Imports,
    pipeline: str | None = None,
    value: bool = False,
    provided: Collection[str] = (),
) -> ModuleChunk:
    """Compile a file. CompileFault with all static errors where it cannot be.

    ``entry``: the file that is run, not one that is imported. ``pipeline``: the one to run; None for ``default`` or else the
    first, an empty text for none (then only the declarations run). ``value``: a script gives the value of its last
    expression. ``provided``: names the embedding program adds to the builtins.
    """
    with deep_recursion():
        try:
            undefined = undefined_calls(program, file, imports, provided) if entry else []
            made = _compile(program, file, entry, imports, pipeline, value)
        except RecursionError:
            error = compile_error("S011", "nested too deeply", file, program.span)
            raise CompileFault([error]) from None
        except CompileFault as fault:
            raise CompileFault([*undefined, *fault.diagnostics]) from None
        if undefined:
            raise CompileFault(undefined)
        return made


@contextmanager
def deep_recursion() -> Iterator[None]:
    """Room on Python's stack for trees as deep as the parser lets them be."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _RECURSION))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


def _compile(
    program: nodes.Program, file: SourceFile, entry: bool, imports: Imports, pipeline: str | None, value: bool
) -> ModuleChunk:
    steps = plan(program, entry=entry, pipeline=pipeline)
    bound: dict[str, None] = {}
    for statement in steps.imports:
        names = statement.names if statement.names is not None else imports.get(statement.path) or ()
        bound.update(dict.fromkeys(names))
    names_found = resolve(program, steps, entry=entry, imported=bound)
    module = ModuleCompiler(program, file, names_found)
    module.reserve()
    module.functions[0] = compile_main(module, program, steps, entry, value)
    if module.faults:
        raise CompileFault(sorted(module.faults, key=lambda d: d.span or (0, 0)))
    exports, private = exported_names(program, imports)
    slots = {name: binding.slot for name, binding in names_found.module.items()}
    return ModuleChunk(
        path=file.path,
        entry=entry,
        functions=module.finished(),
        names=tuple(module.variables),
        exports=tuple((name, slots[name]) for name in exports if name in slots),
        private=tuple((name, slots[name]) for name in private if name in slots),
        imports=tuple(compile_import(statement, imports, names_found) for statement in steps.imports),
        pipelines=tuple(pipelines(program)),
        source_digest=hashlib.sha256(file.text.encode("utf-8", "surrogatepass")).hexdigest(),
    )


def compile_import(statement: nodes.Import, imports: Imports, names: Resolution) -> ImportSpec:
    """An import with the slots of the names it binds."""
    bound = statement.names if statement.names is not None else imports.get(statement.path) or ()
    slots = tuple((name, names.module[name].slot) for name in dict.fromkeys(bound))
    return ImportSpec(statement.path, statement.names, statement.pub, slots, (statement.span[0], statement.span[1]))


def compile_main(module: ModuleCompiler, program: nodes.Program, steps: Plan, entry: bool, value: bool) -> Chunk:
    """The function that runs the file, as its plan says."""
    name = "pipeline" if entry else "module"
    c = FunctionCompiler(module, module.names.root, name, name, (), (), (name,), program.span)
    for number, imported in enumerate(steps.imports):
        c.asm.at(imported.span)
        c.asm.emit("IMPORT", number)
        c.asm.emit("BIND_IMPORT", number)
    for node in (*steps.types, *steps.body[:-1]):
        c.statement(node)
    last = steps.body[-1:]
    asked = value and steps.script and bool(last) and not is_statement(last[0])
    for node in last:
        if asked:
            c.value(node)
        else:
            c.statement(node)
    module.top = False
    if steps.pipelines:
        _run_pipelines(c, steps)
    elif not asked:
        c.asm.emit("CONST", None)
    c.asm.emit("RETURN")
    return c.finish()


def _run_pipelines(c: FunctionCompiler, steps: Plan) -> None:
    """Ancestors first, all in one scope; the value is the last expression of the pipeline itself."""
    c.open()
    for pipeline in steps.pipelines[:-1]:
        c.statements(pipeline.body, False)
    c.statements(steps.pipelines[-1].body, True)
    c.close()
