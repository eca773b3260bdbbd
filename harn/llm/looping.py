"""What an agent loop is set up with: its options, read and checked, and what its model is told on top of its own system text."""

from __future__ import annotations

from typing import Any, NamedTuple

from harn.llm.options import fault, native_tools, whole_option
from harn.llm.tools import KIND
from harn.values.errors import HarnError, runtime_error
from harn.values.kinds import Closure


class Profile(NamedTuple):
    """How patient a loop is."""

    max_iterations: int
    max_nudges: int
    tool_retries: int
    llm_retries: int
    schema_retries: int


PROFILES = {
    "tool_using": Profile(50, 8, 0, 2, 0),
    "researcher": Profile(30, 4, 0, 2, 0),
    "verifier": Profile(5, 0, 0, 2, 3),
    "completer": Profile(1, 0, 0, 2, 0),
}

OWN = frozenset(
    (
        "profile", "max_iterations", "max_nudges", "tool_retries", "tool_backoff_ms", "persistent", "nudge", "done_sentinel",
        "token_budget", "budget", "loop_detect_warn", "loop_detect_block", "loop_detect_skip", "post_turn_callback",
        "stop_after_successful_tools", "require_successful_tools",
    )
)  # fmt: skip
"""Options of the loop itself; all others go to its model calls."""

LATER = frozenset(
    (
        "daemon", "exit_when_verified", "break_unless_phase", "tool_examples", "turn_policy", "native_tool_fallback",
        "compaction", "auto_compact", "compact_threshold", "compact_keep_first", "compact_keep_last", "compact_strategy",
        "hard_limit_tokens", "hard_limit_strategy", "compact_callback", "mask_callback", "compress_callback",
        "tool_output_max_chars", "summarize_prompt", "policy", "command_policy", "approval_policy", "permissions", "session_id",
        "skills", "skill_match", "working_files", "mcp_servers", "task_ledger", "root_task", "deliverables", "persist_path",
        "resume_path", "wake_interval_ms", "watch_paths", "consolidate_on_idle", "idle_watchdog_attempts", "tool_search",
    )
)  # fmt: skip
"""Options this loop does not know what to do with: it refuses them rather than run without what they promise."""

SENTINEL = "##DONE##"


def plan(system: Any, options: Any) -> dict[str, Any]:
    """The settings of a loop, by name. HarnError for options that are wrong or not supported."""
    given: dict[str, Any] = options if isinstance(options, dict) else {}
    name = given.get("profile", "tool_using")
    profile = PROFILES.get(name) if isinstance(name, str) else None
    if profile is None:
        raise _wrong(f"profile must be one of {', '.join(PROFILES)}; got `{name}`")
    for option in sorted(LATER & given.keys()):
        if given[option] not in (None, False):
            raise _wrong(f"the option `{option}` is not supported")
    tools = _tools(given.get("tools"))
    if tools and given.get("tool_format") != "native":
        raise _wrong('tool calls written as text are not supported: pass `tool_format: "native"`')
    counts = {key: max(0, whole_option(given, key, default)) for key, default in profile._asdict().items()}
    persistent = given.get("persistent") is True
    sentinel = given.get("done_sentinel")
    sentinel = sentinel if isinstance(sentinel, str) and sentinel else SENTINEL
    call = {key: value for key, value in given.items() if key not in OWN}
    call |= {"llm_retries": counts["llm_retries"], "llm_backoff_ms": whole_option(given, "llm_backoff_ms", 2000)}
    callback = given.get("post_turn_callback")
    return {
        **counts,
        "tool_backoff_ms": max(0, whole_option(given, "tool_backoff_ms", 1000)),
        "persistent": persistent,
        "nudge": _nudge(given.get("nudge"), bool(tools)),
        "sentinel": sentinel,
        "token_budget": whole_option(given, "token_budget", -1),
        "budget": {key: given[key] for key in ("budget",) if key in given},
        "warn": whole_option(given, "loop_detect_warn", 2),
        "block": whole_option(given, "loop_detect_block", 3),
        "skip": whole_option(given, "loop_detect_skip", 4),
        "callback": callback if isinstance(callback, Closure) else None,
        "stop_tools": _names(given.get("stop_after_successful_tools")),
        "wanted_tools": _names(given.get("require_successful_tools")),
        "tools": {entry.get("name"): entry for entry in tools},
        "mode": "native" if given.get("tool_format") == "native" else "text",
        "system": _system(system, bool(tools), sentinel if persistent else ""),
        "call": call,
    }


def _wrong(text: str) -> HarnError:
    return runtime_error(f"agent_loop: {text}")


def _tools(value: Any) -> list[dict[str, Any]]:
    """The entries of a registry or list."""
    native_tools(value, {})
    entries = value.get("tools") if isinstance(value, dict) and value.get("_type") == KIND else value
    if entries is None:
        return []
    if not isinstance(entries, list):
        raise fault("tools must be declared as tool definition dicts or a tool_registry")
    return [entry for entry in entries if isinstance(entry, dict)]


def _names(value: Any) -> list[str]:
    return [name for name in value if isinstance(name, str)] if isinstance(value, list) else []


def _nudge(given: Any, tools: bool) -> str:
    if isinstance(given, str) and given:
        return given
    return "Continue — use a tool call to make progress." if tools else "Continue — make progress in your reply."


def _system(system: Any, tools: bool, sentinel: str) -> str | None:
    """The system text of every call: the caller's, how tools are called, and when a persistent loop ends."""
    parts = [system.strip()] if isinstance(system, str) and system.strip() else []
    if tools:
        parts.append(_CONTRACT)
    if sentinel:
        act = _ACT if tools else _ANSWER
        parts.append(
            "IMPORTANT: You MUST keep working until the current request is complete. "
            f"{act} When the requested work is complete, include `{sentinel}` exactly once in assistant text."
        )
    return "\n\n".join(parts) or None


_ACT = "Take action with tool calls — do not stop to explain."
_ANSWER = "Solve the request directly in assistant text — do not stop early to explain or summarize."
_CONTRACT = (
    "## Tool Calling Contract\n"
    "Active mode: `native`. Follow this runtime-owned contract even if older prompt text suggests another tool syntax.\n"
    "- Call tools through the provider's own channel only; a call written as text is not run.\n"
    "- Give each call the arguments its schema names, and nothing else.\n"
    "- Answer in plain text once no further call is needed."
)
"""What the model is told of tools, where its provider has tool calls."""
