"""Every kind of fault does what it says, when it says so, and nothing to anybody else."""

import errno
import signal

import pytest

from duality.core.io.simulated import FORMS, Faults, SimulatedIO
from tests.core.io.driver import Task

HOSTS = {"1": "alice", "2": "bob", "3": "server"}
FILES = {"/x": b"content of x", "/y": b"content of y", "/dir/z": b"z"}
SAID = {"resets": "reset", "refusals": "refuse"}


class On(Task):
    """A task on one of the machines."""

    def __init__(self, name):
        super().__init__()
        self.name = name


class World:
    """A core with three machines, some files, and these faults."""

    def __init__(self, core):
        self.core = core
        self.io = core.io

    def ask(self, who, operation, *args):
        """Begin an operation in the name of a task on one of the machines."""
        task = On({machine: name for name, machine in HOSTS.items()}[who])
        return self.core.start(lambda _: operation(task, *args)), task

    def do(self, who, operation, *args):
        task = On({machine: name for name, machine in HOSTS.items()}[who])
        begun = self.core.start(lambda _: operation(task, *args))
        if begun.answers == []:
            begun = task
        return self.core.finish(begun)

    def code(self, who, operation, *args):
        """The error that an operation fails with, "" if it does not."""
        try:
            self.do(who, operation, *args)
        except OSError as error:
            return errno.errorcode[error.errno]
        return ""

    def at(self, when):
        """Let the clock come to ``when``, and whatever is due then happen."""
        self.core.pass_time(when - self.io.now())

    def joined(self, client="alice", server="server"):
        """The two ends of a connection between machines."""
        listener = self.do(server, self.io.net.listen, "", 0)
        near = self.do(client, self.io.net.connect, server, listener.port)
        return near, self.do(server, listener.accept)

    @property
    def unused(self):
        return list(map(str, self.io.unused))


@pytest.fixture
def world(simulated):
    def world(text, **settings):
        faults = Faults.parse(text)
        return World(simulated(faults=faults, hosts=HOSTS, files=FILES, **settings))

    return world


# ---- the network


def test_reset(world):
    it = world("at 1 s: reset connection 2; at 1 s: reset connection 9")
    (one, other), (mine, yours) = it.joined(), it.joined("bob")
    it.do("bob", mine.send, b"arrived")
    it.at(0.9999)
    it.do("bob", mine.send, b"under way")
    it.at(1.5)
    assert [it.do("server", yours.recv), it.code("server", yours.recv)] == [b"arrived", "ECONNRESET"]
    assert it.code("bob", mine.send, b"") == "ECONNRESET"
    assert it.do("alice", one.send, b"not ours") is None
    assert it.do("server", other.recv) == b"not ours"
    assert it.unused == ["at 1 s: reset connection 9"]


def test_partition_and_heal(world):
    it = world("at 1 s: partition alice | server; at 5 s: heal")
    (near, far), (mine, yours) = it.joined(), it.joined("bob")
    it.at(2)
    it.do("alice", near.send, b"held")
    it.do("server", far.send, b"up")
    it.do("bob", mine.send, b"through")
    assert it.do("server", yours.recv) == b"through"
    assert it.io.now() < 3
    assert it.do("server", far.recv_exactly, 4) == b"held"
    assert it.do("alice", near.recv_exactly, 2) == b"up"
    assert 5 < it.io.now() < 5.1
    assert it.unused == []


def test_whoever_connects_across_a_partition_knocks_until_it_is_healed(world):
    it = world("at 0 s: partition alice, bob | server; at 5 s: heal")
    listener = it.do("server", it.io.net.listen, "", 80)
    it.do("alice", it.io.net.connect, "server", 80)
    assert 7 <= it.io.now() < 7.1  # it knocked after 0, 1, 3 and 7 seconds
    assert it.do("server", listener.accept).peer[0] == "alice"


def test_whoever_is_cut_off_for_ever_gives_up(world):
    it = world("at 1 s: partition alice | server")
    near, far = it.joined()
    it.at(1)
    it.do("alice", near.send, b"never heard")
    assert it.code("alice", near.recv) == "ETIMEDOUT"
    assert 925 < it.io.now() < 927
    assert it.code("alice", it.io.net.connect, "server", 80) == "ETIMEDOUT"
    assert it.io.now() > 925 + 127
    assert it.do("server", far.send, b"") is None


def test_heal_what_was_named(world):
    it = world("at 0 s: partition alice | server; at 0 s: partition bob | server; at 2 s: heal bob | server")
    it.do("server", it.io.net.listen, "", 80)
    it.do("bob", it.io.net.connect, "server", 80)
    assert it.io.now() < 4
    assert it.code("alice", it.io.net.connect, "server", 80) == "ETIMEDOUT"


def test_slow_between_machines(world):
    it = world("from 1 s: slow alice | server by 2 s; from 1 s: slow alice | nobody by 1 s")
    (near, far), (mine, yours) = it.joined(), it.joined("bob")
    it.at(2)
    it.do("alice", near.send, b"x")
    it.do("bob", mine.send, b"x")
    it.do("server", yours.recv)
    assert it.io.now() < 2.1
    it.do("server", far.recv)
    assert 4 <= it.io.now() < 4.1
    assert it.unused == ["from 1 s: slow alice | nobody by 1 s"]


def test_refuse_and_admit(world):
    it = world("from 1 s: refuse server:80; from 3 s: admit server:80; from 1 s: refuse 127.0.0.1:80")
    for port in (80, 81):
        it.do("server", it.io.net.listen, "", port)
    codes = []
    for when in (0.5, 1.5, 3.5):
        it.at(when)
        codes += [it.code("alice", it.io.net.connect, "server", port) for port in (80, 81)]
    assert codes == ["", "", "ECONNREFUSED", "", "", ""]
    assert it.unused == ["from 1 s: refuse 127.0.0.1:80"]


def test_break(world):
    it = world("at 1 s: fail recv of connection 1 with ETIMEDOUT; at 1 s: fail send of connection 1 with ENOBUFS")
    near, far = it.joined()
    it.do("server", far.send, b"x")
    it.at(1)
    assert [it.code("alice", near.recv), it.do("alice", near.recv)] == ["ETIMEDOUT", b"x"]
    assert [it.code("server", far.send, b"y"), it.code("server", far.send, b"y")] == ["ENOBUFS", ""]


# ---- the disk


@pytest.mark.parametrize("verb", ["open", "stat", "read_file", "realpath"])
def test_fail_by_path(world, verb):
    it = world(f"at 1 s: fail {verb} of /x with EIO")
    operation = getattr(it.io.disk, verb)
    assert it.code("alice", operation, "/x") == ""
    it.at(1)
    assert it.code("alice", operation, "/y") == ""
    assert it.unused != []
    assert [it.code("alice", operation, "/x") for _ in range(2)] == ["EIO", ""]
    assert it.unused == []


def test_fail_listdir(world):
    it = world("at 0 s: fail listdir of /dir with EACCES")
    assert [it.code("alice", it.io.disk.listdir, "/dir/../dir/") for _ in range(2)] == ["EACCES", ""]


@pytest.mark.parametrize(("verb", "argument"), [("read", 5), ("write", b"new")])
def test_fail_by_file(world, verb, argument):
    it = world(f"at 1 s: fail {verb} of /x with EIO")
    file = it.do("alice", it.io.disk.open, "/x", "r+")
    operation = getattr(it.io.disk, verb)
    assert it.code("alice", operation, file, 0, argument) == ""
    it.at(1)
    assert [it.code("alice", operation, file, 0, argument) for _ in range(2)] == ["EIO", ""]


def test_a_file_that_fails_is_not_sent(world):
    it = world("at 0 s: fail read of /x with EIO")
    near, _ = it.joined()
    file = it.do("alice", it.io.disk.open, "/x")
    assert [it.code("alice", near.send_file, file) for _ in range(2)] == ["EIO", ""]


def test_slow_file(world):
    it = world("from 1 s: slow /x by 2 s")
    file, other = (it.do("alice", it.io.disk.open, path) for path in ("/x", "/y"))
    for one in (file, other):
        it.do("alice", it.io.disk.read, one, 0, 5)  # now it is in memory
    it.at(1)
    it.do("alice", it.io.disk.read, other, 0, 5)
    assert it.io.now() < 1.1
    assert it.do("alice", it.io.disk.read, file, 0, 7) == b"content"
    assert 3 <= it.io.now() < 3.1


def test_forbid(world):
    it = world("from 0 s: forbid /x; from 0 s: forbid /dir")
    disk = it.io.disk
    assert [it.code("alice", operation, "/x") for operation in (disk.open, disk.read_file, disk.stat)] == [
        "EACCES", "EACCES", "",
    ]  # fmt: skip
    assert it.code("alice", disk.listdir, "/dir") == "EACCES"
    assert it.code("alice", disk.open, "/y") == ""


def test_fill_and_clear(world):
    it = world("from 1 s: fill the disk; from 2 s: clear the disk")
    file = it.do("alice", it.io.disk.open, "/x", "r+")
    codes = []
    for when in (0.5, 1.5, 2.5):
        it.at(when)
        size = it.do("alice", it.io.disk.stat, "/x").st_size
        codes.append(it.code("alice", it.io.disk.write, file, size - 1, b"ab"))
        assert it.code("alice", it.io.disk.write, file, 0, b"c") == ""  # where there is something, it can be changed
    assert codes == ["", "ENOSPC", ""]
    assert it.do("alice", it.io.disk.read_file, "/x") == b"content of aab"
    assert it.unused == []


# ---- the machine


def test_use_up_and_give_back(world):
    it = world("from 1 s: use up the descriptors; from 2 s: give back the descriptors")
    listener = it.do("server", it.io.net.listen, "", 80)
    it.at(0.9)
    near = it.do("alice", it.io.net.connect, "server", 80)
    it.at(1)
    codes = [
        it.code("server", it.io.net.listen, "", 81), it.code("alice", it.io.net.connect, "server", 80),
        it.code("server", listener.accept), it.code("alice", it.io.disk.open, "/x"),
    ]  # fmt: skip
    assert codes == ["EMFILE"] * 4
    assert it.code("alice", near.send, b"x") == ""
    it.at(2)
    assert it.do("server", listener.accept).peer == ("alice", 49152)


@pytest.mark.parametrize(("word", "number"), [("interrupt", signal.SIGINT), ("terminate", signal.SIGTERM)])
def test_signals(word, number):
    io, heard = SimulatedIO(faults=Faults.parse(f"at 2 s: {word}")), []
    io.open([], heard.append)
    io.call_at(1, lambda: heard.append(0))
    while io.pending:
        io.poll(True)
    io.close()
    assert (heard, io.now()) == ([0, number], 2.0)


# ---- by chance


def share(it, times, operation):
    """How often ``operation()`` does something, of ``times``."""
    return sum(bool(operation()) for _ in range(times)) / times


def test_a_chance_of_resets(world):
    it = world("reset 0.3")

    def try_once():
        near, _ = it.joined()
        return it.code("alice", near.send, b"x") == "ECONNRESET"

    assert 0.2 < share(it, 200, try_once) < 0.4


def test_a_chance_of_refusals(world):
    it = world("refuse 0.3")
    it.do("server", it.io.net.listen, "", 80)
    assert 0.2 < share(it, 200, lambda: it.code("alice", it.io.net.connect, "server", 80)) < 0.4


def test_a_chance_of_short_reads_and_writes(world):
    it = world("short read 0.3; short write 0.3")
    near, far = it.joined()
    pieces = []
    for _ in range(100):
        it.do("alice", near.send, bytes(100))
        while sum(pieces) % 100 or not pieces or sum(pieces) < 100 * (_ + 1):
            pieces.append(len(it.do("server", far.recv)))
    assert sum(pieces) == 10_000
    assert 130 < len(pieces) < 260
    assert max(pieces) == 100


def test_a_short_read_of_the_disk_takes_twice_as_long(world):
    it = world("short read 1", disk_latency=(1.0, 1.0))
    assert it.do("alice", it.io.disk.read_file, "/x") == FILES["/x"]
    assert it.io.now() == 2.0


def test_a_chance_of_being_late(world):
    it = world("late 0.3 by 5 s")
    near, far = it.joined()

    def try_once():
        before = it.io.now()
        it.do("alice", near.send, b"x")
        it.do("server", far.recv)
        return it.io.now() - before > 5

    assert 0.2 < share(it, 200, try_once) < 0.4


def test_a_chance_of_disk_errors(world):
    it = world("EIO 0.3")
    assert 0.2 < share(it, 200, lambda: it.code("alice", it.io.disk.stat, "/x") == "EIO") < 0.4


def test_a_chance_of_a_full_disk(world):
    it = world("ENOSPC 0.3")
    file = it.do("alice", it.io.disk.open, "/x", "r+")
    assert 0.2 < share(it, 200, lambda: it.code("alice", it.io.disk.write, file, 0, b"x") == "ENOSPC") < 0.4
    assert share(it, 50, lambda: it.code("alice", it.io.disk.read, file, 0, 1)) == 0


def test_a_chance_of_no_descriptor(world):
    it = world("EMFILE 0.3")
    assert 0.2 < share(it, 200, lambda: it.code("alice", it.io.disk.open, "/x") == "EMFILE") < 0.4


@pytest.mark.parametrize("form", [form for form in FORMS.values() if not form.begins], ids=str)
def test_no_chance_at_all_is_unused(world, form):
    it = world(form.text.format(chance=0, seconds=1))
    it.joined()
    it.do("alice", it.io.disk.read_file, "/x")
    assert len(it.unused) == 1


def test_what_never_came_is_unused(world):
    it = world("at 1000 s: reset connection 1; from 0 s: slow /z by 1 s; at 0 s: heal; at 0 s: partition alice | bob")
    it.joined()
    assert len(it.unused) == 4


def test_what_was_given_up_never_arrives(world):
    it = world("at 1 s: partition alice | server; at 2000 s: heal")
    near, far = it.joined()
    it.at(1)
    it.do("alice", near.send, b"too late")
    near.close()
    it.at(2001)
    reader, task = it.ask("server", far.recv)
    it.at(3000)
    assert reader.answers == task.answers == []
    assert task.parked is far
