"""Secrets in texts: every rule, where findings stand, and that nobody sees a secret in them. All samples are made up here."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import harn
from harn.builtins.secret_scan import RULES, describe, entropy, find_secrets, redacted
from harn.values.errors import HarnError, LimitReached
from tests.builtins.driving import call

NOISE = "Zx81LmQp0Rt7Uv3WyB5nKd92"
SAMPLES = {
    "aws-access-key-id": "AKIA" + "Q7W8E9R0" * 2,
    "github-token": "ghp_" + "a1B2c3D4e5F6" * 3,
    "github-fine-grained-token": "github_pat_" + "a1B2c_D4e5" * 2,
    "gitlab-token": "glpat-" + "a1B2c-D4_5" * 2,
    "npm-token": "npm_" + "a1B2c3D4e5F6" * 3,
    "openai-api-key": "sk-" + "a1B2c-D4_5" * 2,
    "slack-token": "xoxb-" + "1234567890-abc",
    "stripe-secret-key": "sk_live_" + "a1B2c3D4" * 2,
    "private-key-block": "-----BEGIN EC " + "PRIVATE KEY-----",
    "high-entropy-credential-assignment": NOISE,
}


def test_every_rule_has_a_sample() -> None:
    assert [rule.detector for rule in RULES] == list(SAMPLES)


@pytest.mark.parametrize(("detector", "secret"), SAMPLES.items())
def test_rules(detector: str, secret: str) -> None:
    text = f"API_KEY = '{secret}'" if detector.endswith("assignment") else f"é\n{secret}\n"
    (found,) = find_secrets(text)
    assert (found.rule.detector, text[found.start : found.end]) == (detector, secret)
    assert secret not in redacted(secret) or detector == "private-key-block"


@pytest.mark.parametrize(
    "text",
    [
        "x" + SAMPLES["aws-access-key-id"],
        SAMPLES["aws-access-key-id"] + "Z",
        SAMPLES["github-token"][:-1],
        "sk-short",
        " " + SAMPLES["private-key-block"],
        f"api_key = {NOISE}",
        f"api_key = '{NOISE[:19]}'",
        "password = 'aaaaaaaaaaaaaaaaaaaaaaaa'",
        f"name = '{NOISE}'",
        f"token\n = '{NOISE}'",
    ],
)
def test_what_is_no_secret(text: str) -> None:
    assert find_secrets(text) == []


@pytest.mark.parametrize(
    "name", ["secret", "Client-Secret", "access_key", "PRIVATE-KEY", "passwd", "pwd", "my token here"]
)
@pytest.mark.parametrize("sign", [":", " = ", "=\n  "])
def test_names_of_secrets(name: str, sign: str) -> None:
    (found,) = find_secrets(f'{name}{sign}"{NOISE}"')
    assert found.rule.detector == "high-entropy-credential-assignment"


def test_a_specific_kind_is_found_once() -> None:
    token = SAMPLES["github-token"]
    assert [found.rule.detector for found in find_secrets(f'token = "{token}"')] == ["github-token"]


texts = st.lists(st.sampled_from([*SAMPLES.values(), f"pwd='{NOISE}'", "é", "\n", " ", "🎈 "]), max_size=8).map("".join)


@given(texts)
def test_places_lead_back_to_the_secret(text: str) -> None:
    data, lines = text.encode(), text.split("\n")
    found = list(describe(text, find_secrets(text)))
    assert [one["start_offset"] for one in found] == sorted(one["start_offset"] for one in found)
    for one in found:
        secret = data[one["start_offset"] : one["end_offset"]].decode()
        assert lines[one["line"] - 1][one["column_start"] - 1 : one["column_end"] - 1] == secret
        assert one["fingerprint"] == call("sha256", secret)[:16]
        assert redacted(secret) == one["redacted"]


def test_short_secrets_are_not_shown_at_all() -> None:
    assert redacted("12345678") == "********"
    assert redacted("123456789") == "1234…6789"


def test_entropy() -> None:
    assert entropy("aaaa") == 0
    assert entropy("abcdabcd") == 2
    assert entropy("0123456789abcdef") == 4


def test_what_is_scanned() -> None:
    with pytest.raises(HarnError) as caught:
        call("secret_scan", None)
    assert str(caught.value) == "Runtime error: secret_scan: content is required"
    with pytest.raises(LimitReached):
        call("secret_scan", f"{SAMPLES['npm-token']} " * 100, value_bytes=100_000)


def test_long_texts_take_no_long() -> None:
    for text in (
        "token=" * 60_000,
        "token='" + "a=" * 100_000,
        "secret: " + " " * 300_000,
        "sk " * 100_000,
        "-" * 200_000,
    ):
        assert find_secrets(text) == []


def test_a_line_about_the_scan_is_written(capfd: pytest.CaptureFixture[str]) -> None:
    harn.run(f"pipeline default(task) {{ secret_scan('{SAMPLES['npm-token']}') }}".replace("'", '"'))
    noted = capfd.readouterr().err
    assert noted == "[INFO] [secret_scan.audit] secret scan completed: 1 finding(s)\n"
