"""Looking for credentials in a text: tokens of known shapes, and quoted values of high entropy behind a telling name.

Findings name places and show no more of a secret than its ends; the fingerprint tells whether two are the same secret.
"""

from __future__ import annotations

import math
import re

from harn.builtins.strings import text_of
from harn.catalog.record import builtin
from harn.source.typing import Any, Iterator, NamedTuple
from harn.values.errors import runtime_error
from harn.values.operators import check_size
from harn.vm.frame import Answer, Done, Effect, Native, Perform
from harn.vm.machine import Context

_FINDING = 2_000
"""Bytes of memory a finding takes."""
_ENTROPY = 3.5
"""Bits a character has to carry: words and repetitions have less, random letters and digits more."""
_SHOWN = 4
"""Characters shown of each end of a secret; one that has no more than both is shown as stars."""
_ASSIGNMENT = "high-entropy-credential-assignment"


class Rule(NamedTuple):
    """A shape of secrets. ``source`` is the scanner that made the shape known; the last group of the pattern is the secret."""

    detector: str
    source: str
    title: str
    pattern: str


RULES = (
    Rule(
        "aws-access-key-id", "gitleaks", "AWS access key id", r"\b((?:A(?:KIA|SIA|GPA|IDA|NPA|ROA|IPA))[A-Z0-9]{16})\b"
    ),
    Rule("github-token", "gitleaks", "GitHub token", r"\b(gh[oprsu]_[A-Za-z0-9]{36,255})\b"),
    Rule(
        "github-fine-grained-token",
        "gitleaks",
        "GitHub fine-grained personal access token",
        r"\b(github_pat_[A-Za-z0-9_]{20,255})\b",
    ),
    Rule("gitlab-token", "detect-secrets", "GitLab personal access token", r"\b(glpat-[A-Za-z0-9_-]{20,255})\b"),
    Rule("npm-token", "detect-secrets", "npm access token", r"\b(npm_[A-Za-z0-9]{36})\b"),
    Rule("openai-api-key", "detect-secrets", "OpenAI API key", r"\b(sk-[A-Za-z0-9_-]{20,255})\b"),
    Rule("slack-token", "trufflehog", "Slack token", r"\b(xox[abprs]-[A-Za-z0-9-]{10,255})\b"),
    Rule(
        "stripe-secret-key",
        "trufflehog",
        "Stripe secret or restricted key",
        r"\b([rs]k_(?:live|test)_[A-Za-z0-9]{16,255})\b",
    ),
    Rule("private-key-block", "detect-secrets", "Private key block", r"(?m)^(-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----)$"),
    Rule(
        _ASSIGNMENT,
        "trufflehog",
        "High-entropy secret assignment",
        r"(?i)(?:secret|token|(?:api|access|private)[_-]?key|pass(?:word|wd)|pwd)[^\n:=]{0,32}[:=]\s*"
        r"""["']([A-Za-z0-9+/=_.-]{20,})["']""",
    ),
)


class Found(NamedTuple):
    """A secret's place in the text, in characters, and the rule that found it."""

    start: int
    end: int
    rule: Rule


def find_secrets(text: str) -> list[Found]:
    """All secrets in order of their place. What a rule for one kind finds, the rule for assignments does not find again."""
    found = [Found(*match.span(1), rule) for rule in RULES for match in re.finditer(rule.pattern, text)]
    known = {(start, end) for start, end, rule in found if rule.detector != _ASSIGNMENT}
    kept = [
        one
        for one in found
        if one.rule.detector != _ASSIGNMENT or (one[:2] not in known and entropy(text[one.start : one.end]) >= _ENTROPY)
    ]
    return sorted(kept, key=lambda one: (one.start, one.end, one.rule.detector))


def entropy(text: str) -> float:
    """Bits a character carries on average, by how often each of them occurs."""
    from collections import Counter

    shares = [count / len(text) for count in Counter(text).values()]
    return -sum(share * math.log2(share) for share in shares)


def redacted(secret: str) -> str:
    """What may be shown of a secret."""
    if secret.startswith("-----BEGIN "):
        return f"{secret} …"
    return f"{secret[:_SHOWN]}…{secret[-_SHOWN:]}" if len(secret) > 2 * _SHOWN else "*" * len(secret)


def describe(text: str, secrets: list[Found]) -> Iterator[dict[str, Any]]:
    """A dict for each finding. Offsets are bytes of UTF-8 from 0, lines and columns (of characters) count from 1; ends are
    exclusive.
    """
    from hashlib import sha256

    seen = offset = line_start = 0
    line = 1
    for start, end, rule in secrets:
        offset += len(text[seen:start].encode("utf-8", "surrogatepass"))
        line += text.count("\n", seen, start)
        line_start = max(line_start, text.rfind("\n", seen, start) + 1)
        seen = start
        secret = text[start:end].encode("utf-8", "surrogatepass")
        yield {
            "detector": rule.detector,
            "source": rule.source,
            "title": rule.title,
            "line": line,
            "column_start": start - line_start + 1,
            "column_end": end - line_start + 1,
            "start_offset": offset,
            "end_offset": offset + len(secret),
            "redacted": redacted(text[start:end]),
            "fingerprint": sha256(secret).hexdigest()[:16],
        }


class Scan(Native):
    """Notes on the standard error stream that a scan was made, and gives its findings."""

    __slots__ = ("findings",)
    name = "secret_scan"

    def __init__(self, findings: list[dict[str, Any]]) -> None:
        self.findings = findings

    def start(self) -> Answer:
        line = f"[INFO] [secret_scan.audit] secret scan completed: {len(self.findings)} finding(s)\n"
        return Perform(Effect("stderr", line))

    def resume(self, value: Any) -> Answer:
        return Done(self.findings)


@builtin(
    "secret_scan(content?: any) -> list<{detector: string, source: string, title: string, line: int, column_start: int, "
    "column_end: int, start_offset: int, end_offset: int, redacted: string, fingerprint: string}>",
    form="native",
    ctx=True,
    effects=["stderr"],
    examples=[
        ('secret_scan("id = AKIA" + "Q7W8E9R0".repeat(2)).map({ f -> f.detector })', "[aws-access-key-id]"),
        ('secret_scan("the api key is missing")', "[]"),
    ],
)
def secret_scan(ctx: Context, content: Any = None) -> Native:
    """The credentials in a text or diff, in order of their place, each with the rule that found it and never in full.

    A line about each scan goes to the standard error stream.
    """
    if content is None:
        raise runtime_error("secret_scan: content is required")
    text = text_of(content)
    secrets = find_secrets(text)
    check_size(_FINDING * len(secrets), ctx.vm.value_bytes)
    return Scan(list(describe(text, secrets)))
