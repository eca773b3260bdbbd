"""Programs: compiled once, run any number of times."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harn.compiler.build import ENTRY, Build, build, std_module
from harn.embed.diagnostics import Diagnostic, public
from harn.embed.errors import CompileError, HarnError
from harn.embed.result import Result
from harn.embed.running import Running, Writable
from harn.embed.sources import HostSources
from harn.host.files import SystemFiles
from harn.resolve.paths import Sources
from harn.source.diagnostic import ERROR
from harn.source.diagnostic import Diagnostic as Finding
from harn.source.file import SourceFile
from harn.vm.link import link
from harn.vm.modules import Program as Code

if TYPE_CHECKING:
    from harn.embed.control import Run
    from harn.host.host import Host
    from harn.syntax import nodes
    from harn.vm.limits import Limits

_UNDEFINED_CALL = "N001"


@dataclass(frozen=True)
class Declaration:
    """A function or pipeline of a program: its ``signature`` as written and the ``doc`` comment above it."""

    name: str
    signature: str
    doc: str


class Program:
    """A program, made by ``harn.compile`` or ``harn.load``. It holds no state: every run begins anew.

    Calls of names that nothing defines are reported by ``run``, because its ``functions`` may define them.
    """

    def __init__(self, file: SourceFile, *, loaded: bool = False) -> None:
        self._file = file
        self._loaded = loaded
        self._codes: dict[tuple[Any, ...], Code] = {}
        self._tree: nodes.Program | None = None

    def _check(self) -> Program:
        """Itself, if it has no static errors other than calls that a run may yet define."""
        diagnostics = build(self._file).diagnostics
        if any(d.severity == ERROR and d.code != _UNDEFINED_CALL for d in diagnostics):
            raise CompileError(public(diagnostics))
        return self

    @property
    def path(self) -> str:
        """The path the program was loaded from, or the name it was given."""
        return self._file.path

    def run(self, *, pipeline: str | None = None, **options: Any) -> Result:
        """Run it to its end; see ``harn.run`` for the options."""
        running = Running(**options)
        if running.asynchronous:
            result: Result = _blocking(self.run_async(pipeline=pipeline, **options))
            return result
        return running.finish(self._code(running, pipeline))

    async def run_async(self, *, pipeline: str | None = None, **options: Any) -> Result:
        """The same under asyncio or trio; ``async def`` functions are awaited."""
        running = Running(**options)
        return await running.finish_async(self._code(running, pipeline))

    def call(self, name: str, *args: Any, run: Run | None = None, **options: Any) -> Any:
        """Call one function in a fresh run (imports and top-level variables first); its value. ``options`` as for ``run``.

        With ``run`` it is called in that one, as ``Run.call`` does.
        """
        if run is not None:
            return run.call(name, *args)
        running = Running(**options)
        if running.asynchronous:
            return _blocking(self.call_async(name, *args, **options))
        return running.call(self._code(running, ""), name, args)

    async def call_async(self, name: str, *args: Any, **options: Any) -> Any:
        """The same under asyncio or trio."""
        running = Running(**options)
        return await running.call_async(self._code(running, ""), name, args)

    def start(self, *, pipeline: str | None = None, effects: Iterable[str] | None = None, **options: Any) -> Run:
        """A run under the caller's control, before its first instruction; ``options`` as for ``run``.

        ``effects`` names the kinds of effects (or families: ``fs``) that are handed to the caller; the host performs all
        others. Without it: all but clock, random, output and the functions of the embedding program.
        """
        from harn.embed.control import Run

        running = Running(**options)
        running.label = _label(pipeline)
        return Run.started(running, self._code(running, pipeline), effects)

    def restore(self, data: bytes, *, effects: Iterable[str] | None = None, **options: Any) -> Run:
        """The run of a snapshot, going on where it stood; ``options`` as for ``start``, the functions must be given again.

        Limits and effects are those of the snapshot where none are given, the arguments always. ``allow`` and ``deny`` hold
        for what is called from then on. The program may have been edited where the run does not stand. SnapshotError for
        anything that cannot go on.
        """
        from harn.embed.control import Run, label_of

        label = label_of(data)
        running = Running(**options)
        running.label = label
        return Run.restored(running, self._code(running, label[1:] if label[:1] == "=" else None), data, effects)

    @property
    def functions(self) -> dict[str, Declaration]:
        """The functions declared at the top level, by name."""
        from harn.syntax.nodes import Fn

        return self._declarations(Fn)

    @property
    def pipelines(self) -> dict[str, Declaration]:
        """The pipelines, by name."""
        from harn.syntax.nodes import Pipeline

        return self._declarations(Pipeline)

    def _declarations(self, kind: type[nodes.Fn | nodes.Pipeline]) -> dict[str, Declaration]:
        import attrs

        from harn.syntax.parser import parse_program
        from harn.syntax.printer import print_node

        if self._tree is None:
            self._tree = parse_program(self._file)
        found: dict[str, Declaration] = {}
        for node in self._tree.body:
            if isinstance(node, kind):
                bare = print_node(attrs.evolve(node, body=(), attributes=(), doc=""))  # type: ignore[misc]
                signature = bare.rpartition("{")[0].strip()
                found.setdefault(node.name, Declaration(node.name, signature, node.doc))
        return found

    def _code(self, running: Running, pipeline: str | None) -> Code:
        """The linked code for a run: with the functions it provides, its modules found where they may be looked for."""
        sources = None
        if not self._loaded and type(running.host.files) is not SystemFiles:
            sources = HostSources(running.host.files)
        key = (pipeline, frozenset(running.functions), running.vm.policy is None)
        code = self._codes.get(key) if sources is None else None
        if code is None:
            code = link_build(self._built(pipeline, running.functions, sources), self._file)
            if sources is None:
                self._codes[key] = code
        if pipeline and pipeline not in code.entry.chunk.pipelines:
            raise HarnError(f"the program has no pipeline `{pipeline}`")
        return code

    def _built(self, pipeline: str | None, functions: Iterable[str], sources: Sources | None) -> Build:
        built = build(self._file, pipeline=pipeline, sources=sources, provided=frozenset(functions))
        if built.entry is None:
            raise CompileError(public(built.diagnostics))
        return built


def _label(pipeline: str | None) -> str:
    """What a snapshot says of the pipeline that was asked for."""
    return "" if pipeline is None else f"={pipeline}"


def link_build(built: Build, file: SourceFile) -> Code:
    """The linked code of what was built."""
    assert built.entry is not None
    return Code(link(built.entry, file, verified=ENTRY in built.compiled), built.modules, std_module)


def _blocking(coroutine: Any) -> Any:
    """Run a coroutine to its end where no event loop runs in this thread."""
    import sniffio

    try:
        library = sniffio.current_async_library()
    except sniffio.AsyncLibraryNotFoundError:
        import anyio

        async def wait() -> Any:
            return await coroutine

        return anyio.run(wait)
    coroutine.close()
    raise HarnError(f"an async function is among `functions` and {library} is running: await run_async instead")


def compile(source: str, *, path: str = "<string>") -> Program:
    """A program from its text. CompileError with ``diagnostics`` where it has static errors."""
    return Program(SourceFile(path, source))._check()


def load(path: str | os.PathLike[str]) -> Program:
    """A program from a file, whose imports are looked up beside it. OSError where it cannot be read."""
    from harn.source.decode import decode

    name = os.fspath(path)
    with open(name, "rb") as handle:
        file, problem = decode(name, handle.read())
    if problem is not None:
        raise CompileError(public([problem]))
    return Program(file, loaded=True)._check()


def check(source: str, *, path: str = "<string>", functions: Iterable[str] = ()) -> list[Diagnostic]:
    """What is wrong with a program, nothing of it executed. ``functions``: names that a run will provide."""
    found: list[Finding] = build(SourceFile(path, source), provided=frozenset(functions), recheck=True).diagnostics
    return public(found)


def run(
    source: str | Program,
    *,
    args: Iterable[str] = (),
    pipeline: str | None = None,
    functions: Mapping[str, Callable[..., Any]] | None = None,
    tools: Mapping[str, Callable[..., Any]] | None = None,
    host: Host | None = None,
    limits: Limits | None = None,
    allow: str | Iterable[str] | None = None,
    deny: str | Iterable[str] | None = None,
    stdout: Writable | None = None,
    seed: int | None = None,
) -> Result:
    """Run a program to its end.

    ``args``       what the program sees as ``argv``
    ``pipeline``   the one to run; without it ``default``, else the first
    ``functions``  Python functions it may call by these names, plain or ``async def``
    ``host``       what it can reach; ``Host.system()`` unless given
    ``limits``     see ``Limits``
    ``allow``      builtins with effects it may call, by name or effect, nothing else; ``deny``: those it may not
    ``stdout``     something with ``write`` that gets what is printed at once
    ``seed``       makes random numbers reproducible

    CompileError, ThrownError, LimitError, CancelledError: see ``HarnError``.
    """
    program = source if isinstance(source, Program) else Program(SourceFile("<string>", source))
    return program.run(
        args=args,
        pipeline=pipeline,
        functions=functions,
        tools=tools,
        host=host,
        limits=limits,
        allow=allow,
        deny=deny,
        stdout=stdout,
        seed=seed,
    )


async def run_async(source: str | Program, **options: Any) -> Result:
    """The same under asyncio or trio. Cancelling it lets the program clean up for five seconds."""
    program = source if isinstance(source, Program) else Program(SourceFile("<string>", source))
    return await program.run_async(**options)
