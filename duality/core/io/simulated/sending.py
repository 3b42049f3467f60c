"""The half of a connection that sends.

Rule of this file: sending is done when the channel has taken the bytes, and not when they have arrived.
"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Any

from duality.core.contract import PENDING, Activation, Pending
from duality.core.io.poller import PATIENCE
from duality.core.io.simulated.channel import Channel
from duality.core.io.simulated.journal import Line, brief, failed
from duality.core.io.simulated.outgoing import Outgoing, OutgoingBytes, OutgoingFile
from duality.core.io.simulated.receiving import Receiving, closed
from duality.core.io.simulated.wires import Route
from duality.core.io.simulated.world import World, error_of

if TYPE_CHECKING:
    from duality.core.io.simulated.file import File


class Sending(Receiving):
    """What ``Connection`` sends with: at most one writer, and the channel."""

    __slots__ = ("_channel", "_outgoing", "_sending", "_writer")

    def __init__(self, world: World, resource: str, route: Route) -> None:
        super().__init__(world, resource)
        self._channel = Channel(world, route, self)
        self._writer: Activation | None = None
        self._sending: Line = []  # the line of the parked writer
        self._outgoing: Outgoing | None = None

    def send(self, activation: Activation, data: bytes | bytearray | memoryview) -> Pending | None:
        """Block until all of ``data`` is in the channel's hands; answer None.

        data: bytes-like, items of one byte; not to be changed until the answer comes.
        Raises BusyError while another task sends, ClosedError if the connection is closed, before or meanwhile;
        OSError as the system reports it (BrokenPipeError, ConnectionResetError). Cancelled, or failed, it may
        have sent any part of ``data``.
        """
        line = self._world.journal.begin(activation, self.resource, "send", brief(data))
        self._check(line)
        size = len(data)
        if size > self._channel.room:
            return self._send_on(activation, line, OutgoingBytes(memoryview(data)))  # type: ignore[no-any-return]
        if size:
            self._channel.send(bytes(data))
        line[5] = "done"
        self._patience -= 1
        if self._patience:
            return None
        self._patience = PATIENCE
        return self._world.in_turn(activation, None)

    def send_file(
        self, activation: Activation, file: File, offset: int = 0, length: int | None = None
    ) -> int | Pending:
        """Block until ``length`` bytes of ``file`` from ``offset`` are in the channel's hands; answer how many.

        length: bytes, or None for all up to the end of the file. The answer is less only if the file ends first.
        Raises as ``send`` does, and ClosedError if ``file`` is closed, before or meanwhile.
        """
        resources = (self.resource, file.resource)
        line = self._world.journal.begin(activation, resources, "send_file", file.resource, offset, length)
        self._check(line)
        return self._send_on(activation, line, OutgoingFile(self._world, file, offset, length))  # type: ignore[no-any-return]

    def _check(self, line: Line) -> None:
        """Raise what keeps anybody from sending now."""
        if self._writer is not None:
            raise failed(line, self._refusal("sending"))
        if self._world.trouble.active:
            self._world.trouble.meddle(self, line)
        if not self.open:
            raise failed(line, closed())
        if self._dead:
            number, self._error = self._error or errno.EPIPE, 0
            raise failed(line, error_of(number))

    def _send_on(self, activation: Activation, line: Line, outgoing: Outgoing) -> Any:
        """Send what there is room for, and park for the rest."""
        try:
            done = outgoing.advance(self._channel)
        except OSError as error:
            raise failed(line, error) from None
        if done:
            return self._at_once(activation, line, outgoing.result)
        self._patience = PATIENCE
        self._outgoing = outgoing
        self._writer = activation
        self._sending = line
        activation.parked = self
        return PENDING

    def _go_on_sending(self, writer: Activation) -> None:
        assert self._outgoing is not None
        try:
            if self._outgoing.advance(self._channel):
                self._writer = None
                self._world.answer(writer, self._sending, self._outgoing.result)
        except OSError as error:
            self._refuse_writer(error)

    def _refuse_writer(self, error: OSError) -> None:
        writer, self._writer = self._writer, None
        assert writer is not None
        self._world.fail(writer, self._sending, error)

    def withdraw(self, activation: Activation) -> None:
        """Forget ``activation``, the parked reader or writer."""
        if self._writer is activation:
            self._writer = self._outgoing = None
            self._sending[5] = "withdrawn"
            activation.parked = None
        else:
            super().withdraw(activation)

    def broken(self, number: int) -> None:
        """There is no connection any more, because of the error ``number``."""
        raise NotImplementedError
