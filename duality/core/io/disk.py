"""Files: from the page cache at once, from the disk by way of the pool.

preadv(2) with RWF_NOWAIT answers in under a microsecond when the pages are cached, and says EAGAIN
when it would block. Only then is an OS thread worth its price, some tens of microseconds.
Paths always go to the pool: the kernel offers Python no way to ask for a directory without waiting.

Source: von Behren et al. 2003, section 5; preadv2(2).
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from typing import Any, Final

from duality.core.contract import Activation, Pending
from duality.core.io.file import File, FileJob, closed
from duality.core.io.poller import PATIENCE, Poller
from duality.core.io.pool import Job, Pool

MODES: Final = {
    "r": os.O_RDONLY,
    "r+": os.O_RDWR,
    "w": os.O_WRONLY | os.O_CREAT | os.O_TRUNC,
    "w+": os.O_RDWR | os.O_CREAT | os.O_TRUNC,
    "x": os.O_WRONLY | os.O_CREAT | os.O_EXCL,
    "x+": os.O_RDWR | os.O_CREAT | os.O_EXCL,
}
"""What ``open`` takes, with the built-in open's meaning. All are binary; a ``b`` is allowed and ignored."""

MAX_AT_ONCE: Final = 1 << 20
"""Bytes of the longest read that is served from the page cache without leaving this OS thread."""

_SCRATCH: Final = 1 << 16
_PIECE: Final = 1 << 20
_CANNOT: Final = (errno.EOPNOTSUPP, errno.ENOSYS)


class Disk:
    """The operations a spec's ``disk`` is bound to, on real files. Errors are OSError as the system reports it."""

    __slots__ = ("_poller", "_pool", "_scratch", "files")

    def __init__(self, poller: Poller, pool: Pool) -> None:
        self._poller = poller
        self._pool = pool
        self._scratch = memoryview(bytearray(_SCRATCH))
        self.files: set[File] = set()

    def open(self, activation: Activation, path: str, mode: str = "r") -> Pending:
        """Block until the regular file at ``path`` is open; answer it. ``mode``: a key of ``MODES``.

        Raises ValueError for another mode, IsADirectoryError, FileNotFoundError, FileExistsError, PermissionError.
        """
        flags = MODES.get(mode.replace("b", ""))
        if flags is None:
            raise ValueError(f"cannot open with mode {mode!r}, only with one of {', '.join(MODES)}")
        return self._pool.submit(activation, _Opening(self.files, _open, path, flags))

    def read(self, activation: Activation, file: File, offset: int, length: int) -> bytes | Pending:
        """Block until ``length`` bytes at ``offset`` are in memory; answer them.

        offset: bytes from the start, >= 0.   length: bytes, >= 0.
        Answers fewer bytes only at the end of the file, ``b""`` past it.
        Raises ClosedError if ``file`` is closed, before or meanwhile.
        """
        if file.fd < 0:
            raise closed()
        if offset < 0 or length < 0:
            raise ValueError(f"cannot read {length} bytes at {offset}")
        if length > MAX_AT_ONCE or not file.nowait:
            return self._pool.submit(activation, FileJob(file, _read, offset, length))
        pieces: list[bytes] = []
        missing = length
        try:
            while missing:
                count = os.preadv(file.fd, [self._scratch[:missing]], offset, os.RWF_NOWAIT)
                if not count:
                    break
                pieces.append(bytes(self._scratch[:count]))
                offset += count
                missing -= count
        except OSError as error:
            if error.errno in _CANNOT:
                file.nowait = False
            elif error.errno != errno.EAGAIN:
                raise
            return self._pool.submit(activation, FileJob(file, _read, offset, missing, *pieces))
        return self._at_once(activation, file, pieces[0] if len(pieces) == 1 else b"".join(pieces))

    def _at_once(self, activation: Activation, file: File, data: bytes) -> bytes | Pending:
        file.patience -= 1
        if file.patience:
            return data
        file.patience = PATIENCE
        return self._poller.in_turn(activation, data)

    def write(self, activation: Activation, file: File, offset: int, data: bytes | bytearray | memoryview) -> Pending:
        """Block until all of ``data`` is in the page cache at ``offset``, >= 0; answer the number of bytes.

        data: not to be changed until the answer comes. On the disk it is only when the kernel decides.
        Raises ClosedError if ``file`` is closed, before or meanwhile (any part may then have been written).
        """
        if file.fd < 0:
            raise closed()
        if offset < 0:
            raise ValueError(f"cannot write at {offset}")
        return self._pool.submit(activation, FileJob(file, _write, offset, data))

    def read_file(self, activation: Activation, path: str) -> Pending:
        """Block until the whole file at ``path`` is in memory; answer its bytes."""
        return self._submit(activation, _read_file, path)

    def stat(self, activation: Activation, path: str) -> Pending:
        """Block until the inode of ``path`` is known, links followed; answer an ``os.stat_result``."""
        return self._submit(activation, os.stat, path)

    def listdir(self, activation: Activation, path: str) -> Pending:
        """Block until the directory ``path`` is read; answer the names in it, sorted."""
        return self._submit(activation, _listdir, path)

    def realpath(self, activation: Activation, path: str) -> Pending:
        """Block until every link in ``path`` is followed; answer the absolute path, which need not exist."""
        return self._submit(activation, os.path.realpath, path)

    def _submit(self, activation: Activation, function: Callable[..., Any], path: str) -> Pending:
        return self._pool.submit(activation, Job(function, path))

    def close(self) -> None:
        """Close every file still open. Only when no OS thread uses one any more."""
        for file in list(self.files):
            file.close()


class _Opening(Job):
    """A file being opened: the OS thread brings a descriptor, the core makes a ``File`` of it, or drops it."""

    __slots__ = ("_every",)

    def __init__(self, every: set[File], function: Callable[..., Any], path: str, flags: int) -> None:
        super().__init__(function, path, flags)
        self._every = every

    def then(self, activation: Activation, value: tuple[int, int]) -> File:
        return File(self.args[0], *value, self._every)

    def orphaned(self, value: tuple[int, int]) -> None:
        os.close(value[0])


# What the OS threads do. None of it touches the core.


def _open(path: str, flags: int) -> tuple[int, int]:
    """Answer the descriptor and the size."""
    fd = os.open(path, flags, 0o666)
    try:
        status = os.fstat(fd)
        if stat.S_ISDIR(status.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    except BaseException:
        os.close(fd)
        raise
    return fd, status.st_size


def _read(fd: int, offset: int, length: int, *head: bytes) -> bytes:
    """Answer ``head`` and the ``length`` bytes at ``offset``, or up to the end of the file."""
    pieces = list(head)
    while length and (piece := os.pread(fd, min(length, _PIECE), offset)):
        pieces.append(piece)
        offset += len(piece)
        length -= len(piece)
    return b"".join(pieces)


def _write(fd: int, offset: int, data: bytes | bytearray | memoryview) -> int:
    rest = memoryview(data)
    while rest:
        count = os.pwrite(fd, rest, offset)
        rest = rest[count:]
        offset += count
    return len(data)


def _read_file(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def _listdir(path: str) -> list[str]:
    return sorted(os.listdir(path))
