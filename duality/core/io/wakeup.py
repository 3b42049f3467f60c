"""The bell: how another OS thread ends a wait in the kernel.

Lost-wake-up rule: put the work where it will be found, *then* ring. The answerer silences the bell,
*then* looks for work. Whichever way the two interleave, the work is found.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from duality.core.contract import Activation
from duality.core.io.poller import WANT_READ


class Wakeup:
    """An eventfd among the sources of a poller. ``on_ring`` is called from ``poll``, in the core's OS thread."""

    __slots__ = ("_on_ring", "fd")

    def __init__(self, on_ring: Callable[[], None]) -> None:
        self.fd = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        self._on_ring = on_ring

    def ring(self) -> None:
        """End the core's present wait, or its next one. From any OS thread; never blocks; many rings may count as one.

        Does nothing once the bell is closed.
        """
        if self.fd >= 0:
            os.eventfd_write(self.fd, 1)

    def on_event(self, mask: int) -> None:
        try:
            os.eventfd_read(self.fd)
        except BlockingIOError:  # registering a descriptor reports its room to write, too
            return
        self._on_ring()

    def interest(self) -> int:
        return WANT_READ

    def close(self, activation: Activation | None = None) -> None:
        fd, self.fd = self.fd, -1
        if fd >= 0:
            os.close(fd)
