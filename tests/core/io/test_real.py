import gc
import os

import pytest

from duality.core.io import RealIO


def descriptors():
    return len(os.listdir("/proc/self/fd"))


def test_a_poll_with_nothing_pending_returns_at_once(core):
    core.do(core.net.listen, "127.0.0.1", 0)
    assert core.io.pending == 0
    core.io.poll(True)
    assert not core.ready


def test_a_poll_that_need_not_wait_makes_no_system_call_for_nobody(core, monkeypatch):
    asked = []
    monkeypatch.setattr(type(core.io._poller), "gather", lambda self, timeout: asked.append(timeout))
    core.io.poll(False)
    assert asked == []
    connection, _ = core.pair()
    core.start(connection.recv)
    core.io.poll(False)
    assert asked == [0]


def test_a_cancelled_timer_is_nothing_to_wait_for(core):
    core.io.call_at(core.io.now() + 1000, print).cancel()
    core.io.poll(True)
    assert core.io.pending == 0


def test_time_does_not_go_back(core):
    times = [core.io.now() for _ in range(100)]
    assert times == sorted(times)


def test_one_round_takes_in_everything_that_happened(core):
    connection, raw = core.pair()
    reader, sleeper = core.start(connection.recv), core.start(core.io.sleep, 0)
    called = []
    core.io.call_at(core.io.now(), lambda: called.append(True))
    raw.sendall(b"x")
    assert core.io.pending == 3
    core.io.poll(True)
    assert [completion[0] for completion in core.ready] == [reader, sleeper]
    assert called == [True]
    assert core.io.pending == 0


def test_everybody_is_made_ready_exactly_once(core):
    connection, raw = core.pair()
    reader = core.start(connection.recv)
    raw.sendall(b"x")
    core.io.poll(True)
    raw.sendall(b"y")
    core.rounds(5)
    assert reader.answers == [(b"x", None)]


def test_closing_gives_back_every_descriptor_whatever_leaked(poller, opened, tmp_path):
    with opened(poller):
        pass  # whatever is imported lazily is imported now
    gc.collect()
    before = descriptors()
    with opened(poller) as core:
        (tmp_path / "file").touch()
        core.do(core.disk.open, str(tmp_path / "file"))
        core.do(core.net.listen, "127.0.0.1", 0)
        near, far = core.duplex()
        reader = core.start(near.recv)
        core.start(far.send, bytes(1 << 25))
        assert len(core.io.leaked()) == 4
    assert descriptors() == before
    assert not reader.answers
    assert not core.ready


def test_nothing_leaked_is_an_empty_list(core):
    assert core.io.leaked() == []


def test_a_closed_core_can_be_opened_again(core):
    core.start(core.io.sleep, 1000)
    core.io.close()
    core.io.open(core.ready, core.signals.append)
    assert core.io.pending == 0
    near, far = core.duplex()
    core.do(near.send, b"again")
    assert core.do(far.recv) == b"again"
    assert core.do(core.disk.listdir, "/")


def test_an_unknown_poller_is_refused():
    with pytest.raises(ValueError, match=r"kqueue.*epoll and poll"):
        RealIO("kqueue")
