"""An I/O core with a clock and nothing else, for specs that sleep: waiting takes no time, and order is certain.

When a runtime waits, the clock jumps to the next deadline. Equal deadlines fire in order of creation.
"""

from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from typing import Any

from duality.core.contract import PENDING


class VirtualTimer:
    """A callback with a deadline."""

    def __init__(self, callback: Callable[[], object]) -> None:
        self.callback: Callable[[], object] | None = callback

    def cancel(self) -> None:
        """Never fire."""
        self.callback = None

    def withdraw(self, activation: Any) -> None:
        """Forget the sleeper."""
        activation.parked = None
        self.callback = None

    def __str__(self) -> str:
        return "a timer"


class VirtualIO:
    """``net`` and ``disk`` are not there; time is, from 0.0 on. Seconds."""

    net = disk = None

    def __init__(self) -> None:
        self.time = 0.0
        self.heap: list[tuple[float, int, VirtualTimer]] = []
        self.births = count()
        self.ready: Any = None

    def open(self, ready: Any, on_signal: Any) -> None:
        """Begin a run."""
        self.ready = ready

    def close(self) -> None:
        """End it."""

    def now(self) -> float:
        """The time of the clock that stands still while anybody runs."""
        return self.time

    def call_at(self, when: float, callback: Callable[[], object]) -> VirtualTimer:
        """Call ``callback`` when the clock has come to ``when``."""
        timer = VirtualTimer(callback)
        heappush(self.heap, (when, next(self.births), timer))
        return timer

    def sleep(self, activation: Any, seconds: float) -> Any:
        """Block until the clock has moved on by ``seconds``."""

        def wake() -> None:
            activation.parked = None
            self.ready.append((activation, None, None))

        activation.parked = self.call_at(self.time + seconds, wake)
        return PENDING

    @property
    def pending(self) -> int:
        """Timers that will fire."""
        return sum(timer.callback is not None for _, _, timer in self.heap)

    def poll(self, block: bool) -> None:
        """Fire what is due; when ``block``, jump to the next deadline first."""
        while self.heap and self.heap[0][2].callback is None:
            heappop(self.heap)
        if block and self.heap:
            self.time = max(self.time, self.heap[0][0])
        while self.heap and self.heap[0][0] <= self.time:
            callback = heappop(self.heap)[2].callback
            if callback is not None:
                callback()
