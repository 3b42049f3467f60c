"""Deadlines, and what happens when they come: a heap.

Rules of this file:

1. Timers fire in order of deadline; equal deadlines in order of creation.
2. Cancelling is O(1): the entry stays in the heap, dead, until it surfaces, or until the dead
   outnumber the living and the heap is rebuilt without them (so O(1) amortised, and bounded memory).
3. A round fires at most as many timers as it found, so that timers making timers cannot starve I/O.

Source: Varghese & Lauck 1987, "Hashed and hierarchical timing wheels", for the alternatives and their costs.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heapify, heappop, heappush
from itertools import count
from time import monotonic
from typing import Final

from duality.core.contract import PENDING, Activation, Pending, Ready

LONGEST_WAIT: Final = 86_400.0
"""Seconds of one wait in the kernel, which counts milliseconds in an int; a longer one is waited in parts."""

_FEW: Final = 64


class Timer:
    """A callback with a deadline. ``when`` is in seconds, as ``now()`` counts them."""

    __slots__ = ("_callback", "_timers", "alive", "when")

    def __init__(self, timers: Timers, when: float, callback: Callable[[], object] | None) -> None:
        self.when = when
        self.alive = True
        self._timers = timers
        self._callback = callback

    def cancel(self) -> None:
        """Never fire. Cancelling twice, or after it fired, changes nothing."""
        if self.alive:
            self.alive = False
            self._callback = None
            self._timers.count_a_death()

    def fire(self) -> None:
        """Do what the deadline was for. Called once, by ``Timers.fire``, after the timer has left the heap."""
        callback, self._callback = self._callback, None
        assert callback is not None
        callback()

    def __repr__(self) -> str:
        return f"<timer for {self.when:.9g} s>"


class Sleeper(Timer):
    """The timer of a sleeping activation: its parking."""

    __slots__ = ("_activation",)

    def __init__(self, timers: Timers, when: float, activation: Activation) -> None:
        super().__init__(timers, when, None)
        self._activation = activation

    def fire(self) -> None:
        activation = self._activation
        activation.parked = None
        self._timers.ready.append((activation, None, None))

    def withdraw(self, activation: Activation) -> None:
        """Forget the sleeper."""
        activation.parked = None
        self.cancel()


class Timers:
    """All timers of one I/O core."""

    __slots__ = ("_births", "_dead", "heap", "ready")

    def __init__(self) -> None:
        self.ready: Ready = []
        self.heap: list[tuple[float, int, Timer]] = []
        self._births = count()
        self._dead = 0

    @property
    def pending(self) -> int:
        """How many have yet to fire."""
        return len(self.heap) - self._dead

    def call_at(self, when: float, callback: Callable[[], object]) -> Timer:
        """Call ``callback`` from ``poll`` once ``now() >= when``, unless the timer is cancelled first.

        What the callback raises comes out of ``poll``. Raises ValueError if ``when`` is not a number.
        """
        if when != when:
            raise ValueError("a deadline must be a number")
        timer = Timer(self, when, callback)
        heappush(self.heap, (when, next(self._births), timer))
        return timer

    def sleep(self, activation: Activation, seconds: float) -> Pending:
        """Block for ``seconds``, >= 0. Even 0 rests once, until the next poll. Raises ValueError if negative."""
        if not seconds >= 0:
            raise ValueError(f"cannot sleep {seconds!r} seconds")
        when = monotonic() + seconds
        sleeper = Sleeper(self, when, activation)
        heappush(self.heap, (when, next(self._births), sleeper))
        activation.parked = sleeper
        return PENDING

    def until_next(self) -> float | None:
        """Return the seconds until the earliest deadline (0 if it has come), None when there is none."""
        heap = self.heap
        while heap:
            when, _, timer = heap[0]
            if timer.alive:
                return min(max(0.0, when - monotonic()), LONGEST_WAIT)
            heappop(heap)
            self._dead -= 1
        return None

    def fire(self, now: float) -> None:
        """Fire what is due at ``now``."""
        heap = self.heap
        for _ in range(len(heap)):
            # Looked at anew each time: a callback may have cancelled others, and rebuilt the heap.
            if not heap or heap[0][0] > now:
                break
            timer = heappop(heap)[2]
            if timer.alive:
                timer.alive = False
                timer.fire()
            else:
                self._dead -= 1

    def count_a_death(self) -> None:
        """Note that an entry of the heap was cancelled; rebuild when such are many and the most."""
        self._dead += 1
        if self._dead > _FEW and self._dead * 2 > len(self.heap):
            self.heap[:] = [entry for entry in self.heap if entry[2].alive]
            heapify(self.heap)
            self._dead = 0

    def clear(self) -> None:
        """Forget all timers, without firing them."""
        for _, _, timer in self.heap:
            timer.alive = False
        self.heap.clear()
        self._dead = 0
