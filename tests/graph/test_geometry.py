"""Boxes, and the lengths of routes."""

import pytest

from duality.graph.geometry import Box, Route


def test_boxes_that_share_a_border_do_not_overlap():
    box = Box(0.0, 0.0, 10.0, 10.0)
    assert not box.overlaps(box.moved(10, 0))
    assert not box.overlaps(box.moved(0, 10))
    assert box.overlaps(box.moved(9.9, 9.9))


def test_a_box_holds_what_reaches_to_its_border():
    box = Box(0.0, 0.0, 10.0, 10.0)
    assert box.holds(box)
    assert box.holds(Box(2.0, 2.0, 8.0, 8.0))
    assert not box.holds(Box(2.0, 2.0, 8.1, 8.0))
    assert not box.holds(box.moved(0, -0.1))


def test_a_route_is_as_long_as_its_curves():
    line = ((0.0, 0.0), (0.0, 3.0), (0.0, 6.0), (0.0, 9.0))
    # Four cubics with this bow make a circle, to a fiftieth of a percent.
    bow = 0.5522847498 * 100
    quarter = ((0.0, 9.0), (0.0, 9.0 + bow), (100 - bow, 109.0), (100.0, 109.0))
    assert Route((line,), (0.0, 16.0), False).length() == pytest.approx(9)
    assert Route((line, quarter), (107.0, 109.0), False).length() == pytest.approx(9 + 157.08, abs=0.3)


def test_a_route_moves_as_one():
    line = ((0.0, 0.0), (0.0, 3.0), (0.0, 6.0), (0.0, 9.0))
    moved = Route((line,), (0.0, 16.0), True).moved(5, 7)
    assert moved.points(1) == [(5.0, 7.0), (5.0, 16.0)]
    assert moved.tip == (5.0, 23.0)
    assert moved.loop
