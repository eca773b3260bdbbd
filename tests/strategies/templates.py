"""Templates: ``soup`` is text in which tags may be broken, ``templates`` can be parsed, ``names`` is what they speak of."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.strategies.values import plain

NAMES = ("a", "b", "xs", "loop", "in", "with", "é")
_PIECES = (
    "{{ {{- }} -}} {{# #}} { } | . , : ( ) [ ] = == != < >= ! & && || + - ' \" \\ 0 -1 2.5 1.2.3 true nil and or not in with if "
    "elif else end for include raw endraw upper default json a b xs loop é 🎈"
).split(" ")

soup = st.lists(st.sampled_from([*_PIECES, " ", " ", "\n", "\r\n", "\t", "{{ end }}", "{{ a }}"]), max_size=25).map(
    "".join
)

_text = st.sampled_from(("", " ", "\n", "\r\n  ", "x", " { } ", "# é\n"))
_path = st.builds(
    "{}{}".format, st.sampled_from(NAMES), st.sampled_from(("", "", ".k", "[0]", "[-1]", "['k é']", ".k[1].k"))
)
_literal = st.sampled_from(("0", "-1", "2.5", "'x'", '""', "'}}'", '"\\n"', "true", "nil"))


def _operators(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    binary = st.sampled_from((" and ", " or ", " == ", " < "))
    return st.one_of(
        st.builds("({})".format, inner),
        st.builds("not {}".format, inner),
        st.builds("({}){}({})".format, inner, binary, inner),
    )


_disjunction = st.recursive(st.one_of(_path, _literal), _operators, max_leaves=4)
_filter = st.sampled_from(
    ("upper", "default: 'd'", "json", "json: true", "title", "replace: 'x', b", "reverse", "first")
)
expressions = st.builds(
    lambda value, filters: " | ".join((value, *filters)), _disjunction, st.lists(_filter, max_size=2)
)


def _tag(inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        "{{{{{}{}{}}}}}".format, st.sampled_from(("", "-", " ", "- ")), inside, st.sampled_from(("", " ", " -"))
    )


_leaf = st.one_of(
    _text,
    _tag(expressions),
    _tag(st.sampled_from(NAMES)),
    st.just("{{# {{ x }} #}}"),
    st.just("{{ raw }}{{ x {{ endraw }}"),
)


def _blocks(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    some = st.lists(inner, max_size=3).map("".join)
    otherwise = st.one_of(st.just(""), st.builds("{{{{else}}}}{}".format, some))
    variables = st.sampled_from(("a", "a, b", "loop", "x"))
    return st.one_of(
        st.builds("{}{}{}{{{{ end }}}}".format, _tag(expressions.map("if {}".format)), some, otherwise),
        st.builds(
            "{}{}{}{{{{- end }}}}".format,
            _tag(st.builds("for {} in {}".format, variables, st.sampled_from(("xs", "b", "é", "a.k")))),
            some,
            otherwise,
        ),
    )


templates = st.lists(st.recursive(_leaf, _blocks, max_leaves=6), max_size=4).map("".join)
names: st.SearchStrategy[dict[str, Any]] = st.dictionaries(st.sampled_from(NAMES), plain, max_size=4)
