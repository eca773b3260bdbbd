"""Every record agrees with the Python function it stands on."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from harn.catalog.build import declared_records
from harn.catalog.record import Record
from harn.catalog.signature import MISSING

RECORDS: list[Record] = [found[0] for found in declared_records()]
IMPLEMENTED = [record for record in RECORDS if record.form != "harn"]
by_key = pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.key)


@pytest.mark.parametrize("record", IMPLEMENTED, ids=lambda record: record.key)
def test_parameters_are_those_of_the_function(record: Record) -> None:
    own = list(inspect.signature(record.fn).parameters.values())
    before = record.ctx + bool(record.signature.receiver)
    given, wanted = own[before:], record.signature.params
    assert len(given) == len(wanted)
    for python, parameter in zip(given, wanted, strict=True):
        starred = python.kind is inspect.Parameter.VAR_POSITIONAL
        if starred and parameter.kind == "optional" and parameter.default == MISSING:
            continue  # the implementation wants to know whether it was given
        assert starred == (parameter.kind == "rest")
        has_default = python.default is not inspect.Parameter.empty
        assert has_default == (parameter.kind == "optional"), f"{record.key}: {parameter.name}"
        if parameter.default != MISSING:
            assert _same_default(python.default, parameter.default), f"{record.key}: {parameter.name}"


def _same_default(python: Any, declared: Any) -> bool:
    """A declared empty list or dict stands for whatever empty thing Python has there."""
    if declared == "[" or declared == "{":
        return not python
    return bool(python == declared and type(python) is type(declared))


@by_key
def test_every_builtin_has_a_page(record: Record) -> None:
    assert record.doc, f"{record.key} has no docstring"
    assert record.doc[0].isupper() or record.doc[0] in "`-1-9"
    assert record.doc.rstrip()[-1] in ".:`)", f"{record.key}: a sentence ends with a full stop"


@by_key
def test_kept_arguments_exist(record: Record) -> None:
    names = {parameter.name for parameter in record.signature.params} | {"receiver"}
    assert set(record.keeps) <= names
    assert "receiver" not in record.keeps or record.signature.receiver


@by_key
def test_what_performs_an_effect_names_its_kind(record: Record) -> None:
    assert record.form != "effect" or record.effects
