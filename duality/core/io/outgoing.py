"""What a send could not send at once, and goes on with whenever the socket has room again.

Rule of this file: ``advance`` never blocks on the peer. It answers True when all is sent.
"""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING, Final, Protocol

from duality.core.io.errors import ClosedError

if TYPE_CHECKING:
    from duality.core.io.file import File

CHUNK: Final = 1 << 20
"""Bytes offered to the kernel in one call."""


class Outgoing(Protocol):
    """The rest of a send."""

    @property
    def result(self) -> int | None:
        """What the whole operation answers, once all is sent."""

    def advance(self, fd: int, /) -> bool:
        """Send what there is room for; return whether that was all. Raises OSError as the system reports it."""


class OutgoingBytes:
    """The bytes of a ``send`` that found the socket's buffer full."""

    __slots__ = ("_rest",)
    result = None

    def __init__(self, rest: memoryview) -> None:
        self._rest = rest

    def advance(self, fd: int) -> bool:
        # Fewer bytes than offered means the buffer is full, and the kernel will tell of room (epoll(7),
        # question 9). Offered in chunks, because one write takes 2 GiB at most, full buffer or not.
        while self._rest:
            chunk = self._rest[:CHUNK]
            try:
                sent = os.write(fd, chunk)
            except BlockingIOError:
                return False
            self._rest = self._rest[sent:]
            if sent < len(chunk):
                return False
        return True


class OutgoingFile:
    """Part of a file on its way to a socket without passing through this process (sendfile(2))."""

    __slots__ = ("_file", "_left", "_offset", "result")

    def __init__(self, file: File, offset: int, length: int | None) -> None:
        self._file = file
        self._offset = offset
        self._left = length
        self.result = 0

    def advance(self, fd: int) -> bool:
        # Fewer bytes than asked may mean a full socket or the end of the file: only asking again tells.
        while self._left is None or self._left > 0:
            if self._file.fd < 0:
                raise ClosedError(errno.EBADF, "the file was closed while it was being sent")
            try:
                sent = os.sendfile(fd, self._file.fd, self._offset, min(self._left or CHUNK, CHUNK))
            except BlockingIOError:
                return False
            if not sent:
                return True
            self._offset += sent
            self.result += sent
            if self._left is not None:
                self._left -= sent
        return True
