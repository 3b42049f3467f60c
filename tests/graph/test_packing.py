"""Packed rectangles do not overlap, keep to the width, and use holes."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from duality.graph.geometry import Box
from duality.graph.packing import ASPECT, limits, pack, page_size

lengths = st.integers(1, 200).map(float)
rectangles = st.lists(st.tuples(lengths, lengths), max_size=8)


@given(rectangles, st.integers(1, 600).map(float), st.booleans())
def test_rectangles_keep_their_distance_and_their_page(sizes, limit, tallest_first):
    packed = pack(sizes, limit, 10.0, tallest_first=tallest_first)
    boxes = [Box(*place, *size) for place, size in zip(packed.places, sizes, strict=True)]
    for one, other in combinations(boxes, 2):
        # Ten pixels apart: even grown by that much to the right and downwards, neither reaches the other.
        assert not Box(one.x, one.y, one.width + 10, one.height + 10).overlaps(other)
        assert not Box(other.x, other.y, other.width + 10, other.height + 10).overlaps(one)
    page = Box(0.0, 0.0, packed.width, packed.height)
    assert all(page.holds(box) for box in boxes)
    assert packed.width <= max([limit, *(width for width, _ in sizes)])


@given(rectangles)
def test_the_widths_worth_trying_go_from_one_column_to_one_row(sizes):
    tries = limits(sizes, 10.0)
    column, row = pack(sizes, tries[0], 10.0), pack(sizes, tries[-1] + 1e-6, 10.0)
    assert column.width == max((width for width, _ in sizes), default=0.0)
    assert row.height == max((height for _, height in sizes), default=0.0)


def test_the_next_one_goes_where_the_skyline_is_highest():
    places = pack([(50.0, 20.0), (50.0, 90.0), (50.0, 20.0)], 110.0, 10.0).places
    assert places == ((0.0, 0.0), (60.0, 0.0), (0.0, 30.0))


def test_the_tallest_may_go_first_and_places_stay_in_the_order_given():
    places = pack([(50.0, 20.0), (50.0, 90.0)], 110.0, 10.0, tallest_first=True).places
    assert places == ((60.0, 0.0), (0.0, 0.0))


def test_a_page_is_as_wide_as_its_width_or_its_height_asks_for():
    assert page_size(pack([(320.0, 10.0)], 320.0, 0.0)) == 320
    assert page_size(pack([(10.0, 100.0)], 320.0, 0.0)) == 100 * ASPECT
