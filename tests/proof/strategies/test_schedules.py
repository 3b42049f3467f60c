"""What hypothesis draws: schedules that always fit, and shrink to the one where every task runs as long as it can."""

from hypothesis import find, given
from hypothesis import strategies as st

from duality.proof import Schedule
from duality.proof.strategies import schedules


@given(schedules(), st.lists(st.integers(1, 9), max_size=100))
def test_a_drawn_schedule_fits_whatever_is_offered(schedule, counts):
    for count in counts:
        assert 0 <= schedule.choose("x" * count) < count
    assert len(schedule.word) == len(counts)
    assert all(choice == 0 for choice in schedule.word[60:])


def test_the_simplest_schedule_makes_no_choice():
    assert find(schedules(), lambda schedule: True).source == "Schedule.wrapped([])"


def test_the_smallest_word_that_shows_something_is_found():
    def third_task_goes_second(schedule: Schedule) -> bool:
        return [schedule.choose("abc"), schedule.choose("abc")] == [0, 2]

    assert find(schedules(), third_task_goes_second).source == "Schedule.wrapped([0, 2])"
