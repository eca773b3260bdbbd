"""A file that does not begin with a `/** */` comment, where the project asks for one (`[lint] require_file_header`)."""

from __future__ import annotations

import os
from collections.abc import Iterator

from harn.source.span import Span
from harn.tools.lint.source import Edit, Finding, Source

CODE = "L036"


def find(source: Source) -> Iterator[Finding]:
    text = source.file.text
    start = text.index("\n") + 1 if text.startswith("#!") and "\n" in text else 0
    if not source.settings.file_header or text[start:].lstrip().startswith("/**"):
        return
    place = Span(start, start)
    title = _title(source.file.path)
    help = f"begin with `/** {title} */`"
    yield Finding("file is missing a `/** */` header doc block", place, help, (Edit(place, f"/** {title} */\n\n"),))


def _title(path: str) -> str:
    words = os.path.splitext(os.path.basename(path))[0].replace("_", " ").replace("-", " ").split()
    title = " ".join(words).replace("*/", "") or "module"
    return f"{title[0].upper()}{title[1:]}."
