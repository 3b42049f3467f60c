"""Read the blocking graph off the events program.

Rule: all there is to go by is the text. A handler that names its successor in the record and then returns has come to
the point that the successor is resumed from; one that returns without has come to the end. The table of handlers says
which point that is; where control may come from, the text says.
"""

import ast

from duality.compiler.flow import NOWHERE, Flow, Out, State
from duality.compiler.product import Product
from duality.graph import BlockingGraph, Node


class _Handler(Flow):
    """The flow through one handler. ``jumps``: the state in which each jumped-to handler is reached."""

    def __init__(self, product: Product) -> None:
        super().__init__()
        self.nodes = product.nodes
        self.end = product.points.end
        self.jumps: dict[str, State] = {}
        self.successor: str | None = None

    def expression(self, node: ast.AST | None, state: State) -> Out:
        """Nothing blocks but what a ``return`` gives; a statement may name the successor."""
        name = _successor(node) if isinstance(node, ast.stmt) else None
        if name is not None:
            self.successor = name
        return Out(next=state, errors=state)

    def returning(self, node: ast.Return, state: State) -> Out:
        """A rest, a jump, or a reply: whatever the record was told just before."""
        name, self.successor = self.successor, None
        if name is None:
            self.passes(state, self.end)
            return Out(errors=state)
        where: Node | None = self.nodes[name]
        if where is None:
            self.jumps[name] = self.jumps.get(name, NOWHERE) | state
            return Out(errors=state)
        # The operation may fail at once: then the error arises here, after the point.
        return Out(errors=state | self.passes(state, where))


def _successor(node: ast.stmt) -> str | None:
    """The handler that a statement names: ``f.next, f.alive = handler, ...`` or ``Record(task, handler, ...)``."""
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple) and isinstance(node.value, ast.Tuple):
        first, value = node.targets[0].elts[0], node.value.elts[0]
        if isinstance(first, ast.Attribute) and first.attr == "next" and isinstance(value, ast.Name):
            return value.id
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name):
        call = node.value
        if node.value.func.id.rstrip("_") in ("Record", "Holding") and isinstance(call.args[1], ast.Name):
            return call.args[1].id
    return None


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
