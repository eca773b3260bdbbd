"""The template language: text with tags, rendered to text. ``grammar/prompt.lark`` is its grammar.

scanner    text -> tokens: tags found, comments dropped, blanks trimmed
parser     tokens -> Template, or a Fault that names the place
renderer   Template and names -> text; pure, in steps that a run can stop between
reading    the same within a run: files are read as effects, includes are resolved
"""
