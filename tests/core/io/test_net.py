import errno
import os
import socket
import threading

import pytest

from duality.core.contract import PENDING
from duality.core.io import net, pool


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


needs_ipv6 = pytest.mark.skipif(not has_ipv6(), reason="no IPv6 here")


@pytest.fixture
def deaf():
    """A port that is taken, and refuses."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "", pytest.param("::1", marks=needs_ipv6)])
def test_listening_to_a_known_host_is_immediate(core, task, host):
    listener = core.net.listen(task, host, 0)
    assert listener is not PENDING
    assert listener.port > 0
    assert task.parked is None


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", pytest.param("::1", marks=needs_ipv6)])
def test_both_ends_meet(core, host):
    listener = core.do(core.net.listen, host, 0)
    accepting = core.start(listener.accept)
    near = core.do(core.net.connect, host, listener.port)
    far = core.finish(accepting)
    assert near.peer == (listener.host, listener.port)
    core.do(near.send, b"ping")
    assert core.do(far.recv) == b"ping"
    core.do(far.send, b"pong")
    assert core.do(near.recv) == b"pong"


def test_connecting_parks_and_counts(core):
    listener = core.do(core.net.listen, "127.0.0.1", 0)
    connecting = core.start(core.net.connect, "127.0.0.1", listener.port)
    assert connecting.parked is not None
    assert core.io.pending == 1
    core.finish(connecting)
    assert core.io.pending == 0


def test_a_refused_connection_is_an_error_and_leaks_nothing(core, deaf):
    with pytest.raises(ConnectionRefusedError):
        core.do(core.net.connect, "127.0.0.1", deaf)
    assert core.io.leaked() == []


@needs_ipv6
def test_the_next_address_is_tried_when_one_refuses(core):
    listener = core.do(core.net.listen, "::1", 0)
    near = core.do(core.net.connect, "localhost", listener.port)
    assert near.peer == ("::1", listener.port)


@needs_ipv6
def test_when_all_refuse_the_first_refusal_is_told(core, monkeypatch, deaf):
    monkeypatch.setattr(
        net,
        "look_up",
        lambda host, port: [
            (socket.AF_INET, ("127.0.0.1", port)),
            (socket.AF_INET6, ("fe80::1", port, 0, 0)),  # a link-local address without a link: EINVAL
        ],
    )
    with pytest.raises(ConnectionRefusedError):
        core.do(core.net.connect, "two.addresses", deaf)
    assert core.io.leaked() == []


def test_a_withdrawn_attempt_leaves_no_socket(core):
    listener = core.do(core.net.listen, "127.0.0.1", 0)
    connecting = core.start(core.net.connect, "127.0.0.1", listener.port)
    fd = connecting.parked.fd
    connecting.parked.withdraw(connecting)
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(fd)
    core.rounds()
    assert not connecting.answers
    assert connecting.parked is None
    assert core.io.pending == 0
    assert core.io.leaked() == [repr(listener)]


def test_an_attempt_does_not_outlive_the_core(poller, opened):
    with opened(poller) as core:
        listener = core.do(core.net.listen, "127.0.0.1", 0)
        fd = core.start(core.net.connect, "127.0.0.1", listener.port).parked.fd
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(fd)


def test_a_taken_port_is_an_error(core):
    taken = core.do(core.net.listen, "127.0.0.1", 0)
    with pytest.raises(OSError, match=os.strerror(errno.EADDRINUSE)):
        core.do(core.net.listen, "127.0.0.1", taken.port)
    assert core.io.leaked() == [repr(taken)]


def test_a_port_can_be_shared_by_those_who_say_so(core):
    first = core.do(core.net.listen, "127.0.0.1", 0, reuse_port=True)
    second = core.do(core.net.listen, "127.0.0.1", first.port, reuse_port=True)
    assert second.port == first.port


def test_a_name_is_looked_up_by_another_os_thread(core, monkeypatch):
    asked = []

    def look_up(host, port):
        asked.append((host, threading.current_thread() is threading.main_thread()))
        return [(socket.AF_INET, ("127.0.0.1", port))]

    monkeypatch.setattr(net, "look_up", look_up)
    listener = core.do(core.net.listen, "some.name", 0)
    near = core.do(core.net.connect, "other.name", listener.port)
    assert near.peer == ("127.0.0.1", listener.port)
    assert asked == [("some.name", False), ("other.name", False)]


@pytest.mark.parametrize("operation", ["listen", "connect"])
def test_an_unknown_name_is_an_error(core, monkeypatch, operation):
    def look_up(host, port):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(net, "look_up", look_up)
    with pytest.raises(socket.gaierror, match="not known"):
        core.do(getattr(core.net, operation), "no.such.name", 80)


@pytest.mark.parametrize("operation", ["listen", "connect"])
def test_a_name_without_addresses_is_an_error(core, monkeypatch, operation):
    monkeypatch.setattr(net, "look_up", lambda host, port: [])
    with pytest.raises(OSError, match="no address"):
        core.do(getattr(core.net, operation), "no.address", 80)


def test_a_withdrawn_look_up_connects_nobody(core, monkeypatch):
    monkeypatch.setattr(pool, "THREADS", 1)
    monkeypatch.setattr(net, "look_up", lambda host, port: [(socket.AF_INET, ("127.0.0.1", port))])
    listener = core.do(core.net.listen, "127.0.0.1", 0)
    connecting = core.start(core.net.connect, "some.name", listener.port)
    connecting.parked.withdraw(connecting)
    assert core.io.pending == 0
    core.do(core.disk.stat, "/")  # by the same OS thread, so that the look-up is done, too
    assert not connecting.answers
    assert core.io.leaked() == [repr(listener)]


def test_a_port_out_of_range_is_refused(core):
    for operation in (core.net.listen, core.net.connect):
        with pytest.raises(ValueError, match="65536"):
            core.do(operation, "127.0.0.1", 65536)
    assert core.io.leaked() == []
