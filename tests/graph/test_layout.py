"""The finished layout: nothing overlaps, nothing sticks out, nothing is missing, nothing is left to chance."""

from itertools import combinations

from hypothesis import given, settings

from duality.graph.geometry import Box
from duality.graph.layout import arrange
from tests.graph.strategies import digraphs


@given(digraphs())
@settings(deadline=None, max_examples=50)
def test_no_two_boxes_overlap(drawn):
    for one, other in combinations(arrange(*drawn).boxes, 2):
        assert not one.overlaps(other)


@given(digraphs())
@settings(deadline=None, max_examples=50)
def test_everything_is_there_at_its_size_and_within_the_drawing(drawn):
    sizes, edges = drawn
    layout = arrange(sizes, edges)
    assert [(box.width, box.height) for box in layout.boxes] == sizes
    assert set(layout.routes) == set(edges)
    page = Box(-1e-6, -1e-6, layout.width + 2e-6, layout.height + 2e-6)
    assert all(page.holds(box) for box in layout.boxes)
    for route in layout.routes.values():
        assert all(page.holds(Box(x, y, 0.0, 0.0)) for x, y in route.points())


@given(digraphs())
@settings(deadline=None, max_examples=25)
def test_the_same_graph_is_laid_out_the_same(drawn):
    sizes, edges = drawn
    assert arrange(sizes, edges) == arrange(list(sizes), edges)


def test_time_runs_down_the_page():
    layout = arrange([(80.0, 30.0)] * 4, [(0, 1), (1, 2), (2, 1), (2, 3), (0, 3)])
    tops = [box.y for box in layout.boxes]
    assert tops == sorted(tops)
    assert len(set(tops)) == 4


def test_nothing_needs_no_room():
    assert (arrange([], []).width, arrange([], []).height) == (0.0, 0.0)
