"""The Graphviz document of a graph."""

import re

from hypothesis import given

from duality.graph import BlockingGraph, to_dot
from tests.graph.strategies import BUFFER, PUT, graphs

GOLDEN = """\
digraph blocking {
  node [fontname="monospace", fontsize=11, style=filled];
  graph [fontname="monospace", fontsize=12, labeljust=l, style=rounded];
  subgraph "cluster_Buffer.put" {
    label="Buffer.put";
    "Buffer.put:0:begin:12" [label="begin\\n:12", shape=oval, fillcolor="#e8eaee", color="#39424e"];
    "Buffer.put:1:enter:12" [label="enter\\n:12", shape=cds, fillcolor="#dce9fb", color="#1f5fbf"];
    "Buffer.put:2:wait:15" [label="wait:self.not_full\\n:15", shape=octagon, fillcolor="#fff0c9", color="#9a5500"];
    "Buffer.put:3:end:17" [label="end\\n:17", shape=oval, fillcolor="#e8eaee", color="#39424e", peripheries=2];
    "Buffer.put:0:begin:12" -> "Buffer.put:1:enter:12";
    "Buffer.put:1:enter:12" -> "Buffer.put:2:wait:15";
    "Buffer.put:1:enter:12" -> "Buffer.put:3:end:17";
    "Buffer.put:2:wait:15" -> "Buffer.put:2:wait:15";
    "Buffer.put:2:wait:15" -> "Buffer.put:3:end:17";
  }
}
"""


def test_a_bounded_buffer_for_graphviz():
    assert to_dot(BUFFER.of(PUT)) == GOLDEN


def test_an_empty_graph_is_still_a_document():
    assert to_dot(BlockingGraph()).startswith("digraph blocking {")


@given(graphs())
def test_every_node_and_edge_is_there_and_no_text_escapes_its_quotes(graph):
    # Quoted strings taken out, only the grammar's own words may be left, and braces must balance.
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', "S", to_dot(graph))
    assert '"' not in bare
    assert bare.count("{") == bare.count("}") == 1 + len(graph.procedures)
    assert bare.count("S [label=S") == len(graph.nodes)
    assert bare.count("S -> S;") == len(graph.edges)
