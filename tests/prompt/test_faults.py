"""Mistakes in templates: what is said of them, and what is marked."""

from __future__ import annotations

import pytest
from hypothesis import given

from harn.prompt.fault import Fault
from harn.prompt.parser import MAX_DEPTH, parse
from tests.prompt.rendered import fault_of, told
from tests.strategies import templates


@pytest.mark.parametrize(
    ("template", "message", "mark"),
    [
        ("{{ if a }}x", "`{{ if }}` missing matching `{{ end }}`", "{{ if a }}"),
        ("{{ if a }}{{ elif b }}", "`{{ if }}` missing matching `{{ end }}`", "{{ if a }}"),
        ("{{ for x in y }}{{ if x }}{{ end }}", "`{{ for }}` missing matching `{{ end }}`", "{{ for x in y }}"),
        ("{{ if a }}x{{ else }}y", "`{{ else }}` missing matching `{{ end }}`", "{{ else }}"),
        ("{{ for x in y }}x{{ else }}y", "`{{ else }}` missing matching `{{ end }}`", "{{ for x in y }}"),
        ("x{{ end }}", "unexpected `{{ end }}`", "{{ end"),
        ("{{- else }}", "unexpected `{{ else }}`", "{{- else"),
        ("{{ for x in y }}{{ elif x }}", "unexpected `{{ elif }}`", "{{ elif"),
        ("{{ if a }}{{ else }}{{ else }}{{ end }}", "unexpected `{{ else }}`", "{{ else"),
        ("{{ if a }}{{ else if b }}{{ end }}", "unexpected `if` in `{{ else }}`", "if"),
        ("{{ for x xs }}{{ end }}", "expected `in` in for-loop", "xs"),
        ("{{ for x in }}{{ end }}", "expected `in` in for-loop", "}}"),
        ("{{ for 1 in xs }}{{ end }}", "invalid for-loop variable", "1"),
        ("{{ for a, in xs }}{{ end }}", "invalid for-loop variables", "xs"),
        ("{{ for a, b, c in xs }}{{ end }}", "invalid for-loop variables", ","),
        ("{{ for a in xs | }}{{ end }}", "expected filter name after `|`", "}}"),
        ("{{ }}", "expected expression", "}}"),
        ("{{ if }}x{{ end }}", "expected expression", "}}"),
        ("{{ a == }}", "expected expression", "}}"),
        ("{{ not | upper }}", "expected expression, found `|`", "|"),
        ("{{ a. }}", "expected identifier after `.`", "}}"),
        ("{{ a.5 }}", "expected identifier after `.`", "5"),
        ("{{ a[b] }}", "expected integer or string inside `[...]`", "b"),
        ("{{ a[0 }}", "expected `]`", "}}"),
        ("{{ (a }}", "expected `)`", "}}"),
        ("{{ (a | upper) }}", "expected `)`", "|"),
        ("{{ a = 1 }}", "unexpected `=` (use `==`)", "="),
        ("{{ a & b }}", "unexpected `&`", "&"),
        ("{{ a + 'é' }}", "unexpected character `+` in expression", "+"),
        ("{{ {a} }}", "unexpected character `{` in expression", "{"),
        ("{{ a 'b' }}", "unexpected `'b'` in expression", "'b'"),
        ("{{ a == b == c }}", "unexpected `==` in expression", "=="),
        ("{{ a | upper == 'x' }}", "unexpected `==` in expression", "=="),
        ("{{ a | }}", "expected filter name after `|`", "}}"),
        ("{{ a | true }}", "expected filter name after `|`", "true"),
        ("{{ 9223372036854775808 }}", "invalid integer `9223372036854775808`", "9223372036854775808"),
        ("{{ 1.2.3 }}", "invalid number `1.2.3`", "1.2.3"),
        ("{{ include 'a' with b }}", "expected `{ ... }` after `with`", "b"),
        ("{{ include 'a' with }}", "expected `{ ... }` after `with`", "}}"),
        ("{{ include 'a' with { a: 1 }}", "expected `{ ... }` after `with`", "}}"),
        ("{{ include 'a' with { 'b': 1 } }}", "invalid include binding key", "'b'"),
        ("{{ include 'a' with { b } }}", "expected `key: value` in include bindings", "}"),
        ("{{ include 'a' with { b: } }}", "expected expression, found `}`", "}"),
    ],
)
def test_words_and_mark(template: str, message: str, mark: str) -> None:
    with pytest.raises(Fault) as caught:
        parse(template)
    span = caught.value.place.mark
    assert (caught.value.message, template[span.start : span.end]) == (message, mark)


def test_an_error_is_told_by_the_place_of_its_tag() -> None:
    assert told("é\n  {{ a }}\t{{ b +\n c }}") == "at 2:11: unexpected character `+` in expression"


@pytest.mark.parametrize(
    ("template", "help"),
    [
        ("{{ iff x }}", "did you mean `{{ if }}`?"),
        ("{{ inlcude 'x' }}", "did you mean `{{ include }}`?"),
        ("{{ if a }}{{ else if b }}{{ end }}", "write `elif` with a condition"),
        ("{{ (a | upper) }}", "filters stand behind the whole expression, outside of parentheses"),
        ("{{ if a }}{{ b }}{{ endif }}", "blocks end with `{{ end }}`, not with `{{ endif }}`"),
        ("{{ for a in b }}{{ edn }}", "blocks end with `{{ end }}`, not with `{{ edn }}`"),
        ("{{ endif }}{{ if a }}", ""),
        ("{{ 'a }}", "a quote is opened in it that nothing closes"),
    ],
)
def test_help(template: str, help: str) -> None:
    with pytest.raises(Fault) as caught:
        parse(template)
    assert caught.value.help == help


def test_words_of_the_language_are_names_elsewhere() -> None:
    parse("{{ loop }}{{ in }}{{ with }}{{ if.x }}{{ for in in with }}{{ end }}{{ include with with { in: in.with } }}")


def test_bindings_may_have_filters_with_several_arguments() -> None:
    parse("{{ include 'a' with { x: a | replace: 'a', b, y: (c or d) | join: ',', } }}")
    parse("{{ include 'a' with {x: 1}}}")


@pytest.mark.parametrize("text", ["{{ if a }}", "{{ for a in b }}", "("])
def test_nesting_is_bounded(text: str) -> None:
    deep = text * (MAX_DEPTH + 1)
    with pytest.raises(Fault, match="nested too deeply"):
        parse(f"{{{{ {deep}a }}}}" if text == "(" else deep)


def test_what_is_not_nested_is_not() -> None:
    several = MAX_DEPTH * 2
    parse("{{ if a }}{{ end }}" * several)
    parse(f"{{{{ {'not ' * several}a {'and (b) ' * several}{'| upper ' * several}}}}}")
    parse("{{ if a }}" + "{{ elif b }}" * several + "{{ end }}")


@given(templates.soup)
def test_any_text_is_a_template_or_a_fault(text: str) -> None:
    fault = fault_of(text)
    if fault is not None:
        assert fault.message
        assert 0 <= fault.place.tag <= fault.place.mark.start <= fault.place.mark.end <= len(text)


@given(templates.templates)
def test_what_is_well_formed_is_no_fault(text: str) -> None:
    parse(text)


def test_templates_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harn.prompt.scanner.MAX_TOKENS", 1_000)
    parse("{{ a }}" * 333)
    for text in ("{{ a }}" * 334, f"{{{{ a {'and a ' * 500}}}}}"):
        with pytest.raises(Fault, match="template has more than 1,000 parts"):
            parse(text)
