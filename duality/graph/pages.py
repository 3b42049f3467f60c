"""Compose cards into a page: procedures of one module in one frame, frames packed, heading above, legend below.

Rule: a page is in source order (modules by their first procedure, procedures by their first line), unless giving the
tallest module the first place saves a good part of the page.
"""

from collections.abc import Sequence

from attrs import frozen

from duality.graph import legend
from duality.graph.clusters import Card
from duality.graph.geometry import Box
from duality.graph.packing import TRIES, Packed, limits, pack, page_size
from duality.graph.theme import text_width

MARGIN = 20.0
"""Pixels between the page's border and what is on it."""

GAP = 14.0
"""Pixels between cards, and around them in their frame."""

NAME_ROOM = 30.0
"""Height of the row with a module's name."""

HEADING = 18.0
"""Size of the heading's letters."""

HEADING_ROOM = 36.0
"""Height the heading takes."""


LOST_ORDER = 1.05
"""How much smaller a page must become before modules may leave source order."""


@frozen
class Module:
    """A framed group of cards; ``cards`` pairs each with its place on the page."""

    name: str
    box: Box
    cards: tuple[tuple[Card, tuple[float, float]], ...]


@frozen
class Page:
    """All places of a picture."""

    width: float
    height: float
    title_at: tuple[float, float]
    modules: tuple[Module, ...]
    legend: Packed
    legend_at: tuple[float, float]


def compose(cards: Sequence[Card], title: str, listed: Sequence[legend.Entry]) -> Page:
    """Give everything its place."""
    groups = _groups(cards)
    inner, frames = _best(groups)
    width, height = frames.width, frames.height
    width = max(width, text_width(title, HEADING), 240.0)
    top = MARGIN + (HEADING_ROOM if title else 0.0)
    modules = tuple(
        _module(name, group, packed, MARGIN + x, top + y)
        for (name, group), packed, (x, y) in zip(groups.items(), inner, frames.places, strict=True)
    )
    below = top + height + (MARGIN if cards else 0.0)
    signs = legend.pack(listed, width)
    width = max(width, signs.width)
    bottom = below + signs.height if listed else top + height
    return Page(width + 2 * MARGIN, bottom + MARGIN, (MARGIN, MARGIN + HEADING), modules, signs, (MARGIN, below))


def _groups(cards: Sequence[Card]) -> dict[str, list[Card]]:
    groups: dict[str, list[Card]] = {}
    for one in sorted(cards, key=lambda one: one.first):
        groups.setdefault(one.module, []).append(one)
    return groups


def _best(groups: dict[str, list[Card]]) -> tuple[list[Packed], Packed]:
    """Each module's cards packed and the frames packed, for the page that needs the least room."""
    sizes = [[(one.width, one.height) for one in group] for group in groups.values()]
    tries = sorted({limit for group in sizes for limit in limits(group, GAP)}) or [0.0]
    candidates = []
    # One inner limit for all modules. Thinned out, because many modules have many limits of their own.
    for limit in tries[:: 1 + len(tries) // (2 * TRIES)]:
        inner = [pack(group, limit, GAP) for group in sizes]
        outer = [_frame_size(name, packed) for name, packed in zip(groups, inner, strict=True)]
        for width in limits(outer, GAP):
            for tallest_first, handicap in ((False, 1.0), (True, LOST_ORDER)):
                packed = pack(outer, width, GAP, tallest_first=tallest_first)
                candidates.append((page_size(packed) * handicap, inner, packed))
    _, best_inner, best_outer = min(candidates, key=lambda candidate: candidate[0])
    return best_inner, best_outer


def _frame_size(name: str, packed: Packed) -> tuple[float, float]:
    width = max(packed.width, text_width(name or "functions", 13.0)) + 2 * GAP
    return width, packed.height + NAME_ROOM + GAP


def _module(name: str, group: list[Card], packed: Packed, x: float, y: float) -> Module:
    box = Box(x, y, *_frame_size(name, packed))
    places = [(x + GAP + dx, y + NAME_ROOM + dy) for dx, dy in packed.places]
    return Module(name, box, tuple(zip(group, places, strict=True)))
