"""Cookies: headers read and written, signatures, sessions, and what a browser keeps."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import harn
from harn.builtins.cookie_syntax import http_date
from harn.host.clock import VirtualClock
from harn.host.host import Host
from harn.values.errors import HarnError
from tests.builtins.driving import call
from tests.strategies.values import json_values

names = st.text(st.sampled_from("ab!#$%&'*+-.^_`|~09Z"), min_size=1, max_size=6)
contents = st.text(st.characters(exclude_characters=';,\\" ', exclude_categories=["Cc", "Cs"]), max_size=8).filter(
    lambda text: text == text.strip()
)


@given(st.dictionaries(names, contents, max_size=4))
def test_what_is_written_is_read(cookies: dict[str, str]) -> None:
    header = "; ".join(call("cookie_serialize", name, value) for name, value in cookies.items())
    read = call("cookie_parse", header)
    assert read["cookies"] == cookies
    assert not read["invalid"]
    assert not read["duplicates"]


@pytest.mark.parametrize(
    ("header", "pairs", "invalid"),
    [
        ("", [], []),
        (None, [], []),
        (' a = 1 ;\tb="two words"; c=;;', [("a", "1"), ("b", "two words"), ("c", "")], []),
        ('a=b=c; d="', [("a", "b=c"), ("d", '"')], []),
        (
            "flag; =x; b d=1; e=\x01",
            [],
            [("flag", "missing '='"), ("=x", "invalid name"), ("b d=1", "invalid name"), ("e=\x01", "invalid value")],
        ),
        (["a=1", "b=2"], [("a", "1"), ("b", "2")], []),
        ({"COOKIE": "a=1", "cookie": ["b=2"], "x": 5}, [("a", "1"), ("b", "2")], []),
    ],
)
def test_reading(header: Any, pairs: list[tuple[str, str]], invalid: list[tuple[str, str]]) -> None:
    read = call("cookie_parse", header)
    assert [(pair["name"], pair["value"]) for pair in read["pairs"]] == pairs
    assert [(found["segment"], found["reason"]) for found in read["invalid"]] == invalid


def test_repeated_names() -> None:
    read = call("cookie_parse", ["a=1; b=2", "a=3"])
    assert read["cookies"] == {"a": "1", "b": "2"}
    assert read["duplicates"] == {"a": ["1", "3"]}


@pytest.mark.parametrize(
    ("name", "args", "text"),
    [
        ("cookie_parse", (5,), "cookie headers must be a string, list, dict, or nil; got int"),
        ("cookie_parse", ([5],), "cookie header list entries must be strings, got int"),
        ("cookie_round_trip", ("", 5), "Set-Cookie headers must be a string, list, dict, or nil; got int"),
        ("cookie_serialize", ("a", "v", {"path": ""}), "Path contains an invalid cookie attribute value"),
        ("cookie_serialize", ("a", "v", {"Domain": "a\nb"}), "Domain contains an invalid cookie attribute value"),
        ("cookie_sign", ("a\x00", "k"), "cookie_sign value must not contain separators or control characters"),
    ],
)
def test_what_is_refused(name: str, args: tuple[Any, ...], text: str) -> None:
    with pytest.raises(HarnError) as caught:
        call(name, *args)
    assert str(caught.value) == f"Runtime error: cookie: {text}"


@given(contents, st.text(max_size=6), st.text(max_size=3))
def test_a_signed_value_holds_until_it_is_changed(value: str, secret: str, other: str) -> None:
    signed = call("cookie_sign", value, secret)
    assert call("cookie_verify", signed, secret) == {"ok": True, "value": value, "error": None}
    for wrong in (signed + "x", "x" + signed, signed[:-1]):
        assert call("cookie_verify", wrong, secret) == {"ok": False, "value": None, "error": "invalid_signature"}
    if other.rstrip("\0") != secret.rstrip("\0"):  # HMAC fills a key up with zeros
        assert not call("cookie_verify", signed, other)["ok"]


@given(json_values)
def test_a_session_gives_its_payload_back(payload: Any) -> None:
    token = call("session_sign", payload, "secret")
    payload = call("json_parse", call("json_stringify", payload))
    assert call("session_verify", token, "secret")["payload"] == payload
    header = call("session_cookie", "sid", payload, "secret", {"secure": False, "max_age": 60})
    assert header == f"sid={token}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax"
    sent = call("cookie_round_trip", header)["cookie_header"]
    assert call("session_from_cookies", sent, "sid", "secret")["payload"] == payload


def test_sessions_that_do_not_hold() -> None:
    def error(token: str) -> Any:
        verdict = call("session_verify", token, "k")
        assert verdict["payload"] is None
        return verdict["error"]

    body = call("base64url_encode", "no json")
    mac = call("bytes_from_hex", call("hmac_sha256", "k", body))
    assert error(f"v1.{body}.{call('base64url_encode', mac)}") == "malformed_payload"
    assert error(f"v1.{body}.x") == "invalid_signature"
    for token in ("", "v1", "v1.a", "v1.a.b.c", "v2.a.b", "..."):
        assert error(token) == "malformed"


NOW = 1_000_000_000  # 2001-09-09 01:46:40


@pytest.mark.parametrize(
    ("attributes", "kept"),
    [
        ("", True),
        ("Max-Age=0", False),
        ("Max-Age=-5", False),
        ("max-age = +007", True),
        ("Max-Age=1e9", True),
        ("Max-Age=", True),
        ("Expires=Sun, 09 Sep 2001 01:46:40 GMT", False),
        ("Expires=Sunday, 09-Sep-01 01:46:41 GMT", True),
        ("Expires=Sun Sep  9 01:46:39 2001", False),
        ("Expires=soon", True),
        ("Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT", True),
        ("Secure; HttpOnly; Path=/x", True),
    ],
)
def test_what_a_browser_keeps(attributes: str, kept: bool) -> None:
    source = f'pipeline default(task) {{ return cookie_round_trip("a=1; b=2", ["b=3; {attributes}", "no cookie"]) }}'
    result = harn.run(source, host=Host.sandbox(clock=VirtualClock(float(NOW)))).value
    assert result["cookie_header"] == ("a=1; b=3" if kept else "a=1")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a b c d e",
        "Sun, 31 Feb 2001 00:00:00 GMT",
        "Sun, 09 Sep 2001 25:46:40 GMT",
        "Sun, 09 Sep 2001 01:46:40 CET",
        "Sun, 09 sep 2001 01:46:40 GMT",
        "Sun, 09 Sep 20010 01:46:40 GMT",
        "Sun, ٠٩ Sep 2001 01:46:40 GMT",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert http_date(text) is None
