"""What a simulated network has of its own: machines, ways between them, and a full backlog."""

import errno

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duality.core.io.simulated import Link
from duality.core.io.simulated.hosts import ANY, LOOPBACK, Hosts, covers
from tests.core.io.driver import Task


def named(core, name, operation, *args):
    """Do an operation in the name of a task."""
    task = Task()
    task.name = name
    begun = core.start(lambda _: operation(task, *args))
    return core.finish(begun if begun.answers else task)


# ---- where tasks are


@pytest.mark.parametrize(
    ("task", "machine"),
    [("0", "localhost"), ("0.1", "a"), ("0.1.7.2", "a"), ("0.10", "localhost"), ("0.1.3", "b"), ("0.1.3.1", "b"),
     ("", "localhost")],
)  # fmt: skip
def test_a_task_is_where_its_nearest_ancestor_was_put(task, machine):
    assert Hosts({"0.1": "a", "0.1.3": "b"}).machine(task) == machine


def test_the_loopback_of_one_machine_is_not_anothers(simulated):
    core = simulated(hosts={"1": "alice", "2": "bob"})
    named(core, "1", core.net.listen, "127.0.0.1", 80)
    named(core, "1", core.net.connect, "localhost", 80)
    for name, host in (("2", "127.0.0.1"), ("2", "alice"), ("1", "bob")):
        with pytest.raises(ConnectionRefusedError):
            named(core, name, core.net.connect, host, 80)


def test_a_machine_is_reached_by_its_name(simulated):
    core = simulated(hosts={"1": "alice", "2": "bob"})
    listener = named(core, "1", core.net.listen, "alice", 80)
    near = named(core, "2", core.net.connect, "alice", 80)
    assert near.peer == ("alice", 80)
    assert named(core, "1", listener.accept).peer[0] == "bob"


def test_nobody_listens_in_the_name_of_another_machine(simulated):
    core = simulated(hosts={"1": "alice"})
    with pytest.raises(OSError, match="assign requested address") as error:
        named(core, "1", core.net.listen, "bob", 80)
    assert error.value.errno == errno.EADDRNOTAVAIL
    assert named(core, "3", core.net.listen, "bob", 80).resource == "listener bob:80"  # of this one nothing is said


def test_two_machines_may_use_the_same_port(simulated):
    core = simulated(hosts={"1": "alice", "2": "bob"})
    listeners = [named(core, name, core.net.listen, "", 80) for name in ("1", "2", "3")]
    assert [one.resource for one in listeners] == ["listener alice:80", "listener bob:80", "listener 80"]


@given(st.sampled_from([*ANY, *LOOPBACK, "server"]))
def test_every_address_covers_itself_and_any_covers_all_of_its_kind(address):
    assert covers(address, address)
    assert covers("::", address)
    assert covers("0.0.0.0", address) == (":" not in address)


# ---- how long things take


def took(core, near, far, size):
    """Seconds that ``size`` bytes take from one end to the other."""
    before = core.io.now()
    sender = core.start(near.send, bytes(size))
    core.do(far.recv_exactly, size)
    core.finish(sender)
    return core.io.now() - before


def test_latency_is_within_its_bounds_and_not_always_the_same(simulated):
    core = simulated(latency=(0.1, 0.3))
    near, far = core.duplex()
    times = [took(core, near, far, 1) for _ in range(50)]
    assert 0.1 <= min(times) < max(times) <= 0.3
    assert len(set(times)) == 50


def test_nothing_overtakes_on_a_connection(simulated):
    core = simulated(latency=(0.1, 10))
    near, far = core.duplex()
    for number in range(30):
        core.do(near.send, b"%02d" % number)
    assert core.do(far.recv_exactly, 60) == b"".join(b"%02d" % number for number in range(30))


def test_without_chance_nothing_is_drawn(simulated):
    core = simulated(latency=(0.5, 0.5), disk_latency=(0.1, 0.1))
    near, far = core.duplex()
    assert took(core, near, far, 1) == 0.5
    state = core.io._world.draw.__closure__
    assert all(cell.cell_contents is None or isinstance(cell.cell_contents, int) for cell in state)


def test_bandwidth_is_shared_by_the_connections_of_a_way(simulated):
    core = simulated(latency=(0, 0), bandwidth=1000.0)
    (near, far), (mine, yours) = core.duplex(), core.duplex()
    assert took(core, near, far, 500) == pytest.approx(0.5)
    before = core.io.now()
    core.do(near.send, bytes(500))
    core.do(mine.send, bytes(500))
    core.do(far.send, bytes(100))
    core.do(near.recv_exactly, 100)
    core.do(yours.recv_exactly, 500)
    assert core.io.now() - before == pytest.approx(1.1)  # on one machine there and back are one way


def test_a_pair_of_machines_has_a_way_of_its_own(simulated):
    links = {("alice", "server"): Link((2, 2)), ("server", "bob"): Link((3, 3))}
    core = simulated(latency=(1, 1), links=links, hosts={"1": "alice", "2": "bob", "3": "server", "4": "carol"})
    listener = named(core, "3", core.net.listen, "", 80)
    for name, seconds in (("1", 2), ("2", 3), ("4", 1)):
        before = core.io.now()
        named(core, name, core.net.connect, "server", 80)
        assert core.io.now() - before == 2 * seconds
    assert listener.full is False


def test_a_small_buffer_makes_the_sender_wait(simulated):
    core = simulated(buffer=10, latency=(0.1, 0.1))
    near, far = core.duplex()
    core.do(near.send, bytes(10))
    sender = core.start(near.send, b"x")
    assert core.waits(sender)
    core.pass_time(0.2)
    assert core.waits(sender)
    core.do(far.recv, 4)
    before = core.io.now()
    core.finish(sender)
    assert core.io.now() - before == pytest.approx(0.1)


# ---- a full backlog


def test_whoever_finds_the_backlog_full_knocks_again(simulated):
    core = simulated(latency=(0, 0))
    listener = core.listening(backlog=1)
    first = [core.do(core.net.connect, listener.host, listener.port) for _ in range(2)]
    third = core.start(core.net.connect, listener.host, listener.port)
    assert core.waits(third)
    core.pass_time(0.5)
    core.do(listener.accept)
    core.finish(third)
    assert core.io.now() == pytest.approx(1.0)
    assert len(first) == 2


def test_whoever_is_never_let_in_gives_up_after_two_minutes(simulated):
    core = simulated(latency=(0, 0))
    listener = core.listening(backlog=0)
    core.do(core.net.connect, listener.host, listener.port)
    with pytest.raises(TimeoutError):
        core.do(core.net.connect, listener.host, listener.port)
    assert core.io.now() == pytest.approx(127.0)
    assert len(core.io.leaked()) == 2


def test_whoever_gave_up_while_it_knocked_is_gone(simulated):
    core = simulated(latency=(1, 1))
    listener = core.listening()
    connecting = core.start(core.net.connect, listener.host, listener.port)
    core.pass_time(1.5)  # the listener knows of it; it does not know of the listener
    connecting.parked.withdraw(connecting)
    far = core.do(listener.accept)
    with pytest.raises(ConnectionResetError):
        core.do(far.recv)
    assert core.io.pending == 0
