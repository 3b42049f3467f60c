import errno
import os

import pytest

from duality.core.io import ClosedError


@pytest.fixture
def file(core, tmp_path):
    (tmp_path / "some").write_bytes(b"some bytes")
    return core.do(core.disk.open, str(tmp_path / "some"))


@pytest.fixture
def cold(monkeypatch):
    """No page is in the page cache: every read goes to the pool."""

    def preadv(*_):
        raise BlockingIOError(errno.EAGAIN, "would block")

    monkeypatch.setattr(os, "preadv", preadv)


def is_open(fd):
    try:
        os.fstat(fd)
    except OSError:
        return False
    return True


def test_a_file_knows_its_size_and_path(file, tmp_path):
    assert (file.size, file.path) == (10, str(tmp_path / "some"))
    assert "some" in repr(file)


def test_closing_closes_once(file):
    fd = file.fd
    file.close(None)
    assert not is_open(fd)
    file.close(None)
    assert "closed" in repr(file)


def test_using_a_closed_file_is_an_error(core, file):
    file.close(None)
    with pytest.raises(ClosedError):
        core.do(core.disk.read, file, 0, 1)
    with pytest.raises(ClosedError):
        core.do(core.disk.write, file, 0, b"x")


def test_closing_wakes_the_readers_at_once(core, file, cold):
    readers = [core.start(core.disk.read, file, 0, 4) for _ in range(3)]
    assert core.io.pending == 3
    file.close(None)
    assert core.io.pending == 0
    for reader in readers:
        with pytest.raises(ClosedError):
            core.finish(reader)


def test_the_descriptor_is_kept_while_an_os_thread_may_read_from_it(core, file, cold):
    """Its number must not go to another file, which the slow read would then read."""
    fd = file.fd
    jobs = file.jobs
    for _ in range(3):
        core.start(core.disk.read, file, 0, 4)
    file.close(None)
    while jobs:
        assert is_open(fd)
        core.io._wakeup.ring()
        core.start(core.io.sleep, 0)
        core.io.poll(True)
    assert not is_open(fd)


def test_a_withdrawn_reader_keeps_the_descriptor_too(core, file, cold):
    reader = core.start(core.disk.read, file, 0, 4)
    reader.parked.withdraw(reader)
    fd, jobs = file.fd, file.jobs
    file.close(None)
    assert is_open(fd)
    while jobs:
        core.start(core.io.sleep, 0)
        core.io.poll(True)
    assert not is_open(fd)
    assert not reader.answers


def test_a_core_that_closes_leaves_no_descriptor_behind(poller, opened, tmp_path, cold):
    (tmp_path / "some").write_bytes(b"some bytes")
    with opened(poller) as core:
        kept = core.do(core.disk.open, str(tmp_path / "some"))
        closed = core.do(core.disk.open, str(tmp_path / "some"))
        fds = [kept.fd, closed.fd]
        core.start(core.disk.read, closed, 0, 4)
        closed.close(None)
        assert core.io.leaked() == [repr(kept)]
    assert not any(is_open(fd) for fd in fds)
