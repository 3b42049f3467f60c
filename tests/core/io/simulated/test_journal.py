"""What was asked, in the order it was asked, as text that is the same on every runtime."""

import pytest

from duality.core.io.simulated import Operation
from tests.core.io.driver import Task


def test_every_operation_has_a_line(simulated):
    core = simulated(files={"/f": b"12345", "/d": None}, latency=(0.5, 0.5), disk_latency=(0.25, 0.25))
    listener = core.do(core.net.listen, "127.0.0.1", 80)
    near = core.do(core.net.connect, "127.0.0.1", 80)
    far = core.do(listener.accept)
    core.do(near.send, b"hello")
    core.do(far.recv)
    core.do(far.send, bytes(1000))
    core.do(near.recv_exactly, 1000)
    file = core.do(core.disk.open, "/f", "r+")
    core.do(core.disk.read, file, 1, 100)
    core.do(core.disk.write, file, 5, b"6")
    core.do(near.send_file, file)
    core.do(core.disk.listdir, "/")
    core.do(core.disk.realpath, "/x")
    for thing in (file, near, far, listener):
        core.do(thing.close)
    assert [str(one) for one in core.io.log if one.verb != "call_at"] == [
        "0 task 0: listener 80 listen(127.0.0.1:80) -> 80",
        "0 task 0: connection 1 connect(127.0.0.1:80) -> connection 1",
        "1 task 0: listener 80 accept() -> connection 1",
        "1 task 0: connection 1 send(b'hello') -> done",
        "1 task 0: connection 1 recv(16384) -> 5 bytes",
        "1.5 task 0: connection 1 send(1000 bytes, crc 060b2f0f) -> done".replace("060b2f0f", crc(bytes(1000))),
        "1.5 task 0: connection 1 recv_exactly(1000) -> 1000 bytes",
        "2 task 0: file /f open(/f, r+) -> file /f",
        "2.25 task 0: file /f read(1, 100) -> 4 bytes",
        "2.5 task 0: file /f write(5, b'6') -> 1",
        "2.75 task 0: connection 1 send_file(file /f, 0, None) -> 6",
        "2.75 task 0: file / listdir(/) -> ['d', 'f']",
        "3 task 0: file /x realpath(/x) -> /x",
        "3.25 task 0: file /f close() -> done",
        "3.25 task 0: connection 1 close() -> done",
        "3.25 task 0: connection 1 close() -> done",
        "3.25 task 0: listener 80 close() -> done",
    ]


def crc(data):
    from zlib import crc32

    return f"{crc32(data):08x}"


def test_what_fails_and_what_never_comes_is_told_as_well(core):
    near, _ = core.duplex()
    reader = core.start(near.recv)
    for operation, args in (
        (near.recv, ()), (near.recv, (0,)), (core.disk.stat, ("/nothing",)), (core.net.connect, ("127.0.0.1", 1)),
        (core.net.connect, ("x.invalid", 1)), (core.io.sleep, (-1,)), (core.disk.open, ("/", "q")),
    ):  # fmt: skip
        with pytest.raises((OSError, ValueError)):
            core.do(operation, *args)
    assert next(one.answer for one in core.io.log if one.verb == "recv") == "..."
    reader.parked.withdraw(reader)
    answers = [one.answer for one in core.io.log if one.verb not in ("call_at", "close", "listen", "accept")]
    assert answers == [
        "connection 1", "withdrawn", "BusyError EBUSY", "BusyError EBUSY", "FileNotFoundError ENOENT",
        "ConnectionRefusedError ECONNREFUSED", "gaierror", "ValueError", "ValueError",
    ]  # fmt: skip


def test_an_operation_names_all_it_touched(simulated):
    core = simulated(files={"/d/f": b"", "/link": "d/f"}, capacity=100)
    near, _ = core.duplex()
    file = core.do(core.disk.open, "/link", "r+")
    core.do(core.disk.write, file, 0, b"x")
    core.do(near.send_file, file)
    core.do(core.disk.open, "/d/new", "w")
    core.do(core.io.sleep, 1)
    touched = {one.verb: one.resources for one in core.io.log}
    assert touched["connect"] == ("connection 1", "listener 32768", "net")
    assert touched["listen"] == ("listener 32768", "net")
    assert touched["accept"] == ("listener 32768",)
    assert touched["write"] == ("file /d/f", "disk")
    assert touched["send_file"] == ("connection 1", "file /d/f")
    assert touched["open"] == ("file /d/new", "disk")
    assert touched["sleep"] == ("clock",)
    assert core.io.log[0].resource == "listener 32768"


def test_two_that_send_other_bytes_have_other_lines(simulated):
    lines = []
    for data in (bytes(1000), bytes(999) + b"x"):
        core = simulated()
        near, _ = core.duplex()
        core.do(near.send, data)
        lines.append(str(core.io.log[-1]))
    assert lines[0] != lines[1]


def test_a_line_cannot_be_changed(core):
    core.do(core.io.sleep, 1)
    operation = core.io.log[0]
    assert operation == Operation(0.0, "0", ("clock",), "sleep", "1", "done")
    with pytest.raises(AttributeError):
        operation.when = 3


def test_a_task_without_a_name_has_none_in_the_log(core):
    task = Task()
    task.name = ""
    core.io.sleep(task, 1)
    assert str(core.io.log[0]) == "0 clock sleep(1) -> done"
