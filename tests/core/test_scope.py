"""A scope, without any runtime: it is left when all its tasks have ended, with all that they raised."""

from collections import deque

import pytest

from duality.core.contract import PENDING
from duality.core.scope import Scope
from duality.core.task import Task
from duality.errors import Cancelled


class Block:
    """A scope, its owner, and children that end when the test says."""

    def __init__(self):
        self.ready = deque()
        self.owner = Task("0", self.ready)
        self.scope = Scope(self.owner, lambda *args: Task(self.owner.child_name(), self.ready))

    def fork(self):
        task = self.scope.fork(None)
        task.parked = self  # at rest
        return task

    def withdraw(self, task):
        pass

    def end(self, task, error=None):
        task.end(None, error)
        self.scope.ended(task, error)

    def cancelled(self):
        """Who has been told to stop since the last look; they are parked again, as if cleaning up."""
        tasks = [task for task, _, error in self.ready if isinstance(error, Cancelled)]
        self.ready.clear()
        for task in tasks:
            task.parked = self
        return [task.name for task in tasks]

    def outcome(self):
        """What the leaver is resumed with."""
        ((task, value, error),) = self.ready
        assert task is self.owner
        assert task.parked is None
        return value, error


@pytest.fixture
def block():
    return Block()


def test_an_empty_scope_is_left_at_once(block):
    assert block.scope.leave(block.owner, None) is False


def test_a_scope_is_left_when_the_last_task_has_ended(block):
    one, two = block.fork(), block.fork()
    assert block.scope.leave(block.owner, None) is PENDING
    block.end(two)
    assert not block.ready
    block.end(one)
    assert block.outcome() == (False, None)


def test_an_error_stops_the_siblings_and_the_body_once(block):
    one, two, three = (block.fork() for _ in range(3))
    block.owner.parked = block
    block.end(two, KeyError("two"))
    assert block.cancelled() == ["0.1", "0.3", "0"]
    block.end(one, ValueError("one"))
    assert block.cancelled() == []
    assert block.scope.leave(block.owner, Cancelled(tag=block.scope)) is PENDING
    assert block.cancelled() == [], "told once"
    block.end(three, Cancelled())
    _, error = block.outcome()
    assert [str(one) for one in error.exceptions] == ["'two'", "one"]


def test_the_bodys_own_error_comes_first(block):
    one = block.fork()
    assert block.scope.leave(block.owner, KeyError("body")) is PENDING
    assert block.cancelled() == ["0.1"]
    block.end(one, ValueError("child"))
    _, error = block.outcome()
    assert [type(one) for one in error.exceptions] == [KeyError, ValueError]


def test_a_scopes_own_cancellation_ends_with_it(block):
    one = block.fork()
    block.owner.parked = block
    block.scope.cancel()
    assert block.cancelled() == ["0.1", "0"]
    block.end(one, Cancelled())
    assert block.scope.leave(block.owner, Cancelled(tag=block.scope)) is True


def test_an_undelivered_cancellation_of_its_own_is_taken_back(block):
    block.scope.cancel()
    assert len(block.owner.interrupts) == 1
    assert block.scope.leave(block.owner, None) is False
    assert block.owner.interrupts is None


def test_a_cancellation_from_outside_passes_through(block):
    one, outside = block.fork(), Cancelled("outside")
    assert block.scope.leave(block.owner, outside) is PENDING
    assert block.cancelled() == ["0.1"]
    block.end(one, Cancelled())
    assert block.outcome() == (False, outside)


def test_cancelled_while_leaving_it_waits_for_its_tasks_all_the_same(block):
    one, outside = block.fork(), Cancelled("outside")
    block.scope.leave(block.owner, None)
    block.owner.interrupt(outside)
    assert block.cancelled() == ["0.1"]
    block.end(one)
    assert block.outcome() == (False, outside)


def test_who_is_forked_while_it_stops_is_stopped_too(block):
    block.scope.cancel()
    late = block.scope.fork(None)
    assert len(late.interrupts) == 1


def test_a_scope_that_was_left_takes_nobody_and_disturbs_nobody(block):
    block.scope.leave(block.owner, None)
    with pytest.raises(RuntimeError, match="left"):
        block.scope.fork(None)
    block.scope.cancel()
    assert block.owner.interrupts is None
    assert not block.ready


def test_a_task_of_a_scope_needs_no_join(block):
    assert block.fork().joined


def test_a_scope_says_whom_it_waits_for(block):
    one, two = block.fork(), block.fork()
    assert str(block.scope) == "the end of its scope: task 0.1, task 0.2"
    assert block.scope.waits_for() == (one, two)
    assert repr(block.scope) == "<scope of task 0>"
