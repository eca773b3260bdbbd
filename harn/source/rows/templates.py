"""Codes of templates."""

from __future__ import annotations

from harn.source.codes import CodeRow

TEMPLATE_ROWS: tuple[CodeRow, ...] = (
    CodeRow(
        "P001",
        "template that cannot be read",
        "The path given to `render` leads to no file. Paths start at the folder of the calling file; `@/...` starts at the"
        " nearest folder with a `harn.toml`, `@name/...` at a folder that this `harn.toml` names in `[asset_roots]`.",
        'pipeline default(task) {\n  println(render("no such file.prompt"))\n}\n',
        'pipeline default(task) {\n  println(render_string("Dear {{ who }}", {who: "Ada"}))\n}\n',
    ),
    CodeRow(
        "P002",
        "mistake in a template",
        "A template is no template as it is written, or has a filter that does not exist or takes another number of"
        " arguments: rendering it fails. In a literal this is a warning.",
        'pipeline default(task) {\n  println(render_string("{{ if who }}Dear {{ who | uper }}", {}))\n}\n',
        'pipeline default(task) {\n  println(render_string("{{ if who }}Dear {{ who | upper }}{{ end }}", {}))\n}\n',
    ),
)
