"""A connection in the making: a knock, and what comes of it.

Rules of this file:

1. A knock that gets through meets a listener with room in its backlog (connected), nobody (refused), or a full
   backlog (no answer). What gets no answer is tried again after 1 s, 2 s, 4 s, ..., ``TRIES`` times in all.
2. The server's end exists, and waits in the backlog, before the client has been told.

Source: tcp(7), tcp_syn_retries; listen(2) on a full backlog.
"""

from __future__ import annotations

import errno
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from duality.core.contract import PENDING, Activation, Pending
from duality.core.io.simulated.connection import Connection, joined
from duality.core.io.simulated.hosts import LOOPBACK, reached
from duality.core.io.simulated.journal import Line
from duality.core.io.simulated.world import World, error_of

if TYPE_CHECKING:
    from duality.core.io.simulated.net import Net

TRIES: Final = 7
"""Knocks before ETIMEDOUT: after 127 seconds, as by default on Linux."""


class Connecting:
    """The parking of whoever wants the connection. Stands in the agenda once, for its next step."""

    __slots__ = (
        "_activation", "_attempts", "_first_error", "_here", "_line", "_near", "_net", "_next", "_there", "_tries",
        "_world", "alive",
    )  # fmt: skip

    def __init__(
        self,
        world: World,
        net: Net,
        activation: Activation,
        line: Line,
        here: tuple[str, str, int],
        attempts: list[tuple[str, str, int]],
    ) -> None:
        self._world = world
        self._net = net
        self._activation = activation
        self._line = line
        self._here = here  # machine, address and port of the client
        self._attempts = iter(attempts)
        self._first_error: OSError | None = None
        self._near: Connection | None = None
        self.alive = True

    def begin(self) -> Pending:
        """Try the first address, and park."""
        self._there = next(self._attempts)
        self._tries = 0
        self._knock()
        self._activation.parked = self
        return PENDING

    def fire(self) -> None:
        """Take the next step."""
        self.alive = True
        self._next()

    def _step(self, when: float, what: Callable[[], None]) -> None:
        self._next = what
        self._world.agenda.at(when, self)

    def _knock(self) -> None:
        self._tries += 1
        route = self._world.wires.route(self._here[0], self._there[0])
        if route.cut:
            self._world.trouble.held_up(route)
            self._unheard()
        else:
            self._step(route.arrival(0), self._arrive)

    def _unheard(self) -> None:
        """Nobody answers: knock again later."""
        again = self._knock if self._tries < TRIES else self._time_out
        self._step(self._world.agenda.time + 2.0 ** (self._tries - 1), again)

    def _time_out(self) -> None:
        self._failed(errno.ETIMEDOUT)

    def _arrive(self) -> None:
        """The knock has come to the other machine."""
        machine, address, port = self._there
        world = self._world
        back = world.wires.route(machine, self._here[0])
        address = reached(address)
        listener = self._net.reached(machine, address, port)
        if back.cut:
            world.trouble.held_up(back)
            self._unheard()
        elif listener is None or world.trouble.refuses(machine, port):
            self._step(back.arrival(0), self._refused)
        elif listener.full:
            self._unheard()
        else:
            way = world.wires.route(self._here[0], machine)
            mine = (address if address in LOOPBACK else self._here[1]), self._here[2]
            resource = self._line[2][0]
            self._near = joined(world, resource, (way, back), ((address, port), mine))
            self._line[2] = resource, listener.resource, "net"
            when = self._near.other.greet()
            listener.arrived(self._near.other)
            self._step(when, self._connected)

    def _connected(self) -> None:
        near = self._near
        assert near is not None
        near.counted = True
        self._world.things[near] = None
        self._world.answer(self._activation, self._line, near)

    def _refused(self) -> None:
        self._failed(errno.ECONNREFUSED)

    def _failed(self, number: int) -> None:
        self._first_error = self._first_error or error_of(number)
        there = next(self._attempts, None)
        if there is None:
            self._world.give_descriptor()
            self._world.fail(self._activation, self._line, self._first_error)
        else:
            self._there, self._tries = there, 0
            self._knock()

    def withdraw(self, activation: Activation) -> None:
        """Forget ``activation`` and the attempt with it."""
        activation.parked = None
        self._line[5] = "withdrawn"
        self._world.give_descriptor()
        self.alive = False
        self._world.agenda.count_a_death()
        if self._near is not None:
            self._near.refuse()

    def __repr__(self) -> str:
        return "<connection in the making>"
