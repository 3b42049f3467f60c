"""The spy puts records on every part of a run, those that are made later too, and the run stays the same run."""

import pytest
from attrs import field
from hypothesis import given, settings
from hypothesis import strategies as st

from duality import Condition, application, entry, fork, join, module, procedure, reply, sleep, yield_now
from duality.proof.fields import Reasons
from duality.proof.schedule import Schedule
from duality.proof.trial import RUNTIMES
from tests.proof.samples import sound
from tests.proof.test_recorded import using
from tests.proof.touched import play, touched
from tests.proof.trials import trial_of


@module
class Late:
    value: int = 0
    ready: Condition = field(factory=Condition)

    @entry
    async def put(self, value):
        self.value = value
        self.ready.signal()


@module
class Doing:
    way: str
    made: list = field(factory=list)

    @procedure
    async def failing(self):
        raise ValueError("of the task")

    @procedure
    async def lasting(self):
        await sleep(100)

    @procedure
    async def replying(self):
        reply(1)
        await yield_now()

    @procedure
    async def main(self):
        match self.way:
            case "building":
                late = Late()
                self.made.append(late)
                await late.put(3)
            case "undeclared":
                self.unheard_of = 3
                await yield_now()
                return self.unheard_of
            case "failing":
                task = fork(self.failing)
                await yield_now()
                try:
                    await join(task)
                except ValueError:
                    pass
            case "dying":
                fork(self.lasting)
                fork(self.lasting)
                await yield_now()
                raise ValueError("of the root")
            case "replying":
                return await self.replying()


@application
def doing(way: str):
    return Doing(way)


def test_modules_that_are_built_in_a_run_are_recorded_too(on):
    ((_, told),) = touched(doing, on, way="building")
    assert {"writes the number of modules", "writes gate Late #2", "writes field Late #2 value"} <= told
    assert "reads condition Late #2 Late.ready" in told  # nobody heard the signal


def test_an_attribute_that_was_not_declared_is_a_field(on):
    first, second = touched(doing, on, way="undeclared")
    assert "writes field Doing unheard_of" in first[1]
    assert "reads field Doing unheard_of" in second[1]


def test_a_task_that_fails_is_told_of_in_order(on):
    steps = touched(doing, on, ("0", "0.1"), way="failing")
    assert ["writes tasks that failed" in told for _, told in steps] == [False, True, False]


def test_when_a_run_fails_nothing_commutes_and_births_count(on):
    reasons = Reasons()
    _, hand = play(doing, on, ("0", "0.1", "0.2", "0"), reasons=reasons, way="dying")
    assert reasons.births
    failing = hand.steps[3][1]
    assert {one for one in failing if one.startswith("reads")} == set()  # everything is written
    again, later = Reasons(births=True), None
    _, later = play(doing, on, ("0",), reasons=again, way="dying")
    assert "writes the order of births" in later.steps[0][1]
    assert "writes the order of births" not in hand.steps[0][1]


def test_a_task_that_replies_leaves_one_that_is_recorded(on):
    steps = touched(doing, on, way="replying")
    assert {task for task, _ in steps} == {"0", "0.1"}
    assert any("writes end 0.1" in told for task, told in steps if task == "0.1")


@settings(max_examples=40, deadline=None)
@given(
    on=st.sampled_from(RUNTIMES),
    seed=st.integers(0, 2**32),
    app=st.sampled_from([(sound, {}), *((using, {"way": way}) for way in ("waiting", "holding", "cancelling"))]),
)
def test_a_run_that_is_spied_upon_is_the_run_that_is_not(on, seed, app):
    """The same tasks are offered, and it ends with the same value and the same state."""
    made, params = app
    plain = trial_of(made, on, Schedule.seeded(seed), **params)
    ended, hand = play(made, on, [step.task for step in plain.steps], **params)
    assert hand.offered == [step.offered for step in plain.steps]
    assert tuple(hand.word()) == plain.word
    for aspect in ("value", "tasks", "living", "state", "held", "dropped"):
        assert f"{aspect}: {plain.outcome[aspect]}\n" in f"{ended.text}\n"


@pytest.mark.parametrize("crossing", ["direct", "queued"])
def test_what_is_touched_between_two_steps_is_no_steps(on, crossing):
    ended, hand = play(sound, on, crossing=crossing)
    assert hand.seen.index == -1
    hand.seen.read(("whoever looks", "afterwards"))
    hand.seen.begin(9, "0")
    assert list(hand.seen.told(hand.seen.end())) == ["reads task 0"]
    assert ended.brief == "value 1"
