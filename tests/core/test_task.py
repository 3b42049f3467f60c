"""A task's end and who learns of it; a cancellation and where it is delivered."""

from collections import deque

import pytest

from duality.core.contract import PENDING
from duality.core.task import Task
from duality.errors import Cancelled, DeadlockError


@pytest.fixture
def ready():
    return deque()


@pytest.fixture
def tasks(ready):
    return [Task(f"0.{number}", ready) for number in range(1, 5)]


class Parking:
    """Remembers who is parked, and forgets when told."""

    def __init__(self):
        self.forgotten = []

    def withdraw(self, task):
        self.forgotten.append(task)


def test_children_are_named_by_birth():
    task = Task("0", [])
    assert [task.child_name() for _ in range(11)][-2:] == ["0.10", "0.11"]
    assert Task("0.3", []).child_name() == "0.3.1"
    assert str(task) == "task 0"
    assert repr(task) == "<task 0>"


def test_a_finished_task_is_joined_at_once_and_gives_the_same_result_every_time(tasks, ready):
    done, asking = tasks[:2]
    done.end("value", None)
    assert [done.join(asking), done.join(asking)] == ["value", "value"]
    assert not ready


def test_a_failed_task_raises_the_same_error_every_time(tasks):
    failed, asking = tasks[:2]
    error = KeyError("x")
    failed.end(None, error)
    for _ in range(2):
        with pytest.raises(KeyError) as caught:
            failed.join(asking)
        assert caught.value is error


def test_everybody_who_joins_is_made_ready_in_order_when_the_task_ends(tasks, ready):
    ending, *asking = tasks
    assert [ending.join(one) for one in asking] == [PENDING] * 3
    assert all(one.parked is ending for one in asking)
    error = KeyError("x")
    ending.end("value", error)
    assert list(ready) == [(one, "value", error) for one in asking]
    assert all(one.parked is None for one in asking)


def test_an_error_is_somebodys_once_it_has_been_told(tasks):
    failing, asking, other = tasks[:3]
    failing.join(asking)
    assert not failing.joined, "nobody has been told anything yet"
    asking.cancel()
    failing.end(None, KeyError("x"))
    assert not failing.joined, "the one who asked has gone"
    with pytest.raises(KeyError):
        failing.join(other)
    assert failing.joined


def test_nobody_joins_himself_or_somebody_who_waits_for_him(tasks):
    one, two, three, _ = tasks
    with pytest.raises(DeadlockError) as caught:
        one.join(one)
    assert caught.value.cycle == ("task 0.1 waits for task 0.1",)
    two.join(one)  # one waits for two
    three.join(two)
    with pytest.raises(DeadlockError) as caught:
        one.join(three)
    assert caught.value.cycle == (
        "task 0.3 waits for task 0.1",
        "task 0.1 waits for task 0.2",
        "task 0.2 waits for task 0.3",
    )
    assert three.parked is None


# -- cancellation ------------------------------------------------------------------------------------------------------


def test_a_parked_task_is_told_at_once_and_forgotten_by_whoever_parked_it(tasks, ready):
    task, parking = tasks[0], Parking()
    task.parked = parking
    task.cancel()
    ((told, _, error),) = ready
    assert told is task
    assert isinstance(error, Cancelled)
    assert str(error) == "task 0.1 was cancelled"
    assert task.parked is None
    assert parking.forgotten == [task]


def test_a_task_that_runs_or_is_ready_is_told_at_its_next_rest_and_only_once(tasks, ready):
    task = tasks[0]
    task.cancel()
    assert not ready
    task.parked = Parking()
    task.deliver()
    assert [type(error) for _, _, error in ready] == [Cancelled]
    task.parked = Parking()
    task.deliver()
    assert len(ready) == 1


def test_each_request_is_delivered_at_a_rest_of_its_own(tasks, ready):
    task = tasks[0]
    task.parked = Parking()
    task.cancel()
    task.cancel()
    assert len(ready) == 1
    task.parked = Parking()
    task.deliver()
    assert len(ready) == 2
    assert ready[0][2] is not ready[1][2]
    assert task.interrupts is None


def test_a_yield_is_a_rest_where_a_request_is_delivered(tasks, ready):
    task = tasks[0]
    assert task.give_way() is PENDING
    assert list(ready) == [task.again]
    task.cancel()
    with pytest.raises(Cancelled):
        task.give_way()
    assert len(ready) == 1


def test_a_request_can_be_taken_back_by_whoever_made_it_and_by_nobody_else(tasks):
    task, mine, other = tasks[0], object(), object()
    task.interrupt(Cancelled("mine", tag=mine))
    task.interrupt(Cancelled("other", tag=other))
    task.interrupt(Cancelled("mine too", tag=mine))
    task.forget(mine)
    assert [str(error) for error in task.interrupts] == ["other"]
    task.forget(other)
    assert task.interrupts is None
    task.forget(other)


def test_what_has_ended_cannot_be_cancelled(tasks, ready):
    task = tasks[0]
    task.end("value", None)
    task.cancel()
    assert not ready
    assert task.interrupts is None


def test_a_joiner_that_is_cancelled_is_not_woken_again(tasks, ready):
    ending, asking, other = tasks[:3]
    ending.join(asking)
    ending.join(other)
    asking.cancel()
    ending.end("value", None)
    assert [(task.name, error is None) for task, _, error in ready] == [("0.2", False), ("0.3", True)]
