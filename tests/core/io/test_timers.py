from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from duality.core.contract import PENDING
from duality.core.io.timers import LONGEST_WAIT, Timers

moments = st.integers(0, 20).map(float)


class AgainstASortedList(RuleBasedStateMachine):
    """The model: a list of what was asked for, in order of creation; the earliest deadline is its stable minimum."""

    def __init__(self):
        super().__init__()
        self.timers = Timers()
        self.fired = []
        self.created = []
        self.living = []

    @rule(when=moments)
    def create(self, when):
        number = len(self.created)
        self.created.append(self.timers.call_at(when, lambda: self.fired.append(number)))
        self.living.append((when, number))

    @rule(data=st.data())
    def cancel(self, data):
        if self.created:
            number = data.draw(st.integers(0, len(self.created) - 1))
            self.created[number].cancel()
            self.living = [entry for entry in self.living if entry[1] != number]

    @rule(many=st.integers(60, 200))
    def cancel_so_many_that_the_heap_is_rebuilt(self, many):
        for timer in [self.timers.call_at(10.0, self.fired.clear) for _ in range(many)]:
            timer.cancel()

    @rule(now=moments)
    def fire(self, now):
        self.fired.clear()
        self.timers.fire(now)
        due = sorted(entry for entry in self.living if entry[0] <= now)
        assert self.fired == [number for _, number in due]
        self.living = [entry for entry in self.living if entry[0] > now]

    @invariant()
    def counts_the_living(self):
        assert self.timers.pending == len(self.living)

    @invariant()
    def keeps_few_of_the_dead(self):
        assert len(self.timers.heap) <= 2 * len(self.living) + 65

    @invariant()
    def knows_whether_there_is_a_next(self):
        assert (self.timers.until_next() is None) == (not self.living)


TestAgainstASortedList = AgainstASortedList.TestCase


@given(seconds=st.lists(st.sampled_from([0.0, 0.001, 0.002]), max_size=30))
def test_sleepers_wake_in_order_of_deadline_then_of_birth(seconds):
    class Sleeper:
        parked = None

    timers, sleepers = Timers(), [Sleeper() for _ in seconds]
    timers.ready = []
    for sleeper, time in zip(sleepers, seconds, strict=True):
        assert timers.sleep(sleeper, time) is PENDING
    deadlines = {id(sleeper): sleeper.parked.when for sleeper in sleepers}
    timers.fire(monotonic() + 1)
    assert [deadlines[id(sleeper)] for sleeper, _, _ in timers.ready] == sorted(deadlines.values())
    assert all(sleeper.parked is None for sleeper in sleepers)
    assert all(completion[1:] == (None, None) for completion in timers.ready)


def test_a_sleeper_wakes_not_before_its_time(core):
    before = core.io.now()
    core.do(core.io.sleep, 0.02)
    assert core.io.now() - before >= 0.02


def test_sleeping_for_no_time_rests_once(core, task):
    assert core.io.sleep(task, 0) is PENDING
    assert task.parked is not None
    assert core.io.pending == 1
    core.io.poll(False)
    assert list(core.ready) == [(task, None, None)]


def test_a_withdrawn_sleeper_does_not_wake(core):
    sleeper = core.start(core.io.sleep, 0)
    sleeper.parked.withdraw(sleeper)
    assert sleeper.parked is None
    assert core.io.pending == 0
    core.rounds()
    assert not sleeper.answers


@pytest.mark.parametrize("seconds", [-1, -1e-9, float("nan")])
def test_times_that_mean_nothing_are_refused(core, seconds):
    with pytest.raises(ValueError, match="cannot sleep"):
        core.do(core.io.sleep, seconds)
    assert core.io.pending == 0


def test_a_deadline_must_be_a_number():
    with pytest.raises(ValueError, match="number"):
        Timers().call_at(float("nan"), print)


def test_the_wait_of_an_endless_sleeper_is_one_the_kernel_can_count(core):
    core.start(core.io.sleep, float("inf"))
    timers = Timers()
    timers.call_at(float("inf"), print)
    assert timers.until_next() == LONGEST_WAIT


def test_a_callback_may_cancel_the_next():
    timers, fired = Timers(), []
    timers.call_at(1.0, lambda: victim.cancel())
    victim = timers.call_at(2.0, lambda: fired.append("victim"))
    timers.call_at(3.0, lambda: fired.append("other"))
    timers.fire(5.0)
    assert fired == ["other"]
    assert timers.pending == 0


def test_a_callback_may_cancel_so_many_that_the_heap_is_rebuilt():
    timers, fired = Timers(), []
    timers.call_at(1.0, lambda: [victim.cancel() for victim in victims])
    victims = [timers.call_at(2.0, lambda: fired.append("victim")) for _ in range(500)]
    timers.call_at(3.0, lambda: fired.append("other"))
    timers.fire(5.0)
    assert fired == ["other"]
    assert (timers.pending, len(timers.heap)) == (0, 0)


def test_a_callback_that_calls_itself_again_cannot_hold_the_processor():
    timers, fired = Timers(), []

    def again():
        fired.append(True)
        timers.call_at(0.0, again)

    again()
    timers.fire(1.0)
    timers.fire(1.0)
    assert len(fired) == 3


def test_what_a_callback_raises_costs_no_other_its_turn(core):
    fired = []
    core.io.call_at(0.0, lambda: 1 // 0)
    core.io.call_at(0.0, lambda: fired.append("next"))
    with pytest.raises(ZeroDivisionError):
        core.io.poll(False)
    core.io.poll(False)
    assert fired == ["next"]


def test_cancelling_after_firing_changes_nothing():
    timers = Timers()
    timer = timers.call_at(0.0, lambda: None)
    timers.call_at(9.0, lambda: None)
    timers.fire(1.0)
    timer.cancel()
    timer.cancel()
    assert timers.pending == 1
    assert not timer.alive


def test_a_cleared_timer_can_still_be_cancelled():
    timers = Timers()
    timer = timers.call_at(1.0, print)
    timers.clear()
    timer.cancel()
    assert timers.pending == 0
