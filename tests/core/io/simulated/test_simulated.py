"""All of it together: time costs nothing, a run is a function of its settings, and whoever waits in vain is told."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duality import DeadlockError, fork, join, module, net, procedure, run, sleep, yield_now
from duality.core.io.simulated import Faults, Link, SimulatedIO
from tests.conftest import RUNTIMES, application_of


@module
class Sleepy:
    """Sleeps through a day, a second at a time."""

    @procedure
    async def nap(self, number: int) -> int:
        for _ in range(10):
            await sleep(8640.0)
        return number

    @procedure
    async def main(self) -> list[int]:
        return [await join(one) for one in [fork(self.nap, number) for number in range(20)]]


@module
class Chatter:
    """Two that talk, with pauses, and a third that breaks off."""

    words: int

    @procedure
    async def answer(self, listener) -> int:
        count = 0
        connection = await listener.accept()
        try:
            while data := await connection.recv(64):
                count += len(data)
                await sleep(0.01)
                await connection.send(data[:1])
        except OSError:
            count = -count
        finally:
            await connection.close()
        return count

    @procedure
    async def main(self) -> int:
        listener = await net.listen("server", 80)
        answering = fork(self.answer, listener)
        connection = await net.connect("server", 80)
        try:
            for number in range(self.words):
                await connection.send(b"%d" % number)
                await connection.recv()
        except OSError:
            pass
        await connection.close()
        await listener.close()
        return await join(answering)


@module
class Waiting:
    """Listens, and nobody comes."""

    @procedure
    async def main(self) -> None:
        listener = await net.listen("", 80)
        await listener.accept()


@module
class Impatient:
    """Gives way to nobody in particular until somebody else has been woken."""

    woken: bool = False

    @procedure
    async def wake(self) -> None:
        await sleep(5)
        self.woken = True

    @procedure
    async def main(self) -> int:
        fork(self.wake)
        rounds = 0
        while not self.woken:
            rounds += 1
            await yield_now()
        return rounds


def test_a_day_of_sleep_takes_less_than_a_second(on):
    io, began = SimulatedIO(), time.perf_counter()
    assert run(application_of(Sleepy), on, io=io).value == list(range(20))
    assert io.now() == 86_400.0
    assert time.perf_counter() - began < 1
    assert [str(one) for one in io.log[:2]] == [
        "0 task 0.1: clock sleep(8640.0) -> done", "0 task 0.2: clock sleep(8640.0) -> done",
    ]  # fmt: skip


def test_who_waits_for_what_cannot_come_is_a_deadlock(on):
    with pytest.raises(DeadlockError) as error:
        run(application_of(Waiting), on, io=SimulatedIO())
    assert "<listener on 0.0.0.0:80>" in str(error.value)


def test_tasks_that_only_give_way_cannot_stop_the_clock(on):
    assert 1000 <= run(application_of(Impatient), on, io=SimulatedIO()).value < 3000


SCRIPTS = ["", "reset 0.05", "short read 0.5; short write 0.5; late 0.2 by 1 s", "at 0.1 s: reset connection 1"]


def chat(on, io):
    value = run(application_of(lambda: Chatter(30)), on, io=io, trace=True)
    return value.value, value.trace, io.log, io.now(), io.leaked(), io.unused


@settings(max_examples=20)
@given(seed=st.integers(0, 1000), script=st.sampled_from(SCRIPTS))
def test_the_same_settings_give_the_same_run_on_every_runtime(seed, script):
    first = SimulatedIO(seed, faults=Faults.parse(script), buffer=32)
    seen = chat("oracle", first)
    assert seen[2]
    for on in ("oracle", "threads", "events"):
        assert chat(on, first.again()) == seen
        assert chat(on, eval(repr(first))) == seen


def test_another_seed_gives_another_run():
    assert len({chat("oracle", SimulatedIO(seed))[3] for seed in range(10)}) == 10


def story():
    """Runs as text."""
    cores = [SimulatedIO(seed, faults=Faults.parse(text)) for seed in range(3) for text in SCRIPTS]
    return "\n".join(str(part) for io in cores for on in RUNTIMES for part in chat(on, io)[1:4])


def test_a_run_is_the_same_in_every_process(pytestconfig):
    tell = "import sys; sys.path[:0] = sys.argv[1:]; from tests.core.io.simulated.test_simulated import story"
    other = {**os.environ, "PYTHONHASHSEED": "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"}
    command = [sys.executable, "-O", "-c", f"{tell}; sys.stdout.write(story())", str(pytestconfig.rootpath)]
    told = subprocess.run(command, env=other, capture_output=True, text=True, timeout=60, check=False)
    assert told.stderr == ""
    assert told.stdout == story()


def test_opened_again_it_begins_anew():
    io = SimulatedIO(5, faults=Faults.parse("short write 0.5; at 0.1 s: reset connection 1"))
    assert chat("threads", io) == chat("threads", io)


def test_what_it_is_made_of_can_be_read_and_made_again():
    links = {("a", "b"): Link((0.1, 0.2), 1e6)}
    io = SimulatedIO(
        3, links=links, hosts={"0.1": "a"}, files={"/x": b"y"}, faults=Faults.parse("reset 0.5"), log=False
    )
    told = repr(io)
    assert told.startswith("SimulatedIO(seed=3, faults=Faults.parse('reset 0.5'), links=")
    assert repr(eval(told)) == repr(io.again()) == told
    assert io.settings == io.again().settings
    assert repr(SimulatedIO()) == "SimulatedIO()"


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"latency": (2, 1)}, "a latency is"), ({"latency": (-1, 1)}, "a latency is"),
        ({"bandwidth": 0}, "a bandwidth is"),
        ({"disk_latency": (0.1, 0)}, "a latency is"), ({"buffer": 0}, "a buffer"), ({"descriptors": -1}, "descriptors"),
        ({"capacity": -1}, "capacity"), ({"files": {"/a": b"", "/a/b": b""}}, "'/a/b' lies below a file"),
        ({"files": {"/a": b"", "//a": b""}}, "'//a' is there twice"),
    ],
)  # fmt: skip
def test_settings_that_make_no_sense_are_refused(settings, said):
    with pytest.raises(ValueError, match=said):
        SimulatedIO(**settings)


def test_the_log_can_be_left_out():
    io = SimulatedIO(log=False)
    chat("oracle", io)
    assert io.log == ()


# ---- signals


def test_a_signal_is_told_from_within_poll():
    io, heard = SimulatedIO(), []
    before = signal.getsignal(signal.SIGINT)
    io.open([], heard.append)
    for number in (signal.SIGTERM, signal.SIGINT):
        os.kill(os.getpid(), number)
    assert heard == []
    io.poll(False)
    assert heard == [signal.SIGTERM, signal.SIGINT]
    io.close()
    assert signal.getsignal(signal.SIGINT) == before


def test_a_second_interrupt_is_raised_at_once():
    io = SimulatedIO()
    io.open([], print)
    try:
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    finally:
        io.close()


@module
class Busy:
    """Never ends by itself."""

    @procedure
    async def main(self) -> None:
        rounds = 0
        while True:
            rounds += 1
            if rounds == 50:
                os.kill(os.getpid(), signal.SIGINT)
            await sleep(1)


def test_an_interrupt_ends_a_run(on):
    with pytest.raises(KeyboardInterrupt):
        run(application_of(Busy), on, io=SimulatedIO())


def test_outside_the_main_os_thread_no_signal_is_taken():
    before, during = signal.getsignal(signal.SIGINT), []

    def play():
        io = SimulatedIO()
        io.open([], print)
        during.append(signal.getsignal(signal.SIGINT))
        io.wake()
        io.close()

    thread = threading.Thread(target=play)
    thread.start()
    thread.join()
    assert during == [before]


def test_anew_it_is_as_one_that_was_made_with_the_seed():
    def said(io):
        made = run(application_of(lambda: Chatter(5)), io=io)
        return made.value, io.now(), io.log

    used = SimulatedIO(1, latency=(0.0, 1.0))
    first = said(used)
    for seed in (2, 1, 2):
        used.anew(seed)
        assert said(used) == said(SimulatedIO(seed, latency=(0.0, 1.0)))
        assert used.settings["seed"] == seed
    used.anew(1)
    assert said(used) == first


def test_what_is_left_of_the_run_before_reaches_nobody():
    io, ready = SimulatedIO(), []
    io.open(ready, lambda number: None)
    io.sleep(Parked(), 1.0)
    left = io._agenda
    io.anew(0)
    io.open(ready, lambda number: None)
    left.advance()
    left.fire(left.time)
    assert ready == []
    assert io.pending == 0


class Parked:
    name, parked, again = "0", None, ()


@given(st.lists(st.sampled_from(["poll", "sleep"]), max_size=30), st.integers(990, 1010))
def test_a_round_in_which_nothing_can_happen_counts_as_one(steps, spins):
    def woken(skips):
        io, ready = SimulatedIO(), []
        io.open(ready, lambda number: None)
        seen = []
        for step in ["poll"] * spins + steps + ["poll"] * 1010:
            if step == "sleep":
                io.sleep(Parked(), 1.0)
            elif not (skips and io.still()):
                io.poll(False)
            seen.append((len(ready), io.now()))
        io.close()
        return seen

    assert woken(skips=True) == woken(skips=False)


def test_it_is_not_still_while_anything_is_to_come():
    io = SimulatedIO()
    io.open([], lambda number: None)
    assert io.still()
    timer = io.call_at(5.0, lambda: None)
    assert not io.still()
    timer.cancel()
    io.poll(True)
    assert io.still()
    io.close()
