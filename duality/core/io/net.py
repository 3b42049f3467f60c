"""How connections come to be: ``listen`` and ``connect``.

A host name may have several addresses. Listening takes the first that can be bound; connecting tries
one after another until a peer answers, and if none does, tells of the first failure.
"""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable
from functools import partial
from typing import Any, Final, TypeVar

from duality.core.contract import PENDING, Activation, Pending
from duality.core.io.connection import Connection
from duality.core.io.listener import Listener
from duality.core.io.names import Address, known, look_up
from duality.core.io.poller import WANT_WRITE, WRITABLE, Poller
from duality.core.io.pool import Job, Pool

BACKLOG: Final = 1024
"""Peers that may wait to be accepted. The kernel's own limit, net.core.somaxconn, may be lower."""

_T = TypeVar("_T")


class Net:
    """The operations a spec's ``net`` is bound to, on real sockets."""

    __slots__ = ("_poller", "_pool")

    def __init__(self, poller: Poller, pool: Pool) -> None:
        self._poller = poller
        self._pool = pool

    def listen(
        self, activation: Activation, host: str, port: int, *, backlog: int = BACKLOG, reuse_port: bool = False
    ) -> Listener | Pending:
        """Bind and listen; answer the listener. Blocks only to look a host name up.

        host: numeric, ``localhost`` or ``""``: at once; any other name: looked up in the pool.
        port: 0 to 65535; 0 lets the kernel choose (see ``Listener.port``).
        reuse_port: share the port with other processes that say so, too; the kernel spreads the peers among them.
        Raises OSError as the system reports it (EADDRINUSE, EACCES, socket.gaierror for an unknown name).
        """
        return self._at(activation, host, port, partial(self._listen, backlog, reuse_port))

    def connect(self, activation: Activation, host: str, port: int) -> Connection | Pending:
        """Block until a peer at ``host`` and ``port`` has accepted; answer the connection.

        Raises OSError as the system reports it (ConnectionRefusedError, TimeoutError, socket.gaierror).
        Cancelled, it leaves no half-made connection behind.
        """
        return self._at(activation, host, port, self._connect)

    def _at(
        self, activation: Activation, host: str, port: int, go_on: Callable[[Activation, list[Address]], _T]
    ) -> _T | Pending:
        if not 0 <= port <= 65535:
            raise ValueError(f"no port {port}, only 0 to 65535")
        addresses = known(host, port)
        if addresses is None:
            return self._pool.submit(activation, _LookUp(go_on, look_up, host, port))
        return go_on(activation, addresses)

    def _listen(self, backlog: int, reuse_port: bool, activation: Activation, addresses: list[Address]) -> Listener:
        first_error: OSError | None = None
        for family, address in addresses:
            try:
                return self._listen_at(family, address, backlog, reuse_port)
            except OSError as error:
                first_error = first_error or error
        raise first_error or OSError(errno.EADDRNOTAVAIL, "no address to listen at")

    def _listen_at(self, family: int, address: tuple[Any, ...], backlog: int, reuse_port: bool) -> Listener:
        listening = socket.socket(family, socket.SOCK_STREAM)
        try:
            listening.setblocking(False)
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if reuse_port:
                listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            # Inherited by every connection accepted here, which saves each a system call.
            listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            listening.bind(address)
            listening.listen(backlog)
            listener = Listener(self._poller, listening)
            self._poller.add(listener)
        except BaseException:
            listening.close()
            raise
        return listener

    def _connect(self, activation: Activation, addresses: list[Address]) -> Connection | Pending:
        return Connecting(self._poller, activation, addresses).begin()


class _LookUp(Job):
    """A host name on its way to become addresses, and what is to be done with them."""

    __slots__ = ("_go_on_with",)

    def __init__(self, go_on: Callable[[Activation, list[Address]], Any], *call: Any) -> None:
        super().__init__(*call)
        self._go_on_with = go_on

    def then(self, activation: Activation, value: list[Address]) -> Any:
        return self._go_on_with(activation, value)


class Connecting:
    """A connection in the making: a source, and the parking of whoever wants it."""

    __slots__ = ("_activation", "_addresses", "_first_error", "_peer", "_poller", "_socket", "fd")

    def __init__(self, poller: Poller, activation: Activation, addresses: list[Address]) -> None:
        self._poller = poller
        self._activation = activation
        self._addresses = iter(addresses)
        self._first_error: OSError | None = None

    def begin(self) -> Connection | Pending:
        """Try, and park if the answer of some peer must be awaited."""
        if self._attempt():
            self._activation.parked = self
            self._poller.waiting += 1
            return PENDING
        raise self._first_error or OSError(errno.EADDRNOTAVAIL, "no address to connect to")

    def _attempt(self) -> bool:
        """Start on the first address left that does not fail at once; return whether there was one."""
        for family, address in self._addresses:
            try:
                self._start(family, address)
                return True
            except OSError as error:
                self._first_error = self._first_error or error
        return False

    def _start(self, family: int, address: tuple[Any, ...]) -> None:
        trying = socket.socket(family, socket.SOCK_STREAM)
        try:
            trying.setblocking(False)
            trying.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            code = trying.connect_ex(address)
            if code not in (0, errno.EINPROGRESS):
                raise OSError(code, os.strerror(code))
            self._socket = trying
            self._peer = address
            self.fd = trying.fileno()
            self._poller.add(self)  # an answer that is already there is the first event
        except BaseException:
            trying.close()
            raise

    def on_event(self, mask: int) -> None:
        if not mask & WRITABLE:
            return
        code = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if not code:
            self._poller.answer(self._activation, self._connected())
            return
        self._first_error = self._first_error or OSError(code, os.strerror(code))
        self._give_up()
        if not self._attempt():
            self._poller.answer(self._activation, None, self._first_error)

    def _connected(self) -> Connection:
        """Put the connection in this source's place; the kernel goes on watching the same descriptor."""
        connection = Connection(self._poller, self._socket.detach(), self._peer[:2])
        self._poller.sources[connection.fd] = connection
        return connection

    def _give_up(self) -> None:
        self._poller.forget(self)
        self._socket.close()

    def interest(self) -> int:
        return WANT_WRITE

    def withdraw(self, activation: Activation) -> None:
        """Forget ``activation`` and the attempt with it."""
        self._give_up()
        activation.parked = None
        self._poller.waiting -= 1

    def close(self, activation: Activation | None = None) -> None:
        self._give_up()

    def __repr__(self) -> str:
        return "<connection in the making>"
