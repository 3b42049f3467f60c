"""A step costs the same however many are ready; nobody starves; no error is lost; a run ends when it must."""

import signal
import sys
from collections import deque

import pytest

from duality.core.scheduler import Scheduler
from duality.core.task import Task
from duality.errors import Cancelled, DeadlockError
from tests.virtual import VirtualIO

HUB = (object(), None, None)


class Parking:
    """Somewhere to wait."""

    def withdraw(self, task):
        pass

    def __str__(self):
        return "something"


class Machine:
    """A scheduler and a side that only notes whose turn it is."""

    def __init__(self):
        self.ready, self.io = deque(), VirtualIO()
        self.io.open(self.ready, None)
        self.scheduler = Scheduler(self.ready, self.io, lambda task: "its line")
        self.scheduler.hub = HUB

    def born(self, *names):
        tasks = [Task(name, self.ready) for name in names]
        for task in tasks:
            self.scheduler.born(task)
        return tasks

    def turn(self, step):
        """One round: ``step(task, error)`` for each that was ready. Whether the run goes on."""
        if not self.scheduler.round():
            return False
        while (entry := self.ready.popleft()) is not HUB:
            step(entry[0], entry[2])
        return True

    def end(self, task, error=None):
        self.scheduler.ended(task, "value", error)

    def ends_when_told(self, task, error):
        self.end(task, error)


@pytest.fixture
def machine():
    return Machine()


def calls_per_step(count, rounds=5):
    """How many Python functions are called for each step, with ``count`` tasks that only yield."""
    machine, calls, steps = Machine(), 0, 0
    machine.born(*(f"0.{number}" for number in range(count)))

    def profile(frame, event, argument):
        nonlocal calls
        calls += event == "call" or event == "c_call"

    def step(task, error):
        nonlocal steps
        steps += 1
        task.give_way()

    sys.setprofile(profile)
    try:
        for _ in range(rounds):
            machine.turn(step)
    finally:
        sys.setprofile(None)
    assert steps == count * rounds
    return calls / steps


def test_a_step_costs_the_same_among_ten_tasks_and_among_ten_thousand():
    few, many = calls_per_step(10), calls_per_step(10_000)
    assert many <= few


def test_birth_and_death_cost_the_same_among_many():
    def operations(count):
        machine, calls = Machine(), 0

        def profile(frame, event, argument):
            nonlocal calls
            calls += event in ("call", "c_call")

        sys.setprofile(profile)
        try:
            for task in machine.born(*map(str, range(count))):
                machine.end(task)
        finally:
            sys.setprofile(None)
        return calls / count

    assert operations(5000) <= operations(50) * 1.01


def test_the_io_core_has_a_turn_every_round_however_busy_the_tasks_are(machine):
    polls = []
    machine.io.poll = lambda block: polls.append(block)
    machine.born("0", "0.1")
    for _ in range(3):
        assert machine.turn(lambda task, error: task.give_way())
    assert polls == [False] * 3


def test_what_becomes_ready_in_a_round_waits_for_the_next(machine):
    machine.born("0", "0.1")
    turns = []

    def step(task, error):
        turns.append(task.name)
        task.give_way()

    machine.turn(step)
    assert turns == ["0", "0.1"]


def test_a_run_is_over_when_nobody_lives(machine):
    (root,) = machine.born("0")
    assert machine.turn(lambda task, error: machine.end(task))
    assert not machine.turn(None)
    assert machine.scheduler.result() == "value"


def test_the_machine_waits_only_when_nothing_is_ready_and_something_pending(machine):
    (root,) = machine.born("0")
    machine.turn(lambda task, error: machine.io.sleep(task, 3))
    assert machine.io.now() == 0
    machine.turn(lambda task, error: machine.end(task))
    assert machine.io.now() == 3


def test_when_all_wait_and_nothing_is_pending_everybody_is_cancelled_and_the_run_fails(machine):
    tasks = machine.born("0", "0.1")
    parking = Parking()

    def park(task, error):
        task.parked = parking

    machine.turn(park)
    told = []
    machine.turn(lambda task, error: (told.append((task.name, type(error))), machine.end(task, error)))
    assert told == [("0", Cancelled), ("0.1", Cancelled)]
    assert not machine.turn(None)
    with pytest.raises(DeadlockError) as caught:
        machine.scheduler.result()
    assert caught.value.waits == tuple(f"task {task.name} waits for something at its line" for task in tasks)


def test_what_can_never_go_on_after_the_root_is_a_leak(machine):
    machine.born("0", "0.1")
    parking = Parking()

    def first(task, error):
        if task.name == "0":
            machine.end(task)
        else:
            task.parked = parking

    machine.turn(first)
    machine.turn(machine.ends_when_told)
    assert not machine.turn(None)
    assert machine.scheduler.result() == "value"
    assert machine.scheduler.leaked == ("task 0.1 waits for something at its line",)


def test_a_sent_tasks_error_fails_the_run_at_once(machine):
    root, sent = machine.born("0", "0.1")
    sent.detached = True
    root.parked = Parking()
    machine.ready.clear()
    machine.end(sent, KeyError("sent"))
    ((task, _, error),) = machine.ready
    assert task is root
    assert isinstance(error, Cancelled)
    machine.end(root, error)
    with pytest.raises(KeyError, match="sent"):
        machine.scheduler.result()


def test_an_error_that_somebody_joins_in_the_end_fails_nothing(machine):
    root, child = machine.born("0", "0.1")
    machine.end(child, KeyError("child"))
    with pytest.raises(KeyError):
        child.join(root)
    machine.end(root)
    assert machine.scheduler.result() == "value"


def test_errors_that_nobody_joins_fail_the_run_together(machine):
    root, *children = machine.born("0", "0.1", "0.2")
    for child in children:
        machine.end(child, KeyError(child.name))
    machine.end(root)
    with pytest.raises(BaseExceptionGroup) as caught:
        machine.scheduler.result()
    assert [str(error) for error in caught.value.exceptions] == ["'0.1'", "'0.2'"]


@pytest.mark.parametrize("error", [SystemExit(3), KeyboardInterrupt()])
def test_what_ends_a_program_ends_the_run_whoever_raises_it(machine, error):
    root, child = machine.born("0", "0.1")
    root.parked = Parking()
    machine.end(child, error)
    machine.end(root)
    with pytest.raises(type(error)):
        machine.scheduler.result()


@pytest.mark.parametrize(("number", "kind"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, SystemExit)])
def test_the_first_signal_cancels_and_the_second_ends_at_once(machine, number, kind):
    (root,) = machine.born("0")
    root.parked = Parking()
    machine.ready.clear()
    machine.scheduler.on_signal(number)
    assert [type(error) for _, _, error in machine.ready] == [Cancelled]
    with pytest.raises(kind):
        machine.scheduler.on_signal(number)
    machine.end(root, machine.ready[0][2])
    with pytest.raises(kind):
        machine.scheduler.result()


def test_who_is_born_into_a_run_that_ends_is_cancelled_at_its_first_rest(machine):
    machine.born("0")
    machine.scheduler.fail(KeyError())
    (late,) = machine.born("0.1")
    assert len(late.interrupts) == 1
