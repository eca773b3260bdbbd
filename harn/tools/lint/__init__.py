"""The linter: suspicions about a file that no type shows. A rule is a module of ``rules``; its docstring documents it."""
