"""Runs that outlive their process: what came in from outside is written to a file, and a run that died goes on from it.

    file      records on disk: framed, checksummed, locked           plain    values as bytes
    records   what the records hold                                  past     a journal read: where to go on, what is missing
    journal   stands between a machine and everything outside        output   what is printed, once
    rhythm    when the state of the whole run is written             shown    an effect in words, for whoever must decide
    identity  what a program is known by

Nothing that a program does to the world is done twice, except an effect that was in flight when the process died, where
somebody chose so. What must survive the loss of power, not only the death of the process, needs ``sync``.
"""

from __future__ import annotations
