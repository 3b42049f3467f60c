"""One at a time, first in first out, and nobody in between."""

from hypothesis import given
from hypothesis import strategies as st

from duality.core.contract import PENDING
from duality.core.gate import Gate
from tests.core.actors import Stage


def test_a_free_module_is_entered_at_once_and_costs_no_turn():
    stage = Stage("1")
    assert stage.enter("1")
    assert stage.holder == "1"
    assert stage["1"].parked is None
    assert stage.names() == []


def test_those_who_find_it_held_are_served_in_order_of_arrival():
    stage = Stage("1", "2", "3", "4")
    assert [stage.enter(name) for name in "1234"] == [True, False, False, False]
    assert stage["2"].parked is stage.gate
    served = []
    for _ in range(4):
        served.append(stage.holder)
        stage.gate.release()
    assert served == ["1", "2", "3", "4"]
    assert stage.holder is None
    assert stage.names() == ["2", "3", "4"]


def test_the_module_is_handed_over_before_the_new_holder_runs_so_nobody_can_barge():
    stage = Stage("1", "2", "3")
    stage.enter("1")
    stage.enter("2")
    stage.gate.release()
    assert stage.holder == "2", "held already, though 2 has not run yet"
    assert not stage.enter("1")
    assert not stage.enter("3")
    assert stage.names() == ["2"]
    stage.gate.release()
    assert stage.names() == ["1"]


def test_whoever_is_withdrawn_from_the_queue_is_passed_over():
    stage = Stage("1", "2", "3")
    for name in "123":
        stage.enter(name)
    stage["2"].cancel()
    assert [name for name, error in stage.woken() if error is not None] == ["2"]
    stage.gate.release()
    assert stage.holder == "3"
    assert stage.names() == ["3"]


def test_withdrawing_who_does_not_queue_changes_nothing():
    stage = Stage("1", "2")
    stage.enter("1")
    stage.gate.withdraw(stage["2"])
    assert stage.holder == "1"


def test_queueing_again_enters_a_free_module_and_joins_the_tail_of_a_held_one():
    stage, error = Stage("1", "2", "3"), KeyError()
    stage.gate.queue_again(stage["1"], error)
    assert stage.holder == "1"
    assert stage.woken() == [("1", error)]
    stage.enter("2")
    stage.gate.queue_again(stage["3"], None)
    stage.gate.release()
    stage.gate.release()
    assert stage.names() == ["2", "3"]


def test_a_gate_says_what_it_is():
    assert str(Gate("Desk left", [])) == "the module Desk left"


@given(st.lists(st.sampled_from(["enter", "release", "cancel"]), max_size=60), st.data())
def test_whatever_happens_the_gate_behaves_as_a_queue_does(moves, data):
    stage = Stage(*map(str, range(len(moves))))
    model, fresh = [], iter(stage.tasks)
    for move in moves:
        if move == "enter":
            name = next(fresh)
            assert (stage.gate.enter(stage[name]) is PENDING) == bool(model)
            model.append(name)
        elif move == "release" and model:
            stage.gate.release()
            model.pop(0)
        elif move == "cancel" and len(model) > 1:
            name = data.draw(st.sampled_from(model[1:]))
            stage[name].cancel()
            model.remove(name)
        assert stage.holder == (model[0] if model else None)
        assert [task.name for task in stage.gate.queue] == model[1:]


def test_a_module_that_is_handed_to_another_task_keeps_its_queue_and_names_its_new_holder():
    stage = Stage("1", "2", "3")
    stage.enter("1")
    stage.enter("2")
    stage.gate.hand_to(stage["3"])
    assert stage.holder == "3"
    assert stage.names() == []
    assert list(stage["1"].needed_by()) == []
    assert list(stage["3"].needed_by()) == [stage["2"]]
    assert list(stage["2"].parked.waits_for()) == [stage["3"]]
    stage.gate.release()
    assert stage.holder == "2"
    assert stage.names() == ["2"]
    assert stage["3"].held == ()


def test_a_module_at_which_nobody_queues_may_be_handed_on_as_well():
    stage = Stage("1", "2", "3")
    stage.enter("1")
    stage.gate.hand_to(stage["2"])
    assert not stage.enter("3")
    assert list(stage["2"].needed_by()) == [stage["3"]]
