"""Everything tried is smaller, so that trying ends; and the smallest that shows something is come to."""

from hypothesis import given
from hypothesis import strategies as st

from duality.proof.smaller import trimmed, values, weight, words

numbers = st.lists(st.integers(0, 4), max_size=20).map(tuple)
simple = st.one_of(st.booleans(), st.integers(-99, 99), st.floats(-99, 99), st.text(max_size=6), st.binary(max_size=6))
anything = st.one_of(simple, st.lists(simple, max_size=4), st.lists(simple, max_size=4).map(tuple))


def size(word):
    word = trimmed(word)
    return len(word), sum(choice > 0 for choice in word), sum(word), [-place for place, one in enumerate(word) if one]


@given(numbers)
def test_every_word_tried_is_smaller(word):
    for one in words(word):
        assert size(one) < size(word) or len(one) == len(trimmed(word))
        assert sum(one) <= sum(word)
        assert len(one) <= len(trimmed(word))
        assert one != trimmed(word)


@given(anything)
def test_every_value_tried_is_smaller_and_of_the_same_type(value):
    for one in values(value):
        assert type(one) is type(value)
        assert weight(one) < weight(value)


def least(value, shows, ways):
    again = True
    while again:
        again = False
        for one in ways(value):
            if shows(one):
                value, again = one, True
                break
    return value


@given(st.integers(0, 500), st.integers(1, 500))
def test_the_least_number_is_found(least_one, more):
    assert least(least_one + more, lambda one: one >= least_one, values) == least_one


@given(numbers, st.integers(1, 4))
def test_a_single_choice_that_matters_is_all_that_is_left(word, choice):
    found = least((*word, choice, *word), lambda one: choice in one, words)
    assert found == (choice,)


def test_what_has_no_size_stays_as_it_is():
    assert list(values(None)) == list(values({"a": 1})) == list(values(object())) == []
    assert trimmed([0, 1, 0, 0]) == (0, 1)
    assert trimmed([0, 0]) == ()
