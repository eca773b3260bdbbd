"""Rendering with a map from the output back to the templates, and the prompts of a run."""

from __future__ import annotations

from harn.prompt.reading import Rendering
from harn.prompt.renderer import Renderer
from harn.source.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from harn.vm.machine import Context, Machine

AREA = "prompts"


class Prompts:
    """The prompts of a run, counted as they are made and as they are used."""

    __slots__ = ("made", "used")

    def __init__(self) -> None:
        self.made = 0
        self.used = 0

    def add(self) -> str:
        """The id of a new prompt."""
        self.made += 1
        return f"prompt-{self.made}"

    def mark(self) -> int:
        """The number of a use."""
        self.used += 1
        return self.used


def prompts_of(vm: Machine) -> Prompts:
    """The prompts of a run."""
    found: Prompts | None = vm.areas.get(AREA)
    if found is None:
        found = vm.areas[AREA] = Prompts()
    return found


class Provenance(Rendering):
    """Gives the text with its spans."""

    __slots__ = ()
    name = "render_with_provenance"

    def finish(self, context: Context, renderer: Renderer) -> dict[str, Any]:
        return {
            "text": renderer.text,
            "template_uri": renderer.top.path,
            "prompt_id": prompts_of(context.vm).add(),
            "spans": renderer.spans or [],
        }
