"""Read the blocking graph off two texts: the spec's, and the threads program's.

Rule: in the spec, `await` and `async with` say where it may block. In the erased text nothing does: the table of
positions names the points, and the text's own control flow, parsed anew, gives the edges.
"""

import ast
from collections.abc import Callable

from duality.compiler.erase import position
from duality.compiler.flow import Flow, Out, State
from duality.compiler.points import Points
from duality.compiler.product import Product
from duality.compiler.read import Procedure
from duality.graph import BlockingGraph, Node


class SourceFlow(Flow):
    """The flow of a text in which blocking points are expressions; ``point`` recognises them."""

    def __init__(self, point: Callable[[ast.AST], Node | None]) -> None:
        super().__init__()
        self.point = point

    def exit_of(self, node: ast.With | ast.AsyncWith) -> Node | None:
        """The end of a scope."""
        return self.point(node)

    def expression(self, node: ast.AST | None, state: State) -> Out:
        """Evaluate in Python's order; pass the points where they stand."""
        if node is None or not state:
            return Out(next=state)
        method = getattr(self, f"_eval_{type(node).__name__}", None)
        out: Out = method(node, state) if method is not None else self._parts(list(_in_order(node)), state)
        where = self.point(node)
        if where is None:
            return out
        passed = self.passes(out.next, where)
        return Out(next=passed, errors=out.errors | passed)

    def _parts(self, parts: list[ast.AST], state: State) -> Out:
        out = Out(next=state, errors=state)
        for part in parts:
            more = self.expression(part, out.next)
            out = out.besides(more, next=more.next)
        return out

    def _eval_BoolOp(self, node: ast.BoolOp, state: State) -> Out:
        return self._short(list(node.values), state)

    def _eval_Compare(self, node: ast.Compare, state: State) -> Out:
        first = self._parts([node.left, node.comparators[0]], state)
        if len(node.comparators) == 1:
            return first
        return first.besides(self._short(list(node.comparators[1:]), first.next))

    def _short(self, values: list[ast.expr], state: State) -> Out:
        """Each value may be the last one evaluated."""
        out = Out(errors=state)
        for value in values:
            more = self.expression(value, state)
            out = out.besides(more)
            state = more.next
        return out

    def _eval_IfExp(self, node: ast.IfExp, state: State) -> Out:
        test = self.expression(node.test, state)
        arms = self.expression(node.body, test.next).besides(self.expression(node.orelse, test.next))
        return arms.besides(test, next=arms.next)

    def _eval_Lambda(self, node: ast.Lambda, state: State) -> Out:
        return Out(next=state, errors=state)


def _in_order(node: ast.AST) -> list[ast.AST]:
    """The children of a node in order of evaluation, where that is not the order of its fields."""
    if isinstance(node, ast.Assign):
        return [node.value, *node.targets]
    if isinstance(node, ast.AnnAssign):
        return [node.value, node.target] if node.value is not None else []
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return [one for pair in pairs for one in pair if one is not None]
    return list(ast.iter_child_nodes(node))


def of_spec(procedure: Procedure, points: Points) -> BlockingGraph:
    """The graph of one procedure, read off the spec."""
    return _read(procedure.tree.body, lambda node: points.of.get(id(node)), points)


def of_threads(product: Product) -> BlockingGraph:
    """The graph of one procedure, read off its erased text and the table of positions beside it."""
    tree = ast.parse(product.text).body[0]
    assert isinstance(tree, ast.FunctionDef)
    offset = product.origin[0] or 1

    def point(node: ast.AST) -> Node | None:
        if not isinstance(node, ast.Call | ast.With):
            return None
        line, column, end, end_column = position(node)
        if isinstance(node, ast.Call) and any(node is item.context_expr for item in managers):
            return None
        return product.nodes.get((line + offset - 1, column, end + offset - 1, end_column))

    managers = [item for one in ast.walk(tree) if isinstance(one, ast.With) for item in one.items]
    return _read(tree.body, point, product.points)


def _read(body: list[ast.stmt], point: Callable[[ast.AST], Node | None], points: Points) -> BlockingGraph:
    flow = SourceFlow(point)
    state: State = frozenset({points.begin})
    if points.enter is not None:
        state = flow.passes(state, points.enter)
    out = flow.block(body, state)
    flow.passes(out.next | out.returns, points.end)
    return BlockingGraph([points.begin], flow.edges)
