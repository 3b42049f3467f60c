"""Mesa's rules: a signal moves a waiter to the entry queue, and is never lost to a cancellation."""

import pytest

from duality.core.contract import PENDING
from duality.errors import Cancelled
from tests.core.actors import Stage


def waiting(*names, holder=None):
    """A stage where ``names`` wait, in that order, and ``holder`` is inside."""
    stage = Stage(*names, *([holder] if holder else []))
    for name in names:
        stage.enter(name)
        assert stage.waiters.wait(stage[name]) is PENDING
    if holder:
        stage.enter(holder)
    assert stage.names() == []
    return stage


def test_waiting_lets_go_of_the_module():
    stage = waiting("1")
    assert stage.holder is None
    assert stage["1"].parked is stage.waiters


def test_waiting_hands_the_module_to_the_next_in_the_queue():
    stage = Stage("1", "2")
    stage.enter("1")
    stage.enter("2")
    stage.waiters.wait(stage["1"])
    assert stage.holder == "2"
    assert stage.names() == ["2"]


@pytest.mark.parametrize("holder", [None, "2"])
def test_waiting_without_holding_the_module_is_refused(holder):
    stage = Stage("1", "2")
    if holder:
        stage.enter(holder)
    with pytest.raises(RuntimeError, match=r"wait on Room\.change by task 1, which does not hold the module Room"):
        stage.waiters.wait(stage["1"])


def test_a_signal_wakes_the_oldest_and_a_second_one_the_next():
    stage = waiting("1", "2", "3", holder="4")
    stage.waiters.signal()
    assert stage.names() == [], "the signaller goes on, inside"
    stage.waiters.signal()
    stage.gate.release()
    stage.gate.release()
    assert stage.names() == ["1", "2"]
    assert stage["3"].parked is stage.waiters


def test_a_broadcast_wakes_all_oldest_first():
    stage = waiting("1", "2", "3", holder="4")
    stage.waiters.broadcast()
    for _ in range(3):
        stage.gate.release()
    assert stage.names() == ["1", "2", "3"]


def test_the_signalled_goes_behind_those_who_came_before_the_signal():
    stage = waiting("1", holder="2")
    stage.tasks |= Stage("3").tasks
    stage["3"].ready = stage.ready
    assert not stage.enter("3")
    stage.waiters.signal()
    stage.gate.release()
    assert stage.names() == ["3"]


def test_a_signal_that_nobody_waits_for_is_forgotten():
    stage = Stage("1")
    stage.waiters.signal()
    stage.waiters.broadcast()
    stage.enter("1")
    stage.waiters.wait(stage["1"])
    assert stage.names() == []


def test_a_signal_from_outside_gives_a_free_module_to_the_waiter():
    stage = waiting("1")
    stage.waiters.signal()
    assert stage.holder == "1"
    assert stage.names() == ["1"]


def test_a_cancelled_waiter_must_hold_the_module_again_before_it_is_told():
    stage = waiting("1", holder="2")
    stage["1"].cancel()
    assert stage.woken() == []
    assert stage["1"].parked.holder.name == "2"
    stage.gate.release()
    ((name, error),) = stage.woken()
    assert name == "1"
    assert isinstance(error, Cancelled)
    assert stage.holder == "1"


def test_a_cancelled_waiter_is_no_waiter_any_more():
    stage = waiting("1", "2", holder="3")
    stage["1"].cancel()
    stage.waiters.signal()
    stage.gate.release()
    stage.gate.release()
    assert [name for name, error in stage.woken() if error is None] == ["2"]


@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_waiter_that_is_signalled_and_then_cancelled_passes_the_signal_on_once(times):
    stage = waiting("1", "2", "3", holder="4")
    stage.waiters.signal()
    for _ in range(times):
        stage["1"].cancel()
    stage.gate.release()
    stage.gate.release()
    woken = stage.woken()
    assert [name for name, error in woken] == ["1", "2"]
    assert [error is None for name, error in woken] == [False, True]
    assert stage["3"].parked is stage.waiters
    assert len(stage["1"].interrupts or ()) == times - 1, "each request is delivered, later ones at later rests"


def test_a_signal_is_passed_on_from_one_cancelled_waiter_to_the_next_until_somebody_takes_it():
    stage = waiting("1", "2", "3", holder="4")
    stage.waiters.signal()
    stage["1"].cancel()
    stage["2"].cancel()
    for _ in range(3):
        stage.gate.release()
    assert [(name, error is None) for name, error in stage.woken()] == [("1", False), ("2", False), ("3", True)]


def test_a_signal_that_only_cancelled_waiters_were_given_is_gone_with_the_last():
    stage = waiting("1", holder="2")
    stage.waiters.signal()
    stage["1"].cancel()
    stage.gate.release()
    assert [name for name, _ in stage.woken()] == ["1"]
    assert not stage.waiters.queue


def test_what_happens_is_told_to_whoever_traces():
    stage, told = waiting("1"), []
    stage.waiters.notify = lambda what, who: told.append((what, who.name))
    stage.waiters.signal()
    stage.waiters.broadcast()
    assert told == [("signal", "Room.change"), ("broadcast", "Room.change")]
    assert str(stage.waiters) == "condition Room.change"
