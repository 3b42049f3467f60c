"""The half of a connection that receives.

Rules of this file:

1. Try at once only what may succeed. ``_readable`` is False exactly when everything that came was
   read (a read that came back short) and no event has told of more since; then ``recv`` parks
   without asking the kernel.
2. While a reader is parked, ``_readable`` is False. The event that ends the wait does the read, so
   that a request costs one ``read`` and no failed one.
3. ``_held`` are bytes a ``recv_exactly`` took from the kernel and did not deliver (it still waits,
   or it was cancelled). Whoever receives next gets them first: cancelling loses no byte. While there
   are such bytes and nobody is parked, ``_readable`` is True.

A connection is a bare descriptor under read(2) and write(2): on a stream they do what recv and send
do, and no socket object needs to be made, kept or asked. Source for rule 1: epoll(7), questions 9 and 10.
"""

from __future__ import annotations

import errno
from os import read
from typing import Final, TypeVar

from duality.core.contract import PENDING, Activation, Pending
from duality.core.io.errors import BusyError, ClosedError, EndOfStream
from duality.core.io.poller import ENDING, PATIENCE, Poller

_LARGEST_READ: Final = 1 << 18

_T = TypeVar("_T")


class Receiving:
    """What ``Connection`` receives with: at most one reader, and what is known of the kernel's buffer."""

    __slots__ = ("_ending", "_exact", "_held", "_patience", "_poller", "_readable", "_reader", "_wanted", "fd")

    def __init__(self, poller: Poller, fd: int) -> None:
        self.fd = fd
        self._poller = poller
        self._patience = PATIENCE
        self._reader: Activation | None = None
        self._wanted = 0  # bytes the parked reader asked for,
        self._exact = False  # and whether it will take no fewer
        self._held: bytearray | None = None
        self._readable = True  # a peer that connects has mostly something to say
        self._ending = False  # the peer was seen to send no more

    def recv(self, activation: Activation, max_bytes: int = 16384) -> bytes | Pending:
        """Block until bytes have come; answer up to ``max_bytes`` (>= 1) of them, ``b""`` at the end of the stream.

        Raises BusyError while another task receives, ClosedError if the connection is closed, before or
        meanwhile; OSError as the system reports it (ConnectionResetError). Cancelling loses no byte.
        """
        if self._reader is not None or max_bytes < 1:
            raise self._refusal("receiving", max_bytes)
        if self._readable:
            if self._held:
                return self._cut(self._held, max_bytes)
            try:
                data = read(self.fd, max_bytes)
            except BlockingIOError:
                self._readable = False
            except OSError as error:
                raise self._explained(error) from None
            else:
                if len(data) < max_bytes:
                    # Drained; unless the peer's last word was in the same event, for that edge will not come again.
                    self._readable = self._ending
                self._patience -= 1
                if self._patience:
                    return data
                self._patience = PATIENCE
                return self._poller.in_turn(activation, data)
        self._patience = PATIENCE
        self._wanted = max_bytes
        self._reader = activation
        activation.parked = self
        self._poller.waiting += 1
        return PENDING

    def recv_exactly(self, activation: Activation, n: int) -> bytes | Pending:
        """Block until ``n`` bytes (>= 0) have come; answer them all.

        Raises EndOfStream, with the ``partial`` bytes, if the stream ends first; otherwise as ``recv``.
        Cancelled, it leaves what had come to whoever receives next.
        """
        if self._reader is not None or n < 0:
            raise self._refusal("receiving", n)
        data = self._collect(n)
        if data is None:
            self._patience = PATIENCE
            self._wanted = n
            self._exact = True
            self._reader = activation
            activation.parked = self
            self._poller.waiting += 1
            return PENDING
        return self._at_once(activation, data)

    def _collect(self, n: int) -> bytes | None:
        """Move what has come into ``held`` until it is ``n`` bytes; answer them, or None when more must come."""
        held = self._held
        if held is None:
            held = self._held = bytearray()
        while len(held) < n:
            if not self._readable:
                return None
            room = min(n - len(held), _LARGEST_READ)
            try:
                data = read(self.fd, room)
            except BlockingIOError:
                self._readable = False
                return None
            except OSError as error:
                raise self._explained(error) from None
            if not data:
                self._held = None
                ended = EndOfStream(f"the stream ended after {len(held)} of {n} bytes")
                ended.partial = bytes(held)
                raise ended
            if len(data) < room:
                self._readable = self._ending
            held += data
        return self._cut(held, n)

    def _cut(self, held: bytearray, n: int) -> bytes:
        """Answer the first ``n`` bytes of ``held`` and keep the others."""
        data = bytes(held[:n])
        del held[:n]
        if not held:
            self._held = None
        return data

    def _on_readable(self, mask: int) -> None:
        """Take in an event of reading other than the common one."""
        if mask & ENDING:
            self._ending = True
        self._readable = True
        reader = self._reader
        if reader is None:
            return
        try:
            data = self._collect(self._wanted) if self._exact else self._read_some()
        except OSError as error:
            self._release_reader(reader, None, error)
        else:
            if data is not None:
                self._release_reader(reader, data)

    def _read_some(self) -> bytes | None:
        """Answer what a parked ``recv`` waited for, or None if the event told of nothing new."""
        try:
            data = read(self.fd, self._wanted)
        except BlockingIOError:
            self._readable = False
            return None
        if len(data) < self._wanted:
            self._readable = self._ending
        return data

    def withdraw(self, activation: Activation) -> None:
        """Forget ``activation``, the parked reader."""
        self._reader = None
        self._exact = False
        self._readable = self._ending or bool(self._held)
        activation.parked = None
        self._poller.waiting -= 1

    def _release_reader(self, reader: Activation, data: bytes | None, error: OSError | None = None) -> None:
        self._reader = None
        self._exact = False
        if error is not None:
            self._readable = True  # whoever receives next must ask what has become of the stream
        self._poller.answer(reader, data, error)

    def _at_once(self, activation: Activation, value: _T) -> _T | Pending:
        self._patience -= 1
        if self._patience:
            return value
        self._patience = PATIENCE
        return self._poller.in_turn(activation, value)

    def _closed(self) -> ClosedError:
        return ClosedError(errno.EBADF, "the connection is closed")

    def _explained(self, error: OSError) -> OSError:
        """Answer ``error`` itself, or what it means: the hot paths do not look whether the connection is open."""
        return self._closed() if self.fd < 0 else error

    def _refusal(self, verb: str, size: int = 1) -> Exception:
        if size < 1 and verb == "receiving" and self._reader is None:
            return ValueError(f"cannot receive {size} bytes")
        return BusyError(errno.EBUSY, f"another task is {verb} on this connection")
