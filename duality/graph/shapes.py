"""The outlines of nodes: old flow chart signs where there is one for the meaning.

    stadium, double   begin, end           the terminal sign; the end has two rims, as in automata
    door              enter                a bar on the hinge side
    bars              call                 the predefined process, barred on both sides
    octagon           wait                 a stop sign
    funnel            join                 narrows downwards: two become one
    card              io                   a punched card
    round             sleep
    dashed            yield                a line one may cross
    leaf              produce              handed over at two corners
    tag               reply                points to the right, where the caller goes on
    box               anything else

Rule: an outline stays within its box and has an upright piece in the middle of its right side, where an edge back to
the node itself is attached, and flat pieces above and below (``routing.CORNER``).
"""

from duality.graph.geometry import Box
from duality.graph.markup import element
from duality.graph.theme import Look

CUT = 8.0
"""How much of a corner is cut off, in pixels."""

INSET = 5.0
"""How far inside the box a second line runs, in pixels."""


def outline(look: Look, box: Box) -> str:
    """The markup of a node's shape, filling ``box``."""
    paint: dict[str, object] = {"class": "outline", "fill": look.fill, "stroke": look.stroke}
    cut_corners = {"octagon": "abcd", "funnel": "cd", "card": "a", "tag": "bc", "leaf": "bd"}.get(look.shape)
    if cut_corners:
        return element("path", {**paint, "d": _cut(box, cut_corners)})
    if look.shape == "dashed":
        paint["stroke-dasharray"] = "4 3"
    radius = {"stadium": box.height / 2, "double": box.height / 2, "round": 9.0}.get(look.shape, 3.0)
    whole = _rectangle(box, radius, paint)
    if look.shape == "double":
        rim = Box(box.x + 3, box.y + 3, box.width - 6, box.height - 6)
        return whole + _rectangle(rim, radius - 3, {"class": "inner", "fill": "none", "stroke": look.stroke})
    inside = {"door": [box.x + INSET], "bars": [box.x + INSET, box.right - INSET]}.get(look.shape, [])
    return whole + "".join(_upright(x, box, look.stroke) for x in inside)


def _rectangle(box: Box, radius: float, paint: dict[str, object]) -> str:
    place = {"x": box.x, "y": box.y, "width": box.width, "height": box.height, "rx": radius}
    return element("rect", {**paint, **place})


def _upright(x: float, box: Box, stroke: str) -> str:
    return element("line", {"class": "inner", "x1": x, "y1": box.y, "x2": x, "y2": box.bottom, "stroke": stroke})


def _cut(box: Box, corners: str) -> str:
    """A rectangle without some of its corners: a upper left, b upper right, c lower right, d lower left."""
    left, top, right, bottom = box.x, box.y, box.right, box.bottom
    ways = {
        "a": ((left, top), (left, top + CUT), (left + CUT, top)),
        "b": ((right, top), (right - CUT, top), (right, top + CUT)),
        "c": ((right, bottom), (right, bottom - CUT), (right - CUT, bottom)),
        "d": ((left, bottom), (left + CUT, bottom), (left, bottom - CUT)),
    }
    points = [point for name, way in ways.items() for point in (way[1:] if name in corners else way[:1])]
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z"
