"""Runs the rules over a file, and applies their fixes."""

from __future__ import annotations

import pkgutil
import sys
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple

from harn.source.diagnostic import Diagnostic
from harn.source.file import SourceFile
from harn.syntax.parser import parse
from harn.tools.lint import rules as rules_package
from harn.tools.lint.settings import Settings
from harn.tools.lint.source import Edit, Finding, Source

_RECURSION = 20_000
"""Python frames a walk may use: the parser bounds the depth of a tree to 1,000."""

_PASSES = 5
"""How often fixes are applied: one may make room for another."""


class Rule(NamedTuple):
    """``doc`` is the docstring of the rule's module."""

    name: str
    code: str
    doc: str
    find: Callable[[Source], Iterator[Finding]]


class Report(NamedTuple):
    """What was found in a file, in the order of its text; ``findings`` beside ``diagnostics``, none where it is no program."""

    diagnostics: list[Diagnostic]
    findings: list[Finding]


@cache
def rules() -> dict[str, Rule]:
    """All rules by code, in order: every module of ``harn.tools.lint.rules``."""
    found = []
    for info in pkgutil.iter_modules(rules_package.__path__):
        module: Any = import_module(f"{rules_package.__name__}.{info.name}")
        found.append(Rule(info.name.replace("_", "-"), module.CODE, (module.__doc__ or "").strip(), module.find))
    return {rule.code: rule for rule in sorted(found, key=lambda rule: rule.code)}


def lint(file: SourceFile, settings: Settings) -> Report:
    """What the rules find in a file, or why it is no program."""
    parsed = parse(file)
    if parsed.diagnostics or parsed.program is None:
        return Report(parsed.diagnostics, [])
    source = Source(file, parsed.program, settings)
    found: list[tuple[Rule, Finding]] = []
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _RECURSION))
    try:
        for rule in rules().values():
            if rule.name not in settings.disabled:
                found += ((rule, finding) for finding in rule.find(source))
    except RecursionError:  # the compiler refuses such a program with a message of its own
        return Report([], [])
    finally:
        sys.setrecursionlimit(limit)
    found.sort(key=lambda pair: (pair[1].span.start, pair[0].code))
    return Report([_diagnostic(file, rule, finding) for rule, finding in found], [finding for _, finding in found])


def _diagnostic(file: SourceFile, rule: Rule, finding: Finding) -> Diagnostic:
    label = f"lint[{rule.name}]"
    return Diagnostic(finding.severity, rule.code, finding.message, file, finding.span, label=label, help=finding.help)


def fixed(file: SourceFile, settings: Settings) -> tuple[str, int]:
    """The text with all fixes applied, and how many; a fix that overlaps one before it waits for the next pass."""
    count = 0
    for _ in range(_PASSES):
        applied, text = _apply(file.text, lint(file, settings).findings)
        changed = SourceFile(file.path, text)
        if not applied or parse(changed).diagnostics:
            break
        file, count = changed, count + applied
    return file.text, count


def _apply(text: str, findings: list[Finding]) -> tuple[int, str]:
    chosen: list[Edit] = []
    count = 0
    for finding in findings:
        if finding.fix and not any(_overlap(edit, other) for edit in finding.fix for other in chosen):
            chosen += finding.fix
            count += 1
    for span, inserted in sorted(chosen, key=lambda edit: (edit.span.start, edit.span.end), reverse=True):
        text = text[: span.start] + inserted + text[span.end :]
    return count, text


def _overlap(a: Edit, b: Edit) -> bool:
    return a.span.start < b.span.end and b.span.start < a.span.end
