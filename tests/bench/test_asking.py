"""A server that answers wrongly is found out. The liars here are of our own making."""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from duality.bench.asking import ask, check
from duality.bench.process import BenchError

BODY = b"0123456789"
Reply = Callable[[bytes, int], bytes]


def response(status: int, body: bytes) -> bytes:
    return f"HTTP/1.1 {status} Word\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def honest(target: bytes, number: int) -> bytes:
    return response(200, BODY) if target == b"/page" else response(404, b"")


@contextmanager
def server(reply: Reply) -> Iterator[int]:
    """The port of a server that sends ``reply(target, number of the request on its connection)``."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            connection, _ = listener.accept()
            with connection:
                text, number = b"", 0
                while data := connection.recv(1 << 16):
                    text += data
                    while b"\r\n\r\n" in text:
                        head, _, text = text.partition(b"\r\n\r\n")
                        target = head.split()[1]
                        if target == b"/stop":
                            return
                        connection.sendall(reply(target, number))
                        number += 1

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        with socket.create_connection(listener.getsockname()) as connection:
            connection.sendall(b"GET /stop HTTP/1.1\r\n\r\n")
        thread.join()
        listener.close()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "page").write_bytes(BODY)
    return tmp_path


def test_an_honest_server_passes(root: Path) -> None:
    with server(honest) as port:
        answer = check(port, root, "/page")
    assert (answer.status, answer.body) == (200, BODY)


@pytest.mark.parametrize(
    ("lie", "found"),
    [
        (lambda target, number: response(200, BODY), "for a page that does not exist"),
        (lambda target, number: response(500, b""), "500 and 0 bytes"),
        (lambda target, number: honest(target, 0).replace(b"9", b"8"), "10 bytes, not the page"),
        (lambda target, number: honest(target if number == 0 else b"", 0), "404 and 0 bytes"),
        (lambda target, number: b"hello\r\n\r\n", "not HTTP/1.1"),
        (lambda target, number: honest(target, 0).replace(b"Content-Length", b"Length"), "not HTTP/1.1 with a length"),
    ],
    ids=["answers-anything", "fails", "one-wrong-byte", "only-the-first-of-two", "no-http", "no-length"],
)
def test_a_liar_is_found_out(root: Path, lie: Reply, found: str) -> None:
    with server(lie) as port, pytest.raises(BenchError, match=re.escape(found)):
        check(port, root, "/page")


def test_what_is_steady_in_an_answer_is_all_but_its_date() -> None:
    def dated(target: bytes, number: int) -> bytes:
        return response(200, BODY).replace(b"\r\n", f"\r\nDate: day {number}\r\n".encode(), 1)

    with server(dated) as port:
        first, second = ask(port, "/page", 2)
    assert first.head != second.head
    assert first.steady() == second.steady()
    assert first.steady() != BODY
