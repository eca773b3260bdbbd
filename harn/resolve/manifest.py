"""What the ``harn.toml`` of a program's project says about its runs: the handlers of its ``[[hooks]]``.

    [[hooks]]
    event = "PreStep"                 an event of steps and personas; others are not for this runtime
    pattern = "captain.*"             see ``harn.steps.hooks``; `*` where it is absent
    handler = "package::function"     of the project itself (its `lib.harn`), of a module in its `[exports]`, or of a package

Each becomes a module of two lines that imports the function and registers it. A program runs these modules before its own, and
they are built, kept and restored like any other.
"""

from __future__ import annotations

import os

from harn.resolve.paths import SUFFIX, Sources, Target
from harn.source.file import SourceFile
from harn.source.typing import Any

MANIFEST = "harn.toml"
MARK = f"{MANIFEST}#"
"""Part of the keys of modules that stand for an entry of a manifest."""


def hook_modules(entry: str, sources: Sources) -> list[tuple[Target, SourceFile]]:
    """The modules for the hooks of the manifest nearest to a program's file, here or in a folder above, in its repository."""
    path = nearest_manifest(os.path.dirname(entry), sources)
    if path is None:
        return []
    try:
        content = sources.read(path)
    except OSError:
        return []
    if b"hooks" not in content:  # as almost always: then nothing that reads TOML is imported
        return []
    found = [_module(path, number, text) for number, text in enumerate(_texts(content))]
    return [one for one in found if one is not None]


def precedes(key: str) -> bool:
    """Whether the module with a key runs before the program."""
    return MARK in key


def nearest_manifest(folder: str, sources: Sources | None = None) -> str | None:
    """The ``harn.toml`` of a folder or the nearest one above it, not above a folder with ``.git``."""
    sources = sources or Sources()
    folder = os.path.abspath(folder)
    while True:
        path = os.path.join(folder, MANIFEST)
        if sources.is_file(path):
            return path
        parent = os.path.dirname(folder)
        if parent == folder or sources.exists(os.path.join(folder, ".git")):
            return None
        folder = parent


def _texts(content: bytes) -> list[str]:
    """The text of the module for each hook; empty for an entry that is none."""
    import tomllib

    try:
        manifest = tomllib.loads(content.decode("utf-8"))
    except (ValueError, RecursionError):
        return []  # told by whatever checks manifests; a program runs without
    hooks = manifest.get("hooks")
    return [_text(hook, manifest) for hook in hooks] if isinstance(hooks, list) else []


def _text(hook: Any, manifest: dict[str, Any]) -> str:
    if not isinstance(hook, dict):
        return ""
    event, pattern, handler = hook.get("event"), hook.get("pattern", "*"), hook.get("handler")
    if not (isinstance(event, str) and isinstance(pattern, str) and isinstance(handler, str)):
        return ""
    module, _, function = handler.rpartition("::")
    if not module or not function.isidentifier():
        return ""
    source = _literal(_imported(module.replace("::", "/"), manifest))
    registered = f"__register_manifest_hook({_literal(event)}, {_literal(pattern)}, {function})"
    return f"import {{ {function} }} from {source}\nlet registered = {registered}\n"


def _imported(module: str, manifest: dict[str, Any]) -> str:
    """What to import for a module's name: of the project itself, one it exports, or a package's."""
    package, exports = manifest.get("package"), manifest.get("exports")
    exported = exports.get(module) if isinstance(exports, dict) else None
    if isinstance(exported, str):
        return f"./{exported}"
    if isinstance(package, dict) and package.get("name") == module:
        return f"./lib{SUFFIX}"
    return module


def _literal(text: str) -> str:
    """A string literal of the language."""
    for char, escaped in (("\\", "\\\\"), ('"', '\\"'), ("$", "\\$"), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        text = text.replace(char, escaped)
    return f'"{text}"'


def _module(path: str, number: int, text: str) -> tuple[Target, SourceFile] | None:
    return (Target(f"{os.path.realpath(path)}#{number}", path), SourceFile(path, text)) if text else None
