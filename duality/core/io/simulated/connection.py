"""A byte stream to a peer that is in the same run.

Rules of this file:

1. A connection is two ends, each of them a ``Connection``; each owns the channel it sends on.
2. An end that was closed still sends what it had taken, and answers bytes that arrive with ``RST``.

Source: RFC 9293, sections 3.5.2 (reset generation) and 3.6 (closing); tcp(7).
"""

from __future__ import annotations

import errno
from typing import Any

from duality.core.contract import Activation
from duality.core.io.simulated.channel import Sign
from duality.core.io.simulated.receiving import closed
from duality.core.io.simulated.sending import Sending
from duality.core.io.simulated.wires import Route
from duality.core.io.simulated.world import World, error_of


class Connection(Sending):
    """One end of a connection, one reader and one writer at a time. ``peer`` is ``(host, port)`` of the other end.

    ``counted``: it has a descriptor of its own (not yet, while it waits to be accepted).
    """

    __slots__ = ("counted", "other", "peer")

    other: Connection

    def __init__(self, world: World, resource: str, route: Route, peer: tuple[str, int]) -> None:
        super().__init__(world, resource, route)
        self.peer = peer
        self.counted = False

    def _make_room(self, count: int) -> None:
        """Give the peer the room of ``count`` bytes again; if it waits for that, tell it."""
        incoming = self._incoming
        incoming.room += count
        if self.other._writer is not None and not incoming.told:
            incoming.told = True
            self._channel.put(Sign.ROOM)

    def arrive(self, what: bytes | Sign) -> None:
        """Take in what the peer has sent."""
        if what is Sign.ROOM:
            self._channel.told = False
            if self._writer is not None:
                self._go_on_sending(self._writer)
        elif not self.open:
            if what.__class__ is bytes:
                self._channel.put(Sign.RST)
        elif self._dead:
            pass
        elif what is Sign.RST:
            self.broken(errno.EPIPE if self._ended else errno.ECONNRESET)
        elif what is Sign.FIN:
            self._heard_the_end()
        else:
            self._heard(what)

    def broken(self, number: int) -> None:
        """There is no connection any more, because of the error ``number``. What has arrived can still be received."""
        if self._dead or not self.open:
            return
        self._dead = True
        self._error = number
        self._channel.drop()
        if self._reader is not None:
            self._error = 0
            self._refuse_reader(error_of(number))
        if self._writer is not None:
            number, self._error = self._error or errno.EPIPE, 0
            self._refuse_writer(error_of(number))

    def close(self, activation: Activation | None = None) -> None:
        """Close, at once and for good; never blocks, and closing again changes nothing.

        Whoever receives or sends on it in another task gets ClosedError. What was sent still arrives. A peer whose
        bytes nobody has received learns of that: the connection is reset, as on Linux.
        """
        self._world.journal.begin(activation, self.resource, "close")[5] = "done"
        if not self.open:
            return
        self.open = False
        if self.counted:
            self._world.close(self)
        if not self._dead and self.other.open:
            self._channel.put(Sign.RST if len(self._inbox) > self._taken else Sign.FIN)
        self._inbox.clear()
        self._taken = 0
        if self._reader is not None:
            self._refuse_reader(closed())
        if self._writer is not None:
            self._refuse_writer(closed())

    def greet(self) -> float:
        """Tell the other end that there is a connection; give when it will know. Nothing sent here arrives before."""
        return self._channel.greet()

    def refuse(self) -> None:
        """Reset a connection that nobody has accepted."""
        self.open = False
        self._channel.put(Sign.RST)

    def __repr__(self) -> str:
        host, port = self.peer
        return f"<{self.resource} to {host}:{port}{'' if self.open else ' (closed)'}>"


def joined(world: World, resource: str, ways: tuple[Route, Route], peers: tuple[Any, Any]) -> Connection:
    """Make the two ends of a connection; answer the near one. Of ``ways`` and ``peers``, the near end's comes first."""
    near, far = (Connection(world, resource, way, peer) for way, peer in zip(ways, peers, strict=True))
    for one, other in ((near, far), (far, near)):
        one.other = one._channel.receiver = other
        one._incoming = other._channel
    return near
