"""Imports look down only: the order of the packages stands in the house's map, ``harn/README.md``, section Layers."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.structure.checkout import ROOT, modules


@cache
def order() -> dict[str, int]:
    """Package -> its place; a package may import those with a smaller one."""
    text = (ROOT / "harn" / "README.md").read_text()
    block = re.search(r"^## Layers.*?^```\n(.*?)^```", text, re.M | re.S)
    assert block, "harn/README.md has no fenced block under its heading Layers"
    found: dict[str, int] = {}
    for line in block[1].splitlines():
        # "7 builtins/  one file per area; 7 std/ *.harn modules": a line may name several packages.
        for name in re.findall(r"(?:^\s*|;\s*)\d+ (\w+)/", line):
            found[name] = len(found)
    return found


def place(module: str) -> int:
    """Where a module stands. The root, which carries the version, is below all packages; a module beside them is above."""
    return -1 if module == "harn" else order().get(module.split(".")[1], len(order()))


@cache
def imports(module: str) -> list[tuple[str, int, bool]]:
    """The modules of ours that a module imports, each with its line and whether that happens when the module is imported."""
    path = modules()[module]
    return list(imported_by(module, path, modules()))


def imported_by(module: str, path: Path, known: dict[str, Path]) -> Iterator[tuple[str, int, bool]]:
    """See ``imports``; ``known`` are the modules there are."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    pending: list[tuple[ast.AST, bool]] = [(ast.parse(path.read_text(), str(path)), True)]
    while pending:
        node, now = pending.pop()
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno, now) for alias in node.names if alias.name.split(".")[0] == "harn")
        elif isinstance(node, ast.ImportFrom):
            base = package.rsplit(".", node.level - 1)[0] if node.level else ""
            source = ".".join(part for part in (base, node.module) if part)
            if source.split(".")[0] == "harn":
                for alias in node.names:
                    name = f"{source}.{alias.name}"
                    yield (name if name in known else source), node.lineno, now
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            pending += ((child, False) for child in node.body)
            pending += ((child, now) for child in node.orelse)
        else:
            inner = now and not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
            pending += ((child, inner) for child in ast.iter_child_nodes(node))


def test_every_package_has_a_place() -> None:
    packages = {
        name.split(".")[1] for name, path in modules().items() if name.count(".") and path.parent != ROOT / "harn"
    }
    assert packages <= set(order()), "packages that harn/README.md does not list"


@pytest.mark.parametrize("module", sorted(modules()))
def test_imports_look_down(module: str) -> None:
    """Imports inside functions and for annotations count too: they are arrows all the same."""
    own = module.split(".")[:2]
    upward = [
        f"line {line}: {other}"
        for other, line, _ in imports(module)
        if other.split(".")[:2] != own and place(other) >= place(module)
    ]
    if module == "harn":  # the public names are those of the embedding API, loaded when asked for
        upward = [arrow for arrow in upward if not arrow.endswith(": harn.embed")]
    assert not upward, f"{module} looks up"


def test_no_import_cycles() -> None:
    """Among the imports that happen while modules are imported; packages cannot form one, modules of one package could."""
    graph = {name: {other for other, _, now in imports(name) if now} for name in modules()}
    done: set[str] = set()
    for start in graph:
        path: list[str] = []
        pending: list[tuple[str, bool]] = [(start, False)]
        while pending:
            name, leaving = pending.pop()
            if leaving:
                path.pop()
                done.add(name)
            elif name in path:
                pytest.fail("import cycle: " + " -> ".join([*path[path.index(name) :], name]))
            elif name not in done:
                path.append(name)
                pending.append((name, True))
                pending += ((other, False) for other in sorted(graph.get(name, ())))
