"""An HTTP client that trusts nobody: it waits so long and no longer, reads so much and no more.

Rule: none of the server's own code is used here; what a server says is taken apart by hand.
"""

import socket
from collections.abc import Sequence

from attrs import frozen

PATIENCE = 10.0  # seconds for any one answer
MOST_HEAD = 64 * 1024
MOST_BODY = 16 * 1024 * 1024


class Mistaken(Exception):
    """The server did not do what it has to; ``str()`` is a sentence."""


@frozen
class Answer:
    """One response. head: status line and headers as they came, but for the ``Date``: two servers may differ in it."""

    status: int
    head: bytes
    body: bytes


class Client:
    """One connection to a server on loopback. Every method blocks, at most PATIENCE; raises Mistaken or OSError."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.rest = b""

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *error: object) -> None:
        self.socket.close()

    def ask(self, request: bytes, methods: Sequence[bytes] = (b"GET",)) -> list[Answer]:
        """Send ``request``, in which ``methods`` stand one after the other, and read as many answers."""
        self.socket.sendall(request)
        return [self._answer(method) for method in methods]

    def _answer(self, method: bytes) -> Answer:
        while b"\r\n\r\n" not in self.rest:
            if len(self.rest) > MOST_HEAD:
                raise Mistaken("the head of an answer has no end")
            self._more()
        head, _, self.rest = self.rest.partition(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        length = 0 if method == b"HEAD" else _length(lines)
        while len(self.rest) < length:
            self._more()
        body, self.rest = self.rest[:length], self.rest[length:]
        kept = b"\r\n".join(line for line in lines if not line.lower().startswith(b"date:"))
        return Answer(int(lines[0].split(b" ", 2)[1]), kept, body)

    def _more(self) -> None:
        data = self.socket.recv(1 << 18)
        if not data:
            raise Mistaken("the server closed a connection in the middle of an answer")
        self.rest += data


def _length(lines: Sequence[bytes]) -> int:
    for line in lines[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            length = int(value)
            if not 0 <= length <= MOST_BODY:
                raise Mistaken(f"an answer of {length} bytes is announced")
            return length
    raise Mistaken("an answer does not say how long it is")


def request(target: str, method: str = "GET", *headers: str) -> bytes:
    """The bytes of one request; the connection stays open."""
    return "\r\n".join((f"{method} {target} HTTP/1.1", "Host: duality", *headers, "", "")).encode()
