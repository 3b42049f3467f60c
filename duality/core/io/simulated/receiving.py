"""The half of a connection that receives.

Rules of this file:

1. ``_inbox`` holds what has arrived and was not received. Its first ``_taken`` bytes were taken out of the socket's
   buffer by a ``recv_exactly`` that waits, or was cancelled: the peer has been given their room again.
2. A plain ``recv`` is parked only while ``_inbox`` is empty.
3. An error is told once, to whoever asks first; then the stream is at its end for those who receive, and broken for
   those who send. What arrived before it is received before it. (So does Linux; the conformance tests hold us to it.)
"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from duality.core.contract import PENDING, Activation, Pending
from duality.core.io.errors import BusyError, ClosedError, EndOfStream
from duality.core.io.poller import PATIENCE
from duality.core.io.simulated.journal import Line, failed
from duality.core.io.simulated.world import World, error_of

if TYPE_CHECKING:
    from duality.core.io.simulated.channel import Channel


class Receiving:
    """What ``Connection`` receives with. ``resource``: its name, which both ends share."""

    __slots__ = (
        "_dead", "_ended", "_error", "_exact", "_inbox", "_incoming", "_line", "_patience", "_reader", "_taken",
        "_wanted", "_world", "open", "resource",
    )  # fmt: skip

    _incoming: Channel  # what the other end sends

    def __init__(self, world: World, resource: str) -> None:
        self._world = world
        self.resource = resource
        self.open = True
        self._ended = False  # the peer was heard to send no more
        self._dead = False  # there is no connection any more,
        self._error = 0  # and why has yet to be told
        self._inbox = bytearray()
        self._taken = 0
        self._patience = PATIENCE
        self._reader: Activation | None = None
        self._wanted = 0  # bytes the parked reader asked for,
        self._exact = False  # and whether it will take no fewer
        self._line: Line = []  # of the parked reader

    def recv(self, activation: Activation, max_bytes: int = 16384) -> bytes | Pending:
        """Block until bytes have arrived; answer up to ``max_bytes`` (>= 1) of them, ``b""`` at the end of the stream.

        Raises BusyError while another task receives, ClosedError if the connection is closed, before or meanwhile;
        OSError as the system reports it (ConnectionResetError). Cancelling loses no byte.
        """
        line = self._world.journal.begin(activation, self.resource, "recv", max_bytes)
        if self._reader is not None or max_bytes < 1:
            raise failed(line, self._refusal("receiving", max_bytes))
        if self._world.trouble.active:
            self._world.trouble.meddle(self, line)
        if self._inbox:
            data = self._take(max_bytes)
        elif self._dead or self._ended or not self.open:
            data = self._at_the_end(line)
        else:
            return self._park(activation, line, max_bytes, False)
        return self._at_once(activation, line, data)  # type: ignore[return-value]

    def recv_exactly(self, activation: Activation, n: int) -> bytes | Pending:
        """Block until ``n`` bytes (>= 0) have arrived; answer them all.

        Raises EndOfStream, with the ``partial`` bytes, if the stream ends first; otherwise as ``recv``.
        Cancelled, it leaves what had arrived to whoever receives next.
        """
        line = self._world.journal.begin(activation, self.resource, "recv_exactly", n)
        if self._reader is not None or n < 0:
            raise failed(line, self._refusal("receiving", n))
        if self._world.trouble.active:
            self._world.trouble.meddle(self, line)
        if len(self._inbox) < n:
            if not (self._dead or self._ended or not self.open):
                self._park(activation, line, n, True)
                self._absorb()
                return PENDING
            if not self._at_the_end(line):
                raise failed(line, self._cut_short(n))
        return self._at_once(activation, line, self._take(n, whole=True))  # type: ignore[return-value]

    def _park(self, activation: Activation, line: Line, wanted: int, exact: bool) -> Pending:
        self._patience = PATIENCE
        self._reader = activation
        self._line = line
        self._wanted = wanted
        self._exact = exact
        activation.parked = self
        return PENDING

    def _at_the_end(self, line: Line) -> bytes:
        """Answer ``b""``, or tell what ended the stream."""
        if not self.open:
            raise failed(line, closed())
        if self._error:
            number, self._error = self._error, 0
            raise failed(line, error_of(number))
        return b""

    def _cut_short(self, n: int) -> EndOfStream:
        ended = EndOfStream(f"the stream ended after {len(self._inbox)} of {n} bytes")
        ended.partial = self._take(n, whole=True)
        return ended

    def _take(self, most: int, whole: bool = False) -> bytes:
        """Take up to ``most`` bytes out of the inbox, as many as there are; fewer by mishap, unless ``whole``."""
        inbox, trouble = self._inbox, self._world.trouble
        if trouble.active and not whole:
            most = trouble.shortened(min(most, len(inbox)))
        data = bytes(inbox[:most])
        del inbox[:most]
        fresh = len(data) - self._taken
        self._taken = max(0, -fresh)
        if fresh > 0:
            self._make_room(fresh)
        return data

    def _absorb(self) -> None:
        """Take what a parked ``recv_exactly`` needs out of the socket's buffer, so that the peer can send the rest."""
        fresh = min(len(self._inbox), self._wanted) - self._taken
        if fresh > 0:
            self._taken += fresh
            self._make_room(fresh)

    def _make_room(self, count: int) -> None:
        raise NotImplementedError

    def _heard(self, data: bytes) -> None:
        """Take in bytes that have arrived."""
        if self._reader is None or self._exact:
            self._inbox += data
            if self._reader is not None:
                self._absorb()
                if len(self._inbox) >= self._wanted:
                    self._release_reader(self._take(self._wanted, whole=True))
        elif len(data) > self._wanted or self._world.trouble.active:
            self._inbox += data
            self._release_reader(self._take(self._wanted))
        else:
            # The common case: all of it goes to the one who waits, as it is.
            self._make_room(len(data))
            reader, self._reader = self._reader, None
            self._line[5] = f"{len(data)} bytes"
            reader.parked = None
            self._world.ready.append((reader, data, None))

    def _heard_the_end(self) -> None:
        self._ended = True
        if self._reader is not None:
            if self._exact:
                self._refuse_reader(self._cut_short(self._wanted))
            else:
                self._release_reader(b"")

    def _release_reader(self, data: bytes) -> None:
        reader, self._reader = self._reader, None
        assert reader is not None
        self._world.answer(reader, self._line, data)

    def _refuse_reader(self, error: OSError) -> None:
        reader, self._reader = self._reader, None
        assert reader is not None
        self._world.fail(reader, self._line, error)

    def withdraw(self, activation: Activation) -> None:
        """Forget ``activation``, the parked reader."""
        self._reader = None
        self._line[5] = "withdrawn"
        activation.parked = None

    def _at_once(self, activation: Activation, line: Line, value: bytes | int | None) -> bytes | int | Pending | None:
        line[5] = f"{len(value)} bytes" if isinstance(value, bytes) else "done" if value is None else value
        self._patience -= 1
        if self._patience:
            return value
        self._patience = PATIENCE
        return self._world.in_turn(activation, value)

    def _refusal(self, verb: str, size: int = 1) -> Exception:
        if size < 1 and verb == "receiving" and self._reader is None:
            return ValueError(f"cannot receive {size} bytes")
        return BusyError(errno.EBUSY, f"another task is {verb} on this connection")


def closed() -> ClosedError:
    """What is raised to those who use a connection after, or while, it is closed."""
    return ClosedError(errno.EBADF, "the connection is closed")
