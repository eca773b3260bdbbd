"""The mutants fit the source they break, and there is one for every stage and rule. Whether they die: ``make mutants``."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.mutants import MUTANTS
from tests.mutants.record import STAGES, Mutant
from tests.mutants.trial import TARGETS
from tests.steps.test_readme import LETTERS
from tests.structure.checkout import ROOT

LEAST = 45


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_patch_applies_once_and_leaves_python(mutant: Mutant) -> None:
    source = (ROOT / mutant.file).read_text()
    assert source.count(mutant.old) == 1
    broken = source.replace(mutant.old, mutant.new)
    assert ast.dump(ast.parse(broken)) != ast.dump(ast.parse(source))
    assert mutant.likely in TARGETS


def test_every_stage_and_every_rule_is_broken() -> None:
    assert len(MUTANTS) >= LEAST
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)
    broken = {what for mutant in MUTANTS for what in mutant.breaks}
    known = {*STAGES, *LETTERS, *(str(number) for number in range(1, 51))}
    assert not broken - known
    assert not {*STAGES, *LETTERS} - broken


def test_no_test_knows_a_mutant() -> None:
    own = Path(__file__).parent
    texts = [path.read_text() for path in (ROOT / "tests").rglob("*.py") if own not in path.parents]
    assert not [mutant.name for mutant in MUTANTS if any(mutant.name in text for text in texts)]
