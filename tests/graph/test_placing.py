"""Places across the page: gaps always, straight columns and lanes where possible."""

from itertools import pairwise

import pytest
from hypothesis import given, settings

from duality.graph.layering import layered
from duality.graph.ordering import order
from duality.graph.placing import place
from tests.graph.strategies import digraphs


def placed(count, edges, half=40.0):
    graph = layered(count, edges)
    order(graph)
    halves = [half] * count + [2.0] * (len(graph.rank) - count)
    return graph, halves, place(graph, halves, halves, 10.0)


@given(digraphs())
@settings(deadline=None, max_examples=50)
def test_neighbours_keep_their_gap_and_nothing_is_left_of_the_page(drawn):
    sizes, edges = drawn
    graph, halves, x = placed(len(sizes), [edge for edge in edges if edge[0] != edge[1]])
    for layer in graph.layers:
        for one, other in pairwise(layer):
            assert x[other] - x[one] >= halves[one] + 10.0 + halves[other] - 1e-6
    assert min((at - half for at, half in zip(x, halves, strict=True)), default=0.0) == pytest.approx(0, abs=1e-9)


def test_a_sequence_stands_in_one_column():
    _, _, x = placed(5, [(0, 1), (1, 2), (2, 3), (3, 4)])
    assert x == pytest.approx([x[0]] * 5)


def test_a_detour_does_not_bend_the_column_and_runs_straight_itself():
    graph, _, x = placed(5, [(0, 1), (1, 2), (2, 3), (3, 4), (0, 4), (3, 1)])
    assert max(x[:5]) - min(x[:5]) < 3
    for lane in graph.lanes:
        assert len({x[piece] for piece in lane}) == 1
