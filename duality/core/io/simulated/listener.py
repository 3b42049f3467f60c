"""Where connections arrive.

Rules of this file:

1. Whoever waits to accept waits because the backlog is empty. Any number may wait; they are served first-in first-out.
2. A peer is connected before it is accepted: it may send, and its bytes wait with it.
"""

from __future__ import annotations

import errno
from collections import deque
from typing import TYPE_CHECKING

from duality.core.contract import PENDING, Activation, Pending
from duality.core.io.errors import ClosedError
from duality.core.io.poller import PATIENCE
from duality.core.io.simulated.connection import Connection
from duality.core.io.simulated.hosts import HOME
from duality.core.io.simulated.journal import Line, failed
from duality.core.io.simulated.world import World

if TYPE_CHECKING:
    from duality.core.io.simulated.net import Net


class Listener:
    """A listening socket. ``host`` and ``port`` are what it is bound to, ``machine`` is where it is."""

    __slots__ = (
        "_acceptors", "_backlog", "_most", "_net", "_patience", "_world", "host", "machine", "open", "port", "resource",
        "shared",
    )  # fmt: skip

    def __init__(
        self, world: World, net: Net, machine: str, address: str, port: int, backlog: int, reuse_port: bool
    ) -> None:
        self._world = world
        self._net = net
        self._acceptors: deque[tuple[Activation, Line]] = deque()
        self._backlog: deque[Connection] = deque()
        self._most = backlog + 1  # as Linux counts
        self._patience = PATIENCE
        self.open = True
        self.machine = machine
        self.host = address
        self.port = port
        self.shared = reuse_port
        self.resource = f"listener {port}" if machine == HOME else f"listener {machine}:{port}"

    def accept(self, activation: Activation) -> Connection | Pending:
        """Block until a peer connects; answer the connection.

        Raises ClosedError if the listener is closed, before or meanwhile; OSError (EMFILE) when no descriptor is left,
        which loses nobody: the peer waits in the backlog for a later accept.
        """
        line = self._world.journal.begin(activation, self.resource, "accept")
        if not self.open:
            raise failed(line, _closed())
        if not self._backlog:
            self._patience = PATIENCE
            self._acceptors.append((activation, line))
            activation.parked = self
            return PENDING
        try:
            connection = self._take()
        except OSError as error:
            raise failed(line, error) from None
        line[5] = connection.resource
        self._patience -= 1
        if self._patience:
            return connection
        self._patience = PATIENCE
        return self._world.in_turn(activation, connection)

    def _take(self) -> Connection:
        """Give the connection that waits longest a descriptor."""
        self._world.take_descriptor()
        connection = self._backlog.popleft()
        connection.counted = True
        self._world.things[connection] = None
        return connection

    @property
    def full(self) -> bool:
        """Whether a peer that knocks now is not let in."""
        return len(self._backlog) >= self._most

    def arrived(self, connection: Connection) -> None:
        """Let a peer in."""
        self._backlog.append(connection)
        while self._acceptors and self._backlog:
            activation, line = self._acceptors.popleft()
            try:
                self._world.answer(activation, line, self._take())
            except OSError as error:
                self._world.fail(activation, line, error)

    def withdraw(self, activation: Activation) -> None:
        """Forget ``activation``, which waits to accept."""
        for waiting in self._acceptors:
            if waiting[0] is activation:
                self._acceptors.remove(waiting)
                waiting[1][5] = "withdrawn"
                break
        activation.parked = None

    def close(self, activation: Activation | None = None) -> None:
        """Listen no longer; never blocks, and closing again changes nothing.

        Whoever waits to accept gets ClosedError, and so do peers in the backlog: their connection is reset.
        """
        self._world.journal.begin(activation, self.resource, "close")[5] = "done"
        if not self.open:
            return
        self.open = False
        self._world.close(self)
        self._net.forget(self)
        while self._acceptors:
            self._world.fail(*self._acceptors.popleft(), _closed())
        while self._backlog:
            self._backlog.popleft().refuse()

    def __repr__(self) -> str:
        return f"<listener on {self.host}:{self.port}{'' if self.open else ' (closed)'}>"


def _closed() -> ClosedError:
    return ClosedError(errno.EBADF, "the listener is closed")
