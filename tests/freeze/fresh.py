"""``python -m tests.freeze.fresh FOLDER``: goes on with the runs kept in a folder, in an interpreter that never saw them.

Each is a pair of files: ``N.run``, the snapshot, and ``N.json`` with the program, where its world stands, and what it printed.
For each a line of JSON goes to standard output: its number, and how it ended or what went wrong.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from harn.tools.execute import Kept
from harn.vm.modules import Program
from harn.vm.snapshot import thaw
from tests.freeze.running import compiled, drive, machine, slices_of_one
from tests.freeze.worlds import FrozenWorld, Standing


def keep(folder: Path, name: str, path: Path, data: bytes, standing: Standing, printed: str) -> None:
    """Put a run into the folder."""
    (folder / f"{name}.run").write_bytes(data)
    job = {"program": str(path), "standing": standing, "printed": printed}
    (folder / f"{name}.json").write_text(json.dumps(job), encoding="utf-8")


def go_on(job: dict[str, Any], data: bytes, programs: dict[str, Program | None]) -> list[Any]:
    """Thaw a run and let it come to its end."""
    path = job["program"]
    if path not in programs:
        programs[path] = compiled(Path(path))
    code = programs[path]
    assert code is not None
    output = Kept()
    output.write(job["printed"])
    standing = Standing(*job["standing"])
    vm = machine(FrozenWorld(standing, own=True), output)
    thaw(data, vm, code)
    assert vm.root is not None
    with found_at_home(standing):
        return list(drive(vm, vm.root, output, lambda same: same))


@contextmanager
def found_at_home(standing: Standing) -> Iterator[None]:
    """While it lasts, paths that a program knew before still lead to its files."""
    home = Path(standing.home)
    if not standing.home or home.exists():
        yield
        return
    home.parent.mkdir(parents=True, exist_ok=True)
    home.symlink_to(standing.folder)
    try:
        yield
    finally:
        home.unlink()
        with suppress(OSError):
            home.parent.rmdir()


def main(folder: Path) -> None:
    """All runs of the folder."""
    programs: dict[str, Program | None] = {}
    with slices_of_one():
        for path in sorted(folder.glob("*.json")):
            job = json.loads(path.read_text(encoding="utf-8"))
            try:
                result: Any = go_on(job, path.with_suffix(".run").read_bytes(), programs)
            except Exception as fault:
                result = f"{type(fault).__name__}: {fault}"
            sys.stdout.write(json.dumps([path.stem, result]) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
