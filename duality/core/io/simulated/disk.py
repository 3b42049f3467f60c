"""Files: what is in memory at once, everything else after the disk has taken its time.

Rules of this file:

1. An operation happens when it is answered, all of it at once: two that are under way at the same time happen in the
   order of their answers, which is the disk's choice.
2. Withdrawing forgets who asked; the operation happens all the same, as it would in an OS thread.
3. A file is in memory once it was read or written; reading it then waits for nobody.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from typing import Any, Final

from duality.core.contract import Activation, Pending
from duality.core.io.disk import MODES
from duality.core.io.poller import PATIENCE
from duality.core.io.simulated.file import File, closed
from duality.core.io.simulated.job import Job
from duality.core.io.simulated.journal import Line, brief, failed
from duality.core.io.simulated.tree import Tree
from duality.core.io.simulated.world import World, error_of

TREE: Final = "disk"
"""The resource of operations that look at, or change, which files there are."""


class Disk:
    """The operations a spec's ``disk`` is bound to, on a tree in memory. Errors are OSError as the system has them."""

    __slots__ = ("_capacity", "_low", "_span", "_world", "tree")

    def __init__(self, latency: tuple[float, float], capacity: int | None) -> None:
        self._low, high = latency
        self._span = high - self._low
        self._capacity = capacity

    def begin(self, world: World, tree: Tree) -> None:
        """Begin a run, with what is on the disk."""
        self._world = world
        self.tree = tree

    def open(self, activation: Activation, path: str, mode: str = "r") -> Pending:
        """Block until the regular file at ``path`` is open; answer it. ``mode``: as on the real disk.

        Raises ValueError for another mode, IsADirectoryError, FileNotFoundError, FileExistsError, PermissionError.
        """
        flags = MODES.get(mode.replace("b", ""))
        real = self.tree.real(path)
        shares = (TREE,) if flags is None or flags & os.O_CREAT else ()
        line = self._world.journal.begin(activation, (f"file {real}", *shares), "open", path, mode)
        if flags is None:
            raise failed(line, ValueError(f"cannot open with mode {mode!r}, only with one of {', '.join(MODES)}"))
        return self._submit(activation, line, real, path, lambda: self._open(path, flags))

    def _open(self, path: str, flags: int) -> File:
        self._world.take_descriptor()
        try:
            node = self.tree.open(path, flags, self._world.agenda.time)
        except BaseException:
            self._world.give_descriptor()
            raise
        access = flags & os.O_ACCMODE
        return File(self._world, path, self.tree.real(path), node, (access != os.O_WRONLY, access != os.O_RDONLY))

    def read(self, activation: Activation, file: File, offset: int, length: int) -> bytes | Pending:
        """Block until ``length`` bytes at ``offset`` are in memory; answer them.

        offset: bytes from the start, >= 0.   length: bytes, >= 0.
        Answers fewer bytes only at the end of the file, ``b""`` past it.
        Raises ClosedError if ``file`` is closed, before or meanwhile.
        """
        line = self._world.journal.begin(activation, file.resource, "read", offset, length)
        if not file.open:
            raise failed(line, closed())
        if offset < 0 or length < 0:
            raise failed(line, ValueError(f"cannot read {length} bytes at {offset}"))
        if not file.readable:
            raise failed(line, error_of(errno.EBADF))
        if not file.node.cached or self._world.trouble.active:
            act = lambda: self.tree.read(file.node, offset, length)  # noqa: E731
            return self._submit(activation, line, file.real, file.path, act, file)
        data = self.tree.read(file.node, offset, length)
        line[5] = f"{len(data)} bytes"
        file.patience -= 1
        if file.patience:
            return data
        file.patience = PATIENCE
        return self._world.in_turn(activation, data)

    def write(self, activation: Activation, file: File, offset: int, data: bytes | bytearray | memoryview) -> Pending:
        """Block until all of ``data`` is in ``file`` at ``offset``, >= 0; answer the number of bytes.

        data: not to be changed until the answer comes.
        Raises ClosedError if ``file`` is closed, before or meanwhile; OSError (ENOSPC) when the disk is full. Any part
        may then have been written.
        """
        resources = (file.resource, TREE) if self._capacity is not None else (file.resource,)
        line = self._world.journal.begin(activation, resources, "write", offset, brief(data))
        if not file.open:
            raise failed(line, closed())
        if offset < 0:
            raise failed(line, ValueError(f"cannot write at {offset}"))
        return self._submit(activation, line, file.real, file.path, lambda: self._write(file, offset, data), file)

    def _write(self, file: File, offset: int, data: bytes | bytearray | memoryview) -> int:
        if not file.writable:
            raise error_of(errno.EBADF)
        written = self.tree.write(file.node, offset, bytes(data), self._room(), self._world.agenda.time)
        if written < len(data):
            raise error_of(errno.ENOSPC)
        return written

    def _room(self) -> int | None:
        """How many bytes more fit on the disk; None when there is no end of them."""
        if self._world.trouble.disk_is_full():
            return 0
        return None if self._capacity is None else max(0, self._capacity - self.tree.used)

    def read_file(self, activation: Activation, path: str) -> Pending:
        """Block until the whole file at ``path`` is in memory; answer its bytes."""
        return self._ask(activation, path, "read_file", self.tree.content)

    def stat(self, activation: Activation, path: str) -> Pending:
        """Block until the inode of ``path`` is known, links followed; answer an ``os.stat_result``."""
        return self._ask(activation, path, "stat", self.tree.status)

    def listdir(self, activation: Activation, path: str) -> Pending:
        """Block until the directory ``path`` is read; answer the names in it, sorted."""
        return self._ask(activation, path, "listdir", self.tree.names)

    def realpath(self, activation: Activation, path: str) -> Pending:
        """Block until every link in ``path`` is followed; answer the absolute path, which need not exist."""
        return self._ask(activation, path, "realpath", self.tree.real)

    def _ask(self, activation: Activation, path: str, verb: str, act: Callable[[str], Any]) -> Pending:
        real = self.tree.real(path)
        line = self._world.journal.begin(activation, (f"file {real}", TREE), verb, path)
        return self._submit(activation, line, real, path, lambda: act(path))

    def _submit(
        self, activation: Activation, line: Line, real: str, path: str, act: Callable[[], Any], file: File | None = None
    ) -> Pending:
        """Have ``act()`` happen when the disk comes to it."""
        when = self._world.agenda.time + self._time()
        if self._world.trouble.active:
            when += self._world.trouble.slowness(line[3], real, self._time)
        return Job(self._world, line, real, path, act, file).begin(activation, when)

    def _time(self) -> float:
        """Seconds of one operation."""
        return self._low + self._span * self._world.draw() if self._span else self._low
