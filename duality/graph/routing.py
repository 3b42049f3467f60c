"""Draw every edge as a smooth curve that touches no box but its own two.

Three rules hold in this file:

1. Between two layers there is a gap no box reaches into. An edge moves sideways only there; past a layer it runs
   straight down (or, for a loop, up) in its own lane.
2. All curves are vertical where they meet, so they join smoothly and arrowheads point straight down.
3. On a box's border each edge has a port of its own, right under (or over) where it is bound for if there is room.
"""

from collections.abc import Sequence

from duality.graph.geometry import Box, Cubic, Point, Route
from duality.graph.layering import Layered, Pair
from duality.graph.spreading import spread

ARROW = 7.0
"""Length of an arrowhead, in pixels."""

CORNER = 11.0
"""Nothing is attached nearer than this to a corner of a box: some shapes cut their corners."""

PORT_SPACING = 13.0
"""Pixels between neighbouring ports, where the box is wide enough."""

SELF_REACH = 26.0
"""How far the loop of an edge to its own source reaches out to the right; the curve itself stays within 3/4 of it."""


class Router:
    """Routes the edges of one placed layering.

    x: item -> its centre.   bands: layer -> top and bottom of its boxes.   boxes: number -> box.
    turning: how far a turn may reach into the gap over or under its layer, in pixels.
    """

    def __init__(
        self,
        graph: Layered,
        x: Sequence[float],
        bands: Sequence[tuple[float, float]],
        boxes: Sequence[Box],
        turning: float,
    ) -> None:
        self.graph, self.x, self.bands, self.boxes, self.turning = graph, x, bands, boxes, turning
        self.lower = [self._ports(box, self._departures(box)) for box in range(graph.boxes)]
        self.upper = [self._ports(box, self._arrivals(box), self.lower) for box in range(graph.boxes)]

    def route(self, edge: Pair) -> Route:
        """The way of one edge between two different boxes."""
        source, target = edge
        path = self.graph.paths[edge]
        start = (self.lower[source][path[1]], self.boxes[source].bottom)
        tip = (self.upper[target][path[-2]], self.boxes[target].y)
        base = (tip[0], tip[1] - ARROW)
        curves = self._up(path, start, base) if edge in self.graph.loops else self._down(path, start, base)
        return Route(tuple(curves), tip, edge in self.graph.loops)

    def _down(self, path: list[int], start: Point, base: Point) -> list[Cubic]:
        curves, at = [], start
        for lane in path[1:-1]:
            top, bottom = self.bands[self.graph.rank[lane]]
            entry, leave = (self.x[lane], top), (self.x[lane], bottom)
            curves += [_flow(at, entry), _flow(entry, leave)]
            at = leave
        return [*curves, _flow(at, base)]

    def _up(self, path: list[int], start: Point, base: Point) -> list[Cubic]:
        curves, at = [], start
        for step, lane in enumerate(path[1:-1]):
            top, bottom = self.bands[self.graph.rank[lane]]
            entry, leave = (self.x[lane], bottom), (self.x[lane], top)
            curves += [self._turn(at, entry, bottom, 1) if step == 0 else _flow(at, entry), _flow(entry, leave)]
            at = leave
        return [*curves, self._turn(at, base, at[1], -1)]

    def _turn(self, start: Point, end: Point, edge: float, sense: int) -> Cubic:
        """A turn under (sense 1) or over (-1) the edge of a layer; a short one does not reach as far as it might."""
        limit = edge + sense * min(self.turning, 14 + abs(end[0] - start[0]) * 0.12)
        # Inner control points at one height c give a cubic that stays short of c * 3/4 + nearer end * 1/4.
        nearer = sense * max(sense * start[1], sense * end[1])
        height = (limit - nearer / 4) / 0.75
        return start, (start[0], height), (end[0], height), end

    def _departures(self, box: int) -> list[int]:
        turns = [lane for source, lane in self.graph.turns_below if source == box]
        return self._sides(box, turns, self.graph.below[box])

    def _arrivals(self, box: int) -> list[int]:
        turns = [lane for target, lane in self.graph.turns_above if target == box]
        return self._sides(box, turns, self.graph.above[box])

    def _sides(self, box: int, turns: list[int], others: set[int]) -> list[int]:
        # Turns go outermost: under one, a downward edge could not get out without crossing it.
        turns = sorted(turns, key=self.x.__getitem__)
        left = [lane for lane in turns if self.x[lane] < self.x[box]]
        return [*left, *sorted(others, key=lambda item: (self.x[item], item)), *turns[len(left) :]]

    def _ports(self, box: int, items: list[int], left_at: Sequence[dict[int, float]] = ()) -> dict[int, float]:
        flat = self.boxes[box].width / 2 - CORNER
        centre = self.x[box]
        # Straight if the other end lies over the box; from nearer the middle if not, which bends more gently. An edge
        # from a box comes from its port there (`left_at`), already known: aiming at its centre would bend it twice.
        ends = [left_at[item][box] if left_at and item < self.graph.boxes else self.x[item] for item in items]
        offsets = [end - centre for end in ends]
        wishes = [at if abs(at) <= flat else flat * (0.6 if at > 0 else -0.6) for at in offsets]
        weights = [4.0 if abs(at) <= flat else 1.0 for at in offsets]
        count = max(len(items) - 1, 1)
        spacing = min(PORT_SPACING, 2 * flat / count)
        ports = spread(wishes, weights, [spacing] * (len(items) - 1), -flat, flat)
        return {item: centre + port for item, port in zip(items, ports, strict=True)}


def back_to_itself(box: Box) -> Route:
    """The way of an edge from a box to itself: a small loop on its right side."""
    out, back = box.centre[1] + 6, box.centre[1] - 6
    base = (box.right + ARROW, back)
    curve = ((box.right, out), (box.right + SELF_REACH, out), (box.right + SELF_REACH, back), base)
    return Route((curve,), (box.right, back), True)


def _flow(start: Point, end: Point) -> Cubic:
    middle = (start[1] + end[1]) / 2
    return start, (start[0], middle), (end[0], middle), end
