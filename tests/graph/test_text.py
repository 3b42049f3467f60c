"""The text of a graph is a golden file's content: stable, complete, checkable by eye."""

from hypothesis import given

from duality.graph import BlockingGraph, Node, short_names, to_text
from tests.graph.strategies import BUFFER, PUT, graphs

GOLDEN = """\
Buffer.put
  begin -> enter
  enter -> wait:self.not_full
  enter -> end
  wait:self.not_full -> wait:self.not_full
  wait:self.not_full -> end

Main.main
  begin -> call:self.buffer.put@32
  call:self.buffer.put@32 -> call:self.buffer.put@33
  call:self.buffer.put@33 -> call:self.buffer.put@32
  call:self.buffer.put@33 -> end"""


def test_a_bounded_buffer_in_words():
    assert to_text(BUFFER) == GOLDEN


def test_a_bounded_buffer_with_its_lines():
    assert to_text(BUFFER.of(PUT), lines=True).splitlines()[1:3] == [
        "  begin@12 -> enter@12",
        "  enter@12 -> wait:self.not_full@15",
    ]


def test_a_node_no_edge_touches_stands_where_its_edges_would_have_stood():
    lonely = Node(PUT, "end", 9, 18, "unreached")
    assert to_text(BUFFER.of(PUT) | BlockingGraph([lonely])).splitlines()[-1] == "  end:unreached"


def test_an_empty_graph_has_no_words():
    assert to_text(BlockingGraph()) == ""


@given(graphs())
def test_every_edge_has_a_line_and_every_procedure_a_paragraph(graph):
    text = to_text(graph)
    names = short_names(graph.nodes)
    assert text.count(" -> ") == len(graph.edges)
    for edge in graph.edges:
        assert f"  {names[edge.source]} -> {names[edge.target]}" in text
    assert [row for row in text.splitlines() if row and not row.startswith(" ")] == list(graph.procedures)
