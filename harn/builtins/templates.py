"""Templates: texts with placeholders, conditions, loops and includes, mostly for prompts."""

from __future__ import annotations

from harn.builtins.places import caller_folder
from harn.catalog.record import builtin
from harn.source.typing import TYPE_CHECKING, Any
from harn.vm.frame import Native

if TYPE_CHECKING:
    from harn.prompt.reading import Rendering
    from harn.vm.machine import Context

Bindings = dict[str, Any] | None


def _rendering(ctx: Context, path: str | None, template: str, bindings: Bindings) -> Rendering:
    from harn.prompt.reading import Rendering  # here: only programs that render need it

    return Rendering(path, template, bindings, caller_folder(ctx.task))


@builtin(
    "render_string(template: string, bindings?: dict | nil) -> string",
    form="native",
    effects=["fs.read"],
    ctx=True,
    examples=[
        ('render_string("Dear {{ who | title }},", {who: "ada lovelace"})', "Dear Ada Lovelace,"),
        ('render_string("{{ for x in xs }}{{ loop.index }}:{{ x }} {{ end }}", {xs: ["a", "b"]})', "1:a 2:b "),
        ('render_string("Dear {{ who }},")', "Dear {{who}},"),
    ],
)
def render_string(ctx: Context, template: str, bindings: Bindings = None) -> Native:
    """A template with the values of a dict put in. Includes are looked for beside the calling file."""
    return _rendering(ctx, None, template, bindings)


@builtin(
    "render(path: string, bindings?: dict | nil) -> string",
    form="native",
    effects=["fs.read"],
    ctx=True,
    aliases=["render_prompt"],
)
def render(ctx: Context, path: str, bindings: Bindings = None) -> Native:
    """The template in a file with the values of a dict put in. The path starts at the folder of the calling file; `@/...` at
    its project, `@name/...` at a folder the project's `harn.toml` names in `[asset_roots]`.
    """
    return _rendering(ctx, path, "", bindings)


@builtin(
    "render_with_provenance(path: string, bindings?: dict | nil) -> dict",
    form="native",
    effects=["fs.read", "state"],
    ctx=True,
)
def render_with_provenance(ctx: Context, path: str, bindings: Bindings = None) -> Native:
    """As `render`, and where each piece of the text comes from: `{text, template_uri, prompt_id, spans}`.

    A span is `{kind, template_line, template_col, output_start, output_end}` with `bound_value`, the beginning of a value's
    text, and `template_uri` where it stands in an included file. Kinds: text, expr, legacy_bare (a bare name), if,
    for_iteration, include.
    """
    from harn.prompt.provenance import Provenance

    return Provenance(path, "", bindings, caller_folder(ctx.task), spans=True)


@builtin("prompt_mark_rendered(prompt_id: string) -> int", effects=["state"], ctx=True)
def prompt_mark_rendered(ctx: Context, prompt_id: str) -> int:
    """Say that a rendered prompt is used now: 1 for the first use of any in the run, 2 for the next."""
    from harn.prompt.provenance import prompts_of

    return prompts_of(ctx.vm).mark()
