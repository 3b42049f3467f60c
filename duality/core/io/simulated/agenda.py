"""Virtual time: what is to happen, in order, and a clock that jumps from one to the next.

Rules of this file:

1. The clock stands still while anything happens, and moves only in ``advance``, to the earliest that is to come.
2. What is to come is a timer (see ``timers``, whose rules hold here too), or anything else with ``alive`` and
   ``fire``, which may stand in the heap more than once.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import Protocol

from duality.core.contract import PENDING, Activation, Pending
from duality.core.io.timers import Sleeper, Timers


class Happening(Protocol):
    """What may stand in the agenda. ``alive`` is set to False just before ``fire``."""

    alive: bool

    def fire(self) -> None:
        """Happen."""


class Agenda(Timers):
    """All that is to come in one run. ``time`` is in seconds, from 0.0."""

    __slots__ = ("time",)

    def __init__(self) -> None:
        super().__init__()
        self.time = 0.0

    def at(self, when: float, what: Happening) -> None:
        """Have ``what`` fire once the clock has come to ``when``. It cannot be cancelled."""
        heappush(self.heap, (when, next(self._births), what))  # type: ignore[misc]

    def sleep(self, activation: Activation, seconds: float) -> Pending:
        """As ``Timers.sleep``, by this clock."""
        if not seconds >= 0:
            raise ValueError(f"cannot sleep {seconds!r} seconds")
        when = self.time + seconds
        sleeper = Sleeper(self, when, activation)
        heappush(self.heap, (when, next(self._births), sleeper))
        activation.parked = sleeper
        return PENDING

    def advance(self) -> None:
        """Move the clock to the earliest that is to come, if anything is."""
        heap = self.heap
        while heap:
            if heap[0][2].alive:
                if heap[0][0] > self.time:
                    self.time = heap[0][0]
                return
            heappop(heap)
            self._dead -= 1
