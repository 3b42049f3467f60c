"""The load client believes nothing: every answer is compared, and a server that stops answering is not waited for."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from duality.cli import client, rounds
from duality.cli.client import Client, Mistaken, request

BODY = b"x" * 100
GOOD = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + BODY


@contextmanager
def answering(answer: Callable[[int], bytes], *, pieces: int = 1) -> Iterator[int]:
    """A server whose n-th answer, over all its connections, is ``answer(n)``; b"" closes. Gives its port."""
    count = iter(range(10**6))

    def serve(connection: socket.socket) -> None:
        with connection, suppress(OSError):  # a client that has seen enough goes at once
            while connection.recv(1 << 16):
                data = answer(next(count))
                if not data:
                    return
                size = -(-len(data) // pieces)
                for at in range(0, len(data), size):
                    connection.sendall(data[at : at + size])

    def accept() -> None:
        with suppress(OSError):  # until the test is over
            while True:
                threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        listener.settimeout(client.PATIENCE)
        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.mark.parametrize("pieces", [1, 3])
def test_every_answer_is_counted(pieces: int) -> None:
    told: list[int] = []
    with answering(lambda n: GOOD, pieces=pieces) as port:
        rounds.drive(port, request("/"), BODY, 300, told.append)
    assert sum(told) == 300


@pytest.mark.parametrize(
    "wrong",
    [
        GOOD[:-1] + b"y",  # one byte of the body
        GOOD.replace(b"200 OK", b"404 No"),
        GOOD + b"more",
        b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 20_000,
        b"",
    ],
)
def test_one_wrong_answer_among_many_is_found(wrong: bytes) -> None:
    with answering(lambda n: wrong if n == 150 else GOOD) as port, pytest.raises(Mistaken):
        rounds.drive(port, request("/"), BODY, 300, lambda count: None)


def test_a_server_that_falls_silent_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "PATIENCE", 0.05)
    silent = threading.Event()

    def answer(number: int) -> bytes:
        if number >= 100:
            silent.wait(client.PATIENCE)
        return GOOD

    with answering(answer) as port:
        with pytest.raises(Mistaken, match="no answer for"):
            rounds.drive(port, request("/"), BODY, 300, lambda count: None)
        silent.set()


def test_a_head_is_read_without_a_body_and_a_body_to_its_length() -> None:
    head = GOOD[: -len(BODY)]
    with answering(lambda n: head + GOOD) as port, Client(port) as asking:
        one, two = asking.ask(request("/", "HEAD") + request("/"), (b"HEAD", b"GET"))
    assert (one.body, two.body, two.status) == (b"", BODY, 200)


def test_the_date_is_no_difference_between_two_answers() -> None:
    dated = [GOOD.replace(b"\r\nContent", b"\r\nDate: %d\r\nContent" % day) for day in (1, 2)]
    with answering(lambda n: dated[n]) as port, Client(port) as asking:
        assert asking.ask(request("/")) == asking.ask(request("/"))


@pytest.mark.parametrize(
    "wrong",
    [
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"a: b\r\n" * 20_000,
        b"",
    ],
)
def test_what_is_no_answer_is_no_answer(wrong: bytes) -> None:
    with answering(lambda n: wrong) as port, Client(port) as asking, pytest.raises(Mistaken):
        asking.ask(request("/"))
