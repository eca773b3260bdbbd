"""The effects a builtin may have. Policy, sandbox, record and replay, and the fast tier read them off the records.

An effect not listed here does not exist: a record that names one is refused when the index is built.
"""

from __future__ import annotations

EFFECTS: dict[str, str] = {
    "output": "writes to the run's output",
    "stderr": "writes to the standard error stream",
    "stdin": "reads standard input",
    "clock": "reads the clock",
    "clock.sleep": "waits for time to pass",
    "random": "draws random numbers or fresh ids",
    "env.read": "reads environment variables or facts of the machine",
    "fs.read": "reads files or directories",
    "fs.write": "creates, changes or deletes files or directories",
    "proc.exec": "starts other programs",
    "proc.exit": "ends the run",
    "net.http": "talks to the network",
    "net.listen": "accepts connections",
    "llm.call": "calls a model",
    "human.ask": "asks a person",
    "host.call": "calls a function of the embedding program",
    "task": "starts, waits for or stops tasks",
    "state": "reads or changes state of the run (registries, mocks, logs)",
}
"""Name of an effect -> what it means, shown by ``harn doc``."""

PURE: frozenset[str] = frozenset()


def check_effects(names: frozenset[str]) -> None:
    """Refuse a name that is not in the table (ValueError)."""
    unknown = names - EFFECTS.keys()
    if unknown:
        raise ValueError(f"unknown effect {', '.join(sorted(unknown))}; known are {', '.join(EFFECTS)}")
