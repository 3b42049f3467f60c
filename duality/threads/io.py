"""Input and output, among threads: a call that returns when the I/O core has answered.

Dual of ``events/io.py``. The core's methods want to know who asks and may answer later; a thread asks in its own name
and parks until then.
"""

from typing import Any

from duality.core.contract import PENDING


class Facade:
    """Stands before an object of the I/O core; its methods block the thread instead of answering PENDING."""

    __slots__ = ("block", "core", "rest", "runtime", "scheduler")

    def __init__(self, core: Any, runtime: Any) -> None:
        self.core = core
        self.runtime = runtime
        self.scheduler = runtime.scheduler
        self.block = runtime.block
        self.rest = runtime.rest

    def __repr__(self) -> str:
        return repr(self.core)


class Connection(Facade):
    """A connection."""

    __slots__ = ()

    @property
    def peer(self) -> tuple[str, int]:
        """The other end: host and port."""
        return self.core.peer  # type: ignore[no-any-return]

    def recv(self, max_bytes: int = 16384) -> bytes:
        """Block until bytes are there."""
        # Here and in `send`, `block` is written out: a call less for each, twice per request of a server.
        answer = self.core.recv(self.scheduler.current, max_bytes)
        return self.rest() if answer is PENDING else answer  # type: ignore[no-any-return]

    def recv_exactly(self, length: int) -> bytes:
        """Block until ``length`` bytes are there."""
        return self.block(self.core.recv_exactly(self.scheduler.current, length))  # type: ignore[no-any-return]

    def send(self, data: bytes) -> None:
        """Block until the kernel has taken all of ``data``."""
        if self.core.send(self.scheduler.current, data) is PENDING:
            self.rest()

    def send_file(self, file: "File", offset: int = 0, length: int | None = None) -> int:
        """Block until the file's bytes are sent."""
        sent = self.core.send_file(self.scheduler.current, file.core, offset, length)
        return self.block(sent)  # type: ignore[no-any-return]

    def close(self) -> None:
        """Close it."""
        self.block(self.core.close(self.scheduler.current))


class Listener(Facade):
    """A listening socket."""

    __slots__ = ()

    @property
    def host(self) -> str:
        """The address it listens on."""
        return self.core.host  # type: ignore[no-any-return]

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self.core.port  # type: ignore[no-any-return]

    def accept(self) -> Connection:
        """Block until somebody connects."""
        core = self.block(self.core.accept(self.scheduler.current))
        return Connection(core, self.runtime)

    def close(self) -> None:
        """Stop listening."""
        self.block(self.core.close(self.scheduler.current))


class File(Facade):
    """An open file."""

    __slots__ = ()

    @property
    def path(self) -> str:
        """The path it was opened by."""
        return self.core.path  # type: ignore[no-any-return]

    @property
    def size(self) -> int:
        """Bytes, when it was opened."""
        return self.core.size  # type: ignore[no-any-return]

    def close(self) -> None:
        """Close it."""
        self.block(self.core.close(self.scheduler.current))


class Net(Facade):
    """``net`` for threads."""

    __slots__ = ()

    def listen(self, host: str, port: int, **options: Any) -> Listener:
        """Listen on ``host:port``."""
        core = self.block(self.core.listen(self.scheduler.current, host, port, **options))
        return Listener(core, self.runtime)

    def connect(self, host: str, port: int) -> Connection:
        """Block until connected."""
        core = self.block(self.core.connect(self.scheduler.current, host, port))
        return Connection(core, self.runtime)


class Disk(Facade):
    """``disk`` for threads."""

    __slots__ = ()

    def open(self, path: str, mode: str = "r") -> File:
        """Open a file."""
        core = self.block(self.core.open(self.scheduler.current, path, mode))
        return File(core, self.runtime)

    def read(self, file: File, offset: int, length: int) -> bytes:
        """Block until the bytes are there."""
        return self.block(self.core.read(self.scheduler.current, file.core, offset, length))  # type: ignore[no-any-return]

    def write(self, file: File, offset: int, data: bytes) -> int:
        """Block until the bytes are written."""
        return self.block(self.core.write(self.scheduler.current, file.core, offset, data))  # type: ignore[no-any-return]

    def stat(self, path: str) -> Any:
        """Block until the file's status is known."""
        return self.block(self.core.stat(self.scheduler.current, path))

    def listdir(self, path: str) -> list[str]:
        """Block until the names are known."""
        return self.block(self.core.listdir(self.scheduler.current, path))  # type: ignore[no-any-return]

    def read_file(self, path: str) -> bytes:
        """Block until the whole file is read."""
        return self.block(self.core.read_file(self.scheduler.current, path))  # type: ignore[no-any-return]

    def realpath(self, path: str) -> str:
        """Block until the path is resolved."""
        return self.block(self.core.realpath(self.scheduler.current, path))  # type: ignore[no-any-return]


def net(runtime: Any) -> Net:
    """``net``, bound to the run's I/O core."""
    return Net(runtime.io.net, runtime)


def disk(runtime: Any) -> Disk:
    """``disk``, bound to the run's I/O core."""
    return Disk(runtime.io.disk, runtime)
