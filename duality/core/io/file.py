"""An open file, as the core keeps it.

Rule of this file: the descriptor is closed only when no OS thread is using it. Its number would be
given to the next file opened, and a slow read would then read that one.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from typing import Any

from duality.core.contract import Activation
from duality.core.io.errors import ClosedError
from duality.core.io.poller import PATIENCE
from duality.core.io.pool import Job


class File:
    """An open regular file. ``size`` is in bytes, as it was when opened; ``path`` as it was given.

    Made by ``Disk.open``, never by hand. A file has no position: every read says where.
    """

    __slots__ = ("_all", "fd", "jobs", "nowait", "path", "patience", "size")

    def __init__(self, path: str, fd: int, size: int, every: set[File]) -> None:
        self.path = path
        self.fd = fd
        self.size = size
        self.nowait = True  # until this file system says it cannot
        self.patience = PATIENCE
        self.jobs: set[FileJob] = set()
        self._all = every
        every.add(self)

    def close(self, activation: Activation | None = None) -> None:
        """Close; never blocks, and closing again changes nothing.

        Whoever reads or writes it meanwhile gets ClosedError.
        """
        if self.fd < 0:
            return
        self._all.discard(self)
        fd, self.fd = self.fd, -1
        if self.jobs:
            for job in self.jobs:
                job.abandon(fd)  # the last of them closes the descriptor
        else:
            os.close(fd)

    def __repr__(self) -> str:
        return f"<file {self.path}{' (closed)' if self.fd < 0 else ''}>"


class FileJob(Job):
    """A job that uses a file's descriptor."""

    __slots__ = ("_fd_to_close", "_file")

    def __init__(self, file: File, function: Callable[..., Any], *args: Any) -> None:
        super().__init__(function, file.fd, *args)
        self._fd_to_close = -1
        self._file = file
        file.jobs.add(self)

    def abandon(self, fd: int) -> None:
        """Tell whoever waits that the file was closed, and remember to close ``fd`` afterwards."""
        self._fd_to_close = fd
        activation = self.activation
        if activation is not None:
            self.activation = None
            self.poller.answer(activation, None, closed())

    def conclude(self) -> None:
        jobs = self._file.jobs
        jobs.discard(self)
        if self._fd_to_close >= 0 and not jobs:
            os.close(self._fd_to_close)
        super().conclude()


def closed() -> ClosedError:
    """What is raised to those who use a file after, or while, it is closed."""
    return ClosedError(errno.EBADF, "the file is closed")
