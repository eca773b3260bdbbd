"""Expressions and filters."""

from __future__ import annotations

from typing import Any

import pytest

from harn.prompt.filters import FILTERS
from harn.values.errors import LimitReached
from harn.values.keys import set_of
from harn.values.kinds import Duration, Pair, Range, Struct
from tests.prompt.rendered import shown, told
from tests.strategies.values import POINT

VALUES: dict[str, Any] = {
    "a": "ab",
    "n": 7,
    "f": 2.0,
    "zero": 0,
    "blank": " \n",
    "none": None,
    "yes": True,
    "xs": ["x", None, 3],
    "d": {"k": "v", "e é": [1, {"q": 2}], "a": 1},
    "s": set_of([2, 1]),
    "no": set_of([]),
    "r": Range(1, 3, False),
    "p": Pair(1, 2),
    "pt": Struct(POINT, {"x": 4}),
    "t": Duration(5000),
    "long": "ß Σας\n\n  x",
}


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("xs", "[x, nil, 3]"),
        ("xs[0]", "x"),
        ("xs[-1]", "3"),
        ("xs[3]", ""),
        ("xs[-4]", ""),
        ("xs.k", ""),
        ("a[1]", "b"),
        ("a['k']", ""),
        ("d.k", "v"),
        ("d['k']", "v"),
        ('d["e é"][1].q', "2"),
        ("d[0]", ""),
        ("p.first", ""),
        ("pt.x", "4"),
        ("missing.k", ""),
        ("(missing)", ""),
        ("none", ""),
        ("yes and a", "ab"),
        ("zero or none", ""),
        ("blank or 'x'", "x"),
        ("no and 1", "1"),
        ("not no", "false"),
        ("!xs", "false"),
        ("not not a", "true"),
        ("not a == 'x'", "true"),
        ("(not a) == false", "true"),
        ("yes == not zero", "true"),
        ("none == nil", "true"),
        ("n == 7.0", "true"),
        ("yes == 1", "false"),
        ("yes < 2", "false"),
        ("n < 'a'", "false"),
        ("n <= 7", "true"),
        ("a > 'aa'", "true"),
        ("t >= t", "true"),
        ("xs == xs", "true"),
        ("zero or n and a or 1", "ab"),
        ("zero && n || a", "ab"),
        ("'\\t\\'\\q' | json", '"\\t\'q"'),
        ("-0.5", "-0.5"),
    ],
)
def test_expressions(expression: str, text: str) -> None:
    assert shown(f"{{{{ {expression} }}}}", **VALUES) == text


@pytest.mark.parametrize(
    ("filtered", "text"),
    [
        ("long | upper", "SS ΣΑΣ\n\n  X"),
        ("'ΑΣ' | lower", "ας"),
        ("'éa BC' | capitalize", "Éa bc"),
        ("'ßa bC\tΑΣ' | title", "SSa Bc\tΑσ"),
        ("long | trim | lines", "[ß Σας, ,   x]"),
        ("blank | trim", ""),
        ("xs | length", "3"),
        ("s | length", "2"),
        ("r | length", "3"),
        ("none | length", "0"),
        ("'🎈é' | length", "2"),
        ("s | first", "2"),
        ("s | last", "1"),
        ("r | first", ""),
        ("a | last", "b"),
        ("xs | reverse", "[3, nil, x]"),
        ("a | reverse", "ba"),
        ("d | reverse | length", "3"),
        ("xs | join: '-'", "x--3"),
        ("s | join: none", "21"),
        ("a | join: ','", "ab"),
        ("zero | default: xs[0]", "x"),
        ("missing | default: 'd' | upper", "D"),
        ("f | json", "2.0"),
        ("d | json", '{"a":1,"e é":[1,{"q":2}],"k":"v"}'),
        ("s | json", "[2,1]"),
        ("t | json", '"5s"'),
        ("'a,:[\"' | json: true", '"a,:[\\""'),
        ("d['e é'] | json: true", '[\n  1,\n  {\n    "q": 2\n  }\n]'),
        ("no | json: 1", "[]"),
        ("long | indent: 2", "ß Σας\n\n    x"),
        ("long | indent: 1, true", " ß Σας\n\n   x"),
        ("a | indent: -1, true", "ab"),
        ("'a*b_[c](d)!' | escape_md", "a\\*b\\_\\[c\\]\\(d\\)\\!"),
        ("a | replace: 'b', n", "a7"),
        ("a | replace: '', '-'", "-a-b-"),
        ("n | replace: 7, '8'", "8"),
    ],
)
def test_filters(filtered: str, text: str) -> None:
    assert shown(f"{{{{ {filtered} }}}}", **VALUES) == text


@pytest.mark.parametrize(
    ("filtered", "error"),
    [
        ("a | uper", "unknown filter `uper`"),
        ("a | upper: 1", "filter `upper` got wrong number of arguments"),
        ("a | default", "filter `default` got wrong number of arguments"),
        ("a | indent: 1, 2, 3", "filter `indent` got wrong number of arguments"),
        ("a | indent: yes", "`indent` requires an integer width"),
        ("n | length", "`length` not defined for int"),
        ("none | join: ''", "`join` requires a list (got nil)"),
    ],
)
def test_filters_that_do_not_fit(filtered: str, error: str) -> None:
    assert told(f"{{{{ {filtered} }}}}", **VALUES) == f"at 1:1: {error}"


def test_a_filter_that_is_not_reached_does_not_matter() -> None:
    assert shown("{{ if zero }}{{ a | nope }}{{ end }}.", zero=0) == "."


@pytest.mark.parametrize("growing", ["indent: 1000000000, true", "replace: 'a', xxx", "upper", "json: true"])
def test_what_a_filter_makes_is_bounded(growing: str) -> None:
    deep: Any = "a"
    for _ in range(2000):
        deep = [deep]
    value = {"upper": "ß" * 600_000, "json: true": deep}.get(growing, "a" * 2000)
    with pytest.raises(LimitReached):
        shown(f"{{{{ v | {growing} }}}}", v=value, xxx="x" * 1000)


def test_every_filter_says_what_it_does() -> None:
    assert all(one.apply.__doc__ and one.least <= one.most for one in FILTERS.values())
