"""What stands between tags: text, trim marks, comments, raw blocks."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.prompt.rendered import shown, told

text_without_tags = st.text(max_size=40).filter(lambda text: "{{" not in text)


@given(text_without_tags)
def test_text_without_tags_is_itself(text: str) -> None:
    assert shown(text) == text


@given(st.text(max_size=40).filter(lambda text: re.search(r"\{\{-?\s*endraw", text) is None))
def test_raw_blocks_are_themselves(text: str) -> None:
    assert shown(f"<{{{{ raw }}}}{text}{{{{ endraw }}}}>") == f"<{text}>"


@given(text_without_tags)
def test_comments_say_nothing(text: str) -> None:
    text = text.replace("#}}", "")
    assert shown(f"<{{{{#{text}#}}}}>") == "<>" or "#}}" in f"{text}#}}"[:-3]


blanks = st.text(alphabet=" \t", max_size=3)
line_ends = st.sampled_from(("", "\n", "\r\n"))


@given(blanks, line_ends, blanks, line_ends, blanks)
def test_marks_take_blanks_and_one_line_end(left: str, end: str, between: str, start: str, right: str) -> None:
    """``{{-`` takes the blanks before it, one line end, and nothing beyond; ``-}}`` the same on its other side."""
    kept_left = left + end.replace(end, "", 1) if end else ""
    kept_right = right if start else ""
    assert shown(f"<{left}{end}{between}{{{{- a -}}}}{between}{start}{right}>", a="A") == f"<{kept_left}A{kept_right}>"


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("a \n\n {{- x }}", "a \nX"),
        ("{{ x -}} \n\n b", "X\n b"),
        ("{{ x -}}\rb", "Xb"),
        ("a {{-# gone #}} b", "a b"),
        ("{{ x -}}{{# not trimmed behind a comment #}} b", "X b"),
        ("a {{- raw -}} \n {{ x }} {{- endraw -}} b", "a {{ x }}b"),
        ("{{ raw }}{{ raw }}{{ endraw }}", "{{ raw }}"),
        ("{{ raw }}it's{{ endraw }}", "it's"),
        ("{{-1}}{{ -1 }}", "1-1"),
        ("{{ 'a }} b' }}", "a }} b"),
        ("{{ x }}}", "X}"),
        ("{ {x} }", "{ {x} }"),
        ("\n{{ if x }}\ny\n{{ end }}\n", "\n\ny\n\n"),
    ],
)
def test_layout(template: str, text: str) -> None:
    assert shown(template, x="X") == text


@pytest.mark.parametrize(
    ("template", "error"),
    [
        ("a {{ b", "at 1:3: unterminated directive"),
        ("\n\n  {{ 'b }}", "at 3:3: unterminated directive"),
        ("{{# a", "at 1:1: unterminated comment"),
        ("{{ raw }} a {{ endra }}", "at 1:1: unterminated `{{ raw }}` block"),
        ("é{{ endraw }}", "at 1:2: unexpected `{{ endraw }}`"),
    ],
)
def test_what_is_not_closed(template: str, error: str) -> None:
    assert told(template) == error
