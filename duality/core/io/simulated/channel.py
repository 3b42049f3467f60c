"""What one end of a connection sends, on its way to the other: a queue in which nothing overtakes.

Rules of this file:

1. ``room`` is how many bytes more may be sent: the buffer's size less what was sent and has not been read.
2. What is under way is bytes, or one of three signs without length: ``FIN``, ``RST``, and ``ROOM``, which tells a
   sender that waits that the peer has read.
3. While the route is cut, nothing is lost: it is sent again when the route is healed, or, if that takes too long,
   the connection breaks at the sender's end (ETIMEDOUT).

Source: RFC 9293 (TCP); tcp(7), tcp_retries2, for how long a sender tries.
"""

from __future__ import annotations

from collections import deque
from enum import Enum
from errno import ETIMEDOUT
from typing import TYPE_CHECKING, Final

from duality.core.io.simulated.wires import Route
from duality.core.io.timers import Timer

if TYPE_CHECKING:
    from duality.core.io.simulated.connection import Connection
    from duality.core.io.simulated.sending import Sending
    from duality.core.io.simulated.world import World

GIVES_UP: Final = 924.6
"""Seconds for which bytes are sent again and again before the connection is given up."""


class Sign(Enum):
    """What an end says without bytes."""

    FIN = "no more bytes follow"
    RST = "there is no such connection"
    ROOM = "the peer has read"


class Channel:
    """One direction of one connection; stands in the agenda once for each thing that is to arrive."""

    __slots__ = (
        "_deadline", "_last", "_queue", "_route", "_sender", "_stalled", "_world", "alive", "receiver", "room", "told",
    )  # fmt: skip

    def __init__(self, world: World, route: Route, sender: Sending) -> None:
        self._world = world
        self._route = route
        self._sender = sender
        self._queue: deque[bytes | Sign] = deque()
        self._last = 0.0  # when what was put in last arrives
        self._stalled = False
        self._deadline: Timer | None = None
        self.alive = True
        self.room = world.buffer
        self.told = False  # a ROOM is under way to the sender

    receiver: Connection

    def send(self, data: bytes) -> None:
        """Take ``data``, for which there is room."""
        self.room -= len(data)
        trouble = self._world.trouble
        if trouble.active and (cut := trouble.cut(len(data))):
            self.put(data[:cut])
            data = data[cut:]
        self.put(data)

    def greet(self) -> float:
        """When a first sign of life that is sent now arrives; what is put in later arrives no earlier."""
        self._last = self._route.arrival(0)
        return self._last

    def put(self, what: bytes | Sign) -> None:
        """Have ``what`` arrive after all that is under way."""
        self._queue.append(what)
        if not self._stalled:
            self._under_way(len(what) if what.__class__ is bytes else 0)

    def _under_way(self, size: int) -> None:
        when = self._route.arrival(size)
        if self._world.trouble.active:
            when += self._world.trouble.lateness()
        if when < self._last:
            when = self._last
        self._last = when
        self._world.agenda.at(when, self)

    def fire(self) -> None:
        """Let what is first in the queue arrive, unless the route is cut."""
        self.alive = True
        if self._queue and not self._stalled:
            if self._route.cut:
                self._stall()
            else:
                self.receiver.arrive(self._queue.popleft())

    def _stall(self) -> None:
        self._stalled = True
        self._route.stalled.append(self)
        self._world.trouble.held_up(self._route)
        agenda = self._world.agenda
        self._deadline = agenda.call_at(agenda.time + GIVES_UP, self._give_up)

    def _give_up(self) -> None:
        self._route.stalled.remove(self)
        self._stalled = False
        self.drop()
        self._sender.broken(ETIMEDOUT)

    def healed(self) -> None:
        """Send again what could not arrive."""
        assert self._deadline is not None
        self._deadline.cancel()
        self._stalled = False
        for what in self._queue:
            self._under_way(len(what) if isinstance(what, bytes) else 0)

    def drop(self) -> None:
        """Forget what is under way."""
        self._queue.clear()
