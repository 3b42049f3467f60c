import os
import socket

import pytest

from duality.core.io import ClosedError
from duality.core.io.outgoing import OutgoingBytes, OutgoingFile

PLENTY = os.urandom(1 << 20) * 8


@pytest.fixture
def ends():
    near, far = socket.socketpair()
    near.setblocking(False)
    far.setblocking(False)
    with near, far:
        yield near, far


@pytest.fixture
def file(core, tmp_path):
    (tmp_path / "plenty").write_bytes(PLENTY)
    return core.do(core.disk.open, str(tmp_path / "plenty"))


def pump(outgoing, near, far):
    """Advance and read in turns until all is sent; give what came."""
    received = bytearray()
    done = False
    while not done:
        done = outgoing.advance(near.fileno())
        try:
            while True:
                received += far.recv(1 << 20)
        except BlockingIOError:
            pass
    return bytes(received)


def test_bytes_go_out_as_there_is_room(ends):
    outgoing = OutgoingBytes(memoryview(PLENTY))
    assert outgoing.advance(ends[0].fileno()) is False
    assert pump(outgoing, *ends) == PLENTY
    assert outgoing.result is None


@pytest.mark.parametrize(
    ("offset", "length"), [(0, None), (5, None), (5, 3_000_000), (0, len(PLENTY) * 2), (7, 0), (len(PLENTY), None)]
)
def test_a_file_goes_out_as_there_is_room(ends, file, offset, length):
    outgoing = OutgoingFile(file, offset, length)
    expected = PLENTY[offset:] if length is None else PLENTY[offset : offset + length]
    assert pump(outgoing, *ends) == expected
    assert outgoing.result == len(expected)


def test_a_file_closed_on_its_way_is_an_error(ends, file):
    outgoing = OutgoingFile(file, 0, None)
    assert outgoing.advance(ends[0].fileno()) is False
    file.close(None)
    with pytest.raises(ClosedError, match="while it was being sent"):
        outgoing.advance(ends[0].fileno())


def test_send_file_parks_and_answers_how_many(core, file):
    near, far = core.duplex()
    sender = core.start(near.send_file, file, 100, 5_000_000)
    assert sender.parked is near
    received = core.do(far.recv_exactly, 5_000_000)
    assert core.finish(sender) == 5_000_000
    assert received == PLENTY[100:5_000_100]


def test_send_file_of_little_is_answered_at_once(core, file, task):
    near, far = core.duplex()
    assert near.send_file(task, file, 10, 20) == 20
    assert core.do(far.recv) == PLENTY[10:30]


def test_send_file_tells_which_of_the_two_is_closed(core, file):
    near, _ = core.duplex()
    sender = core.start(near.send_file, file)
    near.close(None)
    with pytest.raises(ClosedError, match="connection"):
        core.finish(sender)
    with pytest.raises(ClosedError, match="connection"):
        core.do(near.send_file, file)
    other, _ = core.duplex()
    file.close(None)
    with pytest.raises(ClosedError, match="file"):
        core.do(other.send_file, file)


def test_a_withdrawn_send_file_is_forgotten(core, file):
    near, far = core.duplex()
    sender = core.start(near.send_file, file)
    sender.parked.withdraw(sender)
    assert core.io.pending == 0
    file.close(None)
    near.close(None)
    while core.do(far.recv, 1 << 20):
        pass
    assert not sender.answers
