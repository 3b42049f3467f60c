"""``net`` and ``disk``: all the I/O a spec has. The deployment binds them to an I/O core, real or simulated.

Rule: every operation here is one blocking point, of kind ``io``; errors are of the OSError family. The objects it gives
(listeners, connections, files) belong to the runtime that made them; ``Listener``, ``Connection`` and ``File`` say what
they offer.
"""

from collections.abc import Awaitable
from typing import Any, Protocol

from duality.core.current import running


class File(Protocol):
    """An open file. ``size``: bytes when it was opened."""

    path: str
    size: int

    def close(self) -> Awaitable[None]:
        """Close it; twice is fine."""


class Connection(Protocol):
    """A TCP connection. One task may receive while another sends."""

    def recv(self, max_bytes: int = 16384, /) -> Awaitable[bytes]:
        """Block until bytes are there; 1 to ``max_bytes`` of them, ``b""`` at the end of the stream."""

    def recv_exactly(self, length: int, /) -> Awaitable[bytes]:
        """Block until ``length`` bytes are there. Raises an OSError if the stream ends before."""

    def send(self, data: bytes, /) -> Awaitable[None]:
        """Block until the kernel has taken all of ``data``."""

    def send_file(self, file: File, offset: int = 0, length: int | None = None, /) -> Awaitable[int]:
        """Send bytes of ``file`` without copying them here; gives how many. ``length`` None: to its end."""

    def close(self) -> Awaitable[None]:
        """Close both directions; twice is fine. Others parked on it get an OSError."""


class Listener(Protocol):
    """A listening socket. ``port``: the one it really has."""

    host: str
    port: int

    def accept(self) -> Awaitable[Connection]:
        """Block until somebody connects."""

    def close(self) -> Awaitable[None]:
        """Stop listening; twice is fine."""


class Net:
    """TCP. Hosts are names or numeric addresses, IPv4 or IPv6."""

    def listen(self, host: str, port: int, **options: Any) -> Awaitable[Listener]:
        """Listen on ``host:port``; port 0 takes a free one. Raises OSError if it is taken.

        options: ``backlog`` (connections the kernel keeps for us) and ``reuse_port``.
        """
        listener: Awaitable[Listener] = running().verbs.net.listen(host, port, **options)
        return listener

    def connect(self, host: str, port: int) -> Awaitable[Connection]:
        """Block until connected. Raises ConnectionRefusedError and its kin."""
        connection: Awaitable[Connection] = running().verbs.net.connect(host, port)
        return connection


class Disk:
    """Files. Reads answer from the page cache at once and go to a pool of OS threads otherwise."""

    def open(self, path: str, mode: str = "r") -> Awaitable[File]:
        """Open ``path``; mode as the built-in's, always binary. Raises OSError."""
        file: Awaitable[File] = running().verbs.disk.open(path, mode)
        return file

    def read(self, file: File, offset: int, length: int) -> Awaitable[bytes]:
        """Read up to ``length`` bytes at ``offset``; fewer only at the end of the file."""
        data: Awaitable[bytes] = running().verbs.disk.read(file, offset, length)
        return data

    def write(self, file: File, offset: int, data: bytes) -> Awaitable[int]:
        """Write all of ``data`` at ``offset``; gives how many bytes."""
        count: Awaitable[int] = running().verbs.disk.write(file, offset, data)
        return count

    def stat(self, path: str) -> Awaitable[Any]:
        """What ``os.stat`` says of ``path``."""
        status: Awaitable[Any] = running().verbs.disk.stat(path)
        return status

    def listdir(self, path: str) -> Awaitable[list[str]]:
        """The names in a directory, sorted."""
        names: Awaitable[list[str]] = running().verbs.disk.listdir(path)
        return names

    def read_file(self, path: str) -> Awaitable[bytes]:
        """The whole content of ``path``."""
        data: Awaitable[bytes] = running().verbs.disk.read_file(path)
        return data

    def realpath(self, path: str) -> Awaitable[str]:
        """``path`` with every symbolic link followed. Raises OSError if it does not exist."""
        real: Awaitable[str] = running().verbs.disk.realpath(path)
        return real


net = Net()
disk = Disk()
