"""Sleepers and callbacks: in order, once, and not at all if they are cancelled."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


def test_a_sleeper_sleeps_as_long_as_it_said(core):
    before = core.io.now()
    assert core.do(core.io.sleep, 0.02) is None
    assert core.io.now() >= before + 0.02


def test_even_no_time_at_all_is_a_rest(core):
    task = core.start(core.io.sleep, 0)
    assert task.parked is not None
    assert core.finish(task) is None


@pytest.mark.parametrize("seconds", [-1, -1e-9, float("nan")])
def test_nobody_sleeps_backwards(core, seconds):
    with pytest.raises(ValueError, match="cannot sleep"):
        core.do(core.io.sleep, seconds)
    assert core.io.pending == 0


def test_a_deadline_is_a_number(core):
    with pytest.raises(ValueError, match="number"):
        core.io.call_at(float("nan"), print)


def test_time_does_not_go_back(core):
    times = []
    for seconds in (0, 0.001, 0.002, 0):
        core.do(core.io.sleep, seconds)
        times.append(core.io.now())
    assert times == sorted(times)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(waits=st.lists(st.tuples(st.sampled_from([0, 0.002, 0.004, 0.004, 0.008]), st.booleans()), max_size=10))
def test_timers_fire_in_order_of_deadline_and_then_of_creation(opened, waits):
    with opened() as core:
        now, order, timers = core.io.now(), [], []
        for number, (wait, _) in enumerate(waits):
            timers.append(core.io.call_at(now + wait, lambda number=number: order.append(number)))
        for timer, (_, cancelled) in zip(timers, waits):
            if cancelled:
                timer.cancel()
                timer.cancel()
        left = [number for number, (_, cancelled) in enumerate(waits) if not cancelled]
        assert core.io.pending == len(left)
        core.until(lambda: len(order) == len(left))
        assert order == sorted(left, key=lambda number: waits[number][0])
        assert core.io.pending == 0


def test_sleepers_and_callbacks_share_one_order(core):
    when = core.io.now() + 0.01
    order = []
    core.io.call_at(when, lambda: order.append(len(core.ready)))
    core.start(core.io.sleep, 0)
    core.pass_time(0.02)
    assert order == [0]


def test_a_cancelled_sleeper_is_forgotten(core):
    sleeper = core.start(core.io.sleep, 0.001)
    sleeper.parked.withdraw(sleeper)
    assert sleeper.parked is None
    assert core.io.pending == 0
    core.pass_time(0.01)
    assert not sleeper.answers


def test_nothing_pending_is_nothing_to_wait_for(core):
    core.io.call_at(core.io.now() + 1000, print).cancel()
    core.listening()
    core.io.poll(True)
    assert core.io.pending == 0
    assert not core.ready


def test_what_a_callback_raises_comes_out_of_poll_and_loses_nothing(core):
    def fail():
        raise KeyError("mine")

    now = core.io.now()
    core.io.call_at(now, fail)
    sleeper = core.start(core.io.sleep, 0)
    with pytest.raises(KeyError, match="mine"):
        core.finish(sleeper)
    assert core.finish(sleeper) is None


def test_a_callback_may_make_and_cancel_timers(core):
    order = []
    second = core.io.call_at(core.io.now() + 0.004, lambda: order.append("second"))

    def first():
        second.cancel()
        core.io.call_at(core.io.now(), lambda: order.append("third"))

    core.io.call_at(core.io.now() + 0.002, first)
    core.pass_time(0.01)
    assert order == ["third"]


def test_poll_need_not_wait(core):
    sleeper = core.start(core.io.sleep, 1000)
    core.io.poll(False)
    core.settle()
    assert not sleeper.answers
    assert core.io.pending == 1
