"""How connections come to be, and how they do not."""

import errno
import socket

import pytest

from duality.core.io import ClosedError


def number_of(error):
    return errno.errorcode[error.value.errno]


def meet(core, listener, host=None):
    """Connect to a listener; both ends."""
    accepting = core.start(listener.accept)
    near = core.do(core.net.connect, host or listener.host, listener.port)
    return near, core.finish(accepting)


def test_each_end_knows_the_other(core):
    near, far = core.duplex()
    other, _ = core.duplex()
    assert near.peer[0] == far.peer[0] == "127.0.0.1"
    assert near.peer[1] != far.peer[1]
    assert isinstance(other.peer[1], int)


def test_a_listener_knows_where_it_is(core):
    listener = core.listening()
    assert listener.host == "127.0.0.1"
    assert 1024 <= listener.port <= 65535
    assert core.listening().port != listener.port
    assert f"127.0.0.1:{listener.port}" in repr(listener)


@pytest.mark.parametrize(
    ("listens", "connects"),
    [
        ("127.0.0.1", "localhost"), ("localhost", "127.0.0.1"), ("", "127.0.0.1"), ("0.0.0.0", "0.0.0.0"),
        ("::1", "::1"), ("::1", "localhost"), ("::", "::1"), ("::", "127.0.0.1"), ("", "localhost"),
    ],
)  # fmt: skip
def test_a_machine_is_reached_at_its_addresses(core, listens, connects):
    near, far = meet(core, core.listening(listens), connects)
    core.do(near.send, b"x")
    assert core.do(far.recv) == b"x"


@pytest.mark.parametrize(("listens", "connects"), [("127.0.0.1", "::1"), ("::1", "127.0.0.1"), ("", "::1")])
def test_nobody_is_reached_at_another_address(core, listens, connects):
    listener = core.listening(listens)
    with pytest.raises(ConnectionRefusedError) as error:
        core.do(core.net.connect, connects, listener.port)
    assert number_of(error) == "ECONNREFUSED"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_where_nobody_listens_one_is_refused(core, host):
    listener = core.listening()
    listener.close()
    with pytest.raises(ConnectionRefusedError):
        core.do(core.net.connect, host, listener.port)


@pytest.mark.parametrize("port", [-1, 65536])
def test_there_is_no_such_port(core, port):
    for operation in (core.net.listen, core.net.connect):
        with pytest.raises(ValueError, match="0 to 65535"):
            core.do(operation, "127.0.0.1", port)


def test_a_name_that_means_nothing(core):
    for operation in (core.net.listen, core.net.connect):
        with pytest.raises(socket.gaierror):
            core.do(operation, "no.such.host.invalid", 80)


@pytest.mark.parametrize(
    ("first", "second"), [("127.0.0.1", "127.0.0.1"), ("", "127.0.0.1"), ("127.0.0.1", ""), ("::1", "::1"), ("::", "")]
)
def test_an_address_is_used_once(core, first, second):
    listener = core.listening(first)
    with pytest.raises(OSError, match="in use") as error:
        core.do(core.net.listen, second, listener.port)
    assert number_of(error) == "EADDRINUSE"
    listener.close()
    assert core.do(core.net.listen, second, listener.port).port == listener.port


def test_localhost_has_a_second_address(core):
    first = core.listening("localhost")
    second = core.do(core.net.listen, "localhost", first.port)
    assert (first.host, second.host) == ("127.0.0.1", "::1")
    with pytest.raises(OSError, match="in use"):
        core.do(core.net.listen, "localhost", first.port)


def test_a_port_can_be_shared_by_those_who_say_so(core):
    first = core.listening(reuse_port=True)
    second = core.do(core.net.listen, first.host, first.port, reuse_port=True)
    with pytest.raises(OSError, match="in use"):
        core.do(core.net.listen, first.host, first.port)
    accepting = [core.start(one.accept) for one in (first, second) for _ in range(40)]
    connected = [core.do(core.net.connect, first.host, first.port) for _ in range(40)]
    core.pass_time(0.05)
    served = [bool(task.answers) for task in accepting]
    assert sum(served) == len(connected)
    assert any(served[:40])
    assert any(served[40:])


# ---- accepting


def test_one_may_connect_and_send_before_anybody_accepts(core):
    listener = core.listening()
    near = core.do(core.net.connect, listener.host, listener.port)
    core.do(near.send, b"early")
    near.close()
    far = core.do(listener.accept)
    assert core.read(far, 100) == b"early"


def test_those_who_accept_are_served_in_order(core):
    listener = core.listening()
    accepting = [core.start(listener.accept) for _ in range(3)]
    assert core.waits(*accepting)
    for number in range(3):
        core.do(core.net.connect, listener.host, listener.port)
        core.finish(accepting[number])
        assert [bool(task.answers) for task in accepting] == [place <= number for place in range(3)]


def test_whoever_stops_accepting_takes_no_connection_along(core):
    listener = core.listening()
    first, second, third = (core.start(listener.accept) for _ in range(3))
    second.parked.withdraw(second)
    assert second.parked is None
    clients = [core.do(core.net.connect, listener.host, listener.port) for _ in range(2)]
    served = [core.finish(first), core.finish(third)]
    assert not second.answers
    assert len({end.peer for end in served}) == len(clients)


def test_whoever_stops_connecting_leaves_nothing_behind(core):
    listener = core.listening()
    connecting = core.start(core.net.connect, listener.host, listener.port)
    connecting.parked.withdraw(connecting)
    assert connecting.parked is None
    core.pass_time(0.05)
    assert not connecting.answers
    assert core.io.leaked() == [repr(listener)]
    accepting = core.start(listener.accept)
    core.do(core.net.connect, listener.host, listener.port)
    far = core.finish(accepting)  # may be of the one who left
    assert far.peer[0] == "127.0.0.1"


def test_closing_a_listener_wakes_those_who_accept(core):
    listener = core.listening()
    accepting = [core.start(listener.accept) for _ in range(2)]
    listener.close()
    listener.close()
    for task in (*accepting, core.start(listener.accept)):
        with pytest.raises(ClosedError):
            core.finish(task)
    assert "(closed)" in repr(listener)


def test_closing_a_listener_resets_those_nobody_has_accepted(core):
    listener = core.listening()
    near = core.do(core.net.connect, listener.host, listener.port)
    reader = core.start(near.recv)
    listener.close()
    with pytest.raises(ConnectionResetError):
        core.finish(reader)


def test_connections_outlive_their_listener(core):
    listener = core.listening()
    near, far = meet(core, listener)
    listener.close()
    core.do(near.send, b"still here")
    assert core.read(far, 10) == b"still here"


def test_many_at_once(core):
    listener = core.listening()
    connecting = [core.start(core.net.connect, listener.host, listener.port) for _ in range(200)]
    served = [core.do(listener.accept) for _ in connecting]
    clients = [core.finish(task) for task in connecting]
    readers = [core.start(end.recv_exactly, 3) for end in served]
    for number, client in enumerate(clients):
        core.do(client.send, b"%03d" % number)
    assert sorted(int(core.finish(reader)) for reader in readers) == list(range(200))


# ---- descriptors


def test_without_descriptors_nothing_is_opened(core):
    core.put("f", b"")
    listener = core.listening()
    with core.only(0):
        for operation, args in ((core.net.listen, ("127.0.0.1", 0)), (core.net.connect, ("127.0.0.1", listener.port))):
            with pytest.raises(OSError, match="open files") as error:
                core.do(operation, *args)
            assert number_of(error) == "EMFILE"
        with pytest.raises(OSError, match="open files"):
            core.do(core.disk.open, core.path("f"))
    assert core.io.leaked() == [repr(listener)]


def test_whoever_cannot_be_accepted_waits_in_the_backlog(core):
    listener = core.listening()
    accepting = core.start(listener.accept)
    with core.only(1):
        near = core.do(core.net.connect, listener.host, listener.port)
        for task in (accepting, core.start(listener.accept)):
            with pytest.raises(OSError, match="open files"):
                core.finish(task)
    core.do(near.send, b"patience")
    assert core.read(core.do(listener.accept), 8) == b"patience"


def test_what_is_closed_gives_its_descriptor_back(core):
    core.put("f", b"")
    near, far = core.duplex()
    with core.only(0):
        for thing in (near, far):
            thing.close()
            file = core.do(core.disk.open, core.path("f"))
            with pytest.raises(OSError, match="open files"):
                core.do(core.disk.open, core.path("f"))
            assert core.io.leaked().count(repr(file)) >= 1


def test_what_is_open_is_named(core):
    core.put("f", b"")
    assert core.io.leaked() == []
    listener = core.listening()
    near, far = meet(core, listener)
    file = core.do(core.disk.open, core.path("f"))
    assert core.io.leaked() == sorted(map(repr, (listener, near, far, file)))
    for thing in (listener, near, far, file):
        thing.close()
    assert core.io.leaked() == []


def test_a_core_that_is_closed_makes_nobody_ready_and_can_be_opened_again(core):
    near, _far = core.duplex()
    tasks = [core.start(near.recv), core.start(core.io.sleep, 1000), core.start(core.listening().accept)]
    core.io.close()
    assert not core.ready
    assert not any(task.answers for task in tasks)
    core.io.open(core.ready, print)
    assert core.io.pending == 0
    near, far = core.duplex()
    core.do(near.send, b"again")
    assert core.read(far, 5) == b"again"
