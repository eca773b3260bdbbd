"""Capability policies: each can only narrow those already in force.

A policy names the tools that may run and a ceiling for side effects. None restricts nothing; an empty tuple of tools allows none.
"""

from __future__ import annotations

from harn.source.typing import Iterable, NamedTuple

RANKS: dict[str, int] = {"none": 0, "read_only": 1, "workspace_write": 2, "process_exec": 3, "network": 4}
"""Side-effect levels from the narrowest to the widest."""

_NEEDS: dict[str, tuple[str, str]] = {
    "fs.write": ("workspace_write", "workspace write ceiling"),
    "proc.exec": ("process_exec", "process.exec ceiling"),
    "net.http": ("network", "network ceiling"),
    "net.listen": ("network", "network ceiling"),
}
"""Effect of a builtin -> the level it needs and the words of its refusal. Effects not listed pass at every level."""

_UNKNOWN = "host.call"
"""The effect of a function of the embedding program that declares none: nobody knows what it does, so no level lets it pass."""


class Policy(NamedTuple):
    """What may be done: ``tools`` by name, ``level`` one of RANKS (an unknown word acts as ``none``)."""

    tools: frozenset[str] | None = None
    level: str | None = None

    @property
    def rank(self) -> int | None:
        """The level as a number; None without one."""
        return None if self.level is None else RANKS.get(self.level, 0)


UNRESTRICTED = Policy()


def intersect(outer: Policy, inner: Policy) -> Policy:
    """Both policies at once: tools in both, the lower level."""
    if outer.tools is None or inner.tools is None:
        tools = outer.tools if inner.tools is None else inner.tools
    else:
        tools = outer.tools & inner.tools
    ranks = [(p.rank, p.level) for p in (outer, inner) if p.rank is not None]
    level = min(ranks, key=lambda pair: pair[0])[1] if ranks else None
    return Policy(tools, level)


def in_force(policies: Iterable[Policy]) -> Policy:
    """The intersection of all policies of a task."""
    found = UNRESTRICTED
    for policy in policies:
        found = intersect(found, policy)
    return found


def tool_refusal(policy: Policy, tool: str, level: str | None = None) -> str | None:
    """Why a tool may not run (its annotated ``level`` counts too), or None where it may."""
    if policy.tools is not None and tool not in policy.tools:
        return f"tool '{tool}' exceeds tool ceiling"
    if policy.rank is not None and level is not None and RANKS.get(level, len(RANKS)) > policy.rank:
        return f"tool '{tool}' exceeds side-effect ceiling: {level}"
    return None


def builtin_refusal(policy: Policy, name: str, effects: Iterable[str]) -> str | None:
    """Why a builtin with these effects may not run, or None where it may."""
    rank = policy.rank
    if rank is None:
        return None
    for effect in sorted(effects):
        if effect == _UNKNOWN:
            return f"bridged builtin '{name}' exceeds execution policy; declare an explicit capability/tool surface instead"
        need = _NEEDS.get(effect)
        if need is not None and RANKS[need[0]] > rank:
            words = "workspace.delete ceiling" if name.startswith("delete") else need[1]
            return f"builtin '{name}' exceeds {words}"
    return None
