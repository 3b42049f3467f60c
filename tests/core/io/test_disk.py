import errno
import os
import stat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duality.core.contract import PENDING
from duality.core.io import pool
from duality.core.io.disk import MAX_AT_ONCE, MODES
from duality.core.io.poller import PATIENCE

CONTENT = bytes(i * 7 % 251 for i in range(200_000))


@pytest.fixture
def path(tmp_path):
    (tmp_path / "content").write_bytes(CONTENT)
    return str(tmp_path / "content")


@pytest.fixture
def file(core, path):
    return core.do(core.disk.open, path)


def unavailable(code):
    def preadv(*_):
        raise OSError(code, os.strerror(code))

    return preadv


def half_cached(real):
    """The first 4096 bytes are in the page cache and the others are not."""

    def preadv(fd, buffers, offset, flags):
        if offset >= 4096:
            raise BlockingIOError(errno.EAGAIN, "would block")
        return real(fd, [buffers[0][: 4096 - offset]], offset, flags)

    return preadv


def test_what_is_in_the_page_cache_is_answered_at_once(core, file, task):
    if core.do(core.disk.read, file, 0, 100) and not file.nowait:
        pytest.skip("this file system cannot say whether a read would block")
    assert core.disk.read(task, file, 100, 50) == CONTENT[100:150]
    assert task.parked is None


PLACES = [(0, 10), (5, 0), (0, 200_000), (199_990, 10), (199_990, 100), (200_000, 1), (300_000, 5), (3, 150_000)]


@pytest.mark.parametrize(("offset", "length"), PLACES)
@pytest.mark.parametrize("cache", ["warm", "cold", "half cached", "not supported"])
def test_a_read_gives_the_bytes_at_the_place(core, file, monkeypatch, cache, offset, length):
    if cache == "cold":
        monkeypatch.setattr(os, "preadv", unavailable(errno.EAGAIN))
    elif cache == "half cached":
        monkeypatch.setattr(os, "preadv", half_cached(os.preadv))
    elif cache == "not supported":
        monkeypatch.setattr(os, "preadv", unavailable(errno.EOPNOTSUPP))
    assert core.do(core.disk.read, file, offset, length) == CONTENT[offset : offset + length]


def test_a_cold_file_is_read_by_the_pool(core, path, tmp_path):
    """For real: the pages are dropped from the cache first."""
    fd = os.open(path, os.O_RDONLY)
    os.fsync(fd)
    os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(fd)
    file = core.do(core.disk.open, path)
    reader = core.start(core.disk.read, file, 0, 5000)
    parked = reader.parked
    assert core.finish(reader) == CONTENT[:5000]
    if parked is None:  # to ask beforehand would have brought the pages back
        pytest.skip("the pages stay in memory here (tmpfs)")


def test_a_file_system_that_cannot_say_is_asked_once(core, file, monkeypatch):
    calls = []

    def preadv(*args):
        calls.append(args)
        raise OSError(errno.EOPNOTSUPP, "not supported")

    monkeypatch.setattr(os, "preadv", preadv)
    for _ in range(3):
        assert core.do(core.disk.read, file, 0, 5) == CONTENT[:5]
    assert len(calls) == 1


def test_a_long_read_does_not_hold_the_core(core, file):
    reader = core.start(core.disk.read, file, 0, MAX_AT_ONCE + 1)
    assert reader.parked is not None
    assert core.finish(reader) == CONTENT


def test_a_failing_read_is_an_error(core, tmp_path):
    file = core.do(core.disk.open, str(tmp_path / "write-only"), "w")
    with pytest.raises(OSError, match="Bad file descriptor"):
        core.do(core.disk.read, file, 0, 1)


@pytest.mark.parametrize(("offset", "length"), [(-1, 1), (0, -1)])
def test_places_that_mean_nothing_are_refused(core, file, offset, length):
    with pytest.raises(ValueError, match="cannot read"):
        core.do(core.disk.read, file, offset, length)


def test_a_cached_file_cannot_hold_the_processor(core, file, task):
    answers = [core.disk.read(task, file, 0, 1) for _ in range(PATIENCE)]
    assert answers.index(PENDING) == PATIENCE - 1
    assert list(core.ready) == [(task, CONTENT[:1], None)]


def test_a_withdrawn_read_answers_nobody(core, file, monkeypatch):
    monkeypatch.setattr(pool, "THREADS", 1)
    reader = core.start(core.disk.read, file, 0, MAX_AT_ONCE + 1)
    reader.parked.withdraw(reader)
    assert core.io.pending == 0
    core.do(core.disk.stat, "/")  # by the same OS thread, so that the read is done, too
    assert not reader.answers
    assert file.jobs == set()


def test_a_withdrawn_open_leaves_no_descriptor(core, path, monkeypatch):
    monkeypatch.setattr(pool, "THREADS", 1)
    before = len(os.listdir("/proc/self/fd"))
    opening = core.start(core.disk.open, path)
    opening.parked.withdraw(opening)
    core.do(core.disk.stat, "/")
    assert len(os.listdir("/proc/self/fd")) == before
    assert core.io.leaked() == []


def test_what_is_written_can_be_read(core, tmp_path):
    file = core.do(core.disk.open, str(tmp_path / "new"), "w+")
    assert file.size == 0
    assert core.do(core.disk.write, file, 3, b"defg") == 4
    assert core.do(core.disk.write, file, 0, memoryview(b"abc")) == 3
    assert core.do(core.disk.read, file, 0, 100) == b"abcdefg"


def test_writing_before_the_start_is_refused(core, tmp_path):
    file = core.do(core.disk.open, str(tmp_path / "new"), "w")
    with pytest.raises(ValueError, match="-1"):
        core.do(core.disk.write, file, -1, b"x")


@pytest.mark.parametrize("mode", [*MODES, "rb", "wb+"])
def test_modes_mean_what_they_mean_to_the_builtin_open(core, tmp_path, mode):
    kept, new = tmp_path / "kept", tmp_path / "new"
    kept.write_bytes(b"kept")
    new_works = not mode.startswith("r")
    for path, works in ((kept, not mode.startswith("x")), (new, new_works)):
        if works:
            core.do(core.disk.open, str(path), mode).close(None)
        else:
            with pytest.raises((FileExistsError, FileNotFoundError)):
                core.do(core.disk.open, str(path), mode)
    assert kept.read_bytes() == (b"" if mode.startswith("w") else b"kept")
    assert new.exists() == new_works


@pytest.mark.parametrize("mode", ["a", "", "rw"])
def test_other_modes_are_refused(core, path, mode):
    with pytest.raises(ValueError, match="mode"):
        core.do(core.disk.open, path, mode)


def test_opening_a_directory_is_an_error_and_leaks_nothing(core, tmp_path):
    core.do(core.disk.stat, "/")
    before = len(os.listdir("/proc/self/fd"))
    with pytest.raises(IsADirectoryError):
        core.do(core.disk.open, str(tmp_path))
    assert len(os.listdir("/proc/self/fd")) == before


def test_paths(core, tmp_path, path):
    (tmp_path / "b").mkdir()
    (tmp_path / "a").symlink_to(path)
    assert core.do(core.disk.listdir, str(tmp_path)) == ["a", "b", "content"]
    assert core.do(core.disk.stat, str(tmp_path / "a")).st_size == len(CONTENT)
    assert stat.S_ISDIR(core.do(core.disk.stat, str(tmp_path / "b")).st_mode)
    assert core.do(core.disk.realpath, str(tmp_path / "b" / ".." / "a")) == os.path.realpath(path)
    assert core.do(core.disk.read_file, path) == CONTENT


@pytest.mark.parametrize("operation", ["open", "stat", "listdir", "read_file"])
def test_what_does_not_exist_is_an_error(core, tmp_path, operation):
    with pytest.raises(FileNotFoundError):
        core.do(getattr(core.disk, operation), str(tmp_path / "nowhere"))


@settings(max_examples=25, deadline=None)
@given(
    writes=st.lists(st.tuples(st.integers(0, 300), st.binary(max_size=200)), max_size=6),
    reads=st.lists(st.tuples(st.integers(0, 600), st.integers(0, 600)), max_size=6),
)
def test_a_file_is_an_array_of_bytes(opened, poller, tmp_path_factory, writes, reads):
    model = bytearray()
    with opened(poller) as core:
        file = core.do(core.disk.open, str(tmp_path_factory.mktemp("disk") / "array"), "w+")
        for offset, data in writes:
            assert core.do(core.disk.write, file, offset, data) == len(data)
            if data:
                model.extend(bytes(max(0, offset - len(model))))
                model[offset : offset + len(data)] = data
        for offset, length in reads:
            assert core.do(core.disk.read, file, offset, length) == model[offset : offset + length]
