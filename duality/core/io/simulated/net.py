"""How connections come to be: ``listen`` and ``connect``, between the machines of one run.

A host name may have several addresses. Listening takes the first that can be bound; connecting tries
one after another until a peer answers, and if none does, tells of the first failure.
"""

from __future__ import annotations

import errno
from itertools import count
from typing import Final

from duality.core.contract import Activation, Pending
from duality.core.io.net import BACKLOG
from duality.core.io.simulated.connecting import Connecting
from duality.core.io.simulated.connection import Connection
from duality.core.io.simulated.hosts import HOME, Hosts, covers
from duality.core.io.simulated.journal import failed
from duality.core.io.simulated.listener import Listener
from duality.core.io.simulated.world import World, error_of

FREE: Final = range(32768, 49152), range(49152, 61000)
"""Ports that ``listen`` chooses from when it may choose, and those of whoever connects."""


class Net:
    """The operations a spec's ``net`` is bound to, among simulated machines."""

    __slots__ = ("_hosts", "_listeners", "_ports", "_world")

    def __init__(self, hosts: Hosts) -> None:
        self._hosts = hosts

    def begin(self, world: World) -> None:
        """Begin a run, in which nobody listens yet."""
        self._world = world
        self._listeners: dict[tuple[str, int], list[Listener]] = {}
        self._ports = count(0)

    def listen(
        self, activation: Activation, host: str, port: int, *, backlog: int = BACKLOG, reuse_port: bool = False
    ) -> Listener | Pending:
        """Bind and listen; answer the listener. Never blocks.

        host: ``localhost``, a loopback address, or any interface (``""``, ``0.0.0.0``, ``::``) of the task's own
        machine; or the name of a machine, which must be the task's own if ``hosts`` says where the task is.
        port: 0 to 65535; 0 chooses a free one (see ``Listener.port``).
        reuse_port: share the port with others that say so, too; peers are spread among them in turn.
        Raises OSError as the system does (EADDRINUSE, EADDRNOTAVAIL, EMFILE).
        """
        task = getattr(activation, "name", "")
        line = self._world.journal.begin(activation, "net", "listen", f"{host}:{port}")
        try:
            listener = self._listen(task, host, port, backlog, reuse_port)
        except (OSError, ValueError) as error:
            raise failed(line, error) from None
        line[2] = listener.resource, "net"
        line[5] = listener.port
        return listener

    def _listen(self, task: str, host: str, port: int, backlog: int, reuse_port: bool) -> Listener:
        if not 0 <= port <= 65535:
            raise ValueError(f"no port {port}, only 0 to 65535")
        first_error: OSError | None = None
        for machine, address in self._hosts.addresses(host, task):
            try:
                if not self._hosts.may_listen(machine, task):
                    raise error_of(errno.EADDRNOTAVAIL)
                return self._listen_at(machine, address, port, backlog, reuse_port)
            except OSError as error:
                first_error = first_error or error
        assert first_error is not None
        raise first_error

    def _listen_at(self, machine: str, address: str, port: int, backlog: int, reuse_port: bool) -> Listener:
        self._world.take_descriptor()
        port = port or next(port for port in FREE[0] if (machine, port) not in self._listeners)
        there = self._listeners.setdefault((machine, port), [])
        for one in there:
            if not (reuse_port and one.shared) and (covers(one.host, address) or covers(address, one.host)):
                self._world.give_descriptor()
                raise error_of(errno.EADDRINUSE)
        listener = Listener(self._world, self, machine, address, port, backlog, reuse_port)
        there.append(listener)
        self._world.things[listener] = None
        return listener

    def forget(self, listener: Listener) -> None:
        """Nobody reaches ``listener`` any more."""
        place = listener.machine, listener.port
        self._listeners[place].remove(listener)
        if not self._listeners[place]:
            del self._listeners[place]

    def reached(self, machine: str, address: str, port: int) -> Listener | None:
        """Who listens there. Of several that share a port, each is next in turn."""
        there = [one for one in self._listeners.get((machine, port), ()) if covers(one.host, address)]
        if not there:
            return None
        exact = [one for one in there if one.host == address] or there
        if len(exact) > 1:
            self._listeners[machine, port].remove(exact[0])
            self._listeners[machine, port].append(exact[0])
        return exact[0]

    def connect(self, activation: Activation, host: str, port: int) -> Connection | Pending:
        """Block until a peer at ``host`` and ``port`` has accepted; answer the connection.

        host: as for ``listen``; any machine may be named.
        Raises OSError as the system does (ConnectionRefusedError, TimeoutError, socket.gaierror, EMFILE).
        Cancelled, it leaves no half-made connection behind.
        """
        world = self._world
        task = getattr(activation, "name", "")
        world.connections += 1
        resource = f"connection {world.connections}"
        line = world.journal.begin(activation, (resource, "net"), "connect", f"{host}:{port}")
        try:
            if not 0 <= port <= 65535:
                raise ValueError(f"no port {port}, only 0 to 65535")
            world.take_descriptor()
            try:
                addresses = self._hosts.addresses(host, task)
            except OSError:
                world.give_descriptor()
                raise
        except (OSError, ValueError) as error:
            raise failed(line, error) from None
        here = self._hosts.machine(task)
        own = FREE[1][next(self._ports) % len(FREE[1])]
        name = "127.0.0.1" if here == HOME else here
        attempts = [(machine, address, port) for machine, address in addresses]
        return Connecting(world, self, activation, line, (here, name, own), attempts).begin()
