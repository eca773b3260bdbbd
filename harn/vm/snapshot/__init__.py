"""A run at rest as bytes: ``freeze`` writes it, ``thaw`` makes a fresh machine go on where it stood.

    registry    which classes there are, one row each; most follow from the class
    rows        those that do not
    wire, tags  the bytes and the words of the format
    encoder     objects to bytes             decoder     bytes to objects
    gained      variables that a module has more than when it was frozen
    machine     what of a machine is state, and what the one that thaws brings along

Bytes are data: reading them imports record classes of this package and runs nothing. What a thawed run then does is another
matter: a snapshot deserves the trust of a program, so keep it where nobody else can write.
"""

from __future__ import annotations

from harn.vm.snapshot.errors import SnapshotError
from harn.vm.snapshot.machine import freeze, label, thaw

__all__ = ["SnapshotError", "freeze", "label", "thaw"]
