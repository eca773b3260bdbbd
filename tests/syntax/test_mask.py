"""The masked text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from harn.source.span import Span
from harn.syntax.mask import Fault, mask

texts = st.text(alphabet=st.sampled_from('ar"\\${}/*\n# é'), max_size=40)


@given(texts)
def test_offsets_stay_true(text: str) -> None:
    masked = mask(text)
    assert len(masked.text) == len(text)
    assert all(0 <= begin <= end <= len(text) for begin, end in masked.comments)
    for begin, holes in masked.holes.items():
        assert text[begin] == '"'
        for hole in holes:
            assert text[hole.start - 2 : hole.start] == "${"
            assert text[hole.end] == "}"


@given(texts)
def test_what_is_neither_comment_nor_string_stays(text: str) -> None:
    masked = mask(text)
    if not any(mark in text for mark in '"/\\#$'):
        assert masked.text == text


def test_comments_nest_and_keep_their_line_ends() -> None:
    masked = mask("a /* b\n /* c */ */ d // e\nf")
    assert masked.text == "a     \n            d     \nf"
    assert masked.comments == [Span(2, 18), Span(21, 25)]


def test_strings_become_filler() -> None:
    assert mask('f("a{b}", r"\\", "x${"y"}z")').text == 'f("ssss", r"s", "iiiiiiii")'
    assert mask('"""a\n{"b"}"""').text == '"sssssssssss"'


def test_a_first_line_for_the_shell_is_blank() -> None:
    assert mask("#!/bin/harn {\na").text == " " * 13 + "\na"
    assert mask("a\n#!").faults == [Fault("character", Span(2, 3))]


def test_a_joined_line_is_one() -> None:
    assert mask("a \\\n b \\\r\n c").text == "a    b     c"


def test_foreign_characters_are_found_wherever_they_stand() -> None:
    assert mask("a ~ b & c && d\n`").faults == [
        Fault("character", Span(2, 3)),
        Fault("character", Span(6, 7)),
        Fault("character", Span(15, 16)),
    ]


def test_words_begin_with_letters() -> None:
    assert mask("é x² ünï_1").faults == []
    assert mask("² ٣").faults == [Fault("character", Span(0, 1)), Fault("character", Span(2, 3))]


def test_lone_surrogates_are_refused_in_strings_too() -> None:
    assert mask('"\ud800"').faults == [Fault("encoding", Span(1, 2))]
