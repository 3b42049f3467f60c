"""A schedule is a word: it can be played, read, played again, and refused where it does not fit."""

import gc

import pytest
from attrs import field

from duality import fork, join, module, procedure, run, yield_now
from duality.proof import Schedule, ScheduleError
from tests.conftest import application_of
from tests.virtual import VirtualIO

OFFERED = [("0",), ("0", "0.1"), ("0.1", "0", "0.2"), ("0", "0.2"), ("0.2", "0", "0.1", "0.3")]


def play(schedule):
    return [schedule.choose(offered) for offered in OFFERED]


@pytest.mark.parametrize("seed", range(30))
def test_a_seeded_schedule_only_chooses_what_is_offered_and_writes_it_down(seed):
    schedule = Schedule.seeded(seed)
    choices = play(schedule)
    assert all(0 <= choice < len(offered) for choice, offered in zip(choices, OFFERED, strict=True))
    assert schedule.word == choices
    assert play(Schedule.of(choices)) == choices
    assert play(schedule.again()) == choices


def test_a_seed_means_the_same_choices_in_every_version_of_python():
    schedule = Schedule.seeded(2024)
    assert [schedule.choose("abcdefgh") for _ in range(10)] == EXPECTED


EXPECTED = [3, 5, 2, 7, 3, 5, 2, 1, 6, 3]


def test_every_task_offered_is_chosen_by_some_seed():
    assert {tuple(play(Schedule.seeded(seed))) for seed in range(2000)} == {
        (0, b, c, d, e) for b in range(2) for c in range(3) for d in range(2) for e in range(4)
    }


def test_a_word_that_is_over_lets_the_current_task_go_on():
    assert play(Schedule.of([0, 1])) == [0, 1, 0, 0, 0]
    assert play(Schedule.wrapped([])) == [0] * 5


def test_a_wrapped_word_always_fits():
    assert play(Schedule.wrapped([7, 7, 7, 7, 7])) == [0, 1, 1, 1, 3]


@pytest.mark.parametrize("choice", [1, -1])
def test_a_choice_that_was_not_offered_is_refused(choice):
    schedule = Schedule.of([0, 1, choice])
    assert [schedule.choose(["0"]), schedule.choose(["0", "0.1"])] == [0, 1]
    with pytest.raises(ScheduleError, match=rf"step 2 offers 1 \(0\.1\), and its choice is {choice}"):
        schedule.choose(["0.1"])
    assert schedule.word == [0, 1]


def test_a_schedule_says_what_it_is_and_what_it_did():
    schedule = Schedule.of([0, 1])
    assert repr(schedule) == "Schedule.of([0, 1])"
    play(schedule)
    assert repr(schedule) == "Schedule.of([0, 1]) after [0, 1, 0, 0, 0]"
    assert repr(Schedule.seeded(4)) == "Schedule.seeded(4)"
    assert repr(schedule.again()) == "Schedule.of([0, 1])"


# -- played to a run ---------------------------------------------------------------------------------------------------


@module
class Racing:
    """Three runners; the log tells in which order they came to each line. Swallows every Exception it meets."""

    log: list = field(factory=list)

    async def runner(self, name):
        for _ in range(3):
            self.log.append(name)
            try:
                await yield_now()
            except Exception:
                self.log.append("swallowed")

    @procedure
    async def main(self):
        tasks = [fork(self.runner, name) for name in "abc"]
        for task in tasks:
            await join(task)
        return "".join(self.log)


def raced(on, schedule, **options):
    return run(application_of(Racing), on, io=VirtualIO(), schedule=schedule, **options)


def test_the_word_of_a_run_runs_it_again(on):
    for first in (Schedule.seeded(7), Schedule.fifo()):
        done = raced(on, first, trace=True)
        again = raced(on, Schedule.of(first.word), trace=True)
        assert again.trace == done.trace
        assert again.value == done.value
        assert len(first.word) == done.stats.steps


def test_a_schedule_decides_who_wins(on):
    assert raced(on, Schedule.fifo()).value == "abcabcabc"
    assert raced(on, Schedule.of([])).value == "aaabbbccc"
    assert raced(on, Schedule.of([0, 2])).value == "cccaaabbb"
    assert len({raced(on, Schedule.seeded(seed)).value for seed in range(20)}) > 10


@pytest.mark.parametrize("trace", [False, True])
def test_a_word_that_does_not_fit_ends_the_run_and_no_task_can_swallow_it(on, trace):
    log = []
    with pytest.raises(ScheduleError, match="step 3 offers"):
        run(application_of(lambda: Racing(log)), on, io=VirtualIO(), schedule=Schedule.of([0, 0, 0, 9]), trace=trace)
    assert "swallowed" not in log
    gc.collect()  # what the run left half done is put away without a word
    assert "swallowed" not in log
    assert raced(on, Schedule.of([]), trace=trace).value == "aaabbbccc"


# -- by name, in turn, up to a limit -----------------------------------------------------------------------------------


def test_a_schedule_by_names():
    assert play(Schedule.named(["0", "0.1", "0.2", "0"])) == [0, 1, 2, 0, 0]
    assert play(Schedule.named([])) == [0] * 5
    assert repr(Schedule.named(["0"])) == "Schedule.named(['0'])"


def test_a_task_that_is_not_ready_is_refused():
    schedule = Schedule.named(["0", "0.3"])
    schedule.choose(("0",))
    with pytest.raises(ScheduleError, match=r"step 1 names task 0\.3, which is not ready; the step offers 0, 0\.1"):
        schedule.choose(("0", "0.1"))


def test_a_name_that_is_not_ready_ends_a_run(on):
    with pytest.raises(ScheduleError, match=r"step 1 names task 0\.9, which is not ready"):
        raced(on, Schedule.named(["0", "0.9"]))
    assert raced(on, Schedule.named(["0", *["0.3"] * 4, *["0.2"] * 4, *["0.1"] * 4])).value == "cccbbbaaa"


def test_everybody_has_a_turn(on):
    assert raced(on, Schedule.round_robin()).value == "abcabcabc"
    assert play(Schedule.round_robin()) == [0, 1, 2, 0, 2]


def test_turns_are_taken_by_number_and_not_by_letter():
    schedule = Schedule.round_robin()
    names = ("0.10", "0", "0.2", "0.9")
    assert [names[schedule.choose(names)] for _ in range(5)] == ["0", "0.2", "0.9", "0.10", "0"]


def test_a_word_may_be_taken_from_whatever_has_one(on):
    first = Schedule.seeded(3)
    done = raced(on, first, trace=True)
    assert raced(on, Schedule.of(first), trace=True).trace == done.trace


@pytest.mark.parametrize("make", [Schedule.fifo, Schedule.round_robin, lambda: Schedule.seeded(1)])
def test_no_more_steps_than_the_limit(on, make):
    schedule = make()
    schedule.limit = 7
    with pytest.raises(ScheduleError, match="not ended after 7 steps"):
        raced(on, schedule)
    assert schedule.again().limit == 7
