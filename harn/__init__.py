"""Harn, a language for orchestrating AI agents.

Importing this package loads nothing else: the parts are imported by whoever needs them, so that ``harn run`` starts fast.
"""

__version__ = "0.1.0"
