"""Reaching models. The machine sends a request (``harn.llm.shapes.Request``) and wants a reply or a HarnError."""

from __future__ import annotations

from typing import Any, Protocol

from harn.values.errors import category_error


class Models(Protocol):
    """Whoever reaches providers of models."""

    def complete(self, request: Any) -> Any:
        """The reply to a request."""
        ...


class NoModels:
    """No provider is configured, so none is ever called."""

    def complete(self, request: Any) -> Any:
        """HarnError: the request's provider cannot be reached."""
        raise category_error("not_found", f"no address is configured for provider `{request.provider}`")
