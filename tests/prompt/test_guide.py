"""The guide says what is so."""

from __future__ import annotations

import json
import re

from harn.prompt.filters import FILTERS
from harn.prompt.parser import parse
from tests.prompt.rendered import shown
from tests.structure.checkout import ROOT

GUIDE = (ROOT / "harn" / "prompt" / "README.md").read_text()


def rows(section: str) -> list[list[str]]:
    """The cells of the table under a heading."""
    text = GUIDE.split(f"\n## {section}\n")[1].split("\n## ")[0]
    lines = [line for line in text.splitlines() if line.startswith("|")][2:]
    return [[cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def test_the_filters_are_those_there_are() -> None:
    told = {
        shape.strip("`").partition(":")[0]: (shape.count(":") + shape.count(","), text)
        for shape, text in rows("Filters")
    }
    assert told == {name: (one.most, one.apply.__doc__) for name, one in sorted(FILTERS.items())}


def test_the_examples_give_what_they_say() -> None:
    names = json.loads(re.findall(r"^With `(.*)`:$", GUIDE, re.MULTILINE)[0])
    examples = rows("Expressions")
    assert len(examples) >= 7
    for template, text in examples:
        assert shown(template.strip("`"), **names) == text.strip("`")


def test_the_sample_is_a_template() -> None:
    parse(re.findall(r"^```text\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)[0])
