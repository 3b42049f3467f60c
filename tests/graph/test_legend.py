"""The legend lists what is used, in an order that does not depend on it."""

import xml.etree.ElementTree as ET

from duality.graph import KINDS
from duality.graph.legend import EDGES, draw, entries, pack


def test_only_what_is_used_is_listed_known_kinds_first():
    listed = entries(["zebra", "wait", "begin", "apple"], ["loop", "plain"])
    assert [name for _, name, _ in listed] == ["begin", "wait", "apple", "zebra", "plain", "loop"]


def test_every_entry_is_drawn_with_its_name():
    listed = entries(KINDS, EDGES)
    drawn = ET.fromstring(draw(listed, pack(listed, 300.0), 0.0, 0.0))
    assert [text.text for text in drawn.iter("text")] == [*KINDS, *EDGES.values()]
    assert [group.get("class") for group in drawn.iter("g")][1:] == [
        "edge" if name == "plain" else f"edge {name}" for name in EDGES
    ]


def test_no_entries_no_legend():
    assert draw([], pack([], 300.0), 0.0, 0.0) == ""
