"""Whatever a source file contains, the markup is well-formed and says the same."""

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duality.graph.geometry import Route
from duality.graph.markup import curve_of, element, head_of, number, words
from duality.graph.theme import printable


@given(st.text(), st.text())
def test_any_text_comes_through(value, content):
    parsed = ET.fromstring(element("text", {"data-label": value, "absent": None}, words(content)))
    assert parsed.attrib == {"data-label": printable(value)}
    assert (parsed.text or "").strip(" ") == printable(content).strip(" ")


def test_blanks_at_the_ends_of_words_are_kept():
    assert words(" a  b ") == " a b "


@pytest.mark.parametrize(("value", "text"), [(1.0, "1"), (1.26, "1.3"), (-0.01, "0"), (1234.56, "1234.6")])
def test_numbers_are_as_short_as_a_tenth_of_a_pixel_allows(value, text):
    assert number(value) == text


@given(st.floats(-1e6, 1e6))
def test_numbers_are_plain_decimals(value):
    assert re.fullmatch(r"-?\d+(\.\d)?", number(value))
    assert float(number(value)) == pytest.approx(value, abs=0.5 if abs(value) >= 1e5 else 0.06)


def test_straight_pieces_are_lines_and_bent_ones_curves():
    line = ((5.0, 0.0), (5.0, 3.0), (5.0, 6.0), (5.0, 9.0))
    bend = ((5.0, 9.0), (5.0, 12.0), (8.0, 12.0), (8.0, 15.0))
    route = Route((line, bend), (8.0, 22.0), False)
    assert curve_of(route) == "M5 0L5 9C5 12 8 12 8 15"
    assert head_of(route, 4.0) == "M8 22L12 15L4 15Z"
