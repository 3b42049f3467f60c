"""Give every item of an ordered layering its place across the page.

Each edge is a spring that wants to be vertical. Layer by layer, down and up, the items move to where their springs
rest, as near as the order and the gaps of their layer allow. Then lanes are pulled straight, wherever there is a
straight way between their neighbours, and the boxes settle once more around them.

Rule: whatever the springs want, the order and the gaps hold; so boxes never overlap.
Source: Gansner et al. 1993, section 4 (edge weights).
"""

from collections.abc import Sequence
from itertools import pairwise
from math import inf

from duality.graph.layering import Layered
from duality.graph.spreading import spread

ROUNDS = 40
"""Down-and-up passes over the layers; by then the springs of graphs of our size move by less than a pixel."""

STIFFNESS = (1.0, 0.002, 0.02)
"""Weight of a step between two boxes, a box and a lane, two pieces of a lane: boxes form columns, lanes pass by
and hardly pull at them."""

TURN_STIFFNESS = 0.002
"""Weight of the spring between a box and the rail that turns around it."""

FIRM = 1e6
"""Weight of what shall stay where it is."""

Springs = list[list[tuple[int, float]]]
"""Item -> what it hangs on, and how firmly."""


class Placer:
    """Moves the items of one layering along their layers.

    left, right: item -> room it needs on either side of its x, in pixels.   gap: pixels to keep between items.
    """

    def __init__(self, graph: Layered, left: Sequence[float], right: Sequence[float], gap: float) -> None:
        self.graph = graph
        self.springs = _springs(graph)
        self.spacings = [[right[one] + gap + left[other] for one, other in pairwise(layer)] for layer in graph.layers]
        self.x = [0.0] * len(graph.rank)

    def settle(self, rounds: int, *, lanes_stay: bool = False) -> None:
        """Let springs move the items, all of them or the boxes only."""
        indices = range(len(self.graph.layers))
        for sweep in range(2 * rounds):
            for index in indices if sweep % 2 == 0 else reversed(indices):
                layer = self.graph.layers[index]
                wishes = [self._wish(item, lanes_stay and item >= self.graph.boxes) for item in layer]
                places = spread([at for at, _ in wishes], [weight for _, weight in wishes], self.spacings[index])
                for item, at in zip(layer, places, strict=True):
                    self.x[item] = at

    def _wish(self, item: int, stays: bool) -> tuple[float, float]:
        if stays:
            return self.x[item], FIRM
        weight = sum(stiffness for _, stiffness in self.springs[item])
        return sum(self.x[other] * stiffness for other, stiffness in self.springs[item]) / weight, weight

    def straighten(self) -> None:
        """Move each lane, in runs as long as possible, to one x that keeps all its neighbours' gaps."""
        for lane in self.graph.lanes:
            run: list[int] = []
            low, high = -inf, inf
            for piece in lane:
                here = self._between(piece)
                if max(low, here[0]) > min(high, here[1]):
                    self._align(run, low, high)
                    run, low, high = [], -inf, inf
                run.append(piece)
                low, high = max(low, here[0]), min(high, here[1])
            self._align(run, low, high)

    def _align(self, run: list[int], low: float, high: float) -> None:
        middle = sum(self.x[piece] for piece in run) / len(run)
        for piece in run:
            self.x[piece] = min(max(middle, low), high)

    def _between(self, piece: int) -> tuple[float, float]:
        layer, spacings = self.graph.layers[self.graph.rank[piece]], self.spacings[self.graph.rank[piece]]
        at = layer.index(piece)
        low = self.x[layer[at - 1]] + spacings[at - 1] if at else -inf
        high = self.x[layer[at + 1]] - spacings[at] if at < len(layer) - 1 else inf
        # Rounding may leave a gap short by the last digit; where the piece stands now is always a place to stand.
        return min(low, self.x[piece]), max(high, self.x[piece])


def place(graph: Layered, left: Sequence[float], right: Sequence[float], gap: float) -> list[float]:
    """The x of every item; the leftmost item's room begins at 0. Arguments as for ``Placer``."""
    placer = Placer(graph, left, right, gap)
    placer.settle(ROUNDS)
    # Lanes beside each other can only follow one another outwards, one a time: hence more than once.
    for _ in range(4):
        placer.straighten()
        placer.settle(ROUNDS // 4, lanes_stay=True)
    placer.straighten()
    origin = min((x - room for x, room in zip(placer.x, left, strict=True)), default=0.0)
    return [x - origin for x in placer.x]


def _springs(graph: Layered) -> Springs:
    springs: Springs = []
    for item in range(len(graph.rank)):
        others = sorted(graph.above[item] | graph.below[item])
        # A box no edge touches stands in line with the first box.
        alone = [(0, FIRM if item == 0 else 1e-3)] if not others else []
        springs.append(alone + [(other, STIFFNESS[(item >= graph.boxes) + (other >= graph.boxes)]) for other in others])
    for box, lane in sorted(graph.turns_above | graph.turns_below):
        springs[lane].append((box, TURN_STIFFNESS))
    return springs
