"""Files: what is read is what was written, and what cannot be done fails as the system says."""

import errno
import os
import stat

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from duality.core.io import ClosedError

FILES = {
    "f": b"content", "empty": b"", "dir/g": bytes(range(256)) * 400, "dir/sub/h": b"deep", "bare": None,
    "to_f": "f", "to_dir": "dir", "dir/up": "../f", "far": "to_dir/sub", "loop": "loop", "ring": "ring2",
    "ring2": "ring", "dangling": "nothing", "below": "f/x",
}  # fmt: skip
LONG = "n" * 256


@pytest.fixture
def disk(core):
    for name, content in FILES.items():
        core.put(name, content)
    return core.disk


def failure(core, operation, *args):
    with pytest.raises((OSError, ValueError)) as caught:
        core.do(operation, *args)
    error = caught.value
    return errno.errorcode[error.errno] if isinstance(error, OSError) else "ValueError"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("missing", "ENOENT"), ("missing/x", "ENOENT"), ("f/x", "ENOTDIR"), ("f/", "ENOTDIR"), ("dir", "EISDIR"),
        ("dir/", "EISDIR"), ("", "EISDIR"), ("loop", "ELOOP"), ("ring", "ELOOP"), ("ring/x", "ELOOP"),
        ("dangling", "ENOENT"), ("below", "ENOTDIR"), (LONG, "ENAMETOOLONG"), (LONG + "/x", "ENAMETOOLONG"),
        ("a\0b", "ValueError"), ("dir/sub/..", "EISDIR"), ("f/..", "ENOTDIR"), ("missing/..", "ENOENT"),
        ("n/" * 2500, "ENAMETOOLONG"),
    ],
)  # fmt: skip
def test_what_is_no_file_is_not_opened_or_read(core, disk, path, expected):
    assert failure(core, disk.open, core.path(path)) == expected
    assert failure(core, disk.read_file, core.path(path)) == expected
    assert core.io.leaked() == []


@pytest.mark.parametrize(
    "path", ["f", "to_f", "dir/up", "to_dir/up", "dir/sub/../../f", "./f", "dir//.././f", "bare/../f"]
)
def test_a_file_is_found_on_every_way(core, disk, path):
    assert core.do(disk.read_file, core.path(path)) == b"content"
    file = core.do(disk.open, core.path(path))
    assert (file.path, file.size) == (core.path(path), 7)
    assert core.do(disk.read, file, 0, 100) == b"content"


@pytest.mark.parametrize(
    ("path", "mode", "expected"),
    [
        ("missing", "r+", "ENOENT"), ("dir", "w", "EISDIR"), ("dir", "r+", "EISDIR"), ("f", "x", "EEXIST"),
        ("dir", "x", "EEXIST"), ("to_f", "x+", "EEXIST"), ("missing/x", "w", "ENOENT"), ("f/x", "w", "ENOTDIR"),
        ("new/", "w", "EISDIR"), ("f/", "w", "EISDIR"), ("missing/x/", "w", "ENOENT"),
        ("loop", "w", "ELOOP"), (LONG, "w", "ENAMETOOLONG"),
        ("f", "a", "ValueError"), ("f", "", "ValueError"), ("", "w", "EISDIR"),
    ],
)  # fmt: skip
def test_what_cannot_be_made_is_not(core, disk, path, mode, expected):
    assert failure(core, disk.open, core.path(path), mode) == expected
    assert core.do(disk.read_file, core.path("f")) == b"content"
    assert core.io.leaked() == []


def test_writing_follows_a_link_to_where_nothing_is_yet(core, disk):
    core.do(disk.open, core.path("dangling"), "w").close()
    assert core.do(disk.read_file, core.path("nothing")) == b""


@pytest.mark.parametrize("mode", ["r", "r+", "w", "w+", "x", "x+", "rb", "w+b"])
def test_a_mode_says_what_may_be_done(core, disk, mode):
    file = core.do(disk.open, core.path("new" if "x" in mode else "f"), mode)
    assert file.size == (0 if mode[0] in "wx" else 7)
    if mode[0] == "r" and "+" not in mode:
        assert failure(core, disk.write, file, 0, b"x") == "EBADF"
    else:
        assert core.do(disk.write, file, 2, b"xy") == 2
    if mode[0] == "r" or "+" in mode:
        assert core.do(disk.read, file, 0, 4) in (b"cont", b"coxy", b"\0\0xy")
    else:
        assert failure(core, disk.read, file, 0, 1) == "EBADF"


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(st.integers(0, 60), st.one_of(st.binary(max_size=40), st.integers(0, 80))), min_size=1, max_size=12
    )
)
def test_a_file_is_a_row_of_bytes(opened, steps):
    with opened() as core:
        core.put("f", b"0123456789")
        file, model = core.do(core.disk.open, core.path("f"), "r+"), bytearray(b"0123456789")
        for offset, what in steps:
            if isinstance(what, int):
                assert core.do(core.disk.read, file, offset, what) == model[offset : offset + what]
            else:
                assert core.do(core.disk.write, file, offset, what) == len(what)
                if what:
                    model.extend(bytes(max(0, offset - len(model))))
                    model[offset : offset + len(what)] = what
        assert core.do(core.disk.read_file, core.path("f")) == model
        assert core.do(core.disk.stat, core.path("f")).st_size == len(model)
        assert file.size == 10


def test_megabytes_are_read_whole(core):
    whole = bytes(range(251)) * 20_000
    core.put("f", whole)
    file = core.do(core.disk.open, core.path("f"))
    for _ in range(2):
        assert core.do(core.disk.read, file, 0, len(whole) * 2) == whole
        assert core.do(core.disk.read, file, len(whole) - 3, 100) == whole[-3:]
        assert core.do(core.disk.read, file, len(whole) + 3, 100) == b""


@pytest.mark.parametrize(("offset", "length"), [(-1, 5), (0, -1)])
def test_nothing_is_read_that_cannot_be(core, disk, offset, length):
    file = core.do(disk.open, core.path("f"), "r+")
    assert failure(core, disk.read, file, offset, length) == "ValueError"
    if offset < 0:
        assert failure(core, disk.write, file, offset, b"x") == "ValueError"


def test_a_closed_file_is_of_no_use(core, disk):
    file = core.do(disk.open, core.path("f"), "r+")
    file.close()
    file.close()
    for task in (core.start(disk.read, file, 0, 1), core.start(disk.write, file, 0, b"x")):
        with pytest.raises(ClosedError):
            core.finish(task)
    assert "(closed)" in repr(file)


def test_closing_wakes_those_who_wait_for_the_disk(core, disk):
    file = core.do(disk.open, core.path("f"), "r+")
    tasks = [core.start(disk.write, file, 0, b"x"), core.start(disk.write, file, 1, b"y")]
    file.close()
    for task in tasks:
        with pytest.raises(ClosedError):
            core.finish(task)


def test_whoever_stops_waiting_for_the_disk_is_forgotten(core, disk):
    file = core.do(disk.open, core.path("f"), "r+")
    tasks = [core.start(disk.write, file, 0, b"x"), core.start(disk.open, core.path("f")), core.start(disk.stat, "/")]
    for task in tasks:
        task.parked.withdraw(task)
        assert task.parked is None
    core.pass_time(0.05)
    assert not any(task.answers for task in tasks)
    assert core.io.leaked() == [repr(file)]


# ---- what is where


@pytest.mark.parametrize(
    ("path", "kind", "size"),
    [("f", stat.S_ISREG, 7), ("to_f", stat.S_ISREG, 7), ("dir/g", stat.S_ISREG, 102_400), ("dir", stat.S_ISDIR, None),
     ("to_dir/", stat.S_ISDIR, None), ("", stat.S_ISDIR, None), ("far", stat.S_ISDIR, None)],
)  # fmt: skip
def test_a_status_tells_what_is_there(core, disk, path, kind, size):
    status = core.do(disk.stat, core.path(path))
    assert isinstance(status, os.stat_result)
    assert kind(status.st_mode)
    assert size in (None, status.st_size)
    assert status.st_mtime_ns // 10**9 == int(status.st_mtime) == status[stat.ST_MTIME]


def test_a_status_tells_files_apart_and_sees_them_change(core, disk):
    one, same, other = (core.do(disk.stat, core.path(path)) for path in ("f", "to_f", "empty"))
    assert (one.st_dev, one.st_ino) == (same.st_dev, same.st_ino)
    assert one.st_ino != other.st_ino
    core.pass_time(0.02)
    file = core.do(disk.open, core.path("f"), "r+")
    core.do(disk.write, file, 0, b"C")
    assert core.do(disk.stat, core.path("f")).st_mtime_ns > one.st_mtime_ns


@pytest.mark.parametrize(
    ("path", "expected"),
    [("missing", "ENOENT"), ("f/", "ENOTDIR"), ("f/x", "ENOTDIR"), ("loop", "ELOOP"), ("dangling", "ENOENT"),
     (LONG, "ENAMETOOLONG"), ("a\0b", "ValueError")],
)  # fmt: skip
def test_what_is_not_there_has_no_status_and_no_names(core, disk, path, expected):
    assert failure(core, disk.stat, core.path(path)) == expected
    assert failure(core, disk.listdir, core.path(path)) == expected


def test_no_path_is_no_file(core, disk):
    for operation in (disk.stat, disk.listdir, disk.open, disk.read_file):
        assert failure(core, operation, "") == "ENOENT"


def test_a_directory_is_listed_in_order(core, disk):
    assert core.do(disk.listdir, core.path("dir")) == core.do(disk.listdir, core.path("to_dir/")) == ["g", "sub", "up"]
    assert core.do(disk.listdir, core.path("bare")) == []
    assert core.do(disk.listdir, core.path("")) == sorted({name.partition("/")[0] for name in FILES})
    assert failure(core, disk.listdir, core.path("f")) == "ENOTDIR"
    core.do(disk.open, core.path("bare/new"), "x").close()
    assert core.do(disk.listdir, core.path("bare")) == ["new"]


@pytest.mark.parametrize(
    ("path", "real"),
    [("f", "f"), ("to_f", "f"), ("far/h", "dir/sub/h"), ("far/../g", "dir/g"), ("missing", "missing"),
     ("missing/../f", "f"), ("dangling", "nothing"), ("f/x", "f/x"), ("dir/./up", "f"), ("loop", "loop"),
     ("loop/x", "loop/x"), ("below", "f/x"), (LONG, LONG), ("dir//sub/", "dir/sub")],
)  # fmt: skip
def test_a_real_path_has_no_links(core, disk, path, real):
    root = core.do(disk.realpath, core.path(""))
    assert core.do(disk.realpath, core.path(path)) == f"{root}/{real}"
    if len(real) < 255 and not real.startswith(("missing", "f/")):
        assert core.do(disk.realpath, core.path(real)) == f"{root}/{real}"


def test_a_link_cannot_be_bent_outside_the_root(core, disk):
    assert core.do(disk.realpath, "/../..//..") == "/"
    core.put("out", "/" + "../" * 20)
    assert core.do(disk.realpath, core.path("out")) == "/"
    assert core.do(disk.realpath, core.path("out/x")) == "/x"
