"""What a send could not send at once, and goes on with whenever the channel has room again.

Rule of this file: ``advance`` never blocks on the peer. It answers True when all is sent.
"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Protocol

from duality.core.io.errors import ClosedError
from duality.core.io.simulated.channel import Channel
from duality.core.io.simulated.world import World, error_of

if TYPE_CHECKING:
    from duality.core.io.simulated.file import File


class Outgoing(Protocol):
    """The rest of a send."""

    @property
    def result(self) -> int | None:
        """What the whole operation answers, once all is sent."""

    def advance(self, channel: Channel, /) -> bool:
        """Send what there is room for; return whether that was all. Raises OSError as the system reports it."""


class OutgoingBytes:
    """The bytes of a ``send`` that found too little room."""

    __slots__ = ("_rest",)
    result = None

    def __init__(self, rest: memoryview) -> None:
        self._rest = rest

    def advance(self, channel: Channel) -> bool:
        if channel.room > 0:
            piece = bytes(self._rest[: channel.room])
            self._rest = self._rest[len(piece) :]
            channel.send(piece)
        return not self._rest


class OutgoingFile:
    """Part of a file on its way into a channel."""

    __slots__ = ("_file", "_left", "_offset", "_world", "result")

    def __init__(self, world: World, file: File, offset: int, length: int | None) -> None:
        self._world = world
        self._file = file
        self._offset = offset
        self._left = length
        self.result = 0

    def advance(self, channel: Channel) -> bool:
        while self._left is None or self._left > 0:
            if not self._file.open:
                raise ClosedError(errno.EBADF, "the file was closed while it was being sent")
            if self._offset < 0:
                raise error_of(errno.EINVAL)
            if channel.room <= 0:
                return False
            piece = self._file.peek(self._offset, min(channel.room, self._left or channel.room))
            if not piece:
                return True
            channel.send(piece)
            self._offset += len(piece)
            self.result += len(piece)
            if self._left is not None:
                self._left -= len(piece)
        return True
