"""Put rectangles on a page in order, each at the highest free place, so that the whole comes near the shape of a page.

    ┌───┐┌──────┐        The skyline is the lower rim of what is placed so far. The next rectangle goes where it
    │ 1 ││  2   │        hangs highest on it, leftmost of equals, within the page's width: 3 goes under 1,
    └───┘│      │        because the rim is higher there than under 2.
    ┌───┐└──────┘
    │ 3 │
    └───┘

Rule: the order given is the order of placing, so source order is still the order of reading, roughly; unless the caller
asks for the tallest first, which leaves fewer holes.
"""

from collections.abc import Iterable, Sequence

from attrs import frozen

ASPECT = 1.6
"""The width to height we aim at: a slide's, roughly."""

TRIES = 16
"""How many widths are tried between one column and one row."""

Size = tuple[float, float]
Placed = tuple[float, float, float, float]  # left, top, right, bottom


@frozen
class Packed:
    """Where each rectangle went (upper left corners, in the order given), and the size of the whole."""

    places: tuple[tuple[float, float], ...]
    width: float
    height: float


def pack(sizes: Sequence[Size], limit: float, gap: float, *, tallest_first: bool = False) -> Packed:
    """Pack within ``limit`` pixels of width (or the widest rectangle's), ``gap`` pixels between any two.

    sizes: (width, height) of each rectangle, in pixels.
    """
    # With the gap made part of every rectangle, they may touch.
    limit = max([limit, *(width for width, _ in sizes)]) + gap
    order = sorted(range(len(sizes)), key=lambda which: -sizes[which][1] if tallest_first else 0)
    placed: dict[int, Placed] = {}
    for which in order:
        width, height = sizes[which]
        lefts = sorted({0.0, *(right for _, _, right, _ in placed.values())})
        free = [(_rim(placed.values(), x, x + width + gap), x) for x in lefts if x + width + gap <= limit]
        y, x = min(free)
        placed[which] = (x, y, x + width + gap, y + height + gap)
    return Packed(
        tuple(placed[which][:2] for which in range(len(sizes))),
        max((right - gap for _, _, right, _ in placed.values()), default=0.0),
        max((bottom - gap for _, _, _, bottom in placed.values()), default=0.0),
    )


def _rim(placed: Iterable[Placed], left: float, right: float) -> float:
    """How far down the page the skyline reaches anywhere between ``left`` and ``right``."""
    return max((bottom for start, _, end, bottom in placed if start < right and left < end), default=0.0)


def limits(sizes: Sequence[Size], gap: float) -> list[float]:
    """The widths worth trying for these rectangles, from one column to one row."""
    narrowest = max((width for width, _ in sizes), default=0.0)
    widest = sum(width for width, _ in sizes) + gap * max(len(sizes) - 1, 0)
    return [narrowest + (widest - narrowest) * step / TRIES for step in range(TRIES + 1)]


def page_size(packed: Packed) -> float:
    """The width of the smallest page of shape ``ASPECT`` that holds it all: less is better."""
    # Rounded, so that of limits with equal results the first tried wins and not the last digit.
    return round(max(packed.width, packed.height * ASPECT), 3)
