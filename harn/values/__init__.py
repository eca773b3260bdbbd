"""Layer 4: run-time values and what the language says of them: operators, display, equality, order, JSON, errors.

nil, bool, int, float, string, bytes, list and dict are Python's own ``None bool int float str bytes list dict``. The other kinds
are the small slotted classes of ``harn.values.kinds``; each is true or false in Python exactly as it is in Harn, so that a
branch is a plain ``if value:``. Lists and dicts are shared freely and never changed in place, except by the machine where
it owns the only reference (``harn.vm.places``).
"""
