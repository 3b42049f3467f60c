"""The same bytes, the same errors, whoever asks: a round trip over loopback and disk on each runtime."""

import pytest

from duality import disk, fork, join, module, move_on_after, net, procedure, run, yield_now
from tests.conftest import application_of


@module
class Echo:
    """Serves one connection and speaks with itself."""

    folder: str

    async def serve(self, listener):
        connection = await listener.accept()
        try:
            while data := await connection.recv(5):
                await connection.send(data.upper())
        finally:
            await connection.close()

    @procedure
    async def main(self):
        listener = await net.listen("127.0.0.1", 0)
        serving = fork(self.serve, listener)
        connection = await net.connect(listener.host, listener.port)
        await connection.send(b"hello, world")
        answer = await connection.recv_exactly(12)
        await connection.close()
        await join(serving)
        await listener.close()
        return answer


def test_what_is_sent_comes_back(on, tmp_path):
    assert run(application_of(lambda: Echo(str(tmp_path))), on).value == b"HELLO, WORLD"


@module
class Files:
    folder: str

    @procedure
    async def main(self):
        path = f"{self.folder}/a.txt"
        file = await disk.open(path, "w+")
        written = await disk.write(file, 0, b"0123456789")
        read = await disk.read(file, 3, 4)
        await file.close()
        again = await disk.open(path)
        size = again.size
        await again.close()
        try:
            await disk.open(f"{self.folder}/missing")
        except FileNotFoundError as error:
            missing = error.filename
        return written, read, size, await disk.listdir(self.folder), await disk.read_file(path), missing


def test_what_is_written_is_read(on, tmp_path):
    value = run(application_of(lambda: Files(str(tmp_path))), on).value
    assert value == (10, b"3456", 10, ["a.txt"], b"0123456789", f"{tmp_path}/missing")


@module
class Cut:
    """A read that is cut short by its deadline leaves the connection usable."""

    @procedure
    async def main(self):
        listener = await net.listen("127.0.0.1", 0)
        near = await net.connect(listener.host, listener.port)
        far = await listener.accept()
        with move_on_after(0.001) as deadline:
            await near.recv()
        await far.send(b"later")
        data = await near.recv_exactly(5)
        for one in (near, far, listener):
            await one.close()
        return deadline.cancelled_caught, data


def test_a_read_that_was_cut_short_can_be_made_again(on):
    assert run(application_of(Cut), on).value == (True, b"later")


@module
class Refused:
    @procedure
    async def main(self):
        listener = await net.listen("127.0.0.1", 0)
        port = listener.port
        await listener.close()
        try:
            await net.connect("127.0.0.1", port)
        except ConnectionRefusedError:
            return "refused"


def test_an_error_of_the_system_is_an_error_of_the_spec(on):
    assert run(application_of(Refused), on).value == "refused"


@module
class Reading:
    """One task reads; another closes the connection under it."""

    async def read(self, connection):
        try:
            return await connection.recv()
        except OSError as error:
            return type(error).__name__

    @procedure
    async def main(self):
        listener = await net.listen("127.0.0.1", 0)
        near = await net.connect(listener.host, listener.port)
        far = await listener.accept()
        reading = fork(self.read, near)
        await yield_now()
        await near.close()
        ended = await join(reading)
        await far.close()
        await listener.close()
        return ended


@pytest.mark.parametrize("trace", [False, True])
def test_closing_wakes_whoever_reads(on, trace):
    assert run(application_of(Reading), on, trace=trace).value == "ClosedError"
