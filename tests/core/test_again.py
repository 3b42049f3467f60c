"""An engine that makes another run: the same run as one of its own makes, and nothing of one is seen in the next."""

import gc
import weakref

import pytest
from attrs import field
from hypothesis import given
from hypothesis import strategies as st

from duality import Condition, application, entry, fork, join, module, net, procedure, sleep
from duality.core.again import again
from duality.core.recorder import Recorder
from duality.proof import Schedule
from duality.proof.stages import Stages
from duality.proof.trial import RUNTIMES
from duality.proof.verdict import Setting

helpers_called = []
outlives = []


@module
class Shop:
    """Whatever a run can leave, if it is asked to."""

    leaves: str = ""
    sold: int = 0
    stock: list = field(factory=list)
    restocked: Condition = field(factory=Condition)

    @entry
    async def sell(self):
        while not self.stock:
            await self.restocked.wait()
        self.sold += 1
        return self.stock.pop()

    @entry
    async def restock(self, count):
        self.stock.extend(range(count))
        self.restocked.broadcast()

    @procedure
    async def serve(self, port):
        connection = await net.connect("127.0.0.1", port)
        await connection.send(b"good day")
        await connection.close()

    @procedure
    async def main(self):
        selling = [fork(self.sell) for _ in range(3)]
        listener = await net.listen("127.0.0.1", 0)
        serving = fork(self.serve, listener.port)
        connection = await listener.accept()
        said = await connection.recv_exactly(8)
        await connection.close()
        await listener.close()
        await sleep(0.5)
        await self.restock(3)
        await join(serving)
        if self.leaves == "a mark on its class":
            type(self).seen = getattr(type(self), "seen", 0) + 1
        if self.leaves == "a mark on a helper":
            nap.count = getattr(nap, "count", 0) + 1
        if self.leaves == "a mark on a procedure":
            sell = type(self).sell
            sell.count = getattr(sell, "count", 0) + 1
        if self.leaves == "a module":
            outlives.append(self)
        if self.leaves == "a task":
            fork(self.sell)
        if self.leaves == "an error":
            raise ValueError("as asked")
        await nap()
        marks = getattr(type(self), "seen", 0), getattr(nap, "count", 0), getattr(type(self).sell, "count", 0)
        return said, [await join(one) for one in selling], marks


async def nap():
    await sleep(0.1)


@application
def shop(leaves: str = ""):
    return Shop(leaves)


@application
def second_hand():
    return outlives[-1]


def setting(seed, crossing="direct"):
    return Setting({}, crossing, (), "oracle", "", seed)


def played(stages, on, app, schedule, made):
    runtimes = []
    take = stages.take
    stages.take = lambda *asked: runtimes.append(take(*asked)) or runtimes[-1]
    try:
        done = stages.play(app.build, on, schedule, made, [])
    finally:
        stages.take = take
    return runtimes[0], done


@pytest.mark.parametrize("on", RUNTIMES)
@pytest.mark.parametrize("crossing", ["direct", "queued"])
@given(seeds=st.lists(st.integers(0, 2**20), min_size=2, max_size=4))
def test_a_run_on_a_used_runtime_is_the_run_on_a_fresh_one(on, crossing, seeds):
    stages = Stages(None)
    used = [played(stages, on, shop, Schedule.seeded(seed), setting(seed, crossing)) for seed in seeds]
    fresh = [played(Stages(None), on, shop, Schedule.seeded(seed), setting(seed, crossing))[1] for seed in seeds]
    assert all(runtime is used[0][0] for runtime, _ in used)
    assert [done for _, done in used] == fresh
    assert [str(done) for _, done in used] == list(map(str, fresh))


@pytest.mark.parametrize("on", RUNTIMES)
@pytest.mark.parametrize(
    "leaves", ["a mark on its class", "a mark on a helper", "a mark on a procedure", "a task", "an error"]
)
def test_who_leaves_something_behind_makes_no_other_run(on, leaves):
    stages = Stages(None)
    app = shop.given(leaves=leaves)
    schedule = Schedule.seeded(1)
    (first, one), (second, two) = (played(stages, on, app, schedule.again(), setting(1)) for _ in range(2))
    assert first is not second
    assert one == two


@pytest.mark.parametrize("on", RUNTIMES)
def test_a_module_that_has_been_in_another_run_is_refused_as_by_an_engine_of_its_own(on):
    said = []
    for stages in (Stages(None), None):
        outlives.clear()
        leaving = shop.given(leaves="a module")
        played(stages or Stages(None), on, leaving, Schedule.fifo(), setting(1))
        _, refused = played(stages or Stages(None), on, second_hand, Schedule.fifo(), setting(1))
        said.append(refused.outcome["error"][:2])
    outlives.clear()
    assert said[0][0] == "RuntimeError"
    assert "has been in another run: an application must build fresh modules" in said[0][1]
    assert said[0][0] == said[1][0]


@module
class Belated:
    """Has something to do with a module of the run before."""

    rung: Condition = field(factory=Condition)

    def ring(self):
        self.rung.signal()

    @procedure
    async def main(self):
        outlives.append(self)
        outlives[0].ring()
        await sleep(1)


@application
def belated():
    return Belated()


@pytest.mark.parametrize("on", RUNTIMES)
def test_what_a_module_of_another_run_does_is_no_part_of_this_one(on):
    outlives.clear()
    stages = Stages(None)
    (first, one), (second, two) = (played(stages, on, belated, Schedule.fifo(), setting(1)) for _ in range(2))
    outlives.clear()
    assert first is second
    assert [list(step.effects) for step in one.steps] == [["signal Belated.rung"], []]
    assert [list(step.effects) for step in two.steps] == [[], []]


@application
def generating():
    return Generating()


@module
class Generating:
    """A generator may be dropped long after its run."""

    async def numbers(self):
        yield 1

    @procedure
    async def main(self):
        return [one async for one in self.numbers()]


@pytest.mark.parametrize("on", RUNTIMES)
def test_where_there_are_generators_every_run_has_an_engine_of_its_own(on):
    stages = Stages(None)
    runtimes = [played(stages, on, generating, Schedule.fifo(), setting(1))[0] for _ in range(2)]
    assert runtimes[0] is not runtimes[1]
    assert not again(runtimes[1])


@application
def local():
    """Its class is another one in every run."""

    @module
    class Local:
        @procedure
        async def main(self):
            await nap()

    built.add(Local)
    return Local()


built = weakref.WeakSet()


@pytest.mark.parametrize("on", RUNTIMES)
def test_what_is_made_of_classes_that_are_others_in_every_run_is_not_kept_for_ever(on):
    built.clear()
    stages = Stages(None)
    for seed in range(60):
        played(stages, on, local, Schedule.seeded(seed), setting(seed))
    gc.collect()
    assert len(built) < 30


@pytest.mark.parametrize("on", RUNTIMES)
def test_nothing_of_a_run_is_kept_until_the_next_one_begins(on):
    stages = Stages(None)
    runtime, _ = played(stages, on, shop, Schedule.fifo(), setting(1))
    scheduler, recorder = runtime.scheduler, runtime.recorder
    assert isinstance(recorder, Recorder)
    assert (scheduler.root, scheduler.current, dict(scheduler.living), scheduler.unjoined) == (None, None, {}, [])
    assert (recorder.steps, recorder.activations, recorder.last) == ([], {}, None)
    assert runtime.traces.modules == []
    assert "equip" not in vars(runtime)
    assert "waits" not in vars(scheduler)
