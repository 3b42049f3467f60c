"""A blocking graph: nodes and edges as a value, with the algebra the law needs.

Two rules hold in this file:

1. A graph is canonical: nodes and edges are sorted and unique, both ends of every edge are among the nodes. So
   ``==`` is equality of content, and no run, reader or hash seed shows through.
2. The algebra looks at whole edges. ``walked <= static`` (no run leaves the static graph) and ``spec == events ==
   threads`` are laws stated with these operators and nothing else.
"""

from collections.abc import Iterable
from typing import Any

from attrs import field, frozen

from duality.graph.diff import GraphDiff
from duality.graph.node import Edge, Node


def _distinct(nodes: Iterable[Node]) -> tuple[Node, ...]:
    # Equal nodes may carry different labels, and a label that says something beats an empty one: a reader of generated
    # text may know where a program blocks and not what the source called it.
    kept: dict[Node, Node] = {}
    for node in nodes:
        if node not in kept or not kept[node].label:
            kept[node] = node
    return tuple(sorted(kept.values()))


def _relabelled(edges: Iterable[Edge], nodes: Iterable[Node]) -> tuple[Edge, ...]:
    known = {node: node for node in nodes}
    return tuple(sorted({Edge(known[edge.source], known[edge.target]) for edge in edges}))


@frozen(order=False, init=False)
class BlockingGraph:
    """All points of a program that may block, and which can follow each other in one task.

    nodes, edges: any iterables; kept as sorted tuples without repetition, the ends of all edges added to the nodes.
    Of equal nodes with different labels the first non-empty label is kept, everywhere in the graph.
    Source: von Behren et al. 2003, section 4.1; section 4 of this project's design.
    """

    nodes: tuple[Node, ...] = field()
    edges: tuple[Edge, ...] = field()

    def __init__(self, nodes: Iterable[Node] = (), edges: Iterable[Edge] = ()) -> None:
        edges = tuple(edges)
        ends = (end for edge in edges for end in (edge.source, edge.target))
        distinct = _distinct((*nodes, *ends))
        self.__attrs_init__(distinct, _relabelled(edges, distinct))

    @classmethod
    def from_edges(cls, edges: Iterable[Edge]) -> "BlockingGraph":
        """The graph whose nodes are exactly the ends of ``edges``, as a run that walked them would leave behind."""
        return cls((), edges)

    @property
    def procedures(self) -> tuple[str, ...]:
        """The procedures that have at least one node, sorted."""
        return tuple(sorted({node.procedure for node in self.nodes}))

    def of(self, procedure: str) -> "BlockingGraph":
        """The part that belongs to one procedure; empty if it has no node here (a run need not walk everything)."""
        return BlockingGraph(
            (node for node in self.nodes if node.procedure == procedure),
            (edge for edge in self.edges if edge.procedure == procedure),
        )

    def __contains__(self, part: object) -> bool:
        """Whether a ``Node`` or an ``Edge`` belongs to the graph."""
        return part in (self.edges if isinstance(part, Edge) else self.nodes)

    def __le__(self, other: "BlockingGraph") -> bool:
        """Whether every node and every edge is also in ``other``."""
        return set(self.nodes) <= set(other.nodes) and set(self.edges) <= set(other.edges)

    def __lt__(self, other: "BlockingGraph") -> bool:
        """Whether this is a part of ``other`` and not all of it."""
        return self != other and self <= other

    def __or__(self, other: "BlockingGraph") -> "BlockingGraph":
        """All nodes and edges of both; where labels disagree, the left one's are kept."""
        return BlockingGraph(self.nodes + other.nodes, self.edges + other.edges)

    def diff(self, other: "BlockingGraph", *, left: str = "left", right: str = "right") -> GraphDiff:
        """What is in only one of the two graphs; falsy exactly when they are equal.

        left, right: what the report calls this graph and ``other``, for instance ``"events"`` and ``"threads"``.
        """
        nodes, edges = set(self.nodes), set(self.edges)
        other_nodes, other_edges = set(other.nodes), set(other.edges)
        return GraphDiff(
            only_left_nodes=tuple(sorted(nodes - other_nodes)),
            only_left_edges=tuple(sorted(edges - other_edges)),
            only_right_nodes=tuple(sorted(other_nodes - nodes)),
            only_right_edges=tuple(sorted(other_edges - edges)),
            left=left,
            right=right,
        )

    # The renderings know the graph; the graph knows them only when asked, or the imports would go in a circle.

    def to_text(self, *, lines: bool = False) -> str:
        """As plain text, one edge a line; see ``duality.graph.text.to_text``."""
        from duality.graph.text import to_text

        return to_text(self, lines=lines)

    def to_dot(self) -> str:
        """As a Graphviz document; see ``duality.graph.dot.to_dot``."""
        from duality.graph.dot import to_dot

        return to_dot(self)

    def to_svg(self, **options: Any) -> str:
        """As a picture; the options are those of ``duality.graph.svg.to_svg``."""
        from duality.graph.svg import to_svg

        return to_svg(self, **options)

    def to_networkx(self) -> Any:
        """As a ``networkx.DiGraph``; see ``duality.graph.exchange.to_networkx``."""
        from duality.graph.exchange import to_networkx

        return to_networkx(self)

    def __str__(self) -> str:
        return self.to_text()
