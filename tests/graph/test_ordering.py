"""Ordering permutes layers, and only ever for the better."""

from itertools import combinations

from hypothesis import given, settings

from duality.graph.layering import layered
from duality.graph.ordering import order
from tests.graph.strategies import digraphs


def crossings(graph):
    """Pairs of steps that cross, counted in the plainest way there is."""
    place = {item: at for layer in graph.layers for at, item in enumerate(layer)}
    steps = [(upper, lower) for upper, lowers in enumerate(graph.below) for lower in lowers]
    return sum(
        1
        for (a, b), (c, d) in combinations(steps, 2)
        if graph.rank[a] == graph.rank[c] and (place[a] - place[c]) * (place[b] - place[d]) < 0
    )


def forward_only(edges):
    return sorted({(min(edge), max(edge)) for edge in edges if edge[0] != edge[1]})


@given(digraphs(most=8))
@settings(deadline=None, max_examples=50)
def test_without_loops_no_order_ever_gets_more_crossings(drawn):
    sizes, edges = drawn
    graph = layered(len(sizes), forward_only(edges))
    before, items = crossings(graph), [sorted(layer) for layer in graph.layers]
    order(graph)
    assert crossings(graph) <= before
    assert [sorted(layer) for layer in graph.layers] == items


def test_a_crossing_that_need_not_be_is_removed():
    graph = layered(6, [(0, 1), (0, 2), (1, 4), (2, 3), (3, 5), (4, 5)])
    assert crossings(graph) == 1
    order(graph)
    assert crossings(graph) == 0


def test_a_rail_stands_beside_its_loop_and_not_behind_a_stranger():
    # A loop 3 -> 1 beside a branch 2: the rail may not turn under or over the branch's box.
    graph = layered(5, [(0, 1), (0, 2), (1, 3), (2, 4), (3, 1), (3, 4)])
    order(graph)
    for box, rail in graph.turns_below | graph.turns_above:
        layer = graph.layers[graph.rank[box]]
        assert abs(layer.index(box) - layer.index(rail)) == 1
