"""Whole applications, servers and clients in one run: on all three runtimes the same steps, operations and outcomes."""

import zlib

import pytest

from duality import fork, join, module, net, procedure, run, sleep
from duality.core.io.simulated import EPOCH, Faults, SimulatedIO
from duality.proof import Schedule
from duality.proof.trial import trial
from duality.web import knot
from tests.conftest import RUNTIMES
from tests.examples.conftest import load

EXAMPLES = [
    "bounded_buffer", "dining_philosophers", "kv_server", "parallel_calls", "pipeline", "pubsub", "readers_writers",
]  # fmt: skip
WEATHER = {
    "fair": "",
    "rough": "short read 0.4; short write 0.4; late 0.2 by 0.05 s",
    "broken": "reset 0.03; EIO 0.1; EMFILE 0.02; refuse 0.05",
    "cut": "at 1.004 s: partition client | server; at 4 s: heal; at 1.01 s: reset connection 2",
}
FILES = {
    "/site/index.html": b"<h1>home</h1>\n", "/site/page.bin": bytes(range(256)) * 32,
    "/site/large.bin": bytes(range(251)) * 1200, "/site/sub/index.html": b"sub index",
    "/site/inside.txt": "sub/index.html", "/site/escape.txt": "../secret.txt", "/site/loop": "loop",
    "/secret.txt": b"no",
}  # fmt: skip


@module
class Visitor:
    """Asks a web server for pages over one connection after another, and tells what came."""

    host: str

    async def ask(self, path: str) -> str:
        """One request; its status and a digest of the body, or what went wrong."""
        try:
            connection = await net.connect(self.host, 80)
            try:
                await connection.send(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
                answer = b""
                while data := await connection.recv():
                    answer += data
            finally:
                await connection.close()
        except OSError as error:
            return type(error).__name__
        head, _, body = answer.partition(b"\r\n\r\n")
        return f"{head[9:12].decode()} {len(body)} {zlib.crc32(body):08x}"

    @procedure
    async def visit(self, paths: list[str]) -> list[str]:
        """What came, path by path."""
        return [await self.ask(path) for path in paths]


@module
class Town:
    """A web server, and visitors; when they have seen enough, the server is stopped."""

    server: object
    visitor: Visitor

    @procedure
    async def main(self) -> list[list[str]]:
        """What each visitor saw."""
        serving = fork(self.server.main)
        await sleep(1)
        paths = [
            "/",
            "/page.bin",
            "/large.bin",
            "/sub/",
            "/inside.txt",
            "/escape.txt",
            "/loop",
            "/nothing",
            "/page.bin",
        ]
        visits = [fork(self.visitor.visit, paths[shift:] + paths[:shift]) for shift in (0, 3, 6)]
        seen = [await join(visit) for visit in visits]
        serving.cancel()
        return seen


def town(host="server"):
    """A town whose server is on a machine of its own; its cache is small, so that the large file is sent from disk."""
    server = knot.build(root="/site", port=80, host=host, cache=64 * 16 * 1024, epoch=EPOCH)
    return Town(server, Visitor(host))


def seen_alike(build, io, schedule, crossing):
    """The trial, if it is the same on all three runtimes."""
    cores = {on: io.again() for on in RUNTIMES}
    trials = {on: trial(build, on, schedule.again(), cores[on], crossing=crossing) for on in RUNTIMES}
    first = trials["oracle"]
    for on, other in trials.items():
        where = f"{on} against the oracle, {io!r}, {schedule!r}, {crossing}"
        for number, pair in enumerate(zip(other.asked, first.asked)):
            assert pair[0] == pair[1], f"operation {number} of {where}"
        assert len(other.asked) == len(first.asked), where
        assert other.steps == first.steps, where
        assert other.outcome == first.outcome, where
        assert other.walked == first.walked, where
        assert cores[on].leaked() == cores["oracle"].leaked(), where
    return first, cores["oracle"]


def io_of(weather, seed, **settings):
    return SimulatedIO(seed, faults=Faults.parse(WEATHER[weather]), **settings)


@pytest.mark.parametrize("crossing", ["direct", "queued"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_the_same_run_on_all_three(name, crossing):
    application = getattr(load(name), name)
    for schedule in (Schedule.fifo(), Schedule.seeded(1)):
        seen, io = seen_alike(application.build, io_of("fair", 1), schedule, crossing)
        assert "error" not in seen.outcome
        assert io.leaked() == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_gives_what_it_gives_on_the_real_core(name):
    application = getattr(load(name), name)
    assert run(application, "threads", io=io_of("rough", 2)).value == run(application, "threads").value


@pytest.mark.parametrize("weather", ["rough", "broken"])
def test_the_key_value_server_in_bad_weather(weather):
    application = load("kv_server").kv_server
    outcomes = set()
    for seed in range(6):
        seen, _ = seen_alike(application.build, io_of(weather, seed), Schedule.seeded(seed), "direct")
        outcomes.add(str(seen.outcome.get("error")))
    assert (outcomes == {"None"}) == (weather == "rough")


@pytest.mark.parametrize("crossing", ["direct", "queued"])
@pytest.mark.parametrize("weather", WEATHER)
def test_the_web_server_is_the_same_run_on_all_three(weather, crossing):
    for seed in (1, 2):
        hosts = {"0": "client", "0.1": "server"}
        io = io_of(weather, seed, files=FILES, hosts=hosts, buffer=4096)
        seen, used = seen_alike(town, io, Schedule.seeded(seed), crossing)
        assert used.leaked() == []
        assert "partition" not in str(used.unused)
        if weather != "broken":  # there, the disk may fail before the server has begun
            assert "error" not in seen.outcome
        if weather in ("fair", "rough"):
            answers = eval(seen.outcome["value"])[0]
            found = ["index.html", "page.bin", "large.bin", "sub/index.html", "sub/index.html"]
            assert answers[:5] == [page(FILES[f"/site/{name}"]) for name in found]
            assert answers[8] == answers[1]
            assert [answer[:3] for answer in answers[5:8]] == ["404", "404", "404"]


def page(body):
    return f"200 {len(body)} {zlib.crc32(body):08x}"
