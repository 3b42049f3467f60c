"""How a path finds its way in a tree of directories, files and links, as path_resolution(7) says.

Rules of this file:

1. Errors are those of the system, with its numbers and the path as it was given.
2. A relative path begins at ``/``. Links are followed, at most ``LINKS`` of them on one way.
"""

from __future__ import annotations

import errno
import os
import stat
from typing import Final

from duality.core.io.simulated.world import error_of

LINKS: Final = 40
LONGEST: Final = 255, 4095
"""Bytes of the longest name, and of the longest path."""


class Node:
    """A file (``data``), a directory (``names``) or a symbolic link (``target``); the others are None."""

    __slots__ = ("cached", "changed", "data", "names", "number", "target")

    def __init__(self, number: int, changed: float) -> None:
        self.number = number
        self.changed = changed  # seconds since 1970
        self.data: bytearray | None = None
        self.names: dict[str, Node] | None = None
        self.target: str | None = None
        self.cached = False  # it is in memory, and reading it does not wait for the disk

    def status(self) -> os.stat_result:
        """What ``os.stat`` says of it. Numbers of users and devices mean nothing here."""
        kind = stat.S_IFDIR | 0o755 if self.data is None else stat.S_IFREG | 0o644
        size = 4096 if self.data is None else len(self.data)
        whole, exact = int(self.changed), int(self.changed * 1e9)
        times = {f"st_{letter}time": self.changed for letter in "amc"}
        times |= {f"st_{letter}time_ns": exact for letter in "amc"}
        return os.stat_result((kind, self.number, 1, 1, 0, 0, size, whole, whole, whole), times)


def walk(root: Node, path: str) -> tuple[Node, str, Node | None]:
    """Where ``path`` leads: a directory, the last name in it, and what has that name, if anything has.

    For ``/`` and ``..`` the name is empty. Raises OSError if there is no way to the directory.
    """
    steps = _steps(path)
    above: list[Node] = [root]
    links = 0
    while steps:
        name = steps.pop()
        if len(os.fsencode(name)) > LONGEST[0]:
            raise error_of(errno.ENAMETOOLONG, path)
        place = above[-1]
        if place.names is None:
            raise error_of(errno.ENOTDIR, path)
        if name == "..":
            above[1:] = above[1:-1]
        elif name != ".":
            node = place.names.get(name)
            if node is not None and node.target is not None:
                links += 1
                if links > LINKS:
                    raise error_of(errno.ELOOP, path)
                if node.target.startswith("/"):
                    del above[1:]
                steps += _steps(node.target)
            elif not steps:
                return place, name, node
            elif node is None:
                raise error_of(errno.ENOENT, path)
            else:
                above.append(node)
    return above[-1], "", above[-1]


def real_path(root: Node, path: str) -> str:
    """``path`` with every link followed, absolute; what is not there is left as it is, as ``os.path.realpath`` does."""
    return _real(root, "/", path, {})


def _steps(path: str) -> list[str]:
    """The names of a path, last first. A path that must be a directory ends in ``.``."""
    if "\0" in path:
        raise ValueError("embedded null byte")
    if not path:
        raise error_of(errno.ENOENT, path)
    if len(os.fsencode(path)) > LONGEST[1]:
        raise error_of(errno.ENAMETOOLONG, path)
    names = [name for name in path.split("/") if name]
    return [*(["."] if path.endswith("/") else []), *reversed(names)]


def _real(root: Node, base: str, path: str, seen: dict[str, str | None]) -> str:
    place = "/" if path.startswith("/") else base
    for name in path.split("/"):
        if name in ("", "."):
            continue
        if name == "..":
            place = os.path.dirname(place)
            continue
        here = os.path.join(place, name)
        node = _at(root, here)
        if node is None or node.target is None:
            place = here
        elif here in seen:
            place = seen[here] or here  # a circle: the link stays as it is
        else:
            seen[here] = None
            place = seen[here] = _real(root, place, node.target, seen)
    return place


def _at(root: Node, path: str) -> Node | None:
    """What is at ``path``, itself a link or not, if there is anything; its directories are no links."""
    node: Node | None = root
    for name in filter(None, path.split("/")):
        node = (node.names or {}).get(name) if node is not None else None
    return node
