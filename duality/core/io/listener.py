"""Where connections arrive.

Rules of this file:

1. ``acceptable`` is False exactly when the backlog was seen empty and no event has told of more since.
2. Any number of activations may wait; they are served first-in first-out. While any waits, ``acceptable``
   is False: an event serves them all, with a connection or with the error, until the backlog is empty.
"""

from __future__ import annotations

import errno
import os
import socket
from collections import deque
from collections.abc import Callable
from typing import Any

from duality.core.contract import PENDING, Activation, Pending
from duality.core.io.connection import Connection
from duality.core.io.errors import ClosedError
from duality.core.io.poller import PATIENCE, READABLE, WANT_READ, Poller


class Listener:
    """A listening TCP socket. ``host`` and ``port`` are what it is bound to, numeric."""

    __slots__ = ("_acceptable", "_acceptors", "_patience", "_poller", "_socket", "_take", "fd", "host", "port")

    def __init__(self, poller: Poller, listening: socket.socket) -> None:
        self._poller = poller
        self._socket = listening
        # What the socket module's own accept() stands on. That one also makes a socket object of the
        # descriptor, which a connection has no use for.
        self._take: Callable[[], tuple[int, Any]] = listening._accept  # type: ignore[attr-defined]
        self._acceptors: deque[Activation] = deque()
        self._acceptable = True
        self._patience = PATIENCE
        self.fd = listening.fileno()
        self.host, self.port = listening.getsockname()[:2]

    def accept(self, activation: Activation) -> Connection | Pending:
        """Block until a peer connects; answer the connection.

        Raises ClosedError if the listener is closed, before or meanwhile; OSError as the system reports it. EMFILE
        and ENFILE (no descriptor left) lose nobody: the peer waits in the backlog for a later accept.
        """
        if self._acceptable:
            try:
                connection = self._accept()
            except BlockingIOError:
                self._acceptable = False
            else:
                self._patience -= 1
                if self._patience:
                    return connection
                self._patience = PATIENCE
                return self._poller.in_turn(activation, connection)
        self._patience = PATIENCE
        self._acceptors.append(activation)
        activation.parked = self
        self._poller.waiting += 1
        return PENDING

    def _accept(self) -> Connection:
        """Answer the next connection of the backlog; raises BlockingIOError when it is empty."""
        if self.fd < 0:
            raise ClosedError(errno.EBADF, "the listener is closed")
        while True:
            try:
                fd, peer = self._take()
                break
            except ConnectionAbortedError:
                continue  # the peer gave up while it stood in the backlog
        os.set_blocking(fd, False)
        return adopt(self._poller, fd, peer)

    def on_event(self, mask: int) -> None:
        if not mask & READABLE:
            return
        acceptors = self._acceptors
        while acceptors:
            try:
                answer: tuple[Connection | None, OSError | None] = self._accept(), None
            except BlockingIOError:
                return
            except OSError as error:
                answer = None, error
            self._poller.answer(acceptors.popleft(), *answer)
        self._acceptable = True

    def interest(self) -> int:
        return WANT_READ if self._acceptors else 0

    def withdraw(self, activation: Activation) -> None:
        """Forget ``activation``, which waits to accept."""
        self._acceptors.remove(activation)
        activation.parked = None
        self._poller.waiting -= 1

    def close(self, activation: Activation | None = None) -> None:
        """Listen no longer; never blocks, and closing again changes nothing.

        Whoever waits to accept gets ClosedError, and so do peers in the backlog: their connection is reset.
        """
        if self.fd < 0:
            return
        self._poller.forget(self)
        self._socket.close()
        self.fd = -1
        self._acceptable = True  # so that whoever accepts from now on learns of it
        while self._acceptors:
            self._poller.answer(self._acceptors.popleft(), None, ClosedError(errno.EBADF, "the listener is closed"))

    def __repr__(self) -> str:
        return f"<listener on {self.host}:{self.port}{' (closed)' if self.fd < 0 else ''}>"


def adopt(poller: Poller, fd: int, peer: tuple[str, int]) -> Connection:
    """Make a connection of ``fd``, connected and non-blocking, and watch it. On OSError, ``fd`` is closed."""
    connection = Connection(poller, fd, peer[:2])
    try:
        poller.add(connection)
    except OSError:
        os.close(fd)
        raise
    return connection
