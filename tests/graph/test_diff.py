"""A diff is true exactly when two graphs differ, and names each difference."""

from hypothesis import given

from duality.graph import BlockingGraph, Edge, Node
from tests.graph.strategies import BUFFER, END, PUT_EDGES, WAIT, edge_sets


@given(edge_sets(), edge_sets())
def test_a_diff_is_empty_exactly_when_the_graphs_are_equal(left, right):
    assert bool(left.diff(right)) == (left != right)
    assert (str(left.diff(right)) == "the graphs are equal") == (left == right)
    assert not left.diff(left)


@given(edge_sets(), edge_sets())
def test_what_is_only_on_one_side_and_what_is_on_both_make_up_each_graph(left, right):
    diff = left.diff(right)
    assert set(diff.only_left_edges) == set(left.edges) - set(right.edges)
    assert set(diff.only_right_edges) == set(right.edges) - set(left.edges)
    assert set(diff.only_left_nodes) == set(left.nodes) - set(right.nodes)
    assert set(diff.only_right_nodes) == set(right.nodes) - set(left.nodes)


@given(edge_sets(), edge_sets())
def test_the_report_has_a_line_for_every_difference(left, right):
    diff = left.diff(right)
    found = diff.only_left_nodes + diff.only_left_edges + diff.only_right_nodes + diff.only_right_edges
    assert str(diff).count("  only ") == len(found)
    assert len(set(str(diff).splitlines())) == len(str(diff).splitlines())


def test_a_report_reads_edge_by_edge():
    extra = Node("Main.main", "sleep", 4, 35, "0.1")
    fewer = BlockingGraph(BUFFER.nodes, [edge for edge in BUFFER.edges if edge != Edge(WAIT, WAIT)])
    diff = BUFFER.diff(fewer | BlockingGraph([extra], [Edge(WAIT, END)]), left="events", right="threads")
    assert str(diff) == (
        "Buffer.put\n"
        "  only events   wait:self.not_full@15 -> wait:self.not_full@15\n"
        "\n"
        "Main.main\n"
        "  only threads  sleep:0.1@35"
    )


def test_graphs_that_look_the_same_differ_visibly():
    moved = Node(WAIT.procedure, WAIT.kind, WAIT.ordinal, WAIT.line + 1, WAIT.label)
    left = BlockingGraph.from_edges(PUT_EDGES)
    right = BlockingGraph(left.nodes, [*left.edges, Edge(WAIT, moved)])
    assert left.to_text() != right.to_text()
    assert str(left.diff(right)).splitlines()[1:] == [
        "  only right  wait:self.not_full@16",
        "  only right  wait:self.not_full@15 -> wait:self.not_full@16",
    ]
