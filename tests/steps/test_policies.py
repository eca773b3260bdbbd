"""Capability policies can only narrow."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from harn.steps.policies import RANKS, UNRESTRICTED, Policy, builtin_refusal, in_force, intersect, tool_refusal

tools = st.one_of(st.none(), st.frozensets(st.sampled_from("abc")))
levels = st.one_of(st.none(), st.sampled_from((*RANKS, "everything")))
policies = st.builds(Policy, tools, levels)


@given(policies, policies)
def test_an_intersection_is_within_both(outer: Policy, inner: Policy) -> None:
    """29, 30, 31: nothing is allowed that either forbids."""
    both = intersect(outer, inner)
    for policy in (outer, inner):
        for tool in "abc":
            if tool_refusal(policy, tool):
                assert tool_refusal(both, tool)
        for effect in ("fs.write", "proc.exec", "net.http"):
            if builtin_refusal(policy, "b", [effect]):
                assert builtin_refusal(both, "b", [effect])


@given(policies, policies, policies)
def test_order_does_not_matter(a: Policy, b: Policy, c: Policy) -> None:
    assert in_force([a, b, c]).tools == in_force([c, a, b]).tools
    assert in_force([a, b, c]).rank == in_force([c, a, b]).rank


@given(policies)
def test_no_policy_changes_nothing(policy: Policy) -> None:
    """32."""
    assert intersect(policy, UNRESTRICTED) == policy
    assert in_force([]) == UNRESTRICTED


def test_an_empty_list_allows_no_tool_and_an_absent_one_all() -> None:
    assert tool_refusal(Policy(frozenset()), "a") == "tool 'a' exceeds tool ceiling"
    assert tool_refusal(Policy(), "a") is None
    assert tool_refusal(Policy(None, "read_only"), "a", "network") == "tool 'a' exceeds side-effect ceiling: network"
    assert tool_refusal(Policy(None, "network"), "a", "network") is None


def test_builtins_by_their_effects() -> None:
    """Reads, clock, random and model calls pass at every level; an unknown level acts as none."""
    for level in ("none", "everything"):
        policy = Policy(None, level)
        assert builtin_refusal(policy, "x", ["fs.read", "clock", "random", "llm.call", "state"]) is None
        assert (
            builtin_refusal(policy, "write_file", ["fs.write"])
            == "builtin 'write_file' exceeds workspace write ceiling"
        )
        assert (
            builtin_refusal(policy, "delete_file", ["fs.write"])
            == "builtin 'delete_file' exceeds workspace.delete ceiling"
        )
    assert (
        builtin_refusal(Policy(None, "workspace_write"), "exec", ["proc.exec"])
        == "builtin 'exec' exceeds process.exec ceiling"
    )
    assert (
        builtin_refusal(Policy(None, "process_exec"), "http_get", ["net.http"])
        == "builtin 'http_get' exceeds network ceiling"
    )
    assert builtin_refusal(Policy(None, "network"), "http_get", ["net.http"]) is None
    assert (
        builtin_refusal(Policy(None, "network"), "ask", ["host.call"])
        == "bridged builtin 'ask' exceeds execution policy; declare an explicit capability/tool surface instead"
    )
    assert builtin_refusal(Policy(frozenset()), "ask", ["host.call"]) is None


@given(st.text(max_size=8).filter(lambda word: word not in RANKS), st.sampled_from(tuple(RANKS)))
def test_a_tool_of_an_unknown_level_is_above_every_ceiling(word: str, ceiling: str) -> None:
    assert tool_refusal(Policy(None, ceiling), "a", word) == f"tool 'a' exceeds side-effect ceiling: {word}"
    assert tool_refusal(Policy(frozenset("a")), "a", word) is None
