"""The programs of ``benches/programs``, each beside a Python twin: idiomatic Python that does the same work.

A twin knows nothing of Harn's semantics: no wrapping integers, no copies, no limits. The first eleven do the work of the
reference implementation's own benches, so that the three can be compared; the others cover what those leave out.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from benches.timing import geometric_mean, medians, seconds
from harn.source.file import SourceFile
from harn.tools.bench import Subject

FOLDER = Path(__file__).resolve().parent / "programs"

ELEVEN = (
    "arithmetic_loop",
    "comparison_loop",
    "dict_property_read",
    "function_call_loop",
    "list_iteration",
    "list_map_filter",
    "local_variable_lookup",
    "method_call_dispatch",
    "recursive_countdown",
    "string_interpolation_loop",
    "struct_field_read",
)
NAMES = (*ELEVEN, *sorted(path.stem for path in FOLDER.glob("*.harn") if path.stem not in ELEVEN))

WARM_UP = 10
"""Calls of a twin before it is timed, so that the interpreter has specialised its bytecode."""


def measure(names: Iterable[str], rounds: int, show: Callable[[str], None] | None) -> dict[str, Any]:
    """Time programs and twins in turns. Each name -> ``{harn_ms, twin_ms, ratio}``, and the geometric means of the ratios."""
    found: dict[str, dict[str, float]] = {}
    if show:
        show(f"{'program':<28}{'Harn ms':>10}{'twin ms':>10}{'ratio':>8}")
    for name in names:
        program = subject(FOLDER / f"{name}.harn")
        twin = load_twin(name)
        for _ in range(WARM_UP):
            twin()
        program.run()
        times = medians({"harn": program.run, "twin": partial(seconds, twin)}, rounds)
        row = {"harn_ms": times["harn"] * 1e3, "twin_ms": times["twin"] * 1e3, "ratio": times["harn"] / times["twin"]}
        found[name] = row
        if show:
            show(f"{name:<28}{row['harn_ms']:>10.1f}{row['twin_ms']:>10.2f}{row['ratio']:>8.1f}")
    report: dict[str, Any] = {"by_program": found}
    for title, group in (("eleven", ELEVEN), ("all", NAMES)):
        if all(name in found for name in group):
            report[f"geometric_mean_of_{title}"] = mean = geometric_mean(found[name]["ratio"] for name in group)
            if show:
                show(f"{f'geometric mean of {title}':<48}{mean:>8.1f}")
    return report


def load_twin(name: str) -> Callable[[], object]:
    """The function ``main`` of a program's twin."""
    spec = importlib.util.spec_from_file_location(f"twin_{name}", FOLDER / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    twin: Callable[[], object] = module.main
    return twin


def subject(path: Path) -> Subject:
    """A program, compiled and linked."""
    return Subject(SourceFile(str(path), path.read_text()))
