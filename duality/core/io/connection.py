"""A byte stream to a peer: the hot path of everything that serves the network.

Rules of this file:

1. ``send`` is always tried at once: there is nearly always room. Receiving is in ``receiving``.
2. A wait is ended by the event, which does the work (reads the bytes, sends the rest) before it makes
   anybody ready. An activation made ready has its answer.
"""

from __future__ import annotations

import os
from os import read, write
from typing import TYPE_CHECKING, Any

from duality.core.contract import PENDING, Activation, Pending
from duality.core.io.outgoing import Outgoing, OutgoingBytes, OutgoingFile
from duality.core.io.poller import ENDING, PATIENCE, READABLE, WANT_READ, WANT_WRITE, WRITABLE, Poller
from duality.core.io.receiving import Receiving

if TYPE_CHECKING:
    from duality.core.io.file import File


class Connection(Receiving):
    """A connected stream socket, one reader and one writer at a time. ``peer`` is ``(host, port)``, numeric.

    Made by ``Listener.accept`` and ``Net.connect``, never by hand.
    """

    __slots__ = ("_outgoing", "_writer", "peer")

    def __init__(self, poller: Poller, fd: int, peer: tuple[str, int]) -> None:
        super().__init__(poller, fd)
        self.peer = peer
        self._writer: Activation | None = None
        self._outgoing: Outgoing | None = None

    def send(self, activation: Activation, data: bytes | bytearray | memoryview) -> Pending | None:
        """Block until all of ``data`` is in the kernel's hands; answer None.

        data: bytes-like, items of one byte; not to be changed until the answer comes.
        Raises BusyError while another task sends, ClosedError if the connection is closed, before or meanwhile;
        OSError as the system reports it (BrokenPipeError, ConnectionResetError). Cancelled, or failed, it may
        have sent any part of ``data``.
        """
        if self._writer is not None:
            raise self._refusal("sending")
        try:
            sent = write(self.fd, data)
        except BlockingIOError:
            sent = 0
        except OSError as error:
            raise self._explained(error) from None
        if sent == len(data):
            self._patience -= 1
            if self._patience:
                return None
            self._patience = PATIENCE
            return self._poller.in_turn(activation, None)
        done: Pending | None = self._send_on(activation, OutgoingBytes(memoryview(data)[sent:]))
        return done

    def send_file(
        self, activation: Activation, file: File, offset: int = 0, length: int | None = None
    ) -> int | Pending:
        """Block until ``length`` bytes of ``file`` from ``offset`` are in the kernel's hands; answer how many.

        length: bytes, or None for all up to the end of the file. The answer is less only if the file ends first.
        The bytes do not pass through this process. Pages not in the page cache are read within the call.
        Raises as ``send`` does, and ClosedError if ``file`` is closed, before or meanwhile.
        Source: sendfile(2); Pai, Druschel & Zwaenepoel 1999 on what a cold page costs.
        """
        if self._writer is not None:
            raise self._refusal("sending")
        sent: int | Pending = self._send_on(activation, OutgoingFile(file, offset, length))
        return sent

    def _send_on(self, activation: Activation, outgoing: Outgoing) -> Any:
        """Send what there is room for, and park for the rest."""
        try:
            done = outgoing.advance(self.fd)
        except OSError as error:
            raise self._explained(error) from None
        if done:
            return self._at_once(activation, outgoing.result)
        self._patience = PATIENCE
        self._outgoing = outgoing
        self._writer = activation
        activation.parked = self
        self._poller.waiting += 1
        return PENDING

    def on_event(self, mask: int) -> None:
        # The common event is bytes for a parked recv from a peer that goes on: one read, one append.
        if mask & READABLE:
            reader = self._reader
            if reader is None or self._exact or mask & ENDING:
                self._on_readable(mask)
            else:
                try:
                    data = read(self.fd, self._wanted)
                except BlockingIOError:
                    pass  # told twice of the same bytes
                except OSError as error:
                    self._release_reader(reader, None, error)
                else:
                    self._readable = len(data) == self._wanted or self._ending
                    self._reader = reader.parked = None
                    poller = self._poller
                    poller.waiting -= 1
                    poller.ready.append((reader, data, None))
        if self._writer is not None and mask & WRITABLE:
            self._go_on_sending(self._writer)

    def _go_on_sending(self, writer: Activation) -> None:
        assert self._outgoing is not None
        try:
            if not self._outgoing.advance(self.fd):
                return
        except OSError as error:
            self._release_writer(writer, None, error)
        else:
            self._release_writer(writer, self._outgoing.result)

    def _release_writer(self, writer: Activation, result: int | None, error: OSError | None = None) -> None:
        self._writer = self._outgoing = None
        self._poller.answer(writer, result, error)

    def interest(self) -> int:
        return (WANT_READ if self._reader is not None else 0) | (WANT_WRITE if self._writer is not None else 0)

    def withdraw(self, activation: Activation) -> None:
        """Forget ``activation``, the parked reader or writer."""
        if self._writer is activation:
            self._writer = self._outgoing = None
            activation.parked = None
            self._poller.waiting -= 1
        else:
            super().withdraw(activation)

    def close(self, activation: Activation | None = None) -> None:
        """Close, at once and for good; never blocks, and closing again changes nothing.

        Whoever receives or sends on it in another task gets ClosedError. The kernel still sends what was sent.
        """
        if self.fd < 0:
            return
        self._poller.forget(self)
        os.close(self.fd)
        self.fd = -1
        self._held = None
        if self._reader is not None:
            self._release_reader(self._reader, None, self._closed())
        if self._writer is not None:
            self._release_writer(self._writer, None, self._closed())
        self._readable = True  # so that whoever receives from now on learns of it

    def __repr__(self) -> str:
        host, port = self.peer
        return f"<connection to {host}:{port}{' (closed)' if self.fd < 0 else ''}>"
