"""Patterns of paths: what they take, what is refused, and that none takes long."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harn.builtins.globs import matcher
from harn.values.errors import HarnError


@pytest.mark.parametrize(
    ("pattern", "fits", "not_"),
    [
        ("*.txt", ["a.txt", "a/b.txt", ".txt", ".a.txt"], ["a.txt.bak", "txt"]),
        ("?", ["a", "/"], ["", "ab"]),
        ("**/*.md", ["a.md", "x/y/a.md"], ["a.mdx"]),
        ("**/b", ["b", "a/b", "a/c/b"], ["ab", "a/ab"]),
        ("a/**/b", ["a/b", "a/x/y/b"], ["ab", "a/xb", "b"]),
        ("a/**", ["a/b", "a/b/c", "a/"], ["a", "ba/c"]),
        ("**", ["", "a", "a/b"], []),
        ("a**b", ["ab", "a/x/b"], ["a"]),
        ("[ab]1", ["a1", "b1"], ["c1", "1"]),
        ("[!a-c]", ["d", "-"], ["a", "b", "c"]),
        ("[^x]", ["y"], ["x"]),
        ("[]a]", ["]", "a"], ["b"]),
        ("[a-]", ["a", "-"], ["b"]),
        ("{a,b*}.{txt,md}", ["a.txt", "bcd.md"], ["c.txt", "a."]),
        ("{a,{b,c}d}", ["a", "bd", "cd"], ["b"]),
        ("x{,y}", ["x", "xy"], ["y"]),
        ("a,b", ["a,b"], ["a"]),
        (r"\*\{", ["*{"], ["a{"]),
        ("[.+$]", [".", "+", "$"], ["a"]),
        ("a.c", ["a.c"], ["abc"]),
        ("é*", ["é", "éa"], ["e"]),
        ("*\n*", ["a\nb"], ["ab"]),
    ],
)
def test_what_a_pattern_takes(pattern: str, fits: list[str], not_: list[str]) -> None:
    taken = matcher(pattern)
    assert [path for path in [*fits, *not_] if taken(path)] == fits


@pytest.mark.parametrize("pattern", ["[a", "[", "{a", "a}", "a\\", "[z-a]", "{a,b}" * 11, "**/" * 10 + "x"])
def test_a_bad_pattern_is_told(pattern: str) -> None:
    with pytest.raises(HarnError, match=r"Thrown: glob: bad pattern '"):
        matcher(pattern)


def test_no_pattern_takes_long() -> None:
    assert not matcher("*a" * 40 + "b")("a" * 3_000)
    assert not matcher("*[ab]?" * 30 + "c")("ab" * 2_000)


plain = st.text("ab/*?", max_size=8).filter(lambda text: "**" not in text)


@given(plain, st.text("ab/", max_size=8))
def test_stars_mean_what_a_plain_search_finds(pattern: str, path: str) -> None:
    expected = re.fullmatch(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), path) is not None
    assert matcher(pattern)(path) == expected
