"""What an instruction leaves in ``sp`` when the loop cannot simply go on (see ``harn.vm.loop``)."""

from __future__ import annotations

RELOAD, PUMP, SLICE = -1, -2, -3
