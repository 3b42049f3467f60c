"""The legend: every sign the picture uses, and no other.

Rule: the legend is drawn by the code that draws the picture, so it cannot promise a sign the picture does not have.
"""

from collections.abc import Iterable, Sequence

from duality.graph.clusters import LETTERS
from duality.graph.geometry import Box, Cubic, Route
from duality.graph.markup import curve_of, element, head_of, words
from duality.graph.node import KINDS
from duality.graph.packing import Packed
from duality.graph.packing import pack as pack_rectangles
from duality.graph.routing import ARROW
from duality.graph.shapes import outline
from duality.graph.theme import look, shortened, text_width

SIGN = (26.0, 16.0)
"""Width and height of a sign."""

SPACE = 8.0
"""Pixels between a sign and its name."""

GAP = 18.0
"""Pixels between entries."""

EDGES = {
    "plain": "may follow",
    "loop": "loops back",
    "walked": "walked",
    "unwalked": "never walked",
    "foreign": "walked, but not in the graph",
    "highlight": "highlighted",
}
"""What an edge's classes mean."""

Entry = tuple[str, str, str]
"""Whether it is about a ``node`` or an ``edge``, its kind or class, its name."""


def entries(kinds: Iterable[str], edges: Iterable[str]) -> list[Entry]:
    """The entries for the kinds and edge classes in use, known kinds first and in their natural order."""
    used, classes = set(kinds), set(edges)
    ordered = [kind for kind in KINDS if kind in used] + sorted(used - set(KINDS))
    nodes = [("node", kind, shortened(kind, 20)) for kind in ordered]
    return nodes + [("edge", name, meaning) for name, meaning in EDGES.items() if name in classes]


def pack(listed: Sequence[Entry], limit: float) -> Packed:
    """Where the entries go, in rows at most ``limit`` wide."""
    sizes = [(SIGN[0] + SPACE + text_width(name, LETTERS), SIGN[1]) for _, _, name in listed]
    return pack_rectangles(sizes, limit, GAP)


def draw(listed: Sequence[Entry], packed: Packed, x: float, y: float) -> str:
    """The legend's markup, its upper left corner at (x, y)."""
    drawn = []
    for (about, name, text), (dx, dy) in zip(listed, packed.places, strict=True):
        box = Box(x + dx, y + dy, *SIGN)
        sign = outline(look(name), box) if about == "node" else _arrow(name, box)
        at: dict[str, object] = {"x": box.right + SPACE, "y": box.centre[1] + LETTERS * 0.35}
        drawn.append(sign + element("text", at, words(text)))
    return element("g", {"class": "legend"}, *drawn) if drawn else ""


def _arrow(name: str, box: Box) -> str:
    middle = box.centre[1]
    start, base = (box.x, middle), (box.right - ARROW, middle)
    line: Cubic = (start, start, base, base)
    way = Route((line,), (box.right, middle), False)
    # `walked` and the others are what an edge is besides being an edge; `plain` is nothing besides.
    classes = "edge" if name == "plain" else f"edge {name}"
    return element("g", {"class": classes}, *stroke(way))


def stroke(way: Route, offset: float | None = None) -> list[str]:
    """The marks of an edge along a route: line and arrowhead, and under them the place for a halo.

    offset: where in its pattern a dashed line begins, in pixels.
    """
    line = curve_of(way)
    return [
        element("path", {"class": "halo", "d": line}),
        element("path", {"class": "line", "d": line, "stroke-dashoffset": offset}),
        element("path", {"class": "head", "d": head_of(way, 3.8)}),
    ]
