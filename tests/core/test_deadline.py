"""A deadline asks once, takes back only its own request, and owns only the cancellation that bears its tag."""

import pytest

from duality.core.deadline import Deadline
from duality.core.task import Task
from duality.errors import Cancelled
from tests.virtual import VirtualIO


class Machine:
    """A clock and a current task: all that a deadline asks for."""

    def __init__(self):
        self.io, self.ready = VirtualIO(), []
        self.current = Task("0", self.ready)

    def pass_time(self, seconds):
        self.io.call_at(self.io.now() + seconds, lambda: None)
        self.io.poll(True)


@pytest.fixture
def machine():
    return Machine()


def test_a_block_that_ends_in_time_leaves_nothing_behind(machine):
    with Deadline(machine, 5, fails=True) as deadline:
        pass
    assert not deadline.cancelled_caught
    assert machine.io.pending == 0


def test_time_that_passes_asks_for_a_cancellation_that_bears_the_tag(machine):
    with Deadline(machine, 5, fails=False) as deadline:
        machine.pass_time(5)
        (error,) = machine.current.interrupts
        assert isinstance(error, Cancelled)
        assert error.tag is deadline
        assert str(error) == "5 seconds have passed"
    assert machine.current.interrupts is None, "never delivered, so taken back"
    assert not deadline.cancelled_caught


def test_its_own_cancellation_is_caught(machine):
    with Deadline(machine, 5, fails=False) as deadline:
        raise Cancelled(tag=deadline)
    assert deadline.cancelled_caught


def test_or_becomes_a_timeout(machine):
    deadline = Deadline(machine, 2.5, fails=True)
    with pytest.raises(TimeoutError, match="not done after 2.5 seconds") as caught:
        with deadline:
            raise Cancelled(tag=deadline)
    assert deadline.cancelled_caught
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("fails", [False, True])
@pytest.mark.parametrize("error", [KeyError(), Cancelled(), Cancelled(tag=object())])
def test_whatever_else_is_raised_passes_through(machine, fails, error):
    deadline = Deadline(machine, 5, fails)
    with pytest.raises(type(error)) as caught:
        with deadline:
            raise error
    assert caught.value is error
    assert not deadline.cancelled_caught
    assert machine.io.pending == 0


def test_a_request_of_somebody_else_is_left_alone(machine):
    with Deadline(machine, 5, fails=False):
        machine.current.cancel()
        machine.pass_time(5)
    assert [str(error) for error in machine.current.interrupts] == ["task 0 was cancelled"]
