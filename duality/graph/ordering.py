"""Order each layer from left to right so that few edges cross.

Barycentre sweeps, downward and upward in turn, each followed by swaps of neighbours while a swap helps; the best order
ever seen wins. Every tie is broken by the order before, so the same graph is always drawn the same way.

Rule: this file only permutes layers; it knows no widths and no positions.
Source: Sugiyama, Tagawa & Toda 1981 (barycentre); Gansner et al. 1993, section 3 (transpose).
"""

from bisect import bisect_right, insort

from duality.graph.layering import Layered

SWEEPS = 12
"""Down-and-up rounds: published experience and ours is that little changes after eight."""

TURN_LENGTH_COST = 0.3
"""What one more item under a loop's turn costs, in crossings: a rail should run beside its loop."""


def order(graph: Layered) -> None:
    """Permute ``graph.layers`` in place."""
    best, best_cost = _snapshot(graph), _total(graph)
    for sweep in range(2 * SWEEPS):
        down = sweep % 2 == 0
        indices = range(len(graph.layers))
        for index in indices if down else reversed(indices):
            _sort(graph, index, graph.above if down else graph.below)
        _transpose(graph)
        cost = _total(graph)
        if cost < best_cost:
            best, best_cost = _snapshot(graph), cost
    graph.layers[:] = best


def _snapshot(graph: Layered) -> list[list[int]]:
    return [list(layer) for layer in graph.layers]


def _sort(graph: Layered, index: int, neighbours: list[set[int]]) -> None:
    # Positions are taken as fractions of their layer, so that layers of different lengths compare.
    at = _fractions(graph)
    layer = graph.layers[index]
    centre = {item: _mean([at[other] for other in neighbours[item]], at[item]) for item in layer}
    # The free end of a rail has nobody to follow in this direction: it keeps to the box it turns around.
    for box, lane in sorted(graph.turns_above | graph.turns_below):
        if graph.rank[box] == index and not neighbours[lane]:
            centre[lane] = centre[box] + (1e-6 if at[lane] > at[box] else -1e-6)
    layer.sort(key=centre.__getitem__)


def _fractions(graph: Layered) -> dict[int, float]:
    return {item: (place + 0.5) / len(layer) for layer in graph.layers for place, item in enumerate(layer)}


def _mean(values: list[float], otherwise: float) -> float:
    # Summed in sorted order: floating point addition must not see the order of a set.
    return sum(sorted(values)) / len(values) if values else otherwise


def _transpose(graph: Layered) -> None:
    for _ in range(len(graph.layers) + 2):
        # A list, not a generator: every layer gets its turn before we ask whether any of them changed.
        improved = [_swap_neighbours(graph, index) for index in range(len(graph.layers))]
        if True not in improved:
            return


def _swap_neighbours(graph: Layered, index: int) -> bool:
    """Swap neighbours of one layer, from left to right, where that saves something; return whether any was swapped."""
    layer, improved = graph.layers[index], False
    beside = [graph.layers[other] for other in (index - 1, index + 1) if 0 <= other < len(graph.layers)]
    place = {item: at for other in beside for at, item in enumerate(other)}
    turning = _turning(graph, index)
    for left, right in enumerate(range(1, len(layer))):
        one, two = layer[left], layer[right]
        saved = sum(
            _crossings(joined[one], joined[two], place) - _crossings(joined[two], joined[one], place)
            for joined in (graph.above, graph.below)
        )
        layer[left], layer[right] = two, one
        turning_then = _turning(graph, index)
        if saved + turning - turning_then > 0:
            turning, improved = turning_then, True
        else:
            layer[left], layer[right] = one, two
    return improved


def _crossings(left: set[int], right: set[int], place: dict[int, int]) -> int:
    """How many steps of an item cross those of the item on its right, given what the two are joined to."""
    return sum(1 for one in left for two in right if place[one] > place[two])


def _total(graph: Layered) -> float:
    gaps = sum(_crossings_below(graph, index) for index in range(len(graph.layers) - 1))
    return gaps + sum(_turning(graph, index) for index in range(len(graph.layers)))


def _crossings_below(graph: Layered, upper: int) -> int:
    """How many pairs of steps between layer ``upper`` and the next cross."""
    place = {item: at for at, item in enumerate(graph.layers[upper + 1])}
    seen: list[int] = []
    crossings = 0
    for item in graph.layers[upper]:
        ends = sorted(place[other] for other in graph.below[item])
        # Each step crosses those that began further left and end further right; steps from one item never cross.
        crossings += sum(len(seen) - bisect_right(seen, end) for end in ends)
        for end in ends:
            insort(seen, end)
    return crossings


def _turning(graph: Layered, index: int) -> float:
    """What the turns of layer ``index`` cost: the steps they cut through, and their length."""
    place = {item: at for at, item in enumerate(graph.layers[index])}
    cost = 0.0
    for turns, neighbours in ((graph.turns_below, graph.below), (graph.turns_above, graph.above)):
        for box, lane in turns:
            if box in place:
                first, last = sorted((place[box], place[lane]))
                under = graph.layers[index][first + 1 : last]
                cost += sum(TURN_LENGTH_COST + len(neighbours[item]) for item in under)
    return cost
