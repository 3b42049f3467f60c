"""What is on the simulated disk: a tree of directories and files in memory, and what is asked of it.

Rule of this file: time is told as seconds of the run's clock, and kept as files keep it, since 1970.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from typing import Final

from duality.core.io.simulated.paths import Node, real_path, walk
from duality.core.io.simulated.world import error_of

EPOCH: Final = 1_000_000_000.0
"""Seconds since 1970 when ``now()`` is 0.0, as the times of files tell them."""

BEFORE: Final = EPOCH - 3600.0
"""When the files of the beginning were written."""


class Tree:
    """The whole tree. ``used``: bytes of all files."""

    __slots__ = ("_born", "root", "used")

    def __init__(self, files: Mapping[str, bytes | str | None]) -> None:
        self._born = 1
        self.used = 0
        self.root = self._directory()
        for path, content in files.items():
            self.plant(path, content)

    def plant(self, path: str, content: bytes | str | None) -> None:
        """Put a file (bytes), a symbolic link (str: where to) or an empty directory (None) at ``path``."""
        place = self.root
        *above, last = [name for name in path.split("/") if name] or [""]
        for name in above:
            assert place.names is not None
            place = place.names.setdefault(name, self._directory())
            if place.names is None:
                raise ValueError(f"{path!r} lies below a file")
        assert place.names is not None
        if content is None:
            if last:
                place.names.setdefault(last, self._directory())
        elif not last or last in place.names:
            raise ValueError(f"{path!r} is there twice")
        else:
            place.names[last] = self._node(BEFORE)
            if isinstance(content, str):
                place.names[last].target = content
            else:
                place.names[last].data = bytearray(content)
                self.used += len(content)

    def _node(self, changed: float) -> Node:
        self._born += 1
        return Node(self._born, changed)

    def _directory(self) -> Node:
        node = self._node(BEFORE)
        node.names = {}
        return node

    # -- the way ---------------------------------------------------------------------------------------------------

    def find(self, path: str) -> Node:
        """The file or directory at ``path``, links followed. Raises OSError."""
        _, _, node = walk(self.root, path)
        if node is None:
            raise error_of(errno.ENOENT, path)
        return node

    def real(self, path: str) -> str:
        """See ``paths.real_path``."""
        return real_path(self.root, path)

    # -- what is asked of it ---------------------------------------------------------------------------------------

    def open(self, path: str, flags: int, now: float) -> Node:
        """The regular file at ``path``, made or emptied as ``flags`` say (see open(2)). Raises OSError."""
        makes = bool(flags & os.O_CREAT)
        place, name, node = walk(self.root, path.rstrip("/") or path if makes else path)
        if makes and path.endswith("/"):
            raise error_of(errno.EISDIR, path)
        if node is None:
            if not makes:
                raise error_of(errno.ENOENT, path)
            return self._create(place, name, EPOCH + now)
        if makes and flags & os.O_EXCL:
            raise error_of(errno.EEXIST, path)
        if node.data is None:
            raise error_of(errno.EISDIR, path)
        if flags & os.O_TRUNC:
            self.used -= len(node.data)
            node.data.clear()
            node.changed = EPOCH + now
        return node

    def _create(self, place: Node, name: str, when: float) -> Node:
        assert place.names is not None
        node = place.names[name] = self._node(when)
        node.data = bytearray()
        node.cached = True
        place.changed = when
        return node

    def read(self, node: Node, offset: int, length: int) -> bytes:
        """Up to ``length`` bytes of a file, from ``offset``."""
        assert node.data is not None
        node.cached = True
        return bytes(node.data[offset : offset + length])

    def write(self, node: Node, offset: int, data: bytes, room: int | None, now: float) -> int:
        """Write what fits of ``data``: the file may grow by ``room`` bytes, None for any number. Answer how many."""
        content = node.data
        assert content is not None
        if room is not None:
            data = data[: max(0, len(content) + room - offset)]
        if data:
            before = len(content)
            content.extend(bytes(max(0, offset - before)))
            content[offset : offset + len(data)] = data
            self.used += len(content) - before
            node.changed = EPOCH + now
            node.cached = True
        return len(data)

    def content(self, path: str) -> bytes:
        """All bytes of the file at ``path``. Raises OSError."""
        node = self.find(path)
        if node.data is None:
            raise error_of(errno.EISDIR, path)
        node.cached = True
        return bytes(node.data)

    def status(self, path: str) -> os.stat_result:
        """What ``os.stat`` says of ``path``. Raises OSError."""
        return self.find(path).status()

    def names(self, path: str) -> list[str]:
        """The names in the directory ``path``, sorted. Raises OSError."""
        names = self.find(path).names
        if names is None:
            raise error_of(errno.ENOTDIR, path)
        return sorted(names)
