"""Layers go down with the source; what goes up is a loop; long edges are chains."""

from itertools import pairwise

from hypothesis import given, settings

from duality.graph.layering import layered
from tests.graph.strategies import digraphs


def proper(edges):
    return [edge for edge in edges if edge[0] != edge[1]]


@given(digraphs())
@settings(deadline=None)
def test_every_edge_goes_down_or_is_a_loop(drawn):
    sizes, edges = drawn
    graph = layered(len(sizes), proper(edges))
    for source, target in proper(edges):
        assert ((source, target) in graph.loops) == (source > target)
        assert (graph.rank[source] > graph.rank[target]) == (source > target)


@given(digraphs())
@settings(deadline=None)
def test_every_edge_is_a_chain_of_steps_between_neighbouring_layers(drawn):
    sizes, edges = drawn
    graph = layered(len(sizes), proper(edges))
    assert set(graph.paths) == set(proper(edges))
    for (source, target), path in graph.paths.items():
        assert (path[0], path[-1]) == (source, target)
        assert all(item >= graph.boxes for item in path[1:-1])
        if (source, target) in graph.loops:
            assert (source, path[1]) in graph.turns_below
            assert (target, path[-2]) in graph.turns_above
        downward = path[-2:0:-1] if (source, target) in graph.loops else path
        for upper, lower in pairwise(downward):
            assert graph.rank[lower] == graph.rank[upper] + 1
            assert lower in graph.below[upper]
            assert upper in graph.above[lower]


@given(digraphs())
@settings(deadline=None)
def test_every_item_stands_in_one_layer_and_no_layer_is_without_a_box(drawn):
    sizes, edges = drawn
    graph = layered(len(sizes), proper(edges))
    assert sorted(item for layer in graph.layers for item in layer) == list(range(len(graph.rank)))
    for index, layer in enumerate(graph.layers):
        assert all(graph.rank[item] == index for item in layer)
        assert any(item < graph.boxes for item in layer)


def test_edges_to_one_target_share_a_lane():
    # 0 -> 1 -> 2 -> 3 -> 4, and from each of them straight to 4, which is three layers and more away from two.
    graph = layered(5, [(0, 1), (1, 2), (2, 3), (3, 4), (0, 4), (1, 4), (2, 4)])
    assert graph.paths[0, 4][2:] == graph.paths[1, 4][1:]
    assert graph.paths[1, 4][2:] == graph.paths[2, 4][1:]
    assert graph.lanes == [graph.paths[0, 4][1:-1]]


def test_an_end_nobody_reaches_goes_to_the_bottom():
    graph = layered(4, [(0, 1), (1, 2), (2, 1)])
    assert graph.rank == [0, 1, 2, 3, 2, 1]
