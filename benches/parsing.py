"""Parse speed: source text to syntax tree, on all programs of the project."""

from __future__ import annotations

from pathlib import Path

from benches.timing import medians, seconds

ROOT = Path(__file__).resolve().parents[1]


def measure(rounds: int) -> dict[str, float]:
    """Lines and kilobytes a second over the programs of the benches, the fixtures and the std modules."""
    from harn.source.file import SourceFile
    from harn.syntax.parser import parse

    paths = [
        path for folder in ("benches", "conformance", "harn/std") for path in sorted((ROOT / folder).rglob("*.harn"))
    ]
    texts = [path.read_text() for path in paths if path.is_file() and not path.with_suffix(".error").exists()]
    files = [SourceFile("<bench>", text) for text in texts]

    def parse_all() -> None:
        for file in files:
            parse(file)

    parse_all()
    taken = medians({"parse": lambda: seconds(parse_all)}, rounds)["parse"]
    lines = sum(text.count("\n") for text in texts)
    size = sum(len(text.encode()) for text in texts)
    return {"lines": lines, "lines a second": int(lines / taken), "kB a second": size / taken / 1e3}
