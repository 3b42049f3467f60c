"""The blocking graph as a Graphviz document, one cluster per procedure.

Rule: identifiers are made from what a node is (procedure, ordinal, kind, line), so they outlive relabelling.
"""

from duality.graph.graph import BlockingGraph
from duality.graph.names import short_names
from duality.graph.node import Node
from duality.graph.theme import look


def to_dot(graph: BlockingGraph) -> str:
    """Write the graph in the DOT language; the same graph gives the same text, always."""
    clusters = [_cluster(graph.of(procedure), procedure) for procedure in graph.procedures]
    return "\n".join(
        [
            "digraph blocking {",
            '  node [fontname="monospace", fontsize=11, style=filled];',
            '  graph [fontname="monospace", fontsize=12, labeljust=l, style=rounded];',
            *clusters,
            "}\n",
        ]
    )


def _cluster(part: BlockingGraph, procedure: str) -> str:
    names = short_names(part.nodes)
    rows = [f"  subgraph {_quoted(f'cluster_{procedure}')} {{", f"    label={_quoted(procedure)};"]
    rows += [_node(node, names[node]) for node in part.nodes]
    rows += [f"    {_identifier(edge.source)} -> {_identifier(edge.target)};" for edge in part.edges]
    return "\n".join([*rows, "  }"])


def _node(node: Node, name: str) -> str:
    style = look(node.kind)
    # A name told apart by its line already shows it; the others get it on a second row.
    label = name if "@" in name else f"{name}\n:{node.line}"
    borders = ", peripheries=2" if style.shape == "double" else ""
    return (
        f"    {_identifier(node)} [label={_quoted(label)}, shape={style.dot},"
        f' fillcolor="{style.fill}", color="{style.stroke}"{borders}];'
    )


def _identifier(node: Node) -> str:
    return _quoted(f"{node.procedure}:{node.ordinal}:{node.kind}:{node.line}")


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
