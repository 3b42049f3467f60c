import os
import resource
import socket
import struct

import pytest

from duality.core.contract import PENDING
from duality.core.io import ClosedError
from duality.core.io.poller import PATIENCE


@pytest.fixture
def listener(core):
    return core.do(core.net.listen, "127.0.0.1", 0)


@pytest.fixture
def dial(listener):
    """Plain sockets that connect to the listener."""
    dialled = []

    def dial():
        dialled.append(socket.create_connection((listener.host, listener.port), timeout=30))
        return dialled[-1]

    yield dial
    for raw in dialled:
        raw.close()


@pytest.fixture
def no_descriptors():
    """Call it, and no more descriptors can be had; until the answer is called."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)

    def release():
        resource.setrlimit(resource.RLIMIT_NOFILE, before)

    def withhold():
        lowest_free = os.dup(0)
        os.close(lowest_free)
        resource.setrlimit(resource.RLIMIT_NOFILE, (lowest_free, before[1]))
        return release

    yield withhold
    release()


def test_who_is_in_the_backlog_is_accepted_at_once(listener, dial, task):
    raw = dial()
    assert listener.accept(task).peer == raw.getsockname()


def test_an_acceptor_parks_until_somebody_connects(core, listener, dial):
    acceptor = core.start(listener.accept)
    assert acceptor.parked is listener
    assert core.io.pending == 1
    raw = dial()
    assert core.finish(acceptor).peer == raw.getsockname()
    assert core.io.pending == 0


def test_acceptors_are_served_first_in_first_out(core, listener, dial):
    acceptors = [core.start(listener.accept) for _ in range(3)]
    peers = [dial().getsockname() for _ in acceptors]
    assert [core.finish(acceptor).peer for acceptor in acceptors] == peers


def test_who_came_while_nobody_accepted_is_not_forgotten(core, listener, dial):
    first = core.start(listener.accept)
    dial(), dial()
    core.finish(first)
    core.rounds()
    core.do(listener.accept)
    third = core.start(listener.accept)
    core.rounds()
    assert not third.answers
    dial()
    core.finish(third)


def test_an_idle_listener_is_not_pending(core, listener, dial):
    assert core.io.pending == 0
    dial()
    core.io.poll(True)
    assert core.io.pending == 0


def test_a_withdrawn_acceptor_leaves_its_turn_to_the_next(core, listener, dial):
    gone, stays = core.start(listener.accept), core.start(listener.accept)
    gone.parked.withdraw(gone)
    assert gone.parked is None
    raw = dial()
    assert core.finish(stays).peer == raw.getsockname()
    assert not gone.answers
    assert core.io.pending == 0


def test_without_descriptors_the_caller_is_told_and_the_peer_waits(core, listener, dial, no_descriptors):
    raw = dial()
    release = no_descriptors()
    for _ in range(3):
        with pytest.raises(OSError, match="Too many open files"):
            core.do(listener.accept)
    release()
    assert core.do(listener.accept).peer == raw.getsockname()


def test_without_descriptors_every_waiting_acceptor_is_told(core, listener, dial, no_descriptors):
    acceptors = [core.start(listener.accept) for _ in range(2)]
    raw = dial()
    release = no_descriptors()
    for acceptor in acceptors:
        with pytest.raises(OSError, match="Too many open files"):
            core.finish(acceptor)
    release()
    assert core.do(listener.accept).peer == raw.getsockname()


def test_a_peer_that_gave_up_in_the_backlog_harms_nobody(core, listener, dial):
    gone = dial()
    gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    gone.close()
    raw = dial()
    peers = []
    while raw.getsockname() not in peers:  # the kernel may hand out the dead connection, or drop it
        peers.append(core.do(listener.accept).peer)
    assert len(peers) <= 2


def test_a_crowd_cannot_hold_the_processor(core, listener, dial, task):
    for _ in range(PATIENCE):
        dial()
    answers = [listener.accept(task) for _ in range(PATIENCE)]
    assert answers.index(PENDING) == PATIENCE - 1
    [(who, connection, error)] = core.ready
    assert (who, error) == (task, None)
    assert connection not in answers


def test_closing_wakes_every_acceptor(core, listener):
    acceptors = [core.start(listener.accept) for _ in range(2)]
    listener.close(None)
    listener.close(None)
    for acceptor in acceptors:
        with pytest.raises(ClosedError):
            core.finish(acceptor)
    with pytest.raises(ClosedError):
        core.do(listener.accept)
    assert core.io.pending == 0


def test_a_closed_listener_refuses(core, listener, dial):
    listener.close(None)
    with pytest.raises(ConnectionRefusedError):
        dial()
    assert "closed" in repr(listener)
