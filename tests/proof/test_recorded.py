"""Modules, gates, conditions and tasks say who touches them: in the same words on every runtime, step by step."""

from attrs import field

from duality import Cancelled, Condition, application, entry, fork, join, module, procedure, yield_now
from duality.proof.recorded import look_ahead
from tests.proof.touched import touched

GATE, CONDITION = "gate Box box", "condition Box box Box.full"


@module
class Box:
    value: int = 0
    full: Condition = field(factory=Condition)

    @entry
    async def put(self, value):
        self.value = value
        self.full.signal()

    @entry
    async def get(self):
        while not self.value:
            await self.full.wait()
        return self.value

    @entry
    async def hold(self):
        await yield_now()

    @procedure
    async def nothing(self):
        pass


@module
class Using:
    """Uses a box in the way that it is told to."""

    box: Box
    way: str

    @procedure
    async def waiting(self):
        getting, putting = fork(self.box.get), fork(self.box.put, 5)
        await join(getting)
        await join(putting)

    @procedure
    async def holding(self):
        tasks = [fork(self.box.hold) for _ in range(2)]
        for task in tasks:
            await join(task)

    @procedure
    async def signalling(self):
        await self.box.put(1)

    @procedure
    async def joining(self):
        task = fork(self.box.nothing)
        await yield_now()
        await join(task)

    @procedure
    async def cancelling(self):
        task = fork(self.box.get)
        await yield_now()
        task.cancel()
        try:
            await join(task)
        except Cancelled:
            pass

    @procedure
    async def main(self):
        await yield_now()
        await getattr(self, self.way)()


@application
def using(way: str):
    return Using(Box(), way)


def steps(way, on, *names):
    """What each step touches, but for fields and what tasks keep; without the first, which only rests."""
    made = touched(using, on, ("0", *names), way=way)[1:]
    return [(task, {one for one in told if one.split()[1] not in ("field", "kept", "value")}) for task, told in made]


def test_a_wait_and_the_signal_that_ends_it_write_the_condition_and_its_gate(on):
    first, waits, signals, wakes, last = steps("waiting", on, "0", "0.1", "0.2")
    assert first == ("0", {"reads end 0.1", "reads parked 0.1", "writes parked 0"})
    assert waits == ("0.1", {f"writes {CONDITION}", f"writes {GATE}", "writes parked 0.1"})
    assert signals[1] >= {f"writes {CONDITION}", f"writes {GATE}", "writes parked 0.1", "writes end 0.2"}
    assert wakes == ("0.1", {f"writes {GATE}", "writes end 0.1", "writes parked 0"})
    assert last[1] >= {"reads end 0.2", "writes end 0"}


def test_who_queues_at_a_gate_has_looked_at_whom_it_waits_for(on):
    _, enters, queues, leaves, *_ = steps("holding", on, "0", "0.1", "0.2")
    assert enters == ("0.1", {f"writes {GATE}"})
    assert queues == ("0.2", {f"writes {GATE}", "reads parked 0.1", "writes parked 0.2"})
    assert f"writes {GATE}" in leaves[1]
    assert "writes parked 0.2" in leaves[1]  # it hands the module over


def test_a_signal_that_nobody_hears_only_looks(on):
    (only,) = steps("signalling", on, "0")
    assert only == ("0", {f"reads {CONDITION}", f"writes {GATE}", "writes end 0"})


def test_to_join_a_task_that_has_ended_only_looks_at_its_end(on):
    _, ends, joins = steps("joining", on, "0", "0.1")
    assert ends == ("0.1", {"writes end 0.1"})
    assert joins == ("0", {"reads end 0.1", "writes parked 0", "writes end 0"})


def test_to_cancel_a_task_writes_it_and_what_it_waits_for(on):
    _, waits, cancels, *_ = steps("cancelling", on, "0", "0.1")
    assert waits[0] == "0.1"
    assert cancels[1] >= {"writes task 0.1", f"writes {CONDITION}", f"writes {GATE}", "writes parked 0.1"}


class Held:
    """Something that is waited for, and who it needs."""

    def __init__(self, *ahead):
        self.ahead = ahead

    def waits_for(self):
        return self.ahead


class Task:
    """A task that notes that it is looked at."""

    def __init__(self, looked, parked=None):
        self.looked, self._parked = looked, parked

    @property
    def parked(self):
        self.looked.append(self)
        return self._parked


def test_whoever_is_ahead_is_looked_at_once_round_a_circle_too():
    looked = []
    last = Task(looked)
    middle = Task(looked, Held(last))
    first = Task(looked, Held(middle, last))
    last._parked = Held(first)
    look_ahead(Held(first))
    assert sorted(map(id, looked)) == sorted(map(id, (first, middle, last)))
