"""What an instruction leaves in ``sp`` when the loop cannot simply go on (see ``harn.vm.loop``)."""

from __future__ import annotations

RELOAD, PUMP, SLICE = -1, -2, -3

PUMP_WEIGHT, TURNS_WEIGHT = 8, 1_000
"""Fuel charged for each time the pump is entered, and for the thousand turns after which it lets the safepoint look."""
