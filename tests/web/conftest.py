"""A server in a process of its own, on a port of the system's choice, and a client that speaks in raw bytes.

A server that dies, complains on its standard error, or does not end when told to, fails the test that used it.
"""

import json
import os
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from attrs import define, field

PATIENCE = 20.0
SERVE = """
import json, resource, sys
from duality import run
from duality.web import knot

options = json.loads(sys.argv[2])
if "descriptors" in options:
    resource.setrlimit(resource.RLIMIT_NOFILE, (options["descriptors"], options.pop("descriptors")))
run(knot, sys.argv[1], port=0, announce=lambda host, port: print(port, flush=True), **options)
"""


@define
class Answer:
    """One response, taken apart without help of the server's own code."""

    status: int
    headers: dict[str, str]
    body: bytes


@define
class Client:
    """Speaks to one server; every exchange is a connection of its own."""

    port: int
    pid: int

    def descriptors(self) -> int:
        """How many files the server has open now."""
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def connect(self) -> socket.socket:
        """A connection that gives up, loudly, after PATIENCE."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)

    def exchange(self, *pieces: bytes) -> bytes:
        """Send ``pieces`` one by one and then the end; return all that comes back before the server's end."""
        with self.connect() as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for piece in pieces:
                connection.sendall(piece)
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(1 << 16), b""))

    def ask(self, target: bytes, method: bytes = b"GET") -> Answer:
        """The answer to one ordinary request."""
        stream = self.exchange(method + b" " + target + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        (answer,) = answers(stream, [method])
        return answer

    def vanish(self, request: bytes) -> None:
        """Send ``request`` and reset the connection."""
        connection = self.connect()
        connection.sendall(request)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()


def answers(stream: bytes, methods: list[bytes] | None = None) -> list[Answer]:
    """Cut ``stream`` into responses. methods: of the requests, where some were HEAD."""
    found: list[Answer] = []
    while stream:
        head, _, stream = stream.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        version, status, _ = first.split(" ", 2)
        assert version == "HTTP/1.1"
        headers = dict(_header(line) for line in lines)
        length = int(headers["content-length"])
        if methods is not None and methods[len(found)] == b"HEAD":
            length = 0
        assert len(stream) >= length, "a body is cut short"
        found.append(Answer(int(status), headers, stream[:length]))
        stream = stream[length:]
    return found


def _header(line: str) -> tuple[str, str]:
    name, value = line.split(": ", 1)
    return name.lower(), value


@define
class Site:
    """A folder of files, which a server may serve."""

    root: Path
    stack: ExitStack = field(factory=ExitStack)

    def write(self, path: str, data: bytes, age: float = 10.0) -> bytes:
        """Write a file that was last changed ``age`` seconds ago; return ``data``."""
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        changed = place.stat().st_mtime - age
        os.utime(place, (changed, changed))
        return data


@contextmanager
def serving(side: str, root: Path, **options: Any) -> Iterator[Client]:
    """A client of a server that runs on ``side`` meanwhile.

    options: the application's and ``run``'s own, and ``descriptors``: how many files the process may have open.
    """
    arguments = json.dumps({"root": str(root), **options})
    with subprocess.Popen(
        [sys.executable, "-c", SERVE, side, arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        text=True,
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        try:
            assert line, "the server did not start"
            yield Client(int(line), process.pid)
            assert process.poll() is None, "the server has died"
        finally:
            process.send_signal(signal.SIGTERM)
            _, said = process.communicate(timeout=PATIENCE)
            assert "Traceback" not in said
            assert "Error" not in said
            assert process.returncode == 128 + signal.SIGTERM


@pytest.fixture(scope="module", params=["oracle", "threads", "events"])
def side(request: pytest.FixtureRequest) -> str:
    """On what the server runs."""
    return str(request.param)


@pytest.fixture
def start(side: str) -> Iterator[Callable[..., Client]]:
    """``start(root, **options)``: a server of the test's own, and a client of it."""
    with ExitStack() as stack:
        yield lambda root, **options: stack.enter_context(serving(side, root, **options))


SMALL = b"<h1>home</h1>\n"
PAGE = bytes(range(256)) * 32
LARGE = bytes(range(251)) * 12_000


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site that no test changes, and secrets beside it that no client may see."""
    outside = tmp_path_factory.mktemp("web")
    (outside / "secret.txt").write_bytes(b"SECRET")
    (outside / "private").mkdir()
    (outside / "private" / "index.html").write_bytes(b"SECRET")
    site = Site(outside / "site")
    site.write("index.html", SMALL)
    site.write("page.bin", PAGE)
    site.write("large.bin", LARGE)
    site.write("empty.txt", b"")
    site.write("sub/index.html", b"sub index")
    site.write("sub/deep/name with space & ü.txt", b"spaced")
    site.write("sub/..dots..", b"dots")
    site.write("style.css", b"p {}")
    site.write("archive.tar.gz", b"\x1f\x8b")
    (site.root / "bare").mkdir()
    (site.root / "inside.txt").symlink_to("sub/index.html")
    (site.root / "escape.txt").symlink_to(outside / "secret.txt")
    (site.root / "escape").symlink_to("../private")
    (site.root / "loop").symlink_to("loop")
    (site.root / "dangling").symlink_to("nothing")
    os.mkfifo(site.root / "pipe")
    return site


@pytest.fixture(scope="module")
def client(side: str, site: Site) -> Iterator[Client]:
    """A client of a server that all tests of a file share."""
    # With 32 MiB, a file is large from 512 KiB on.
    with serving(side, site.root, cache=32 * 1024 * 1024) as client:
        yield client


@pytest.fixture(name="answers")
def _answers() -> Callable[..., list[Answer]]:
    """``answers(stream, methods=None)``: the responses in a stream of bytes."""
    return answers
