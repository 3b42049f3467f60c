"""A byte stream between two tasks: what is sent arrives, once, in order; and how a stream ends."""

import errno

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from duality.core.contract import PENDING
from duality.core.io import BusyError, ClosedError, EndOfStream

PLENTY = bytes(range(256)) * 65536  # 16 MiB: more than any buffer


def told(core, operation, *args):
    """What comes of an operation: its value, or the number of its error."""
    try:
        return core.do(operation, *args)
    except OSError as error:
        return errno.errorcode[error.errno]


# ---- bytes


def test_what_is_sent_arrives_both_ways(core):
    near, far = core.duplex()
    assert core.do(near.send, b"there") is None
    assert core.do(far.send, b"and back") is None
    assert core.do(far.recv_exactly, 5) == b"there"
    assert core.do(near.recv_exactly, 8) == b"and back"


@pytest.mark.parametrize("make", [bytes, bytearray, memoryview])
def test_any_bytes_can_be_sent(core, make):
    near, far = core.duplex()
    core.do(near.send, make(b""))
    core.do(near.send, make(b"hello"))
    assert core.do(far.recv_exactly, 5) == b"hello"


def test_the_sender_may_change_its_bytes_once_they_are_sent(core):
    near, far = core.duplex()
    data = bytearray(b"first")
    core.do(near.send, data)
    data[:] = b"later"
    assert core.do(far.recv_exactly, 5) == b"first"


def test_a_reader_waits_for_bytes(core):
    near, far = core.duplex()
    reader = core.start(far.recv)
    assert core.waits(reader)
    core.do(near.send, b"x")
    assert core.finish(reader) == b"x"


def test_no_more_is_received_than_was_asked_for(core):
    near, far = core.duplex()
    core.do(near.send, b"abcdef")
    assert 1 <= len(first := core.do(far.recv, 4)) <= 4
    assert first + core.read(far, 6 - len(first)) == b"abcdef"


@pytest.mark.parametrize("asked", [0, -1])
def test_nobody_can_receive_less_than_a_byte(core, asked):
    near, _ = core.duplex()
    with pytest.raises(ValueError, match=f"{asked} bytes"):
        core.do(near.recv, asked)


def test_one_may_receive_while_another_sends(core):
    near, far = core.duplex()
    reader, sender = core.start(near.recv), core.start(near.send, PLENTY)
    core.do(far.send, b"!")
    assert core.finish(reader) == b"!"
    assert core.waits(sender)


def test_a_second_reader_is_refused_and_the_first_not_disturbed(core):
    near, far = core.duplex()
    reader = core.start(near.recv)
    for operation in (near.recv, near.recv_exactly):
        with pytest.raises(BusyError, match="receiving"):
            core.do(operation, 3)
    core.do(far.send, b"mine")
    assert b"mine".startswith(core.finish(reader))


def test_a_second_sender_is_refused_and_the_first_not_disturbed(core):
    near, far = core.duplex()
    sender = core.start(near.send, PLENTY)
    with pytest.raises(BusyError, match="sending"):
        core.do(near.send, b"me too")
    assert core.do(far.recv_exactly, len(PLENTY)) == PLENTY
    assert core.finish(sender) is None


# ---- all of it, however it is cut


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sent=st.lists(st.binary(max_size=300).map(lambda some: some * 700), max_size=8),
    received=st.lists(st.tuples(st.booleans(), st.integers(1, 90_000)), min_size=1, max_size=8),
)
def test_any_cutting_of_sends_and_receives_gives_the_same_bytes(opened, sent, received):
    whole = b"".join(sent)
    with opened() as core:
        near, far = core.duplex()
        left, sending, pieces, turn = list(sent), [], [], 0
        while pieces[-1:] != [b""]:
            while left and all(task.answers for task in sending):
                sending.append(core.start(near.send, left.pop(0)))
            if not left and all(task.answers for task in sending):
                near.close()
            exactly, size = received[turn % len(received)]
            turn += 1
            try:
                pieces.append(core.do(far.recv_exactly if exactly else far.recv, size))
            except EndOfStream as end:
                pieces += [end.partial, b""]
        assert b"".join(pieces) == whole
        assert core.do(far.recv) == b""
        for task in sending:
            core.finish(task)


# ---- back-pressure


def test_a_sender_of_megabytes_waits_until_they_are_read(core):
    near, far = core.duplex()
    sender = core.start(near.send, PLENTY)
    assert core.waits(sender)
    first = core.read(far, 1 << 20)
    assert core.waits(sender)
    assert first + core.read(far, len(PLENTY) - len(first)) == PLENTY
    assert core.finish(sender) is None


def test_two_that_send_without_receiving_wait_for_each_other(core):
    near, far = core.duplex()
    senders = [core.start(end.send, PLENTY) for end in (near, far)]
    assert core.waits(*senders)
    readers = [core.start(end.recv_exactly, len(PLENTY)) for end in (near, far)]
    for task in senders:
        assert core.finish(task) is None
    for task in readers:
        assert core.finish(task) == PLENTY


def test_a_peer_that_is_always_ready_cannot_hold_the_processor(core):
    near, far = core.duplex()
    core.do(near.send, b"x" * 500)
    core.pass_time(0.05)
    task = core.start(lambda task: PENDING)
    assert PENDING in [far.recv(task, 1) for _ in range(100)]


# ---- exactly so many


def test_recv_exactly_waits_for_the_last_byte(core):
    near, far = core.duplex()
    reader = core.start(far.recv_exactly, 6)
    for piece in (b"ab", b"cd"):
        core.do(near.send, piece)
        assert core.waits(reader)
    core.do(near.send, b"efgh")
    assert core.finish(reader) == b"abcdef"
    assert core.read(far, 2) == b"gh"


def test_no_bytes_are_there_at_once(core):
    near, far = core.duplex()
    assert core.do(near.recv_exactly, 0) == b""
    far.close()
    core.pass_time(0.02)
    assert core.do(near.recv_exactly, 0) == b""


def test_a_stream_that_ends_too_early_gives_what_had_come(core):
    near, far = core.duplex()
    reader = core.start(far.recv_exactly, 6)
    core.do(near.send, b"abcd")
    near.close()
    with pytest.raises(EndOfStream, match="4 of 6") as ended:
        core.finish(reader)
    assert ended.value.partial == b"abcd"
    assert core.do(far.recv) == b""
    with pytest.raises(EndOfStream, match="0 of 1"):
        core.do(far.recv_exactly, 1)


# ---- cancelled


def test_a_reader_that_was_cancelled_loses_no_byte(core):
    near, far = core.duplex()
    for operation in (far.recv, far.recv_exactly):
        reader = core.start(operation, 10)
        core.do(near.send, b"ab")
        reader.parked.withdraw(reader)
        assert reader.parked is None
        core.pass_time(0.05)
        assert not reader.answers
    assert core.read(far, 4) == b"abab"


def test_what_a_cancelled_recv_exactly_had_goes_to_the_next(core):
    near, far = core.duplex()
    reader = core.start(far.recv_exactly, len(PLENTY))
    sender = core.start(near.send, PLENTY[: 1 << 20])
    core.finish(sender)
    core.pass_time(0.05)
    reader.parked.withdraw(reader)
    core.do(near.send, b"end")
    assert core.do(far.recv_exactly, (1 << 20) + 3) == PLENTY[: 1 << 20] + b"end"


def test_a_sender_that_was_cancelled_has_sent_a_part(core):
    near, far = core.duplex()
    sender = core.start(near.send, PLENTY)
    sender.parked.withdraw(sender)
    assert sender.parked is None
    near.close()
    sent = core.read(far, len(PLENTY))
    assert not sender.answers
    assert 0 < len(sent) < len(PLENTY)
    assert PLENTY.startswith(sent)


# ---- the end


def test_the_end_comes_after_all_that_was_sent_and_comes_again(core):
    near, far = core.duplex()
    core.do(near.send, b"last words")
    near.close()
    assert core.read(far, 100) == b"last words"
    assert [core.do(far.recv) for _ in range(3)] == [b"", b"", b""]


def test_a_parked_reader_is_told_the_end(core):
    near, far = core.duplex()
    reader = core.start(far.recv)
    near.close()
    assert core.finish(reader) == b""


def test_after_the_end_one_may_send_until_the_peer_says_that_nobody_is_there(core):
    near, far = core.duplex()
    near.close()
    assert core.do(far.recv) == b""
    assert core.do(far.send, b"unheard") is None
    core.pass_time(0.05)
    assert [told(core, far.send, b"x"), told(core, far.send, b"x")] == ["EPIPE", "EPIPE"]
    assert core.do(far.recv) == b""


def reset(core):
    """An end whose peer closed with bytes unread, and whose own inbox has bytes that came before."""
    near, far = core.duplex()
    core.do(near.send, b"before")
    core.do(far.send, b"unread")
    core.pass_time(0.05)
    near.close()
    core.pass_time(0.05)
    return far


def test_closing_with_bytes_unread_resets_the_peer_who_gets_first_what_had_come(core):
    far = reset(core)
    assert core.read(far, 6) == b"before"
    with pytest.raises(ConnectionResetError):
        core.do(far.recv)
    assert core.do(far.recv) == b""
    with pytest.raises(BrokenPipeError):
        core.do(far.send, b"x")


def test_a_reset_is_told_once_to_whoever_asks_first(core):
    far = reset(core)
    assert told(core, far.send, b"x") == "ECONNRESET"
    assert told(core, far.send, b"x") == "EPIPE"
    assert core.read(far, 100) == b"before"
    assert core.do(far.recv) == b""


def test_a_reset_is_told_to_those_who_wait(core):
    near, far = core.duplex()
    core.do(near.send, b"unread")
    reader, sender = core.start(near.recv), core.start(near.send, PLENTY)
    core.pass_time(0.05)
    far.close()
    with pytest.raises(ConnectionResetError):
        core.finish(reader)
    with pytest.raises(BrokenPipeError):
        core.finish(sender)


def test_closing_wakes_those_who_wait(core):
    for operation in ("recv", "recv_exactly"):
        near, _far = core.duplex()
        reader, sender = core.start(getattr(near, operation), 5), core.start(near.send, PLENTY)
        near.close()
        for task in (reader, sender):
            with pytest.raises(ClosedError):
                core.finish(task)


def test_nothing_can_be_done_with_a_closed_connection_but_closing_it_again(core):
    near, far = core.duplex()
    core.do(far.send, b"in the inbox")
    core.pass_time(0.05)
    near.close()
    near.close()
    for operation, argument in ((near.recv, 10), (near.recv_exactly, 10), (near.send, b"x")):
        with pytest.raises(ClosedError):
            core.do(operation, argument)


# ---- files


@pytest.fixture
def file(core):
    core.put("f", PLENTY)
    return core.do(core.disk.open, core.path("f"))


@pytest.mark.parametrize(
    ("offset", "length"),
    [(0, None), (0, 10), (1000, None), (5, 1 << 20), (len(PLENTY) - 4, 100), (len(PLENTY) + 1, None), (0, 0)],
)
def test_a_part_of_a_file_is_sent(core, file, offset, length):
    near, far = core.duplex()
    expected = PLENTY[offset:] if length is None else PLENTY[offset : offset + length]
    sender = core.start(near.send_file, file, offset, length)
    assert core.read(far, len(expected)) == expected
    assert core.finish(sender) == len(expected)
    near.close()
    assert core.do(far.recv) == b""


def test_a_closed_file_is_not_sent(core, file):
    near, _ = core.duplex()
    file.close()
    with pytest.raises(ClosedError):
        core.do(near.send_file, file)


def test_a_file_that_is_closed_while_it_is_sent_is_not_sent_on(core, file):
    near, far = core.duplex()
    sender = core.start(near.send_file, file)
    assert core.waits(sender)
    file.close()
    reader = core.start(far.recv_exactly, len(PLENTY))
    with pytest.raises(ClosedError):
        core.finish(sender)
    assert core.waits(reader)


def test_a_file_that_may_not_be_read_is_not_sent(core):
    near, _ = core.duplex()
    file = core.do(core.disk.open, core.path("new"), "w")
    assert told(core, near.send_file, file) == "EBADF"


def test_sending_a_file_to_one_who_left_is_an_error(core, file):
    near, far = core.duplex()
    sender = core.start(near.send_file, file)
    far.close()
    with pytest.raises((BrokenPipeError, ConnectionResetError)):
        core.finish(sender)
    assert told(core, near.send_file, file) == "EPIPE"
