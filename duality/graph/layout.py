"""Where everything in the picture of one procedure stands: a layered drawing in four passes, a file each.

    layering    a layer for every box, lanes for long edges        which goes above which
    ordering    each layer from left to right, few crossings       which goes left of which
    placing     an x for everything, edges as straight as can be   where exactly
    routing     a curve for every edge                             along which way

Rule: the layout knows boxes and edges by number and nothing of what they stand for; ``svg.py`` gives them faces.
Source: Sugiyama, Tagawa & Toda 1981; Gansner et al. 1993.
"""

from collections.abc import Sequence

from attrs import frozen

from duality.graph.geometry import Box, Route
from duality.graph.layering import Layered, Pair, layered
from duality.graph.ordering import order
from duality.graph.placing import place
from duality.graph.routing import SELF_REACH, Router, back_to_itself

BESIDE = 22.0
"""Pixels between neighbours of one layer."""

LANE = 2.0
"""Half the width of a lane."""

GAP = (38.0, 76.0)
"""Least and greatest height of the gap between two layers; the farther its edges run sideways, the higher it is."""

TURNING = 24.0
"""How far a loop's turn reaches into a gap; always less than the least gap."""


Span = tuple[float, float]
"""From here to there, in pixels."""


@frozen
class Layout:
    """A finished drawing, from (0, 0) to (width, height): a box for each number, a route for each edge."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    routes: dict[Pair, Route]


def arrange(sizes: Sequence[tuple[float, float]], edges: Sequence[Pair]) -> Layout:
    """Lay out boxes of the given (width, height), numbered in source order, and the edges between them.

    edges: distinct pairs of numbers; an edge to its own source and edges to earlier boxes are welcome.
    No two boxes overlap, every route keeps clear of all boxes but its own two, and equal input gives equal output.
    """
    to_itself = {source for source, target in edges if source == target}
    graph = layered(len(sizes), [edge for edge in edges if edge[0] != edge[1]])
    order(graph)
    halves = [width / 2 for width, _ in sizes] + [LANE] * (len(graph.rank) - len(sizes))
    right = [half + (SELF_REACH if item in to_itself else 0) for item, half in enumerate(halves)]
    x = place(graph, halves, right, BESIDE)
    bands, height = _bands(graph, x, sizes)
    boxes = tuple(
        Box(x[item] - width / 2, (sum(bands[graph.rank[item]]) - tall) / 2, width, tall)
        for item, (width, tall) in enumerate(sizes)
    )
    router = Router(graph, x, bands, boxes, TURNING)
    routes = {edge: back_to_itself(boxes[edge[0]]) if edge[0] == edge[1] else router.route(edge) for edge in edges}
    width = max((x[item] + right[item] for item in range(len(x))), default=0.0)
    return Layout(width, height, boxes, routes)


def _bands(graph: Layered, x: list[float], sizes: Sequence[tuple[float, float]]) -> tuple[list[Span], float]:
    """Top and bottom of each layer, and the height of the whole, with room for turns over the first and last."""
    last = len(graph.layers) - 1
    y = TURNING if any(graph.rank[box] == 0 for box, _ in graph.turns_above) else 0.0
    bands = []
    for index, layer in enumerate(graph.layers):
        tall = max(sizes[item][1] for item in layer if item < graph.boxes)
        bands.append((y, y + tall))
        aside = max((abs(x[item] - x[other]) for item in layer for other in graph.below[item]), default=0.0)
        y += tall + (min(GAP[0] + aside * 0.12, GAP[1]) if index < last else 0)
    return bands, y + (TURNING if any(graph.rank[box] == last for box, _ in graph.turns_below) else 0)
