"""The I/O core on the real machine.

One round of ``poll``: what the kernel says, then the deadlines that have come, then the signals. With
nothing to ask the kernel about, a round that need not wait makes no system call.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Final

from duality.core.contract import Activation, Pending, Ready
from duality.core.io.disk import Disk
from duality.core.io.net import Net
from duality.core.io.poller import Epoll, Poll, Poller
from duality.core.io.pool import Pool
from duality.core.io.signals import Signals
from duality.core.io.timers import Timer, Timers
from duality.core.io.wakeup import Wakeup

POLLERS: Final[dict[str, type[Poller]]] = {"epoll": Epoll, "poll": Poll}


class RealIO:
    """Sockets, files, the clock and signals of this machine, for one run at a time.

    poller: ``"epoll"`` or ``"poll"``.
    ``net`` and ``disk`` hold the operations on sockets and files. Between ``open`` and ``close`` only,
    and from one OS thread only (but see ``wake``). May be opened again after it was closed.
    """

    __slots__ = ("_on_signal", "_poller", "_pool", "_signals", "_timers", "_wakeup", "disk", "net")

    def __init__(self, poller: str = "epoll") -> None:
        if poller not in POLLERS:
            raise ValueError(f"no poller {poller!r}, only {' and '.join(POLLERS)}")
        self._poller = POLLERS[poller]()
        self._pool = Pool(self._poller)
        self._timers = Timers()
        self.net = Net(self._poller, self._pool)
        self.disk = Disk(self._poller, self._pool)

    def open(self, ready: Ready, on_signal: Callable[[int], object]) -> None:
        """Acquire what the machine must lend. Completions go to ``ready``.

        ``on_signal(signum)`` is called from ``poll``, for SIGINT and SIGTERM, if this is the main OS thread.
        Raises OSError when no descriptor is left.
        """
        self._poller.open(ready)
        self._timers.ready = ready
        self._on_signal = on_signal
        self._wakeup = Wakeup(self._pool.collect)
        self._poller.add(self._wakeup)
        self._pool.open(self._wakeup)
        self._signals = Signals()
        self._poller.add(self._signals)

    def close(self) -> None:
        """Give everything back, whatever the run leaked included (see ``leaked``); nobody is made ready.

        Waits for OS threads of the pool to end the call they are in. Signals go to whoever had them before.
        """
        self._pool.close()
        self.disk.close()
        self._timers.clear()
        self._poller.close()

    now = staticmethod(monotonic)
    """Answer the time in seconds since some fixed moment; it never goes back. (The system's own call, not a wrapper:
    a server asks once per request.)"""

    def sleep(self, activation: Activation, seconds: float) -> Pending:
        """Block for ``seconds``, >= 0. Even 0 rests once, until the next poll. Raises ValueError if negative."""
        return self._timers.sleep(activation, seconds)

    def call_at(self, when: float, callback: Callable[[], object]) -> Timer:
        """Call ``callback`` from ``poll`` once ``now() >= when``, unless ``.cancel()`` of the answer comes first."""
        return self._timers.call_at(when, callback)

    @property
    def pending(self) -> int:
        """How many operations may still make something ready, or call back. 0 with nothing ready is a deadlock.

        Counts what is parked on sockets, files and timers; not open connections, nor a listener nobody accepts on.
        """
        return self._poller.waiting + self._timers.pending

    def poll(self, block: bool) -> None:
        """Make ready whoever can go on. With ``block``, wait until something happens, unless nothing can (``pending``).

        It may also return early, with nothing ready; ask again. What a timer's callback or ``on_signal`` raises
        comes out of here; nothing else is lost by it.
        """
        timers = self._timers
        if not block or self._signals.notes:
            if self._poller.waiting:
                self._poller.gather(0)
        elif self._poller.waiting or timers.pending:
            self._poller.gather(timers.until_next())
        if timers.heap:
            timers.fire(monotonic())
        if self._signals.notes:
            self._signals.deliver(self._on_signal)

    def wake(self) -> None:
        """End the present ``poll``, or the next one that waits. The one method any OS thread may call."""
        self._wakeup.ring()

    def leaked(self) -> list[str]:
        """Name the connections, listeners and files that are open now: at the end of a run, those nobody closed."""
        machinery = (self._wakeup, self._signals)
        sources = [repr(source) for source in self._poller.sources.values() if source not in machinery]
        return sorted(sources + [repr(file) for file in self.disk.files])
