"""UUIDs: the forms that are read, the vectors of RFC 9562, order, and where the bits come from."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import harn
from harn.host.chance import SeededChance
from harn.host.clock import VirtualClock
from harn.host.host import Host
from tests.builtins.driving import call


def drawn(expression: str, clock: float = 1_700_000_000.0, seed: int = 7) -> Any:
    """The value of an expression in a world of its own."""
    host = Host.sandbox(clock=VirtualClock(clock), random=SeededChance(seed))
    return harn.run(f"pipeline default(task) {{ return {expression} }}", host=host).value


@given(st.uuids())
def test_every_form_is_read(one: uuid.UUID) -> None:
    text = str(one)
    for form in (text, text.upper(), one.hex, f"{{{text}}}", one.urn):
        assert call("uuid_parse", form) == text


@pytest.mark.parametrize("text", ["", " ", "0" * 31, "0" * 33, "g" * 32, "urn:uuid:" + "0" * 32, "{" + "0" * 32 + "}"])
def test_anything_else_is_none(text: str) -> None:
    assert call("uuid_parse", text) is None


def test_misplaced_dashes_and_blanks() -> None:
    text = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
    for wrong in (text + " ", " " + text, text.replace("-", "_"), "6ba7b8109-dad-11d1-80b4-00c04fd430c8", text[:-1]):
        assert call("uuid_parse", wrong) is None


@given(st.sampled_from(["dns", "URL", "namespace_oid", "x500"]), st.text(max_size=12))
def test_derived_names_are_those_of_python(space: str, name: str) -> None:
    namespace = getattr(uuid, f"NAMESPACE_{space.lower().removeprefix('namespace_').upper()}")
    wanted = str(uuid.uuid5(namespace, name))
    assert call("uuid_v5", space, name) == call("uuid_v5", str(namespace), name) == wanted


def test_random_uuids_are_made_of_the_hosts_chance() -> None:
    first = drawn("[uuid(), uuid()]")
    assert first == drawn("[uuid(), uuid()]")
    assert first[0] != first[1]
    for text in first:
        assert uuid.UUID(text).version == 4
        assert uuid.UUID(text).variant == uuid.RFC_4122


def test_ordered_uuids_begin_with_the_time() -> None:
    one = uuid.UUID(drawn("uuid_v7()", clock=1_645_557_742.0))
    assert one.int >> 80 == 1_645_557_742_000  # the time of the example in RFC 9562
    assert one.version == 7
    assert one.variant == uuid.RFC_4122


@pytest.mark.parametrize("seed", range(20))
def test_ordered_uuids_of_one_millisecond_are_in_order(seed: int) -> None:
    made = drawn("(1 to 50).map({ _ -> uuid_v7() }).to_list()", seed=seed)
    assert made == sorted(set(made))
