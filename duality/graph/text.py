"""The blocking graph as text a golden file can hold and a reader can check by eye.

    Buffer.put
      begin -> enter
      enter -> wait:self.not_full
      enter -> end
      wait:self.not_full -> wait:self.not_full
      wait:self.not_full -> end

Rule: one procedure a paragraph, one edge a line, all in source order; a node no edge touches stands on a line alone.
"""

from duality.graph.graph import BlockingGraph
from duality.graph.names import short_names


def to_text(graph: BlockingGraph, *, lines: bool = False) -> str:
    """Write the graph as text; the same graph gives the same text, always.

    lines: write each node's source line as well, ``wait:self.not_full@15``. Without it, edits that only move
    code up or down leave the text as it was.
    """
    return "\n\n".join(_paragraph(graph.of(procedure), procedure, lines) for procedure in graph.procedures)


def _paragraph(part: BlockingGraph, procedure: str, lines: bool) -> str:
    names = short_names(part.nodes, lines=lines)
    touched = {end for edge in part.edges for end in (edge.source, edge.target)}
    # Each row sorts by the node it starts from, so a lonely node stands where its edges would have stood.
    rows = [((edge.source, edge.target), f"{names[edge.source]} -> {names[edge.target]}") for edge in part.edges]
    rows += [((node, node), names[node]) for node in part.nodes if node not in touched]
    return "\n".join([procedure, *(f"  {row}" for _, row in sorted(rows))])
