"""The form in which compiled modules lie on disk.

    bytes 0..8    magic and format version
    bytes 8..40   SHA-256 of everything behind them
    then          marshalled plain data: (about, modules)

``about`` is plain data of the writer's choice: the build cache says there what the modules were made from. A file is refused
where the digest, the version or the shape of the data is not what it should be. That the code in it is sound is the verifier's
to say. Marshal's own format depends on the Python version: code moves to another one as a disassembly, not as such a file.
"""

from __future__ import annotations

import marshal

from harn.code.chunk import Capture, Chunk, Handler, ImportSpec, ModuleChunk, Param, RefusedCode, ScopeName
from harn.source.digest import SIZE, digest, hexdigest
from harn.source.typing import Any

MAGIC = b"HARNBC\x00\x01"
"""Six letters, a zero, the version of the format: to be raised whenever a record of ``harn.code.chunk`` changes."""

_HEAD = len(MAGIC) + SIZE


def dump(about: Any, modules: tuple[ModuleChunk, ...]) -> bytes:
    """Modules as bytes."""
    body = marshal.dumps((about, tuple(_plain_module(module) for module in modules)))
    return MAGIC + digest(body) + body


def load(data: bytes) -> tuple[Any, tuple[ModuleChunk, ...]]:
    """What ``dump`` was given; RefusedCode where the bytes are damaged or of another version."""
    if data[: len(MAGIC)] != MAGIC:
        raise RefusedCode("this is no compiled Harn code of this version")
    body = data[_HEAD:]
    if len(data) < _HEAD or digest(body) != data[len(MAGIC) : _HEAD]:
        raise RefusedCode("compiled code is damaged: its checksum does not match")
    try:
        about, modules = marshal.loads(body)
        return about, tuple(_module(*plain) for plain in modules)
    except (ValueError, TypeError, EOFError) as problem:
        raise RefusedCode(f"compiled code cannot be read: {problem}") from None


def module_digest(module: ModuleChunk) -> str:
    """The content hash of a module."""
    return hexdigest(data_bytes(_plain_module(module)))


def data_bytes(plain: tuple[Any, ...]) -> bytes:
    """Equal data gives equal bytes: version 2 of the format does not know which objects are shared."""
    return marshal.dumps(plain, 2)


# Records are tuples with names; marshal writes and reads only plain ones.


def _plain_module(module: ModuleChunk) -> tuple[Any, ...]:
    functions = tuple(_plain_function(chunk) for chunk in module.functions)
    imports = tuple(map(tuple, module.imports))
    return (module.path, module.entry, functions, *module[3:6], imports, *module[7:])


def _module(path: Any, entry: Any, functions: Any, *rest: Any) -> ModuleChunk:
    made = ModuleChunk(path, entry, tuple(_function(*plain) for plain in functions), *rest)
    return made._replace(imports=tuple(ImportSpec(*spec) for spec in made.imports))


def _plain_function(chunk: Chunk) -> tuple[Any, ...]:
    params, captures = tuple(map(tuple, chunk.params)), tuple(map(tuple, chunk.captures))
    handlers, scopes = tuple(map(tuple, chunk.handlers)), tuple(map(tuple, chunk.scopes))
    return (*chunk[:2], params, captures, *chunk[4:8], handlers, chunk.defers, scopes, *chunk[11:])


def _function(name: Any, qualified: Any, params: Any, captures: Any, *rest: Any) -> Chunk:
    made = Chunk(name, qualified, tuple(Param(*p) for p in params), tuple(Capture(*c) for c in captures), *rest)
    if not made.handlers and not made.scopes:
        return made
    return made._replace(
        handlers=tuple(Handler(*handler) for handler in made.handlers),
        scopes=tuple(ScopeName(*scope) for scope in made.scopes),
    )
