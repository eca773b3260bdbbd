"""Where the path of a template leads.

    a/b.prompt          beside the file that names it
    @/a/b.prompt        from the project of that file: the nearest folder above it with a `harn.toml`
    @name/b.prompt      from the folder that the project's `harn.toml` calls so in `[asset_roots]`

The last two never lead out of their folder. Nothing here touches the disk: ``Search`` asks for effects and is told the answers.
"""

from __future__ import annotations

import os

from harn.source.typing import Any
from harn.vm.frame import Effect

MANIFEST = "harn.toml"


class NoSuchPlace(Exception):
    """A path leads nowhere; the text says why."""


def is_asset(written: str) -> bool:
    """Whether a path starts at a project."""
    return written.startswith("@") and "/" in written


class Search:
    """Finds the file for one path. ``folder`` is that of the file that names it."""

    __slots__ = ("alias", "folder", "project", "rest", "written")

    def __init__(self, written: str, folder: str) -> None:
        self.written = written
        self.folder = folder
        self.project = ""
        self.alias, _, self.rest = written[1:].partition("/") if is_asset(written) else ("", "", "")

    def begin(self) -> Effect | str:
        """The first effect that is needed, or the path."""
        if is_asset(self.written):
            return Effect("fs.read", "above", self.folder, MANIFEST, idempotent=True)
        path = os.path.join(self.folder, self.written)
        return path if os.path.isabs(path) else Effect("fs.read", "whole", path, idempotent=True)

    def told(self, answer: Any, limit: int) -> Effect | str:
        """Go on with the answer to the effect asked for: the next one, or the path. NoSuchPlace."""
        if not is_asset(self.written):
            return str(answer)
        if self.project:
            return self._below(self._aliased(answer))
        if answer is None:
            raise NoSuchPlace(
                f"package-root prompt path '{self.written}' has no project root: "
                f"no harn.toml found above {self.folder or 'the working directory'}"
            )
        self.project = answer
        if not _stays(self.rest):
            kind = "asset" if self.alias else "project-root asset"
            raise NoSuchPlace(f"invalid {kind} path '{self.written}'")
        if not self.alias:
            return self._below("")
        return Effect("fs.read", "read_text", os.path.join(answer, MANIFEST), limit, idempotent=True)

    def _aliased(self, manifest: str) -> str:
        """The folder that the project's manifest gives to the alias."""
        import tomllib

        try:
            roots = tomllib.loads(manifest).get("asset_roots")
        except (ValueError, RecursionError) as error:
            raise NoSuchPlace(f"cannot read {os.path.join(self.project, MANIFEST)}: {error}") from None
        root = roots.get(self.alias) if isinstance(roots, dict) else None
        if not isinstance(root, str):
            place = os.path.join(self.project, MANIFEST)
            raise NoSuchPlace(f"asset alias '{self.alias}' is not defined in [asset_roots] of {place}")
        if not _stays(root):
            raise NoSuchPlace(
                f"asset alias '{self.alias}' resolves to an unsafe path '{root}' "
                "(it must be a folder of the project, without `..`)"
            )
        return root

    def _below(self, folder: str) -> str:
        return os.path.normpath(os.path.join(self.project, folder, self.rest))


def _stays(path: str) -> bool:
    """Whether a path names something below where it starts."""
    names = [name for name in path.split("/") if name not in ("", ".")]
    return bool(names) and ".." not in names and not path.startswith("/") and "\\" not in path
