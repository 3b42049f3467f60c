"""An open file of the simulated disk."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from duality.core.contract import Activation
from duality.core.io.errors import ClosedError
from duality.core.io.poller import PATIENCE
from duality.core.io.simulated.paths import Node
from duality.core.io.simulated.world import World, error_of

if TYPE_CHECKING:
    from duality.core.io.simulated.job import Job


class File:
    """An open regular file. ``size`` is in bytes, as it was when opened; ``path`` as it was given, ``real`` resolved.

    Made by ``Disk.open``, never by hand. A file has no position: every read says where.
    """

    __slots__ = (
        "_world",
        "node",
        "open",
        "path",
        "patience",
        "readable",
        "real",
        "resource",
        "size",
        "uses",
        "writable",
    )

    def __init__(self, world: World, path: str, real: str, node: Node, may: tuple[bool, bool]) -> None:
        assert node.data is not None
        self._world = world
        self.path = path
        self.real = real
        self.node = node
        self.size = len(node.data)
        self.open = True
        self.readable, self.writable = may
        self.patience = PATIENCE
        self.resource = f"file {real}"
        self.uses: dict[Job, None] = {}
        world.things[self] = None

    def peek(self, offset: int, length: int) -> bytes:
        """Up to ``length`` bytes at ``offset``, without waiting. Raises OSError as the disk has it."""
        assert self.node.data is not None
        if not self.readable:
            raise error_of(errno.EBADF)
        self._world.trouble.strike("read", self.real, self.path)
        return bytes(self.node.data[offset : offset + length])

    def close(self, activation: Activation | None = None) -> None:
        """Close; never blocks, and closing again changes nothing.

        Whoever reads or writes it meanwhile gets ClosedError.
        """
        self._world.journal.begin(activation, self.resource, "close")[5] = "done"
        if self.open:
            self.discard()

    def discard(self) -> None:
        """Close it, and tell those who use it."""
        self.open = False
        self._world.close(self)
        for use in self.uses:
            use.abandon(closed())
        self.uses.clear()

    def __repr__(self) -> str:
        return f"<file {self.path}{'' if self.open else ' (closed)'}>"


def closed() -> ClosedError:
    """What is raised to those who use a file after, or while, it is closed."""
    return ClosedError(errno.EBADF, "the file is closed")
