"""The blocking graph: where a program may block, and which of those points can follow each other.

    as a value      node.py (node, edge)  graph.py (the algebra)  diff.py (what two graphs disagree on)  names.py
    as text         text.py (to read and for golden files)  dot.py (for Graphviz)  exchange.py (for networkx)
    as a picture    svg.py  clusters.py (a procedure)  pages.py  packing.py  legend.py  shapes.py  theme.py  style.py
    its layout      layout.py, four passes: layering.py, ordering.py, placing.py, routing.py; spreading.py, geometry.py

Floor: imports nothing else of duality.
"""

from duality.graph.diff import GraphDiff
from duality.graph.dot import to_dot
from duality.graph.exchange import to_networkx
from duality.graph.graph import BlockingGraph
from duality.graph.names import short_names
from duality.graph.node import KINDS, Edge, Node
from duality.graph.svg import edge_id, node_id, to_svg
from duality.graph.text import to_text

__all__ = [
    "KINDS",
    "BlockingGraph",
    "Edge",
    "GraphDiff",
    "Node",
    "edge_id",
    "node_id",
    "short_names",
    "to_dot",
    "to_networkx",
    "to_svg",
    "to_text",
]
