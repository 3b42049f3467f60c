"""Specs on all three runtimes and on every core: a spec cannot tell which core it has."""

import pytest

from duality import disk, fork, join, module, move_on_after, net, now, procedure, run, scope, sleep
from duality.core.io import BusyError, ClosedError, EndOfStream, RealIO
from duality.core.io.simulated import SimulatedIO
from tests.conftest import application_of
from tests.core.io.conformance.cores import ROUGH

CONTENT = bytes(range(256)) * 2000


@module
class Copying:
    """Sends a file from one task to another, who writes it down."""

    root: str

    @procedure
    async def serve(self, listener) -> int:
        connection = await listener.accept()
        file = await disk.open(f"{self.root}/from", "r")
        try:
            return await connection.send_file(file, 0, None)
        finally:
            await file.close()
            await connection.close()

    @procedure
    async def main(self) -> list[object]:
        source = await disk.open(f"{self.root}/from", "x+")
        written = await disk.write(source, 0, CONTENT)
        await source.close()
        listener = await net.listen("localhost", 0)
        serving = fork(self.serve, listener)
        connection = await net.connect(listener.host, listener.port)
        target = await disk.open(f"{self.root}/to", "w")
        offset = 0
        while data := await connection.recv(10_000):
            offset += await disk.write(target, offset, data)
        for thing in (target, connection, listener):
            await thing.close()
        same = await disk.read_file(f"{self.root}/to") == CONTENT
        names = await disk.listdir(self.root)
        return [written, await join(serving), offset, same, names]


@module
class Giving:
    """Every way to wait is given up, and what happened meanwhile is not lost."""

    seen: list

    @procedure
    async def receive(self, connection, size: int) -> bytes:
        return await connection.recv_exactly(size)

    @procedure
    async def main(self) -> list[object]:
        listener = await net.listen("127.0.0.1", 0)
        with move_on_after(0.02) as deadline:
            await listener.accept()
        self.seen.append(("accept", deadline.cancelled_caught))
        near = await net.connect(listener.host, listener.port)
        far = await listener.accept()
        await near.send(b"half")
        with move_on_after(0.05) as deadline:
            await far.recv_exactly(8)
        await near.send(b"done")
        self.seen.append(("recv_exactly", deadline.cancelled_caught, await far.recv_exactly(8)))
        waiting = fork(self.receive, far, 3)
        await sleep(0.01)
        try:
            await far.recv()
        except BusyError:
            self.seen.append("busy")
        await far.close()
        try:
            await join(waiting)
        except ClosedError:
            self.seen.append("closed")
        try:
            await near.recv_exactly(1)
        except EndOfStream as end:
            self.seen.append(end.partial)
        try:
            with move_on_after(5):
                while True:
                    await near.send(CONTENT)
                    await sleep(0.01)
        except OSError as error:
            self.seen.append(isinstance(error, ConnectionError))
        await near.close()
        await listener.close()
        before = now()
        async with scope() as several:
            for _ in range(3):
                several.fork(self.pause)
        self.seen.append(now() - before >= 0.0199)
        return self.seen

    @procedure
    async def pause(self) -> None:
        await sleep(0.02)


@pytest.fixture
def io(kind):
    if kind == "real":
        return RealIO()
    return SimulatedIO(7, files={"/disk": None}, faults=ROUGH if kind == "rough" else None)


@pytest.mark.parametrize("trace", [False, True])
def test_a_file_is_copied_by_way_of_a_connection(io, kind, on, tmp_path, trace):
    root = str(tmp_path) if kind == "real" else "/disk"
    done = run(application_of(lambda: Copying(root)), on, io=io, trace=trace)
    assert done.value == [len(CONTENT)] * 3 + [True, ["from", "to"]]
    assert io.leaked() == []


@pytest.mark.parametrize("trace", [False, True])
def test_whoever_gives_up_loses_nothing(io, on, trace):
    done = run(application_of(lambda: Giving([])), on, io=io, trace=trace)
    assert done.value == [
        ("accept", True), ("recv_exactly", True, b"halfdone"), "busy", "closed", b"", True, True,
    ]  # fmt: skip
    assert io.leaked() == []
