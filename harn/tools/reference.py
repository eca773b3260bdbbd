"""Writes ``harn/builtins/REFERENCE.md``, the page of all builtins, from their records.

python -m harn.tools.reference           write it
python -m harn.tools.reference --check   exit 1 where it is not what would be written
"""

from __future__ import annotations

import sys
from pathlib import Path

import harn
from harn.catalog.record import Record
from harn.tools.doc import areas

TARGET = Path(harn.__file__).parent / "builtins" / "REFERENCE.md"


def reference() -> str:
    """The text of the page."""
    found = areas()
    count = sum(len(area.records) for area in found)
    lines = [
        "# Builtins",
        "",
        f"{count} functions and methods, made from their records by `python -m harn.tools.reference`; do not edit.",
        "`harn doc NAME` prints one of them.",
        "",
        *(f"- [{area.name}](#{area.name}): {area.title}" for area in found),
    ]
    for area in found:
        lines += ["", f"## {area.name}", "", f"{area.title}."]
        for made in area.records:
            lines += ["", *_section(made)]
    return "\n".join(lines) + "\n"


def _section(made: Record) -> list[str]:
    lines = [f"### `{made.text}`", "", made.doc or "No description."]
    notes = []
    if made.aliases:
        notes.append("also " + ", ".join(f"`{alias}`" for alias in made.aliases))
    if made.effects:
        notes.append("effects " + ", ".join(f"`{word}`" for word in sorted(made.effects)))
    if made.deprecated:
        notes.append(f"deprecated: {made.deprecated}")
    if notes:
        lines += ["", f"*{'; '.join(notes)}*"]
    if made.examples:
        lines += ["", "```harn", *(f"{call}  // {shown}" for call, shown in made.examples), "```"]
    return lines


def main(arguments: list[str]) -> int:
    """Write or check the page."""
    text = reference()
    if "--check" in arguments:
        if not TARGET.exists() or TARGET.read_text(encoding="utf-8") != text:
            sys.stderr.write(f"{TARGET.name} is out of date: run python -m harn.tools.reference\n")
            return 1
        return 0
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
