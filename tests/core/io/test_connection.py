import os
import socket

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duality.core.contract import PENDING
from duality.core.io import BusyError, ClosedError
from duality.core.io.poller import PATIENCE

PLENTY = bytes(range(256)) * 65536  # 16 MiB: more than any socket buffer here


def drain(raw, size):
    """Read ``size`` bytes from a plain socket without letting it block the test for ever."""
    pieces = []
    while size:
        pieces.append(raw.recv(min(size, 1 << 20)))
        assert pieces[-1], "the stream ended early"
        size -= len(pieces[-1])
    return b"".join(pieces)


def test_what_there_is_room_for_is_sent_at_once(core, task):
    connection, raw = core.pair()
    assert connection.send(task, b"hello") is None
    assert drain(raw, 5) == b"hello"


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_any_bytes_can_be_sent(core, kind):
    connection, raw = core.pair()
    core.do(connection.send, kind(b"hello"))
    core.do(connection.send, kind(b""))
    assert drain(raw, 5) == b"hello"


def test_a_sender_parks_until_the_peer_has_read(core):
    connection, raw = core.pair()
    sender = core.start(connection.send, PLENTY)
    assert sender.parked is connection
    assert core.io.pending == 1
    raw.setblocking(False)
    received = bytearray()
    while not sender.answers:
        try:
            while True:
                received += raw.recv(1 << 20)
        except BlockingIOError:
            core.rounds(1)
    raw.setblocking(True)
    received += drain(raw, len(PLENTY) - len(received))
    assert core.finish(sender) is None
    assert received == PLENTY


def test_sending_to_one_who_left_is_an_error(core):
    connection, raw = core.pair()
    sender = core.start(connection.send, PLENTY)
    raw.close()
    with pytest.raises((BrokenPipeError, ConnectionResetError)):
        core.finish(sender)
    with pytest.raises((BrokenPipeError, ConnectionResetError)):
        core.do(connection.send, b"more")


def test_the_second_sender_is_refused(core):
    connection, _ = core.pair()
    core.start(connection.send, PLENTY)
    with pytest.raises(BusyError, match="sending"):
        core.do(connection.send, b"mine")


def test_one_may_receive_while_another_sends(core):
    connection, raw = core.pair()
    reader = core.start(connection.recv)
    sender = core.start(connection.send, PLENTY)
    assert core.io.pending == 2
    raw.sendall(b"in between")
    assert core.finish(reader) == b"in between"
    assert not sender.answers


def test_a_withdrawn_sender_is_forgotten(core):
    connection, raw = core.pair()
    reader = core.start(connection.recv)
    sender = core.start(connection.send, PLENTY)
    sender.parked.withdraw(sender)
    assert sender.parked is None
    assert core.io.pending == 1
    raw.sendall(b"still here")
    assert core.finish(reader) == b"still here"
    core.start(connection.send, b"the next sender is not refused")
    assert not sender.answers


def test_a_peer_that_reads_everything_cannot_hold_the_processor(core, task):
    connection, _ = core.pair()
    answers = [connection.send(task, b"x") for _ in range(PATIENCE)]
    assert answers == [None] * (PATIENCE - 1) + [PENDING]
    assert list(core.ready) == [(task, None, None)]


def test_closing_wakes_the_sender(core):
    connection, _ = core.pair()
    sender = core.start(connection.send, PLENTY)
    connection.close(None)
    with pytest.raises(ClosedError):
        core.finish(sender)
    with pytest.raises(ClosedError):
        core.do(connection.send, b"more")


def test_closing_twice_is_closing_once(core):
    connection, raw = core.pair()
    fd = connection.fd
    connection.close(None)
    os.dup2(raw.fileno(), fd)  # the number goes to somebody else,
    try:
        connection.close(None)
        os.fstat(fd)  # who is left alone
    finally:
        os.close(fd)


def test_the_peer_sees_the_end(core):
    connection, raw = core.pair()
    core.do(connection.send, b"last words")
    connection.close(None)
    assert drain(raw, 10) == b"last words"
    assert raw.recv(1) == b""


def test_a_connection_knows_its_peer(core):
    connection, raw = core.pair()
    assert connection.peer == raw.getsockname()
    assert str(raw.getsockname()[1]) in repr(connection)


@settings(max_examples=15, deadline=None)
@given(sizes=st.lists(st.integers(1, 600_000), min_size=1, max_size=6), chunk=st.integers(1000, 200_000))
def test_a_stream_between_two_tasks_arrives_whole(opened, poller, sizes, chunk):
    """Both ends in one core, so that sender and receiver wait for each other."""
    messages = [bytes([i + 1]) * size for i, size in enumerate(sizes)]
    with opened(poller) as core:
        near, far = core.duplex()
        received = bytearray()
        for message in messages:
            sender = core.start(near.send, message)
            while len(received) < sum(sizes) and (not sender.answers or len(received) < len(message)):
                received += core.do(far.recv, chunk)
            core.finish(sender)
        near.close(None)
        while data := core.do(far.recv, chunk):
            received += data
    assert received == b"".join(messages)


def test_many_connections_at_once(core):
    listener = core.do(core.net.listen, "127.0.0.1", 0)
    clients = [core.start(core.net.connect, listener.host, listener.port) for _ in range(300)]
    served = [core.do(listener.accept) for _ in clients]
    clients = [core.finish(client) for client in clients]
    readers = [core.start(connection.recv) for connection in served]
    for number, client in enumerate(clients):
        core.do(client.send, b"%d" % number)
    assert sorted(int(core.finish(reader)) for reader in readers) == list(range(300))


def test_tcp_does_not_wait_for_more_to_send(core):
    near, far = core.duplex()
    for connection in (near, far):
        borrowed = socket.socket(fileno=os.dup(connection.fd))
        with borrowed:
            assert borrowed.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
