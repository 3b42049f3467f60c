"""Is it a peer at all? Ask a server for the page, in every manner that the benchmark relies on.

Rule: whoever answers wrongly is not measured.
"""

import re
import socket
from pathlib import Path
from typing import BinaryIO

from attrs import frozen

from duality.bench.process import BenchError

PATIENCE = 10.0  # seconds for one answer


@frozen
class Answer:
    """One response: its status, the headers as they came, its body."""

    status: int
    head: bytes
    body: bytes

    def steady(self) -> bytes:
        """The whole response without the moment it was made at."""
        return re.sub(rb"\r\nDate: [^\r]*", b"\r\nDate: -", self.head) + self.body


def ask(port: int, path: str, times: int = 1) -> list[Answer]:
    """Send ``times`` requests in one piece on one connection and return the answers. Raises BenchError, OSError."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode() * times)
        stream = connection.makefile("rb")
        with stream:
            return [_answer(stream) for _ in range(times)]


def _answer(stream: BinaryIO) -> Answer:
    lines: list[bytes] = []
    while not lines or lines[-1] not in (b"\r\n", b""):
        lines.append(stream.readline())
    head = b"".join(lines)
    status = re.match(rb"HTTP/1\.1 (\d{3}) ", head)
    length = re.search(rb"\r\ncontent-length: *(\d+)\r\n", head, re.IGNORECASE)
    if status is None or length is None:
        raise BenchError(f"An answer is not HTTP/1.1 with a length: {head[:80]!r}.")
    return Answer(int(status[1]), head, stream.read(int(length[1])))


def check(port: int, root: Path, path: str) -> Answer:
    """Ask once, then twice in one piece, and for what is not there; return the page's answer.

    Raises BenchError at the first wrong byte, OSError if the server hangs up.
    """
    body = root.joinpath(path.lstrip("/")).read_bytes()
    first, *more = ask(port, path) + ask(port, path, 2)
    for answer in (first, *more):
        if (answer.status, answer.body) != (200, body):
            raise BenchError(f"The server answered {answer.status} and {len(answer.body)} bytes, not the page.")
    (lost,) = ask(port, path + ".not-there")
    if lost.status != 404:
        raise BenchError(f"The server answered {lost.status} for a page that does not exist.")
    return first
