"""Outlines stay within their boxes, and have something upright where edges are attached."""

import re
import xml.etree.ElementTree as ET

import pytest

from duality.graph import KINDS
from duality.graph.geometry import Box
from duality.graph.routing import CORNER
from duality.graph.shapes import CUT, outline
from duality.graph.theme import look

BOX = Box(10.0, 20.0, 90.0, 30.0)


def parts(kind):
    return list(ET.fromstring(f"<g>{outline(look(kind), BOX)}</g>"))


def extent(part):
    """The rectangle a rect, line or straight path covers."""
    if part.tag == "rect":
        return Box(*(float(part.get(name)) for name in ("x", "y", "width", "height")))
    if part.tag == "line":
        x, y, right, bottom = (float(part.get(name)) for name in ("x1", "y1", "x2", "y2"))
    else:
        numbers = [float(number) for number in re.findall(r"[\d.]+", part.get("d"))]
        x, right = min(numbers[::2]), max(numbers[::2])
        y, bottom = min(numbers[1::2]), max(numbers[1::2])
    return Box(x, y, right - x, bottom - y)


@pytest.mark.parametrize("kind", [*KINDS, "strange"])
def test_an_outline_fills_its_box_and_no_more(kind):
    drawn = parts(kind)
    assert extent(drawn[0]) == BOX
    assert all(BOX.holds(extent(part)) for part in drawn)


def test_no_two_kinds_are_drawn_alike():
    bare = {kind: re.sub(r"#\w+", "", outline(look(kind), BOX)) for kind in KINDS}
    assert len(set(bare.values())) == len(KINDS)


def test_cut_corners_end_before_the_places_for_edges_begin():
    assert CUT < CORNER
    assert CUT < BOX.height / 2 - 6
