"""Just enough XML to write SVG: elements, attributes, numbers, paths.

Rule: everything that came from a program's source passes through here and is escaped here, once.
"""

from html import escape

from duality.graph.geometry import Route
from duality.graph.theme import printable


def element(tag: str, attributes: dict[str, object] | None = None, *children: str) -> str:
    """One element. Attributes in the order given, those that are None left out; children are markup already."""
    given = {name: value for name, value in (attributes or {}).items() if value is not None}
    opening = "".join(f' {name}="{escape(printable(_written(value)))}"' for name, value in given.items())
    return f"<{tag}{opening}>{''.join(children)}</{tag}>" if children else f"<{tag}{opening}/>"


def words(text: str) -> str:
    """Text as the content of an element, blanks at its ends kept."""
    inner = printable(text)
    return escape(" " * text.startswith(" ") + inner + " " * (text.endswith(" ") and bool(inner)), quote=False)


def number(value: float) -> str:
    """A tenth of a pixel is as fine as anyone can see; whole numbers are written as such."""
    return f"{round(value, 1) + 0.0:g}" if abs(value) < 1e5 else f"{value:.0f}"


def curve_of(route: Route) -> str:
    """The ``d`` of a path along a route, straight pieces as lines."""
    (x, y), *_ = route.curves[0]
    steps = [f"M{number(x)} {number(y)}"]
    for start, one, two, end in route.curves:
        if start[0] == one[0] == two[0] == end[0]:
            steps.append(f"L{number(end[0])} {number(end[1])}")
        else:
            steps.append("C" + " ".join(f"{number(x)} {number(y)}" for x, y in (one, two, end)))
    return "".join(steps)


def head_of(route: Route, half: float) -> str:
    """The ``d`` of the arrowhead at a route's end, ``half`` its width to either side."""
    (x, y), (tip_x, tip_y) = route.curves[-1][-1], route.tip
    # The head lies along the line from base to tip, which is vertical or horizontal; its sides are across.
    across_x, across_y = (half, 0.0) if abs(tip_y - y) > abs(tip_x - x) else (0.0, half)
    corners = [(tip_x, tip_y), (x + across_x, y + across_y), (x - across_x, y - across_y)]
    return "M" + "L".join(f"{number(at)} {number(down)}" for at, down in corners) + "Z"


def _written(value: object) -> str:
    return number(value) if isinstance(value, float) else str(value)
