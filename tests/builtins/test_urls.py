"""URLs: what the URL Standard says of odd ones, canonical texts as fixed points, and codes that lead back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harn.builtins.url_hosts import UrlFault
from harn.builtins.url_syntax import parse_url
from harn.values.errors import HarnError, LimitReached
from tests.builtins.driving import call

READ_AS = {
    # authority
    "http://a@b@c/": "http://a%40b@c/",
    "http://user:@h/": "http://user@h/",
    "http://:p@h": "http://:p@h/",
    "http://u^s:p|w@h": "http://u%5Es:p%7Cw@h/",
    "http://h:0080/": "http://h/",
    "http://h:": "http://h/",
    "wss://h:443": "wss://h/",
    "http://h\\@x/": "http://h/@x/",
    "https:h/x": "https://h/x",
    r"https:\\h\a\..\b": "https://h/b",
    # domains
    "HTTP://EXAMPLE.com": "http://example.com/",
    "http://ex%41mple": "http://example/",
    "http://bücher.de/ü?ü#ü": "http://xn--bcher-kva.de/%C3%BC?%C3%BC#%C3%BC",
    "http://faß.de": "http://xn--fa-hia.de/",
    "http://日本語。jp": "http://xn--wgv71a119e.jp/",
    "http://a_b..c.": "http://a_b..c./",
    # addresses
    "http://0x7f.1/": "http://127.0.0.1/",
    "http://1.2.3": "http://1.2.0.3/",
    "http://4294967295": "http://255.255.255.255/",
    "http://0x.0x.0": "http://0.0.0.0/",
    "http://[1:0:0:2:0:0:0:3]": "http://[1:0:0:2::3]/",
    "http://[::FFFF:1.2.3.4]:80/": "http://[::ffff:102:304]/",
    # paths, queries, fragments
    "http://h/%2e%2E/./a/": "http://h/a/",
    "http://h/a/b/../..": "http://h/",
    "http://h/a^b|c`{}": "http://h/a%5Eb|c%60%7B%7D",
    "http://h/?": "http://h/?",
    "http://h/?'": "http://h/?%27",
    "foo://h/?'": "foo://h/?'",
    "  http://h/\n x\t ": "http://h/%20x",
    "http://h/%zz%": "http://h/%zz%",
    # files
    "file:x": "file:///x",
    "file://localhost/x": "file:///x",
    "file:///C|/../x": "file:///C:/x",
    "file:C|/a": "file:///C:/a",
    # other schemes
    "foo:bar baz": "foo:bar baz",
    "foo://H/x y": "foo://H/x%20y",
    "foo:///x": "foo:///x",
    "foo://h": "foo://h",
    "foo:/..//a": "foo:/.//a",
    "mailto:a@b.c?subject=x y": "mailto:a@b.c?subject=x%20y",
    "data:text/plain,hi#f g": "data:text/plain,hi#f%20g",
}

REFUSED = {
    "": "relative URL without a base",
    "//h": "relative URL without a base",
    "/path": "relative URL without a base",
    "1http://x": "relative URL without a base",
    "http:": "empty host",
    "http://x:y@/z": "empty host",
    "foo://u@/x": "empty host",
    "http://\u00ad/": "empty host",
    "http://h:65536": "invalid port number",
    "http://h:8a": "invalid port number",
    "http://h:-1": "invalid port number",
    "http://a b": "invalid international domain name",
    "http://a%00b": "invalid international domain name",
    "http://%ff": "invalid international domain name",
    "http://xn--a": "invalid international domain name",
    "http://a\u200db": "invalid international domain name",
    "file://h:80/": "invalid international domain name",
    "foo://a^b": "invalid domain character",
    "http://1.2.3.256": "invalid IPv4 address",
    "http://1..2": "invalid IPv4 address",
    "http://09": "invalid IPv4 address",
    "http://[fe80::1%25eth0]": "invalid IPv6 address",
    "http://[::1": "invalid IPv6 address",
    "http://[1:2]": "invalid IPv6 address",
}


@pytest.mark.parametrize(("text", "canonical"), READ_AS.items())
def test_canonical_text(text: str, canonical: str) -> None:
    assert parse_url(text).text() == canonical


@pytest.mark.parametrize(("text", "fault"), REFUSED.items())
def test_what_is_no_url(text: str, fault: str) -> None:
    with pytest.raises(HarnError) as caught:
        call("url_parse", text)
    assert caught.value.bound() == f"url_parse: {fault}"


PIECES = st.sampled_from(
    (
        " \t http: https: file: foo: / // \\ ? # @ : [ ] ::1 1 0x 08 . .. %2e % %41 C| EX.com é ß xn-- ' \" < ^ | { ~ :80 a b"
    ).split(" ")
)
odd_urls = st.builds(
    lambda head, rest: head + "".join(rest), st.sampled_from(["http://", "file:", "foo:"]), st.lists(PIECES)
)


@settings(max_examples=300)
@given(odd_urls)
def test_a_canonical_text_is_its_own(text: str) -> None:
    try:
        url = parse_url(text)
    except UrlFault:
        return
    assert parse_url(url.text()) == url
    assert url.text().isascii()


@settings(max_examples=200)
@given(odd_urls)
def test_parts_make_the_url_again(text: str) -> None:
    try:
        parts: dict[str, Any] = call("url_parse", text)
    except HarnError:
        return
    again = call("url_parse", call("url_build", parts))
    lost = {"password"} if parts["username"] is None else set()
    for name, value in parts.items():
        if name not in lost:
            # An empty query or fragment is dropped; an empty path is only kept where there is no host either.
            assert again[name] == value or (value == "" and again[name] in (None, "", "/"))


def test_building_takes_care_of_what_parts_hold() -> None:
    host = {"scheme": "https", "host": "h"}
    assert call("url_build", {**host, "path": "p"}) == "https://h/p"
    assert call("url_build", {**host, "username": "a/b@c", "password": "x:y"}) == "https://a%2Fb%40c:x%3Ay@h/"
    assert call("url_build", {**host, "port": "8080", "password": "p", "query": "", "fragment": ""}) == "https://h/"
    assert call("url_build", {"scheme": "foo", "path": "//a"}) == "foo:/.//a"
    for wrong in ("h/evil", "h?x", "u@h", "h#f", "h\\e"):
        with pytest.raises(HarnError, match="invalid international domain name"):
            call("url_build", {**host, "host": wrong})


@given(st.text(max_size=20))
def test_one_component_leads_back(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    code = call("url_encode", text)
    assert call("url_decode", code) == text
    assert call("url_encode", text.encode()) == code
    assert call("query_parse", call("query_stringify", [{"key": text, "value": text}])) == [
        {"key": text, "value": text}
    ]


def test_decoding_leaves_what_is_no_code() -> None:
    assert call("url_decode", "%aé%") == "%aé%"
    assert call("url_decode", "%+4%2B") == "% 4+"
    assert call("url_decode", "%FF") == "\ufffd"


def test_queries() -> None:
    assert call("query_parse", "?&a=b=c&&x&=") == [
        {"key": "a", "value": "b=c"},
        {"key": "x", "value": ""},
        {"key": "", "value": ""},
    ]
    assert call("query_stringify", [{"key": 5, "value": "*-._~ "}, {"value": None}]) == "5=*-._%7E+&=nil"


def test_long_hosts_end_quickly() -> None:
    for host in ("é" * 200_000, "xn--" + "a" * 200_000, "9" * 200_000, "1." * 100_000, "[" + ":" * 200_000 + "]"):
        with pytest.raises(UrlFault):
            parse_url(f"http://{host}/")
    assert len(parse_url("http://h" + "/.." * 100_000).path) == 1


def test_nothing_is_made_beyond_the_limit() -> None:
    with pytest.raises(LimitReached):
        call("query_parse", "a&" * 1000, value_bytes=10_000)
    with pytest.raises(LimitReached):
        call("query_stringify", [{"key": "é" * 100}] * 10, value_bytes=1_000)
    with pytest.raises(LimitReached):
        call("url_parse", "http://h/" + "é" * 1000, value_bytes=2_000)
