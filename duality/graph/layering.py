"""Give every box a layer, and every long edge something to hold on to in each layer it passes.

    before   boxes in source order, edges between any of them, cycles and all
    after    layers; every edge a chain of steps between neighbouring layers, plus turns beside its ends if it is a loop

Three rules hold in this file:

1. Source order breaks the cycles: an edge to an earlier box is a *loop*. (A depth-first search would break as many, and
   would call another edge the loop each time the program changes.)
2. A box stands one layer below the lowest box that comes before it (longest path), so time runs down the page.
3. Edges that go far share one *lane* per target: a bus on the way to ``end``, a rail on the way back to a loop's head.
   Whatever joins a lane has the lane's target, so sharing loses nothing and saves most of the ink.

A loop leaves its source below, turns, rises along its rail, turns, and enters its target from above as all edges do.
"""

from collections.abc import Sequence
from itertools import pairwise

from attrs import Factory, define

Pair = tuple[int, int]
Lanes = dict[tuple[int, bool, int], int]  # (target, whether it goes up, layer) -> piece


@define
class Layered:
    """Boxes and lane pieces in layers. Items are numbers: below ``boxes`` a box, from there on a piece of a lane.

    layers: items from left to right, top layer first.   rank: item -> its layer.
    above, below: item -> items of the neighbouring layer that some edge joins it to.
    turns_below, turns_above: (box, lane piece) pairs within a layer, where a loop turns under or over the box.
    paths: edge -> its items from source to target.   loops: the edges that go up.   lanes: pieces, top to bottom.
    """

    boxes: int
    layers: list[list[int]]
    rank: list[int]
    above: list[set[int]]
    below: list[set[int]]
    turns_below: set[Pair] = Factory(set)
    turns_above: set[Pair] = Factory(set)
    paths: dict[Pair, list[int]] = Factory(dict)
    loops: set[Pair] = Factory(set)
    lanes: list[list[int]] = Factory(list)


def layered(count: int, edges: Sequence[Pair]) -> Layered:
    """Layer ``count`` boxes, numbered in source order. Edges are distinct pairs of those numbers, none to itself."""
    rank = _ranks(count, edges)
    result = Layered(count, [[] for _ in range(max(rank, default=-1) + 1)], rank, [], [])
    for box in range(count):
        result.layers[rank[box]].append(box)
        result.above.append(set())
        result.below.append(set())
    lanes: Lanes = {}
    for source, target in edges:
        if source < target:
            _go_down(result, lanes, source, target)
        else:
            _go_up(result, lanes, source, target)
    result.lanes = _whole(lanes)
    return result


def _ranks(count: int, edges: Sequence[Pair]) -> list[int]:
    # Turning each loop around leaves only edges to later boxes: one pass in source order finds the longest paths.
    earlier: list[list[int]] = [[] for _ in range(count)]
    alone = set(range(count))
    for edge in edges:
        earlier[max(edge)].append(min(edge))
        alone -= set(edge)
    rank = [0] * count
    for box in range(count):
        rank[box] = 1 + max((rank[before] for before in earlier[box]), default=-1)
    # What no edge touches (an `end` nobody reaches) goes under everything else, where an end is looked for.
    if alone and len(alone) < count:
        bottom = 1 + max(rank)
        rank = [bottom if box in alone else rank[box] for box in range(count)]
    return rank


def _go_down(result: Layered, lanes: Lanes, source: int, target: int) -> None:
    between = range(result.rank[source] + 1, result.rank[target])
    pieces = [_piece(result, lanes, target, False, layer) for layer in between]
    path = [source, *pieces, target]
    _link(result, path)
    result.paths[source, target] = path


def _go_up(result: Layered, lanes: Lanes, source: int, target: int) -> None:
    # The rail stands beside source and target too: that is where it turns.
    passed = range(result.rank[source], result.rank[target] - 1, -1)
    rail = [_piece(result, lanes, target, True, layer) for layer in passed]
    _link(result, rail[::-1])
    result.turns_below.add((source, rail[0]))
    result.turns_above.add((target, rail[-1]))
    result.paths[source, target] = [source, *rail, target]
    result.loops.add((source, target))


def _piece(result: Layered, lanes: Lanes, target: int, up: bool, layer: int) -> int:
    key = (target, up, layer)
    if key not in lanes:
        lanes[key] = item = len(result.rank)
        result.rank.append(layer)
        result.above.append(set())
        result.below.append(set())
        result.layers[layer].append(item)
    return lanes[key]


def _whole(lanes: Lanes) -> list[list[int]]:
    whole: dict[tuple[int, bool], list[int]] = {}
    for (target, up, _), piece in sorted(lanes.items()):
        whole.setdefault((target, up), []).append(piece)
    return list(whole.values())


def _link(result: Layered, downward: list[int]) -> None:
    for upper, lower in pairwise(downward):
        result.below[upper].add(lower)
        result.above[lower].add(upper)
