import os
import select
import socket
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duality.core.contract import PENDING
from duality.core.io import BusyError, ClosedError, EndOfStream, receiving
from duality.core.io.poller import PATIENCE


def reset(raw):
    """Close so that the peer gets RST, not FIN."""
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    raw.close()


def test_what_has_come_is_answered_at_once(core, task):
    connection, raw = core.pair()
    raw.sendall(b"hello")
    assert connection.recv(task, 100) == b"hello"
    assert task.parked is None


def test_a_receiver_parks_until_bytes_come(core):
    connection, raw = core.pair()
    reader = core.start(connection.recv)
    assert reader.parked is connection
    assert core.io.pending == 1
    core.rounds()
    assert not reader.answers
    raw.sendall(b"late")
    assert core.finish(reader) == b"late"
    assert core.io.pending == 0


def test_a_short_read_spares_the_next_receiver_a_system_call(core, monkeypatch):
    connection, raw = core.pair()
    calls = []
    monkeypatch.setattr(receiving, "read", lambda fd, n: calls.append(n) or os.read(fd, n))
    raw.sendall(b"one")
    assert core.do(connection.recv, 100) == b"one"
    calls.clear()
    assert core.start(connection.recv, 100).parked is connection
    assert calls == []


def test_a_full_read_leaves_the_rest_for_the_next(core):
    connection, raw = core.pair()
    raw.sendall(b"abcdef")
    assert [core.do(connection.recv, 2) for _ in range(3)] == [b"ab", b"cd", b"ef"]


def test_a_parked_receiver_that_fills_up_leaves_the_rest_for_the_next(core):
    connection, raw = core.pair()
    reader = core.start(connection.recv, 2)
    raw.sendall(b"abcd")
    assert core.finish(reader) == b"ab"
    assert core.do(connection.recv, 2) == b"cd"


def test_the_end_is_seen_though_it_came_with_the_last_bytes(core):
    connection, raw = core.pair()
    reader = core.start(connection.recv)
    raw.sendall(b"bye")
    raw.shutdown(socket.SHUT_WR)
    assert core.finish(reader) == b"bye"
    assert core.do(connection.recv) == b""
    assert core.do(connection.recv) == b""


def test_a_half_closed_peer_can_still_be_answered(core):
    connection, raw = core.pair()
    raw.sendall(b"question")
    raw.shutdown(socket.SHUT_WR)
    assert core.do(connection.recv_exactly, 8) == b"question"
    assert core.do(connection.recv) == b""
    core.do(connection.send, b"answer")
    assert raw.recv(100) == b"answer"


@pytest.mark.parametrize("parked", [True, False])
def test_a_reset_is_an_error(core, parked):
    connection, raw = core.pair()
    if parked:
        reader = core.start(connection.recv)
        reset(raw)
    else:
        reset(raw)
        reader = core.start(connection.recv)
    with pytest.raises(ConnectionResetError):
        core.finish(reader)
    assert core.do(connection.recv) == b""


def test_a_reset_that_comes_between_the_event_and_the_read_is_not_swallowed(core):
    connection, raw = core.pair()
    reader = core.start(connection.recv)
    reset(raw)
    connection.on_event(select.EPOLLIN)  # the kernel had only told of bytes
    with pytest.raises(ConnectionResetError):
        core.finish(reader)
    assert core.start(connection.recv).answers == [(b"", None)]


def test_exactly_waits_for_all(core):
    connection, raw = core.pair()
    reader = core.start(connection.recv_exactly, 6)
    for piece in (b"ab", b"cd"):
        raw.sendall(piece)
        core.rounds()
        assert not reader.answers
    raw.sendall(b"efgh")
    assert core.finish(reader) == b"abcdef"
    assert core.do(connection.recv) == b"gh"


def test_exactly_nothing_is_answered_at_once(core, task):
    connection, _ = core.pair()
    assert connection.recv_exactly(task, 0) == b""


def test_exactly_tells_what_came_before_the_end(core):
    connection, raw = core.pair()
    reader = core.start(connection.recv_exactly, 6)
    raw.sendall(b"abc")
    raw.shutdown(socket.SHUT_WR)
    with pytest.raises(EndOfStream, match="3 of 6") as caught:
        core.finish(reader)
    assert caught.value.partial == b"abc"
    assert isinstance(caught.value, OSError)


def test_a_reset_in_the_middle_of_exactly_is_an_error(core):
    connection, raw = core.pair()
    reader = core.start(connection.recv_exactly, 6)
    raw.sendall(b"abc")
    core.rounds()
    reset(raw)
    with pytest.raises(ConnectionResetError):
        core.finish(reader)


def test_the_second_receiver_is_refused_and_the_first_not_disturbed(core):
    connection, raw = core.pair()
    first = core.start(connection.recv)
    for operation in (connection.recv, connection.recv_exactly):
        with pytest.raises(BusyError, match="receiving"):
            core.do(operation, 3)
    raw.sendall(b"one")
    assert core.finish(first) == b"one"


@pytest.mark.parametrize("operation", ["recv", "recv_exactly"])
def test_withdrawing_a_receiver_loses_no_byte(core, operation):
    connection, raw = core.pair()
    reader = core.start(getattr(connection, operation), 100)
    if operation == "recv_exactly":
        raw.sendall(b"early ")
        core.rounds()
    reader.parked.withdraw(reader)
    assert reader.parked is None
    assert core.io.pending == 0
    raw.sendall(b"late")
    raw.shutdown(socket.SHUT_WR)
    received = b""
    while data := core.do(connection.recv, 4):
        received += data
    assert received == (b"late" if operation == "recv" else b"early late")
    assert not reader.answers


def test_held_bytes_count_for_the_next_exactly(core):
    connection, raw = core.pair()
    reader = core.start(connection.recv_exactly, 10)
    raw.sendall(b"abcde")
    core.rounds()
    reader.parked.withdraw(reader)
    assert core.do(connection.recv_exactly, 2) == b"ab"
    again = core.start(connection.recv_exactly, 5)
    raw.sendall(b"fg")
    assert core.finish(again) == b"cdefg"


def test_one_connection_cannot_hold_the_processor(core, task):
    connection, raw = core.pair()
    raw.sendall(b"x" * 2 * PATIENCE)
    answers = [connection.recv(task, 1) for _ in range(PATIENCE)]
    assert answers == [b"x"] * (PATIENCE - 1) + [PENDING]
    assert task.parked is None
    assert list(core.ready) == [(task, b"x", None)]


@pytest.mark.parametrize("operation", ["recv", "recv_exactly"])
def test_closing_wakes_the_receiver(core, operation):
    connection, _ = core.pair()
    reader = core.start(getattr(connection, operation), 10)
    connection.close(None)
    assert core.io.pending == 0
    with pytest.raises(ClosedError):
        core.finish(reader)
    with pytest.raises(ClosedError):
        core.do(getattr(connection, operation), 10)


def test_receiving_on_a_drained_and_closed_connection_is_an_error(core):
    connection, raw = core.pair()
    raw.sendall(b"all there is")
    core.do(connection.recv)
    connection.close(None)
    with pytest.raises(ClosedError):
        core.do(connection.recv)


@pytest.mark.parametrize(("operation", "size"), [("recv", 0), ("recv", -1), ("recv_exactly", -1)])
def test_sizes_that_mean_nothing_are_refused(core, operation, size):
    connection, _ = core.pair()
    with pytest.raises(ValueError, match=str(size)):
        core.do(getattr(connection, operation), size)


asks = st.lists(st.tuples(st.sampled_from(["recv", "recv_exactly"]), st.integers(1, 3000)), min_size=1, max_size=12)


@settings(max_examples=40, deadline=None)
@given(pieces=st.lists(st.integers(1, 5000), max_size=12), asks=asks)
def test_the_bytes_received_are_the_bytes_sent(opened, poller, pieces, asks):
    """However they were cut by the sender, and however the receiver asks for them."""
    stream = bytes(i * 7 % 251 for i in range(sum(pieces)))
    with opened(poller) as core:
        connection, raw = core.pair()
        received, at = b"", 0
        for turn in range(max(len(pieces), len(asks))):
            operation, size = asks[turn % len(asks)]
            reader = core.start(getattr(connection, operation), size)
            if turn < len(pieces):
                raw.sendall(stream[at : at + pieces[turn]])
                at += pieces[turn]
            core.rounds(1)
            if reader.answers:
                received += core.finish(reader)
            else:
                reader.parked.withdraw(reader)
        raw.sendall(stream[at:])
        raw.shutdown(socket.SHUT_WR)
        while data := core.do(connection.recv, 1000):
            received += data
    assert received == stream
