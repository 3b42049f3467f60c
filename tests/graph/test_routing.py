"""Routes leave below, arrive from above, bend smoothly, and touch no box but their own."""

from itertools import pairwise

import pytest
from hypothesis import given, settings

from duality.graph.geometry import Box
from duality.graph.layout import arrange
from duality.graph.routing import back_to_itself
from tests.graph.strategies import digraphs


def routes(layout):
    return [(edge, route) for edge, route in layout.routes.items() if edge[0] != edge[1]]


@given(digraphs())
@settings(deadline=None, max_examples=50)
def test_a_route_starts_under_its_source_and_points_at_the_top_of_its_target(drawn):
    layout = arrange(*drawn)
    for (source, target), route in routes(layout):
        (x, y), (tip_x, tip_y) = route.curves[0][0], route.tip
        start, end = layout.boxes[source], layout.boxes[target]
        assert y == start.bottom
        assert start.x < x < start.right
        assert tip_y == end.y
        assert end.x < tip_x < end.right


@given(digraphs())
@settings(deadline=None, max_examples=50)
def test_a_route_is_one_smooth_curve(drawn):
    for _, route in routes(arrange(*drawn)):
        for before, after in pairwise(route.curves):
            assert before[3] == after[0]
            # Vertical on both sides of the joint is the same tangent, up to its sense; and the sense agrees.
            assert before[2][0] == before[3][0] == after[1][0]
            assert (before[3][1] - before[2][1]) * (after[1][1] - after[0][1]) >= 0


@given(digraphs())
@settings(deadline=None, max_examples=50)
def test_a_route_keeps_clear_of_every_box(drawn):
    layout = arrange(*drawn)
    for _, route in routes(layout):
        for x, y in route.points():
            for box in layout.boxes:
                inside = box.x < x < box.right and box.y + 1e-6 < y < box.bottom - 1e-6
                assert not inside


@given(digraphs())
@settings(deadline=None, max_examples=50)
def test_edges_of_one_box_have_ports_of_their_own_unless_they_share_a_lane(drawn):
    layout = arrange(*drawn)
    starts = {}
    for (source, target), route in routes(layout):
        starts.setdefault(source, []).append((target, round(route.curves[0][0][0], 3)))
    for leaving in starts.values():
        assert len({x for _, x in leaving}) == len(leaving)


def test_an_edge_to_its_own_source_hangs_on_the_right_side():
    box = Box(10.0, 20.0, 80.0, 30.0)
    route = back_to_itself(box)
    assert route.curves[0][0][0] == box.right == route.tip[0]
    assert all(x >= box.right for x, _ in route.points())
    assert route.length() == pytest.approx(35, abs=10)
