"""Assertions about programs, each with what is needed to see why it does not hold."""

from __future__ import annotations

import difflib
import re
from typing import Any

from harn.embed.errors import ThrownError
from harn.embed.program import Program, check, run
from harn.embed.result import Result


def assert_prints(program: str | Program, expected: str, **options: Any) -> Result:
    """Run a program (``options`` as for ``harn.run``) and compare what it prints. Its result."""
    result = run(program, **options)
    if result.stdout != expected:
        lines = difflib.unified_diff(
            expected.splitlines(), result.stdout.splitlines(), "expected", "printed", lineterm="", n=1
        )
        raise AssertionError("the program prints something else:\n" + "\n".join(lines))
    return result


def assert_throws(program: str | Program, match: str = "", *, value: Any = None, **options: Any) -> ThrownError:
    """Run a program that must end with an error whose text has ``match`` (a regular expression) in it.

    ``value``: what was thrown; of a dict the entries given here are compared. The error.
    """
    try:
        result = run(program, **options)
    except ThrownError as error:
        if not re.search(match, str(error)):
            raise AssertionError(f"the program throws {str(error)!r}, in which nothing matches {match!r}") from None
        if value is not None and not _has(error.value, value):
            raise AssertionError(f"the program throws {error.value!r} instead of {value!r}") from None
        return error
    raise AssertionError(f"the program throws nothing; it gives {result.value!r} and prints {result.stdout!r}")


def _has(found: Any, wanted: Any) -> bool:
    if isinstance(found, dict) and isinstance(wanted, dict):
        return all(key in found and found[key] == value for key, value in wanted.items())
    return bool(found == wanted)


def assert_steps(result: Result, *expected: str) -> None:
    """The completed steps of a run, oldest first: names, or ``name:status`` where the status counts (else ``completed``)."""
    found = [f"{step['name']}:{step['status']}" for step in result.steps]
    wanted = [step if ":" in step else f"{step}:completed" for step in expected]
    if found != wanted:
        raise AssertionError(f"the steps are {', '.join(found) or 'none'} instead of {', '.join(wanted) or 'none'}")


def assert_checks(source: str, *expected: str) -> None:
    """The codes of what the checker says of a program, in the order of the text; nothing given: it says nothing."""
    found = check(source)
    if [diagnostic.code for diagnostic in found] != list(expected):
        said = "".join(f"\n  {d.code} {d.message}" for d in found) or " nothing"
        raise AssertionError(f"the checker says:{said}\ninstead of: {', '.join(expected) or 'nothing'}")
