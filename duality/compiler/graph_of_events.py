"""Read the blocking graph off the events program.

Rule: all there is to go by is the text. A message whose answer goes to a handler comes to the point that this handler
is resumed from; a return that names no handler has come to the end. The table of handlers says which point that is;
where control may come from, the text says.
"""

import ast

from duality.compiler.flow import NOWHERE, Flow, Out, State
from duality.compiler.product import Product
from duality.compiler.successors import message, successor
from duality.graph import BlockingGraph, Node


class _Handler(Flow):
    """The flow through one handler. ``jumps``: the state in which each jumped-to handler is reached."""

    def __init__(self, product: Product) -> None:
        super().__init__()
        self.nodes = product.nodes
        self.end = product.points.end
        self.jumps: dict[str, State] = {}
        self.successor: str | None = None

    def block(self, statements: list[ast.stmt], state: State) -> Out:
        """As ``Flow.block``; the statements that send a message are taken together."""
        out, place = Out(next=state), 0
        while place < len(statements) and out.next:
            sent = message(statements, place)
            if sent is None:
                more = self.statement(statements[place], out.next)
            else:  # the operation may fail before the point is passed, or at it
                node = self.nodes[sent.successor]
                assert node is not None
                passed = self.passes(out.next, node)
                more = Out(next=passed if sent.going_on else NOWHERE, errors=out.next | passed)
            out = out.besides(more, next=more.next)
            place += sent.length if sent is not None else 1
        return out

    def statement(self, node: ast.stmt, state: State) -> Out:
        """As ``Flow.statement``; the record may be told who goes on."""
        name = successor(node) if isinstance(node, ast.Assign | ast.Expr) else None
        if name is not None:
            self.successor = name
        return super().statement(node, state)

    def returning(self, node: ast.Return, state: State) -> Out:
        """A rest, a jump, or a reply: whatever the record was told just before."""
        name, self.successor = successor(node) or self.successor, None
        if name is None:
            self.passes(state, self.end)
            return Out(errors=state)
        where: Node | None = self.nodes[name]
        if where is None:
            self.jumps[name] = self.jumps.get(name, NOWHERE) | state
            return Out(errors=state)
        # The operation may fail at once: then the error arises here, after the point.
        return Out(errors=state | self.passes(state, where))


def of_events(product: Product) -> BlockingGraph:
    """The graph of one procedure, read off its handlers."""
    functions = {node.name: node for node in ast.parse(product.text).body if isinstance(node, ast.FunctionDef)}
    first = next(iter(functions.values()))
    edges = Flow()
    start: State = frozenset({product.points.begin})
    if any(isinstance(mark, ast.Name) and mark.id == "entry" for mark in first.decorator_list):
        assert product.points.enter is not None
        start = edges.passes(start, product.points.enter)
    states: dict[str, State] = {first.name: start}
    done: dict[str, State] = {}
    found = set(edges.edges)
    while waiting := [name for name in states if states[name] != done.get(name)]:
        name = waiting[0]
        done[name] = states[name]
        flow = _Handler(product)
        flow.block(functions[name].body, states[name])
        found |= flow.edges
        for edge in flow.edges:
            for handler, node in product.nodes.items():
                if node == edge.target and handler != first.name:
                    states.setdefault(handler, frozenset({edge.target}))
        for target, state in flow.jumps.items():
            states[target] = states.get(target, NOWHERE) | state
    return BlockingGraph([product.points.begin], found)
