"""A procedure's card holds its nodes, its edges and its title; labels fit into their nodes."""

from itertools import combinations

import pytest
from hypothesis import given, settings

from duality.graph import BlockingGraph, Node
from duality.graph.clusters import LETTERS, PADDING, TITLE_LETTERS, TITLE_ROOM, card, heading_of, label_of, title_of
from duality.graph.geometry import Box
from duality.graph.theme import text_width
from tests.graph.strategies import WAIT, parts


@given(parts("A.p"))
@settings(deadline=None, max_examples=50)
def test_nodes_hold_their_labels_and_the_card_holds_the_nodes(part):
    one = card(part, "A.p")
    inside = Box(0.0, TITLE_ROOM, one.width, one.height - TITLE_ROOM)
    for node, box in one.boxes.items():
        label = label_of(node)
        assert text_width(label.kind + label.what + label.line, LETTERS) <= box.width - 20
        assert inside.holds(box)
    for first, second in combinations(one.boxes.values(), 2):
        assert not first.overlaps(second)
    assert set(one.boxes) == set(part.nodes)
    assert set(one.routes) == set(part.edges)


def test_a_card_is_as_wide_as_its_title():
    for name in ("Supervisor.restart_everything_that_failed", "Supervisor" * 9 + ".restart" * 9, "f" * 99):
        one = card(BlockingGraph([Node(name, "end", 0, 1)]), name)
        drawn = "".join(heading_of(name))
        assert one.width >= text_width(drawn, TITLE_LETTERS) + 2 * PADDING
        assert one.width < 600
    assert heading_of("Buffer.put") == ("Buffer.", "put")


def test_a_label_is_kind_what_and_line():
    label = label_of(WAIT)
    assert (label.kind, label.what, label.line) == ("wait", " self.not_full", " :15")


def test_a_long_label_gives_way_in_its_middle():
    label = label_of(Node("p", "wait", 1, 15, "self.registry.connections[peer.address].not_full"))
    assert label.what == " self.registry.…ess].not_full"


@pytest.mark.parametrize(
    ("procedure", "title"),
    [("Buffer.put", ("Buffer", "put")), ("main", ("", "main")), ("make.<locals>.Buffer.put", ("Buffer", "put"))],
)
def test_a_qualified_name_is_a_module_and_a_name(procedure, title):
    assert title_of(procedure) == title
