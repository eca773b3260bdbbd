"""Ed25519 and X25519: vectors of RFC 8032 and RFC 7748, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import harn
from harn.host.chance import SeededChance
from harn.host.host import Host
from harn.values.errors import HarnError
from tests.builtins.driving import call

RFC_8032 = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
]


@pytest.mark.parametrize(("private", "public", "message", "signature"), RFC_8032)
def test_signatures(private: str, public: str, message: str, signature: str) -> None:
    data = bytes.fromhex(message)
    assert call("ed25519_sign", private, data) == signature
    assert call("ed25519_verify", public, data, signature) is True
    assert call("ed25519_verify", public, data + b"!", signature) is False


def test_agreement() -> None:
    public = "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"
    private = "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"
    secret = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"
    assert call("x25519_agree", private, public) == secret


def test_new_pairs_fit_and_come_from_the_hosts_chance() -> None:
    source = """pipeline default(task) {
      let signer = ed25519_keypair()
      let a = x25519_keypair()
      let b = x25519_keypair()
      return [
        signer,
        ed25519_verify(signer.public, "m", ed25519_sign(signer.private, "m")),
        x25519_agree(a.private, b.public) == x25519_agree(b.private, a.public),
        a.private == b.private,
      ]
    }"""
    first, second = (harn.run(source, host=Host.sandbox(random=SeededChance(3))).value for _ in range(2))
    assert first == second
    assert first[1:] == [True, True, False]


@given(st.text("0aéz", max_size=70), st.text("0aéz", max_size=130))
def test_verifying_is_quiet_about_what_is_no_key(public: str, signature: str) -> None:
    assert call("ed25519_verify", public, "message", signature) is False


@pytest.mark.parametrize(
    ("name", "args", "text"),
    [
        ("ed25519_sign", ("zz", "m"), "ed25519_sign: invalid hex private key: Invalid character 'z' at position 0"),
        ("ed25519_sign", ("00", "m"), "ed25519_sign: private key must be 32 bytes"),
        ("x25519_agree", ("0", "00"), "x25519_agree: invalid private hex: Odd number of digits"),
        ("x25519_agree", ("00", "00"), "x25519_agree: private must be 32 bytes"),
        ("x25519_agree", ("01" * 32, "zz"), "x25519_agree: invalid public hex: Invalid character 'z' at position 0"),
        ("x25519_agree", ("01" * 32, "00"), "x25519_agree: public must be 32 bytes"),
        ("x25519_agree", ("01" * 32, "00" * 32), "x25519_agree: public is not a usable key"),
    ],
)
def test_what_is_no_key_is_refused(name: str, args: tuple[str, str], text: str) -> None:
    with pytest.raises(HarnError) as caught:
        call(name, *args)
    assert caught.value.bound() == text
