"""Paths at the border of a workspace: where one leads, seen from the workspace and from the machine."""

from __future__ import annotations

from harn.builtins.paths import Parts, resolved, split_path
from harn.builtins.strings import text_of
from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.vm.frame import Answer, Done, Effect, Native, Perform

RELATIVE, ABSOLUTE, INVALID = "workspace_relative", "host_absolute", "invalid"
ESCAPES = "workspace-relative path escapes the workspace root"


@builtin(
    "path_workspace_info(path: any, root?: any) -> dict",
    form="native",
    effects=["fs.read"],
    examples=[('path_workspace_info("src/../x.harn", "/srv").host_path', "/srv/x.harn")],
)
def path_workspace_info(path: Any, root: Any = None) -> Native:
    """Where a path leads, seen from a workspace (the working directory where no root is given): `{input, kind, normalized,
    workspace_path, host_path, recovered_root_drift, reason}`.

    `kind` is `workspace_relative`, `host_absolute`, or `invalid` with a `reason`: empty, a NUL byte, leading out of the
    workspace. An absolute path that does not exist, but would below the root, is taken as relative to it.
    """
    return Classify(text_of(path), "" if root is None else text_of(root), whole=True)


@builtin(
    "path_workspace_normalize(path: any, root?: any) -> string?",
    form="native",
    effects=["fs.read"],
    examples=[('path_workspace_normalize("/srv/a/b", "/srv")', "a/b"), ('path_workspace_normalize("../x", "/srv")', "nil")],
)  # fmt: skip
def path_workspace_normalize(path: Any, root: Any = None) -> Native:
    """A path relative to the workspace it lies in; nil where it does not. See `path_workspace_info`."""
    return Classify(text_of(path), "" if root is None else text_of(root), whole=False)


def below(root: Parts, path: Parts) -> Parts:
    """A relative path from a root on, without detours."""
    return resolved(root._replace(names=root.names + path.names))


class Classify(Native):
    """Asks for the working directory where the root needs it, then, for a path that seems to have lost its root, what exists.

    ``asked`` are the questions still open, in order: the path as it is, then the same below the root, then the folder of that.
    """

    __slots__ = ("asked", "asking", "path", "root", "whole")
    name = "path_workspace_info"

    def __init__(self, path: str, root: str, *, whole: bool) -> None:
        self.path = path
        self.root = root
        self.whole = whole
        self.asking = ""
        self.asked: list[str] = []

    def start(self) -> Answer:
        trimmed = self.path.strip()
        if not trimmed:
            return self._told(INVALID, "", reason="path is empty")
        if "\0" in trimmed:
            return self._told(INVALID, trimmed.replace("\\", "/"), reason="path contains NUL bytes")
        if not split_path(self.root).absolute:
            self.asking = "folder"
            return Perform(Effect("fs.read", "folder", idempotent=True))
        return self._classify()

    def resume(self, value: Any) -> Answer:
        if self.asking == "folder":
            self.root = below(split_path(value), split_path(self.root)).text()
            return self._classify()
        found = bool(value)
        if len(self.asked) == 2:  # that was the path itself: what exists has lost nothing
            return self._as_it_is() if found else self._next()
        if found:
            relative = resolved(split_path(self.path.strip().lstrip("/\\")))
            whole = below(resolved(split_path(self.root)), relative).text()
            text = relative.text()
            return self._told(RELATIVE, text, text, whole, drifted=True)
        return self._next()

    def _classify(self) -> Answer:
        root, parts = resolved(split_path(self.root)), resolved(split_path(self.path.strip()))
        if not parts.absolute:
            text = parts.text() or "."
            whole = below(root, parts).text()
            if parts.names[:1] == [".."]:
                return self._told(INVALID, text, None, whole, ESCAPES)
            return self._told(RELATIVE, text, text, whole)
        if parts.drive == root.drive and parts.names[: len(root.names)] == root.names:
            inside = "/".join(parts.names[len(root.names) :]) or "."
            return self._told(ABSOLUTE, parts.text(), inside, parts.text())
        drifted = resolved(split_path(self.path.strip().lstrip("/\\")))
        if parts.drive or not drifted.names or drifted.names[0] == "..":
            return self._as_it_is()
        place = below(root, drifted)
        folder = place._replace(names=place.names[:-1])
        self.asked = [self.path.strip(), place.text(), folder.text()]
        return self._next()

    def _next(self) -> Answer:
        if not self.asked:
            return self._as_it_is()
        return Perform(Effect("fs.read", "exists", self.asked.pop(0), idempotent=True))

    def _as_it_is(self) -> Answer:
        text = resolved(split_path(self.path.strip())).text()
        return self._told(ABSOLUTE, text, None, text)

    def _told(
        self,
        kind: str,
        text: str,
        inside: str | None = None,
        whole: str | None = None,
        reason: str | None = None,
        *,
        drifted: bool = False,
    ) -> Answer:
        if not self.whole:
            return Done(inside)
        return Done(
            {
                "input": self.path,
                "kind": kind,
                "normalized": text,
                "workspace_path": inside,
                "host_path": whole,
                "recovered_root_drift": drifted,
                "reason": reason,
            }
        )
