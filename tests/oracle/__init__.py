"""A second, direct meaning of the language for the part of it that needs no machine: the tree is walked as it stands.

Nothing here comes from ``harn.values``, ``harn.compile`` or ``harn.vm``; that two implementations agree is the point.
"""
