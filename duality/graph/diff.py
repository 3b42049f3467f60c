"""What two blocking graphs do not have in common, readable edge by edge.

Rule: the report names every node with its line (and ordinal where needed), because two graphs that look the same and
are unequal differ exactly there.
"""

from attrs import frozen

from duality.graph.names import short_names
from duality.graph.node import Edge, Node


@frozen
class GraphDiff:
    """Nodes and edges found in only one of two graphs; true when there are any.

    only_left_*, only_right_*: sorted tuples.   left, right: what the report calls the two graphs.
    """

    only_left_nodes: tuple[Node, ...] = ()
    only_left_edges: tuple[Edge, ...] = ()
    only_right_nodes: tuple[Node, ...] = ()
    only_right_edges: tuple[Edge, ...] = ()
    left: str = "left"
    right: str = "right"

    def __bool__(self) -> bool:
        return bool(self.only_left_nodes or self.only_left_edges or self.only_right_nodes or self.only_right_edges)

    def __str__(self) -> str:
        """One paragraph a procedure, one line a node or an edge, the left graph's first.

        Buffer.put
          only events   wait:self.not_full@15 -> end@17
          only threads  wait:self.not_full@15 -> wait:self.not_full@15
        """
        if not self:
            return "the graphs are equal"
        width = max(len(self.left), len(self.right))
        paragraphs: dict[str, list[str]] = {}
        for procedure, side, what in self._findings():
            paragraphs.setdefault(procedure, []).append(f"  only {side:<{width}}  {what}")
        return "\n\n".join("\n".join([name, *paragraphs[name]]) for name in sorted(paragraphs))

    def _findings(self) -> list[tuple[str, str, str]]:
        edges = (*self.only_left_edges, *self.only_right_edges)
        ends = {end for edge in edges for end in (edge.source, edge.target)}
        names = short_names({*self.only_left_nodes, *self.only_right_nodes, *ends}, lines=True)
        found = []
        for side, nodes, edges in (
            (self.left, self.only_left_nodes, self.only_left_edges),
            (self.right, self.only_right_nodes, self.only_right_edges),
        ):
            found += [(node.procedure, side, names[node]) for node in nodes]
            found += [(edge.procedure, side, f"{names[edge.source]} -> {names[edge.target]}") for edge in edges]
        return found
