"""The order of measuring, ratios within a round, and what is not summed up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duality.bench.arithmetic import Spread, ratio, spread, turns


def test_two_contenders_are_measured_a_b_b_a() -> None:
    assert [who for _, who in turns("AB", 4)] == list("ABBAABBA")


@given(st.lists(st.integers(), min_size=1, max_size=6, unique=True), st.integers(1, 6))
def test_every_round_measures_everyone_once(contenders: list[int], rounds: int) -> None:
    order = turns(contenders, rounds)
    for number in range(rounds):
        assert sorted(who for when, who in order if when == number) == sorted(contenders)
    assert [when for when, _ in order] == sorted(when for when, _ in order)


@given(st.integers(1, 5), st.integers(1, 4))
def test_over_an_even_number_of_rounds_nobody_stands_earlier_on_average(contenders: int, pairs: int) -> None:
    places: dict[int, int] = dict.fromkeys(range(contenders), 0)
    for place, (_, who) in enumerate(turns(range(contenders), 2 * pairs)):
        places[who] += place
    assert len(set(places.values())) == 1


def test_a_ratio_is_taken_within_each_round() -> None:
    # The machine is twice as slow in round 1, for both: the ratio is 2 all the same.
    assert ratio({0: 2.0, 1: 4.0}, {0: 1.0, 1: 2.0}) == Spread(2.0, 2.0, 2.0)


def test_the_median_of_ratios_is_not_the_ratio_of_medians() -> None:
    assert ratio({0: 1.0, 1: 10.0, 2: 3.0}, {0: 1.0, 1: 2.0, 2: 3.0}) == Spread(1.0, 1.0, 5.0)


def test_a_round_that_only_one_was_measured_in_does_not_count() -> None:
    assert ratio({0: 3.0, 1: 9.0}, {0: 1.0, 2: 1.0}) == Spread(3.0, 3.0, 3.0)


def test_nothing_is_said_of_what_was_not_measured() -> None:
    with pytest.raises(ValueError, match="no value was measured"):
        spread([])
    with pytest.raises(ValueError, match="no value was measured"):
        ratio({0: 1.0}, {1: 1.0})
