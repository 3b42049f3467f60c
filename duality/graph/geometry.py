"""Points, boxes and curves, in pixels; y grows downwards as in SVG."""

from itertools import pairwise

from attrs import frozen

Point = tuple[float, float]
Cubic = tuple[Point, Point, Point, Point]


@frozen
class Box:
    """A rectangle. x, y: its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The x of the right side."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The y of the lower side."""
        return self.y + self.height

    @property
    def centre(self) -> Point:
        """The point in the middle."""
        return self.x + self.width / 2, self.y + self.height / 2

    def overlaps(self, other: "Box") -> bool:
        """Whether the insides of the two have a point in common."""
        across = self.x < other.right and other.x < self.right
        return across and self.y < other.bottom and other.y < self.bottom

    def holds(self, other: "Box") -> bool:
        """Whether ``other`` lies wholly inside; touching the border is allowed."""
        across = self.x <= other.x and other.right <= self.right
        return across and self.y <= other.y and other.bottom <= self.bottom

    def moved(self, dx: float, dy: float) -> "Box":
        """The same box elsewhere."""
        return Box(self.x + dx, self.y + dy, self.width, self.height)


@frozen
class Route:
    """The way of one edge: cubics end to end from the source's border to the base of an arrowhead.

    tip: where the arrowhead points, on the target's border.   loop: whether the edge goes up, or comes straight back.
    """

    curves: tuple[Cubic, ...]
    tip: Point
    loop: bool

    def moved(self, dx: float, dy: float) -> "Route":
        """The same route elsewhere."""
        curves = tuple(tuple((x + dx, y + dy) for x, y in curve) for curve in self.curves)
        return Route(curves, (self.tip[0] + dx, self.tip[1] + dy), self.loop)  # type: ignore[arg-type]

    def points(self, each: int = 16) -> list[Point]:
        """Points along the way, ``each`` steps a curve."""
        return [_at(curve, step / each) for curve in self.curves for step in range(each + 1)]

    def length(self) -> float:
        """Length in pixels, to well under one."""
        points = self.points()
        steps = pairwise(points)
        return float(sum(((x - u) ** 2 + (y - v) ** 2) ** 0.5 for (u, v), (x, y) in steps))


def _at(curve: Cubic, t: float) -> Point:
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
    x = sum(weight * point[0] for weight, point in zip(weights, curve, strict=True))
    y = sum(weight * point[1] for weight, point in zip(weights, curve, strict=True))
    return x, y
