"""One procedure's card: its nodes boxed to their labels, laid out, under a title.

Rule: a card is drawn as if it stood alone at (0, 0); ``svg.py`` moves it to its place.
"""

from attrs import frozen

from duality.graph.geometry import Box, Route
from duality.graph.graph import BlockingGraph
from duality.graph.layout import arrange
from duality.graph.node import Edge, Node
from duality.graph.theme import printable, shortened, text_width

LETTERS = 12.0
"""Size of a label's letters, in pixels."""

TITLE_LETTERS = 13.0
"""Size of a title's letters."""

HEIGHT = 30.0
"""Height of a node."""

SIDE = 14.0
"""Pixels between a label and the sides of its node."""

PADDING = 18.0
"""Pixels between a card's border and what is in it."""

TITLE_ROOM = 34.0
"""Height of a card's title row."""

LONGEST = {"kind": 14, "label": 28, "owner": 24, "name": 32}
"""Longer texts give way in their middle; the whole is in the tooltip."""


@frozen
class Label:
    """What stands in a node: kind, what is waited for, source line."""

    kind: str
    what: str
    line: str

    @property
    def width(self) -> float:
        """Pixels the label takes."""
        return text_width(self.kind + self.what + self.line, LETTERS)


@frozen
class Card:
    """A laid out procedure.

    module, name: the two parts of its qualified name.   first: where it begins, for sorting.
    boxes, routes: where its nodes and edges are, relative to the card.
    """

    procedure: str
    module: str
    name: str
    first: tuple[int, str]
    width: float
    height: float
    boxes: dict[Node, Box]
    routes: dict[Edge, Route]


def label_of(node: Node) -> Label:
    """The label of a node, short enough to be drawn."""
    what = "" if node.label in ("", node.kind) else " " + shortened(printable(node.label), LONGEST["label"])
    return Label(shortened(printable(node.kind), LONGEST["kind"]), what, f" :{node.line}")


def title_of(procedure: str) -> tuple[str, str]:
    """A qualified name as (module, name): ``("Buffer", "put")``; the module of a plain function is ``""``."""
    module, _, name = procedure.rpartition("<locals>.")[-1].rpartition(".")
    return module, name


def heading_of(procedure: str) -> tuple[str, str]:
    """What is written over a card, short enough to be drawn: ``("Buffer.", "put")``."""
    module, name = (printable(text) for text in title_of(procedure))
    return shortened(f"{module}." if module else "", LONGEST["owner"]), shortened(name, LONGEST["name"])


def card(part: BlockingGraph, procedure: str) -> Card:
    """Lay out the graph of one procedure."""
    number = {node: at for at, node in enumerate(part.nodes)}
    sizes = [(label_of(node).width + 2 * SIDE, HEIGHT) for node in part.nodes]
    pairs = {edge: (number[edge.source], number[edge.target]) for edge in part.edges}
    layout = arrange(sizes, list(pairs.values()))
    module, name = title_of(procedure)
    width = max(layout.width, text_width("".join(heading_of(procedure)), TITLE_LETTERS))
    dx, dy = PADDING + (width - layout.width) / 2, TITLE_ROOM + PADDING / 2
    return Card(
        procedure=procedure,
        module=module,
        name=name,
        first=(min(node.line for node in part.nodes), procedure),
        width=width + 2 * PADDING,
        height=TITLE_ROOM + layout.height + 1.5 * PADDING,
        boxes={node: layout.boxes[at].moved(dx, dy) for node, at in number.items()},
        routes={edge: layout.routes[pair].moved(dx, dy) for edge, pair in pairs.items()},
    )
