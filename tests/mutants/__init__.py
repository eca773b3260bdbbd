"""The step runtime broken on purpose, one rule at a time. ``python -m tests.mutants`` sees whether the tests notice."""

from tests.mutants.entering import ENTERING
from tests.mutants.handling import HANDLING
from tests.mutants.leaving import LEAVING
from tests.mutants.metering import METERING

MUTANTS = (*ENTERING, *LEAVING, *METERING, *HANDLING)
