"""Which provider and which model a call means, where it does not name both."""

from __future__ import annotations

from collections.abc import Mapping

DEFAULT_PROVIDER, DEFAULT_MODEL = "anthropic", "claude-sonnet-4-20250514"

_PREFIXES = {"ollama:": "ollama", "local:": "local", "huggingface:": "huggingface", "hf:": "huggingface"}
_FAMILIES = (
    (("claude-",), "anthropic"),
    (("gpt-", "o1", "o3", "o4"), "openai"),
    (("gemini-",), "gemini"),
)
_DEFAULT_MODELS = {
    "openai": "gpt-4o", "local": "gpt-4o", "ollama": "llama3.2", "openrouter": "anthropic/claude-sonnet-4.6",
}  # fmt: skip
_KEYS = {
    "anthropic": "ANTHROPIC_API_KEY", "openai": "OPENAI_API_KEY", "openrouter": "OPENROUTER_API_KEY",
    "gemini": "GEMINI_API_KEY", "together": "TOGETHER_API_KEY", "groq": "GROQ_API_KEY", "deepseek": "DEEPSEEK_API_KEY",
    "fireworks": "FIREWORKS_API_KEY", "huggingface": "HF_TOKEN", "dashscope": "DASHSCOPE_API_KEY",
}  # fmt: skip
"""Provider -> the variable that holds its key."""


def infer_provider(model: str) -> str:
    """The provider that a model's name points at."""
    for prefix, provider in _PREFIXES.items():
        if model.startswith(prefix):
            return provider
    if model.count("/") == 1:
        return "openrouter"
    for starts, provider in _FAMILIES:
        if model.startswith(starts):
            return provider
    return "ollama" if ":" in model else DEFAULT_PROVIDER


def bare_model(model: str) -> str:
    """The model's name without a provider's prefix."""
    prefix = next((prefix for prefix in _PREFIXES if model.startswith(prefix)), "")
    return model[len(prefix) :]


def resolve(provider: str | None, model: str | None, env: Mapping[str, str]) -> tuple[str, str]:
    """(provider, model) of a call that names these, or one of them, or none."""
    chosen = provider if provider and provider != "auto" else _choose_provider(provider, model, env)
    return chosen, bare_model(model) if model else default_model(chosen, env)


def _choose_provider(provider: str | None, model: str | None, env: Mapping[str, str]) -> str:
    if provider == "auto" and model:
        return infer_provider(model)
    if env.get("HARN_LLM_PROVIDER"):
        return env["HARN_LLM_PROVIDER"]
    if model:
        return "local" if env.get("LOCAL_LLM_BASE_URL") else infer_provider(model)
    if env.get("HARN_LLM_MODEL"):
        return infer_provider(env["HARN_LLM_MODEL"])
    default = env.get("HARN_DEFAULT_PROVIDER") or DEFAULT_PROVIDER
    return default if has_key(default, env) else "ollama"


def default_model(provider: str, env: Mapping[str, str]) -> str:
    """The model of a provider where a call names none."""
    wanted = env.get("HARN_LLM_MODEL")
    if wanted and infer_provider(wanted) == provider:
        return bare_model(wanted)
    if provider == "local" and env.get("LOCAL_LLM_MODEL"):
        return env["LOCAL_LLM_MODEL"]
    return _DEFAULT_MODELS.get(provider, DEFAULT_MODEL)


def has_key(provider: str, env: Mapping[str, str]) -> bool:
    """Whether the provider needs no key or has one."""
    variable = _KEYS.get(provider)
    return variable is None or bool(env.get(variable))


def missing_key(provider: str, env: Mapping[str, str]) -> str | None:
    """What to say where a provider's key is missing."""
    if has_key(provider, env):
        return None
    return (
        f"Missing API key: set {_KEYS[provider]} environment variable (provider '{provider}' selected via LLM_PROVIDER / "
        "llm.toml; set HARN_LLM_PROVIDER=mock or LLM_PROVIDER=mock for offline use)"
    )
