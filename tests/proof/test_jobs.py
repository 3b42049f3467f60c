"""However many processes play a plan: the same schedules are played, and the same is first."""

import multiprocessing
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duality.proof import jobs as rooms
from duality.proof.jobs import played
from duality.proof.tally import Mark, Tally


class Plays:
    """Stands for a player: finds something at some numbers, raises at others, dies at others."""

    def __init__(self, finds=(), raises=(), dies=()):
        self.finds, self.raises, self.dies = finds, raises, dies

    def mark(self, number):
        if number in self.dies:
            os._exit(3)
        if number in self.raises:
            raise ValueError(number)
        return Mark(number, 3, number, frozenset(), (), number in self.finds)

    def marks(self, numbers):
        for number in numbers:
            mark = self.mark(number)
            yield mark
            if mark.found:
                return


def sum_of(player, schedules, jobs):
    tally, told = Tally(), []
    played(player, schedules, jobs, tally, lambda one: told.append(one.schedules))
    assert told[-1] == tally.schedules  # the last that is told is the whole
    return tally


@settings(max_examples=30)
@given(
    schedules=st.integers(1, 30),
    jobs=st.integers(2, 4),
    finds=st.sets(st.integers(0, 40), max_size=3),
)
def test_the_sum_is_the_same_as_of_one_process(schedules, jobs, finds):
    player = Plays(finds)
    alone, together = sum_of(player, schedules, 1), sum_of(player, schedules, jobs)
    first = min((number for number in finds if number < schedules), default=None)
    assert alone.first == together.first == first
    assert (alone.schedules, alone.runs, alone.steps) == (together.schedules, together.runs, together.steps)
    assert sorted(alone.marks) == sorted(together.marks) == list(range(schedules if first is None else first + 1))


def test_an_error_counts_as_found_where_it_was_raised_and_one_process_raises_it():
    player = Plays(raises={5})
    assert sum_of(player, 20, 3).first == 5
    tally = Tally()
    with pytest.raises(ValueError, match="5"):
        played(player, 20, 1, tally, lambda one: None)
    assert sorted(tally.marks) == [0, 1, 2, 3, 4]  # what was played is kept


def test_a_process_that_dies_is_told_of_and_none_is_left():
    with pytest.raises(RuntimeError, match="a process that played schedules has died"):
        sum_of(Plays(dies={4}), 20, 2)
    assert multiprocessing.active_children() == []


def test_an_interrupt_keeps_what_was_played_and_ends_the_others():
    def tell(tally):
        if tally.schedules > 3:
            raise KeyboardInterrupt

    tally = Tally()
    with pytest.raises(KeyboardInterrupt):
        played(Plays(), 1_000_000, 2, tally, tell)
    assert tally.schedules > 3
    assert multiprocessing.active_children() == []


def test_where_nothing_can_be_forked_one_process_does_it_all(monkeypatch):
    monkeypatch.setattr(rooms, "_can_fork", lambda: False)
    tally = Tally()
    with pytest.raises(ValueError, match="3"):  # raised here: it was played here
        played(Plays(raises={3}), 9, 4, tally, lambda one: None)
    assert tally.schedules == 3


def test_more_processes_than_schedules_are_not_started(monkeypatch):
    started = []
    forked = rooms._forked
    monkeypatch.setattr(rooms, "_forked", lambda *given: started.append(given[2]) or forked(*given))
    assert sum_of(Plays(), 3, 8).schedules == 3
    assert started == [3]
