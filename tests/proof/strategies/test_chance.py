"""Who answers the writer: the same answers make the same text, whoever gives them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duality.proof.strategies.chance import Drawn, Rolled, Told


def test_a_seed_means_the_same_answers_in_every_version_of_python():
    chance = Rolled("a/1")
    assert [chance.number(9) for _ in range(12)] == EXPECTED
    assert chance.answers == EXPECTED


EXPECTED = [3, 8, 7, 1, 5, 2, 9, 3, 4, 5, 0, 6]


@given(st.data(), st.lists(st.integers(0, 20), max_size=30))
def test_every_answer_is_one_that_was_asked_for(data, questions):
    for chance in (Rolled("b"), Told([30, -0, 7] * 9), Drawn(data.draw)):
        assert all(0 <= chance.number(most) <= most for most in questions)


def test_what_was_answered_can_be_told_again_and_then_always_nothing():
    rolled = Rolled("c")
    answers = [rolled.number(most) for most in (3, 5, 8, 2)]
    told = Told(rolled.answers)
    assert [told.number(most) for most in (3, 5, 8, 2)] == answers
    assert [told.number(9), told.number(9)] == [0, 0]


@pytest.mark.parametrize("options", ["a", "abc"])
def test_the_first_option_is_the_simplest(options):
    assert Told([]).pick(*options) == "a"
    assert Told([9]).pick(*options) == options[-1]


def test_maybe_is_no_at_first():
    assert not Told([]).maybe(3)
    assert [Told([answer]).maybe(3) for answer in range(3)] == [False, False, True]
