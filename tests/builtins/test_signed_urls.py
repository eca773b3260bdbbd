"""Signed URLs: whatever is changed of a link is noticed, and every way not to be valid has its word."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harn.values.errors import HarnError
from tests.builtins.driving import call

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
claim_sets = st.dictionaries(texts.filter(lambda name: name not in ("sig", "exp", "kid", "c", "x")), texts, max_size=3)
bases = st.sampled_from(["https://h.example/a b?c=d&c=e#f", "/only/päth?x", "http://u:p@h:8080", "foo://h/x"])


def check(link: str, secret: Any = "secret", now: int = 10, options: dict[str, Any] | None = None) -> dict[str, Any]:
    verdict: dict[str, Any] = call("verify_signed_url", link, secret, now, options or {})
    assert verdict["valid"] == (verdict["reason"] == "ok") == (verdict["signature_valid"] and not verdict["expired"])
    return verdict


@given(bases, claim_sets, texts)
def test_a_link_gives_its_claims_back(base: str, claims: dict[str, str], secret: str) -> None:
    link = call("signed_url", base, claims, secret, 10)
    verdict = check(link, secret)
    assert verdict["reason"] == "ok"
    assert claims.items() <= verdict["claims"].items()
    assert check(link, secret, now=11)["reason"] == "expired"
    assert check(link, secret + "x")["reason"] == "bad_signature"
    assert call("signed_url", link, {}, secret, 10) == link


@given(bases, claim_sets, st.data())
def test_every_change_of_a_character_is_noticed(base: str, claims: dict[str, str], data: st.DataObject) -> None:
    link = call("signed_url", base, claims, "secret", 10)
    place = data.draw(st.integers(0, len(link) - 1))
    forged = link[:place] + data.draw(st.sampled_from("aZ0%/&=")) + link[place + 1 :]
    try:
        verdict = check(forged)
    except HarnError:
        return
    same = forged.split("#")[0].split("?")[0].split("@")[-1].lower() == link.split("?")[0].split("@")[-1].lower()
    assert verdict["reason"] != "ok" or same


def test_the_host_is_signed_whatever_the_scheme() -> None:
    link = call("signed_url", "foo://a/x", {}, "secret", 10)
    assert check(link.replace("foo://a", "foo://b"))["reason"] == "bad_signature"


def test_reasons() -> None:
    link = call("signed_url", "/x", {"a": 1}, "secret", 10, {"kid": "k1"})
    assert check("/x")["reason"] == check(link + "&sig=")["reason"] == "missing_signature"
    assert check("/x?sig=a")["reason"] == "missing_expiry"
    for exp in ("", "soon", "1.5", "9" * 20, "9223372036854775808", "٣"):
        assert check(f"/x?sig=a&exp={exp}")["reason"] == "invalid_expiry"
    assert check("/x?sig=a&exp=1&kid=a&kid=b")["reason"] == "duplicate_kid"
    assert check(link, {"k2": "secret"})["reason"] == check(link, {"k1": None})["reason"] == "unknown_key"
    assert check(link, {"k1": "secret"})["kid"] == "k1"
    assert check("/x?sig=a&exp=" + "0" * 5000 + "1")["expires_at"] == 1
    assert check(link, now=12, options={"skew_seconds": 2})["reason"] == "ok"
    assert check(link, now=13, options={"skew_seconds": 2})["reason"] == "expired"


def test_names_of_the_parameters() -> None:
    names = {"signature_param": "s", "expires_param": "e", "kid_param": "k", "kid": "v1"}
    link = call("signed_url", "/x?sig=kept", {"exp": "claim"}, "secret", 10, names)
    assert link.startswith("/x?e=10&exp=claim&k=v1&s=")
    verdict = check(link, {"v1": "secret"}, options=names)
    assert verdict["claims"] == {"sig": "kept", "exp": "claim"}


@pytest.mark.parametrize(
    ("args", "text"),
    [
        (("relative", {}, "s", 1), "expected an absolute URL or an absolute path starting with `/`"),
        (("mailto:a@b", {}, "s", 1), "expected an absolute URL with a host or an absolute path starting with `/`"),
        (("/x", {"sig": 1}, "s", 1), "claims cannot contain reserved parameter `sig`"),
        (("/x", {}, "s", 1, {"kid": 5}), "option `kid` must be a string, got int"),
        (("/x", {}, "s", 1, {"skew_seconds": "5"}), "option `skew_seconds` must be an int, got string"),
        (("/x", {}, "s", 1, {"skew_seconds": -1}), "skew_seconds must be greater than or equal to 0"),
        (("/x", {}, "s", 1, {"kid_param": ""}), "option `kid_param` cannot be empty"),
        (("/x", {}, "s", 1, {"kid_param": "sig"}), "signature_param, expires_param, and kid_param must be distinct"),
    ],
)
def test_what_is_refused(args: tuple[Any, ...], text: str) -> None:
    with pytest.raises(HarnError) as caught:
        call("signed_url", *args)
    assert str(caught.value) == f"Runtime error: signed_url: {text}"
