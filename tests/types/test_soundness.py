"""What the checker passes raises no type error when it runs; what is wrong is told where it stands, and nothing else is."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from harn.compiler.build import build
from harn.compiler.cache import Cache
from harn.source.file import SourceFile
from harn.tools.execute import Kept, bare_fault, run_program
from tests.strategies.typed import well_typed, with_one_error
from tests.types.checking import findings, told

CHECKED = settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
RUN = settings(CHECKED, max_examples=120)


@RUN
@given(well_typed())
def test_a_well_typed_program_runs_without_a_type_error(text: str) -> None:
    file = SourceFile("typed.harn", text)
    built = build(file, cache=Cache(None))
    assert built.diagnostics == []
    fault = bare_fault(run_program(built, file, Kept()))
    assert fault is None or "ype" not in fault


@CHECKED
@given(with_one_error())
def test_one_wrong_value_is_told_at_its_place(made: tuple[str, int]) -> None:
    text, line = made
    assert [d.place[1] for d in findings(text)] == [line], told(text)
