"""Why nothing can go on: the first cause only, the tasks in order of birth, in the same words on every runtime.

What single waits, circles and signals are told as is tested in ``test_watch.py``; here, what is told of several.
"""

import pytest
from attrs import field

from duality import Condition, entry, fork, join, module, net, procedure, yield_now
from duality.core.io.simulated import SimulatedIO
from duality.errors import DeadlockError
from duality.proof.stuck import circles, of_circle
from duality.proof.trial import RUNTIMES
from duality.proof.watch import Watch
from tests.proof.trials import trial_of


class Building:
    def __init__(self, build):
        self.build = build


def told(build):
    """What is found of a run that is stuck: the same on all three."""
    found = {}
    for on in RUNTIMES:
        watch = Watch()
        trial_of(Building(build), on, io=SimulatedIO(1), watchers=[watch])
        found[on] = watch.facts
    assert found["oracle"] == found["threads"] == found["events"]
    return found["oracle"]


@module
class Box:
    full: bool = False
    count: int = 0
    filled: Condition = field(factory=Condition)
    emptied: Condition = field(factory=Condition)
    never: Condition = field(factory=Condition)

    @entry
    async def take(self):
        while not self.full:
            await self.filled.wait()
        self.full = False
        self.emptied.signal()

    @entry
    async def put(self):
        while not self.full:
            await self.emptied.wait()
        self.filled.signal()

    @entry
    async def tell(self):
        self.filled.signal()

    @entry
    async def hopeless(self):
        while True:
            await self.never.wait()

    @entry
    async def counted(self):
        while self.count < 2:
            await self.filled.wait()

    @entry
    async def passing(self):
        while not self.full:
            await self.filled.wait()
        self.filled.signal()


@module
class Main:
    box: Box
    way: str

    @procedure
    async def between(self):
        await join(fork(self.box.take))

    @procedure
    async def accepts(self):
        listener = await net.listen("127.0.0.1", 80)
        await listener.accept()

    # Each in a procedure of its own: what stands further down in a text is ahead of whoever rests in it.

    @procedure
    async def three(self):
        await join(fork(self.between))
        await self.box.tell()

    @procedure
    async def others(self):
        both = [fork(self.box.take), fork(self.box.put)]
        await join(both[0])

    @procedure
    async def cause(self):
        fork(self.box.hopeless)
        await yield_now()
        await join(fork(self.box.take))
        await self.box.tell()

    @procedure
    async def many(self):
        for one in [fork(self.box.hopeless) for _ in range(11)]:
            await join(one)

    @procedure
    async def heard(self):
        await self.box.tell()  # and nobody hears this one
        waiting = fork(self.box.counted)
        await yield_now()
        await self.box.tell()
        await join(waiting)

    @procedure
    async def passing(self):
        for one in [fork(self.box.passing) for _ in range(2)]:
            await join(one)

    @procedure
    async def left(self):
        fork(self.accepts)

    @procedure
    async def main(self):
        await getattr(self, self.way)()


def main(way):
    return told(lambda: Main(Box(), way))


def test_a_circle_is_told_from_the_oldest_round_to_it():
    (fact,) = main("three")
    assert (fact.kind, fact.tasks) == ("deadlock", ("0", "0.1", "0.1.1"))
    assert fact.cycle == (
        "task 0 waits for task 0.1",
        "task 0.1 waits for task 0.1.1",
        "task 0.1.1 waits for condition Box.filled, which task 0 could signal",
    )
    assert fact.said.startswith("3 tasks wait for one another, in a circle: each for the next to go on; among events")


def test_who_waits_for_a_circle_is_not_in_it():
    (fact,) = main("others")
    assert (fact.kind, fact.tasks) == ("deadlock", ("0.1", "0.2"))
    assert fact.cycle == (
        "task 0.1 waits for condition Box.filled, which task 0.2 could signal",
        "task 0.2 waits for condition Box.emptied, which task 0.1 could signal",
    )


def test_a_waiter_that_nobody_can_signal_is_told_before_any_circle():
    (fact,) = main("cause")
    assert (fact.kind, fact.tasks) == ("lost wake-up", ("0.1",))
    assert "Box.never that no other task can give; no line signals it; it never was" in fact.said


def test_all_that_nobody_can_signal_are_told_in_order_of_birth():
    facts = main("many")
    assert {fact.kind for fact in facts} == {"lost wake-up"}
    assert [fact.tasks for fact in facts] == [(f"0.{number}",) for number in range(1, 12)]


def test_a_signal_that_somebody_heard_was_not_the_one_that_is_missing():
    (fact,) = main("heard")
    assert fact.kind == "lost wake-up"
    assert "; it last was in step " in fact.said
    assert fact.said.endswith("when somebody waited")


def test_who_waits_at_the_same_condition_can_signal_nobody():
    facts = main("passing")
    assert [(fact.kind, fact.tasks) for fact in facts] == [("lost wake-up", ("0.1",)), ("lost wake-up", ("0.2",))]


def test_where_the_outside_owes_an_answer_every_task_is_told_with_what_it_needs():
    (fact,) = main("accepts")
    assert (fact.kind, fact.tasks, fact.cycle) == ("deadlock", ("0",), ())
    assert fact.said.startswith("every task waits, and nothing that is pending would wake one: task 0 waits for ")
    assert fact.place.startswith(__file__)
    assert f" at {fact.place}, in Main.accepts" in fact.said


def test_who_waits_for_anything_else_when_the_root_has_ended_is_a_leak_without_a_signal():
    fact = main("left")[0]
    assert (fact.kind, fact.tasks) == ("leak", ("0.1",))
    assert fact.said.startswith("the root has ended, and task 0.1 waits for ever, for ")
    assert "signal" not in fact.said


# -- circles that ended a run ------------------------------------------------------------------------------------------


def test_the_circles_of_an_error_are_found_wherever_it_is():
    first, second, third = (DeadlockError("no", cycle=[f"task {name} waits"]) for name in "abc")
    error = ExceptionGroup("both", [ValueError("other"), first, ExceptionGroup("inner", [second])])
    error.__cause__ = third
    assert list(circles(error)) == [["task a waits"], ["task b waits"], ["task c waits"]]
    assert list(circles(None)) == []
    assert list(circles(DeadlockError("all wait"))) == []


@pytest.mark.parametrize(
    ("circle", "names", "said"),
    [
        (["task 0 waits for task 0"], ("0",), "task 0 waits for itself, in a circle: each for the next to go on"),
        (
            ["task 0.1 waits for the module A a, held by task 0.2", "task 0.2 waits for task 0.1"],
            ("0.1", "0.2"),
            "2 tasks wait for one another, in a circle: a cycle of monitors; among events, a cycle of stages",
        ),
    ],
)
def test_a_circle_that_is_over_is_told_by_what_was_said_of_it(circle, names, said):
    fact = of_circle(circle)
    assert (fact.kind, fact.tasks, fact.cycle) == ("deadlock", names, tuple(circle))
    assert fact.said.startswith(said)
