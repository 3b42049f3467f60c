"""Nodes and edges are values, in source order, and stay within their procedure."""

import pickle
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duality.graph import KINDS, Edge, Node
from tests.graph.strategies import BEGIN, END, ENTER, MAIN_END, WAIT


def test_the_label_says_how_a_node_is_called_and_not_what_it_is():
    renamed = Node(WAIT.procedure, WAIT.kind, WAIT.ordinal, WAIT.line, "other")
    assert renamed == WAIT
    assert hash(renamed) == hash(WAIT)


@pytest.mark.parametrize("change", [{"procedure": "q"}, {"kind": "io"}, {"ordinal": 9}, {"line": 9}])
def test_everything_else_says_what_a_node_is(change):
    fields = {"procedure": "p", "kind": "wait", "ordinal": 1, "line": 2}
    assert Node(**fields) != Node(**{**fields, **change})


def test_nodes_sort_in_source_order_whatever_their_kinds():
    assert sorted([END, WAIT, ENTER, BEGIN]) == [BEGIN, ENTER, WAIT, END]


nodes = st.builds(Node, st.sampled_from("pq"), st.sampled_from(list(KINDS)), st.integers(0, 2), st.integers(1, 2))


@given(st.lists(nodes))
def test_the_order_is_total(some):
    for lower, upper in pairwise(sorted(some)):
        assert (lower < upper) != (lower == upper)
        assert lower <= upper
        assert not upper < lower


def test_an_edge_between_procedures_is_refused_with_the_way_out():
    with pytest.raises(ValueError, match="stays within one procedure.*use a node of kind `call`"):
        Edge(BEGIN, MAIN_END)


@pytest.mark.parametrize("place", [{"ordinal": -1, "line": 1}, {"ordinal": 1, "line": -1}])
def test_a_place_before_the_beginning_is_refused(place):
    with pytest.raises(ValueError, match="-1"):
        Node("p", "io", **place)


def test_names_read_like_the_source():
    assert BEGIN.name == "begin"
    assert WAIT.name == "wait:self.not_full"
    assert Node("p", "yield", 1, 2, "yield").name == "yield"
    assert str(WAIT) == "Buffer.put wait:self.not_full (line 15)"
    assert str(Edge(ENTER, WAIT)) == "Buffer.put: enter -> wait:self.not_full"


def test_nodes_travel_between_processes():
    again = pickle.loads(pickle.dumps(Edge(ENTER, WAIT)))
    assert again == Edge(ENTER, WAIT)
    assert hash(again) == hash(Edge(ENTER, WAIT))
