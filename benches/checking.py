"""Check speed: the time the type checker takes, against that of parsing the same programs."""

from __future__ import annotations

from pathlib import Path

from benches.timing import medians, seconds

ROOT = Path(__file__).resolve().parents[1]


def measure(rounds: int) -> dict[str, float]:
    """Milliseconds for 1,000 lines, and how that compares with parsing, over the programs of the benches and fixtures."""
    from harn.source.file import SourceFile
    from harn.syntax.parser import parse
    from harn.types.checker import check

    paths = [path for folder in ("benches", "conformance") for path in sorted((ROOT / folder).rglob("*.harn"))]
    texts = [path.read_text() for path in paths if path.is_file() and not path.with_suffix(".error").exists()]
    files = [SourceFile("<bench>", text) for text in texts]
    programs = [(file, program) for file in files if (program := parse(file).program) is not None]

    def parse_all() -> None:
        for file, _ in programs:
            parse(file)

    def check_all() -> None:
        for file, program in programs:
            check(program, file)

    check_all()
    taken = medians({"parse": lambda: seconds(parse_all), "check": lambda: seconds(check_all)}, rounds)
    lines = sum(file.text.count("\n") for file, _ in programs)
    return {
        "lines": lines,
        "ms a 1,000 lines": taken["check"] / lines * 1e6,
        "times as long as parsing": taken["check"] / taken["parse"],
    }
