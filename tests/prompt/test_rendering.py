"""Blocks, names and what always holds of rendering."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harn.prompt.fault import Fault
from harn.prompt.parser import parse
from harn.prompt.renderer import DONE, Renderer
from harn.values.errors import LimitReached
from harn.values.keys import set_of
from harn.values.kinds import Range
from tests.prompt.rendered import in_steps, shown, told
from tests.strategies import templates


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{ a }}{{ b }}{{ true }}", "A{{b}}{{true}}"),
        ("{{ none }}|{{ text }}", "|{{ a }}"),
        ("{{ if none }}1{{ elif a }}2{{ else }}3{{ end }}", "2"),
        ("{{ if none }}1{{ end }}", ""),
        ("{{ for x in xs }}{{ x }}{{ else }}none{{ end }}", "12"),
        ("{{ for x in missing }}{{ x }}{{ else }}none{{ end }}", "none"),
        ("{{ for x in d }}{{ x }}{{ end }}", "12"),
        ("{{ for k, x in d }}{{ k }}{{ x }}{{ end }}", "p1q2"),
        ("{{ for k, x in xs }}{{ k }}{{ x }}{{ end }}", "0112"),
        ("{{ for k, x in s }}{{ k }}{{ x }}{{ end }}", "0312"),
        ("{{ for k, x in r }}{{ k }}{{ x }}{{ end }}", "0516"),
        ("{{ for k, k in d }}{{ k }}{{ end }}", "pq"),
        (
            "{{ for x in xs }}{{ loop.index }}{{ loop.index0 }}{{ loop.first }}{{ loop.last }}{{ end }}",
            "10truefalse21falsetrue",
        ),
        ("{{ for x in xs }}{{ for y in d }}{{ loop.length }}{{ end }}{{ loop.index }}{{ end }}", "221222"),
        ("{{ for loop in xs }}{{ loop }}{{ end }}", "12"),
        ("{{ for x in xs }}{{ end }}{{ loop }}{{ x }}", "{{loop}}{{x}}"),
        ("{{ for a in xs }}{{ a }}{{ end }}{{ a }}", "12A"),
        ("{{ for x in xs }}{{ if x == 2 }}{{ a }}{{ end }}{{ end }}", "A"),
    ],
)
def test_blocks(template: str, text: str) -> None:
    values = {"a": "A", "none": None, "text": "{{ a }}", "xs": [1, 2], "d": {"q": 2, "p": 1}, "s": set_of([3, 2])}
    assert shown(template, **values, r=Range(5, 7, True)) == text


@pytest.mark.parametrize("value", ["text", 5, True, 2.5])
def test_what_cannot_be_looped_over(value: Any) -> None:
    error = told("a\n{{ for x in v }}{{ end }}", v=value)
    assert error.startswith("at 2:1: cannot iterate over ")
    assert error.endswith(" — expected list, dict, set, or range")


def test_the_bindings_are_not_changed() -> None:
    names = {"x": 1, "xs": [1]}
    assert shown("{{ for x in xs }}{{ x }}{{ end }}", **names) == "1"
    assert names == {"x": 1, "xs": [1]}


def test_output_is_bounded() -> None:
    with pytest.raises(LimitReached):
        shown("{{ for i in r }}0123456789{{ end }}", r=Range(1, 10**12, False))
    with pytest.raises(LimitReached):
        in_steps("{{ for i in r }}{{ end }}", {"r": Range(1, 10**12, False)}, 100)


def test_a_loop_without_output_can_be_stopped() -> None:
    renderer = Renderer(
        parse("{{ for i in r }}{{ for j in r }}{{ end }}{{ end }}"), {"r": Range(1, 10**12, False)}, "", 100
    )
    assert [renderer.run(1000) for _ in range(3)] == ["paused"] * 3


def test_deep_blocks_do_not_recurse() -> None:
    deep = 900
    assert shown("{{ if a }}" * deep + "x" + "{{ end }}" * deep, a=1) == "x"
    assert shown("{{ for a in b }}" * deep + "x" + "{{ end }}" * deep, b=[1]) == "x"
    assert shown("{{ " + "(" * deep + "a" + ")" * deep + " }}", a=1) == "1"


@given(templates.soup, templates.names)
def test_any_template_gives_text_or_a_fault(text: str, names: dict[str, Any]) -> None:
    assert told(text, **names) is not None


@given(templates.templates, templates.names, st.integers(1, 7))
def test_steps_change_nothing(text: str, names: dict[str, Any], steps: int) -> None:
    assert told(text, steps=steps, **names) == told(text, **names)


@given(templates.templates, templates.names)
def test_spans_cover_the_output(text: str, names: dict[str, Any]) -> None:
    """Text, values and bare names follow one another without a gap; the others enclose what they gave."""
    try:
        renderer = in_steps(text, names, 1000)
    except Fault:
        return
    assert renderer.spans is not None
    end = 0
    for span in renderer.spans:
        start, stop = span["output_start"], span["output_end"]
        assert start <= stop <= len(renderer.text)
        if span["kind"] in ("text", "expr", "legacy_bare"):
            assert start == end
            end = stop
        else:
            assert stop == end
    assert end == len(renderer.text)


@given(templates.templates, templates.names)
def test_names_are_put_back(text: str, names: dict[str, Any]) -> None:
    renderer = Renderer(parse(text), names, "", 1_000_000)
    try:
        while renderer.run(1000) != DONE:
            pass
    except Fault:
        return
    assert renderer.names == names or renderer.names.keys() == names.keys()
