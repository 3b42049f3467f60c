"""The algebra of blocking graphs: equality, parts, unions, differences."""

from hypothesis import given
from hypothesis import strategies as st

from duality.graph import BlockingGraph, Edge, Node
from tests.graph.strategies import BEGIN, BUFFER, END, ENTER, PUT, PUT_EDGES, WAIT, edge_sets, graphs


@given(graphs(), st.randoms(use_true_random=False))
def test_a_graph_does_not_depend_on_the_order_it_was_given_in(graph, random):
    nodes, edges = list(graph.nodes) * 2, list(graph.edges) * 2
    random.shuffle(nodes)
    random.shuffle(edges)
    again = BlockingGraph(nodes, edges)
    assert again == graph
    assert hash(again) == hash(graph)
    assert (again.nodes, again.edges) == (tuple(sorted(set(nodes))), tuple(sorted(set(edges))))


@given(edge_sets(), edge_sets())
def test_a_union_is_the_least_graph_that_holds_both(left, right):
    both = left | right
    assert left <= both
    assert right <= both
    assert both == right | left
    assert set(both.nodes) == set(left.nodes) | set(right.nodes)
    assert set(both.edges) == set(left.edges) | set(right.edges)


@given(edge_sets(), edge_sets())
def test_to_be_part_of_a_graph_is_to_add_nothing_to_it(left, right):
    assert (left <= right) == (left | right == right)
    assert (left < right) == (left <= right and left != right)
    assert (left <= right and right <= left) == (left == right)
    assert (right >= left) == (left <= right)


@given(graphs())
def test_a_graph_is_the_union_of_its_procedures(graph):
    whole = BlockingGraph()
    for procedure in graph.procedures:
        part = graph.of(procedure)
        assert part.procedures == (procedure,)
        assert part <= graph
        whole = whole | part
    assert whole == graph


def test_a_procedure_that_was_not_walked_has_an_empty_graph():
    assert BUFFER.of("Buffer.get") == BlockingGraph()


def test_edges_bring_their_ends():
    graph = BlockingGraph.from_edges(PUT_EDGES)
    assert graph.nodes == (BEGIN, ENTER, WAIT, END)
    assert graph == BUFFER.of(PUT)
    assert WAIT in graph
    assert Edge(WAIT, WAIT) in graph
    assert Edge(BEGIN, END) not in graph


def test_a_label_that_says_something_wins_and_of_two_the_left_one():
    silent = Node(WAIT.procedure, WAIT.kind, WAIT.ordinal, WAIT.line)
    other = Node(WAIT.procedure, WAIT.kind, WAIT.ordinal, WAIT.line, "frame.not_full")
    union = BlockingGraph.from_edges([Edge(silent, silent)]) | BlockingGraph([other]) | BlockingGraph([WAIT])
    assert [node.label for node in union.nodes] == ["frame.not_full"]
    assert union.edges[0].source.label == "frame.not_full"


@given(edge_sets(), edge_sets())
def test_a_graph_prints_and_draws_itself(left, right):
    # The methods are the functions; each function has tests of its own.
    from duality.graph import to_dot, to_svg, to_text

    graph = left | right
    assert str(graph) == graph.to_text() == to_text(graph)
    assert graph.to_text(lines=True) == to_text(graph, lines=True)
    assert graph.to_dot() == to_dot(graph)
    assert graph.to_svg(walked=left) == to_svg(graph, walked=left)
