"""What a program is known by: a hash of what its functions do, in all its modules."""

from __future__ import annotations

from harn.code.digests import function_digest
from harn.source.digest import hexdigest
from harn.source.typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harn.code.chunk import ModuleChunk


def code_hash(entry: ModuleChunk, modules: dict[str, ModuleChunk]) -> str:
    """The hash of a program's code. A comment, a blank line or another name for a file changes nothing."""
    parts = [_module_hash("", entry)]
    parts += (_module_hash(key.rpartition("/")[2], modules[key]) for key in sorted(modules))
    return hexdigest("\n".join(parts).encode())


def _module_hash(name: str, module: ModuleChunk) -> str:
    digests = (function_digest(module, index) for index in range(len(module.functions)))
    shape = repr((module.names, module.exports, [(spec.names, spec.slots) for spec in module.imports]))
    return hexdigest(f"{name} {shape} {' '.join(digests)}".encode("utf-8", "surrogatepass"))
