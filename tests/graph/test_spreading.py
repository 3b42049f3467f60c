"""Things on a line keep order and spacing, and no arrangement that does is nearer to the wishes."""

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duality.graph.spreading import spread

spots = st.integers(-200, 200).map(float)


@st.composite
def tasks(draw):
    """Wishes, weights and spacings that belong together."""
    count = draw(st.integers(1, 6))
    wishes = draw(st.lists(spots, min_size=count, max_size=count))
    weights = draw(st.lists(st.sampled_from([0.5, 1.0, 8.0]), min_size=count, max_size=count))
    spacings = draw(st.lists(st.integers(0, 40).map(float), min_size=count - 1, max_size=count - 1))
    return wishes, weights, spacings


def cost(places, wishes, weights):
    return sum(weight * (at - wish) ** 2 for at, wish, weight in zip(places, wishes, weights, strict=True))


@given(tasks())
def test_order_and_spacing_are_kept(task):
    places = spread(*task)
    for left, right, spacing in zip(places, places[1:], task[2], strict=False):
        assert right - left >= spacing - 1e-9


@given(tasks(), st.data())
def test_no_other_arrangement_is_nearer_to_the_wishes(task, data):
    wishes, weights, spacings = task
    extra = data.draw(st.lists(st.integers(0, 60), min_size=len(spacings), max_size=len(spacings)))
    steps = [spacing + more for spacing, more in zip(spacings, extra, strict=True)]
    other = list(accumulate([data.draw(spots), *steps]))
    assert cost(spread(*task), wishes, weights) <= cost(other, wishes, weights) + 1e-6


@given(tasks(), spots)
def test_bounds_hold_where_there_is_room(task, low):
    high = low + sum(task[2]) + 5
    places = spread(*task, low, high)
    assert all(low - 1e-9 <= at <= high + 1e-9 for at in places)
    for left, right, spacing in zip(places, places[1:], task[2], strict=False):
        assert right - left >= spacing - 1e-9


@pytest.mark.parametrize(
    ("wishes", "spacings", "places"),
    [
        ([0.0, 0.0, 0.0], [10.0, 10.0], [-10.0, 0.0, 10.0]),
        ([0.0, 100.0], [10.0], [0.0, 100.0]),
        ([5.0, -5.0], [0.0], [0.0, 0.0]),
        ([], [], []),
    ],
)
def test_examples_to_check_by_hand(wishes, spacings, places):
    assert spread(wishes, [1.0] * len(wishes), spacings) == places
