"""Short names tell nodes apart, and are no longer than that takes."""

from hypothesis import given

from duality.graph import Node, short_names
from tests.graph.strategies import BUFFER, FIRST, SECOND, WAIT, graphs


@given(graphs())
def test_no_two_nodes_of_a_procedure_have_the_same_name(graph):
    for lines in (False, True):
        names = short_names(graph.nodes, lines=lines)
        told = {(node.procedure, name) for node, name in names.items()}
        assert len(told) == len(graph.nodes)


def test_a_line_is_added_only_where_the_name_alone_would_not_do():
    names = short_names(BUFFER.nodes)
    assert names[WAIT] == "wait:self.not_full"
    assert (names[FIRST], names[SECOND]) == ("call:self.buffer.put@32", "call:self.buffer.put@33")


def test_two_calls_on_one_line_are_told_apart_by_their_ordinals():
    twice = [Node("p", "io", 1, 5, "recv"), Node("p", "io", 2, 5, "recv"), Node("p", "io", 3, 6, "recv")]
    assert list(short_names(twice).values()) == ["io:recv@5#1", "io:recv@5#2", "io:recv@6"]


def test_a_namesake_in_another_procedure_changes_nothing():
    assert short_names([WAIT, Node("Other.put", "wait", 2, 15, "self.not_full")])[WAIT] == "wait:self.not_full"
