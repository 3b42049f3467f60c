"""Write what was made of a procedure as plain data, and read it again.

    before   Made(text="def put(self, item): ...", nodes={"put_1": Node("Buffer.put", "wait", 2, 15, "self.full")}, ...)
    after    ("events", "def put(self, item): ...", (("put_1", 2), ...), ...)      and: Node 2 is ("Buffer.put", ...)

Rule: only tuples, strings, numbers, None and code: what ``marshal`` can write, and nothing that runs when it is read.
"""

from collections.abc import Mapping
from typing import Any

from duality.compiler.erase import Standing
from duality.compiler.made import Made
from duality.compiler.names import Words
from duality.compiler.points import Points
from duality.graph import Node
from duality.graph.node import node_of

_Table = tuple[tuple[Any, Any], ...]


def plain(made: Made) -> tuple[Any, ...]:
    """``made`` as plain data."""
    nodes = _Nodes([])
    points = made.points
    inner = tuple(nodes.number(node) for node in points.nodes if node not in (points.begin, points.enter, points.end))
    ends = tuple(nodes.number(node) for node in (points.begin, points.enter, points.end))
    always = tuple(nodes.number(node) for node in sorted(points.always))
    standings = tuple(
        nodes.table(table)
        for one in (made.standing, made.stands)
        for table in (one.calls, one.turns, one.enters, one.exits)
    )
    words = made.words
    names = (_items(words.verbs), words.helpers, words.facades, words.modules, _items(words.files))
    alive = tuple((nodes.number(node), names) for node, names in made.alive.items())
    tables = (nodes.table(made.nodes), nodes.table(made.calls), alive, *standings)
    rest = (_items(made.provided), made.handlers, names, _items(made.codes), _items(made.asked))
    known = tuple((one.procedure, one.kind, one.ordinal, one.line, one.label) for one in nodes.known)
    return made.side, made.text, tuple(made.origin), known, (*ends, inner, always), tables, rest


def made_of(data: tuple[Any, ...]) -> Made:
    """What ``plain`` wrote. The tree of the source is not there, so that its points are numbered instead."""
    side, text, origin, known, (begin, enter, end, inner, always), tables, rest = data
    nodes = _Nodes([node_of(*one) for one in known])
    placed, calls, alive, *standings = tables
    provided, handlers, (verbs, helpers, facades, modules, files), codes, asked = rest
    of = {number: nodes.known[number] for number in inner}
    points = Points(nodes[begin], nodes[enter], nodes[end], of, frozenset(map(nodes.__getitem__, always)))  # type: ignore[arg-type]
    tables = [nodes.read(table) for table in standings]
    return Made(
        side=side, text=text, origin=list(origin), points=points, nodes=nodes.read(placed), calls=nodes.read(calls),
        alive={nodes.known[number]: names for number, names in alive}, provided=dict(provided), handlers=handlers,
        words=Words(dict(verbs), helpers, facades, modules, dict(files)), codes=dict(codes), asked=dict(asked),
        standing=Standing(*tables[:4]), stands=Standing(*tables[4:]),
    )  # fmt: skip


def _items(table: Mapping[Any, Any]) -> _Table:
    return tuple(table.items())


class _Nodes:
    """Nodes by number, in the order in which they were first met: equal ones may bear different labels."""

    def __init__(self, known: list[Node]) -> None:
        self.known = known
        self.numbers: dict[tuple[Node, str], int] = {}

    def number(self, node: Node | None) -> int | None:
        """The number of ``node``; None for none."""
        if node is None:
            return None
        number = self.numbers.setdefault((node, node.label), len(self.known))
        if number == len(self.known):
            self.known.append(node)
        return number

    def table(self, table: Mapping[Any, Node | None]) -> _Table:
        """A table of nodes with numbers in their place."""
        return tuple((key, self.number(node)) for key, node in table.items())

    def __getitem__(self, number: int | None) -> Node | None:
        return None if number is None else self.known[number]

    def read(self, table: _Table) -> dict[Any, Any]:
        """The table that ``table`` was."""
        return {key: self[number] for key, number in table}
