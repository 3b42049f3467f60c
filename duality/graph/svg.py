"""The blocking graph as a picture: a card for each procedure, framed by module, with a legend; no Graphviz needed.

Three rules hold in this file:

1. The same graph gives the same bytes. The picture stands alone: own background, own style, no script, no link.
2. Every node and edge is a group with an id made of what it is (``node_id``, ``edge_id``) and data attributes, so that
   a page can animate a run over it.
3. State is a class, never another drawing: ``walked``, ``unwalked``, ``foreign``, ``highlight`` are styled by CSS.
"""

from collections.abc import Iterable

from duality.graph import legend
from duality.graph.clusters import LETTERS, Card, card, heading_of, label_of
from duality.graph.geometry import Box
from duality.graph.graph import BlockingGraph
from duality.graph.markup import element, number, words
from duality.graph.node import KINDS, Edge, Node
from duality.graph.pages import Page, compose
from duality.graph.shapes import outline
from duality.graph.style import DASH, STYLE
from duality.graph.theme import look


def node_id(node: Node, prefix: str = "") -> str:
    """The id of a node's group: ``Buffer.put:2:wait:15``; equal nodes of any two graphs have equal ids."""
    return f"{prefix}{node.procedure}:{node.ordinal}:{node.kind}:{node.line}".replace(" ", "_")


def edge_id(edge: Edge, prefix: str = "") -> str:
    """The id of an edge's group: its ends' ids with ``~`` between."""
    return f"{node_id(edge.source, prefix)}~{node_id(edge.target)}"


def to_svg(
    graph: BlockingGraph,
    *,
    title: str = "",
    walked: BlockingGraph | Iterable[Edge] | None = None,
    highlight: Iterable[Node | Edge] = (),
    with_legend: bool = True,
    prefix: str = "",
) -> str:
    """Draw the graph.

    title: a heading.   walked: the edges a run took; they are drawn strong, the others dashed, and edges the graph does
    not have (there should be none: law L3) in red.   highlight: nodes and edges to draw a halo around.
    with_legend: whether to explain the signs.   prefix: put before every id, for pages with several pictures.
    """
    steps = None if walked is None else set(walked.edges if isinstance(walked, BlockingGraph) else walked)
    whole = graph | BlockingGraph.from_edges(steps or ())
    marks = _Marks(graph, steps, set(highlight), prefix)
    cards = [card(whole.of(procedure), procedure) for procedure in whole.procedures]
    classes = {name for edge in whole.edges for name in marks.of_edge(edge).split()[1:] or ["plain"]}
    listed = legend.entries({node.kind for node in whole.nodes}, classes) if with_legend else []
    page = compose(cards, title, listed)
    attributes: dict[str, object] = {
        "xmlns": "http://www.w3.org/2000/svg",
        "class": "duality-graph",
        "viewBox": f"0 0 {number(page.width)} {number(page.height)}",
        "width": page.width,
        "height": page.height,
        "role": "img",
    }
    parts = [
        element("title", None, words(title or "blocking graph")),
        element("style", None, STYLE),
        element("rect", {"class": "page", "width": page.width, "height": page.height, "rx": 10}),
        *_contents(page, title, marks),
        legend.draw(listed, page.legend, *page.legend_at),
    ]
    return element("svg", attributes, *parts) + "\n"


class _Marks:
    """Which classes a node or an edge gets, from the run that is shown and from the reader's attention."""

    def __init__(
        self, graph: BlockingGraph, walked: set[Edge] | None, highlight: set[Node | Edge], prefix: str
    ) -> None:
        self.known, self.walked, self.highlight, self.prefix = set(graph.edges), walked, highlight, prefix
        self.visited = {end for edge in walked or () for end in (edge.source, edge.target)}

    def of_edge(self, edge: Edge) -> str:
        """The classes of an edge, ``edge`` first."""
        classes = ["edge", *["loop"] * (edge.target <= edge.source), *["highlight"] * (edge in self.highlight)]
        if self.walked is not None:
            classes.append("unwalked" if edge not in self.walked else "walked" if edge in self.known else "foreign")
        return " ".join(classes)

    def of_node(self, node: Node) -> str:
        """The classes of a node, ``node`` first."""
        classes = ["node", node.kind, *["highlight"] * (node in self.highlight)]
        if self.walked is not None:
            classes.append("walked" if node in self.visited else "unwalked")
        return " ".join(classes)


def _contents(page: Page, title: str, marks: _Marks) -> list[str]:
    x, y = page.title_at
    heading = [element("text", {"class": "heading", "x": x, "y": y}, words(title))] if title else []
    return heading + [
        element(
            "g",
            {"class": "module", "data-module": module.name},
            _frame(module.box, "frame", 8.0),
            element(
                "text",
                {"class": "module-name", "x": module.box.x + 14, "y": module.box.y + 20},
                words(module.name or "functions"),
            ),
            *(_procedure(one, x, y, marks) for one, (x, y) in module.cards),
        )
        for module in page.modules
    ]


def _procedure(one: Card, x: float, y: float, marks: _Marks) -> str:
    owner, name = heading_of(one.procedure)
    title = [element("tspan", {"class": "owner"}, words(owner)), words(name)] if owner else [words(name)]
    edges = sorted(one.routes, key=lambda edge: (marks.of_edge(edge).split()[-1] != "unwalked", edge))
    return element(
        "g",
        {"class": "procedure", "data-procedure": one.procedure, "transform": f"translate({x:.1f} {y:.1f})"},
        _frame(Box(0.0, 0.0, one.width, one.height), "card", 6.0),
        element("title", None, words(one.procedure)),
        element("text", {"class": "procedure-name", "x": 16.0, "y": 23.0}, *title),
        *(_node(node, box, marks) for node, box in one.boxes.items()),
        # After the nodes, whose halos would hide arrowheads. Unwalked edges first: where edges share a lane, the walked
        # one must be the one seen.
        *(_edge(edge, one, marks) for edge in edges),
    )


def _edge(edge: Edge, one: Card, marks: _Marks) -> str:
    way = one.routes[edge]
    attributes: dict[str, object] = {
        "class": marks.of_edge(edge),
        "id": edge_id(edge, marks.prefix),
        "data-from": node_id(edge.source, marks.prefix),
        "data-to": node_id(edge.target, marks.prefix),
    }
    # Edges that share a lane end alike, so we count the dashes from the end: else they would fill each other's gaps.
    offset = DASH - way.length() % DASH if marks.walked is not None and edge not in marks.walked else None
    tip = f"{edge.source} → {edge.target.name} (line {edge.target.line})"
    return element("g", attributes, element("title", None, words(tip)), *legend.stroke(way, offset))


def _node(node: Node, box: Box, marks: _Marks) -> str:
    label, style = label_of(node), look(node.kind)
    attributes: dict[str, object] = {
        "class": marks.of_node(node),
        "id": node_id(node, marks.prefix),
        "data-procedure": node.procedure,
        "data-kind": node.kind,
        "data-ordinal": node.ordinal,
        "data-line": node.line,
    }
    text = element(
        "text",
        {"x": box.centre[0], "y": box.centre[1] + LETTERS * 0.35, "text-anchor": "middle"},
        element("tspan", {"class": "kind", "fill": style.stroke}, words(label.kind)),
        words(label.what) if label.what else "",
        element("tspan", {"class": "line-number"}, words(label.line)),
    )
    halo = _frame(Box(box.x - 5, box.y - 5, box.width + 10, box.height + 10), "halo", 9.0)
    tip = f"{node}: {KINDS[node.kind]}" if node.kind in KINDS else str(node)
    return element("g", attributes, element("title", None, words(tip)), halo, outline(style, box), text)


def _frame(box: Box, name: str, radius: float) -> str:
    place: dict[str, object] = {"x": box.x, "y": box.y, "width": box.width, "height": box.height, "rx": radius}
    return element("rect", {"class": name, **place})
