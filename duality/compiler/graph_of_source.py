"""Read the blocking graph off two texts: the spec's, and the threads program's.

Rule: in the spec, `await` and `async with` say where it may block. In the erased text nothing does: the table of
positions names the points, and the text's own control flow, parsed anew, gives the edges.
"""

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from attrs import frozen

from duality.compiler.erase import position
from duality.compiler.flow import NOWHERE, Flow, Out, State
from duality.compiler.points import Points, is_scope
from duality.compiler.read import Procedure
from duality.compiler.scopes import outside_of
from duality.compiler.unwarned import parse
from duality.graph import BlockingGraph, Node

if TYPE_CHECKING:
    from duality.compiler.product import Product

Display = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


@frozen(eq=False)
class Text:
    """What the points of a text are: each field gives a node's blocking point, or None."""

    point: Callable[[ast.AST], Node | None]
    turn: Callable[..., Node | None]
    enter: Callable[[ast.AST, ast.withitem], Node | None]
    leave: Callable[[ast.AST, ast.withitem], Node | None]


class SourceFlow(Flow):
    """The flow of a text in which blocking points are expressions; ``text`` recognises them."""

    def __init__(self, text: Text) -> None:
        super().__init__()
        self.text = text

    def enter_of(self, node: ast.With | ast.AsyncWith, item: ast.withitem) -> Node | None:
        """Where a manager is entered, if it is one of the spec's."""
        return self.text.enter(node, item)

    def exit_of(self, node: ast.With | ast.AsyncWith, item: ast.withitem) -> Node | None:
        """The end of a scope, or of another manager of the spec's."""
        return self.text.leave(node, item)

    def next_of(self, node: ast.For | ast.AsyncFor) -> Node | None:
        """Where the next item is awaited, if it is."""
        return self.text.turn(node)

    def expression(self, node: ast.AST | None, state: State) -> Out:
        """Evaluate in Python's order; pass the points where they stand."""
        if node is None or not state:
            return Out(next=state)
        method = getattr(self, f"_eval_{type(node).__name__}", None)
        out: Out = method(node, state) if method is not None else self._parts(list(_in_order(node)), state)
        where = self.text.point(node)
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

    def _eval_ListComp(self, node: Display, state: State) -> Out:
        first = self.expression(node.generators[0].iter, state)
        turns = self._turns(node, node.generators, first.next)
        return first.besides(turns, next=turns.next)

    _eval_SetComp = _eval_DictComp = _eval_GeneratorExp = _eval_ListComp

    def _turns(self, node: Display, generators: list[ast.comprehension], state: State) -> Out:
        """Go through the first of ``generators``, and through the others in each turn; its iterable is evaluated."""
        where, head = self.text.turn(node, generators[0]), state
        while True:
            passed = self.passes(head, where) if where is not None else head
            out, again = self._kept(node, generators, Out(next=passed, errors=head | passed))
            if again <= head:
                return out.besides(Out(), next=passed)
            head |= again

    def _kept(self, node: Display, generators: list[ast.comprehension], out: Out) -> tuple[Out, State]:
        """What one turn does with an item; gives also the states in which the next turn begins."""
        skipped = NOWHERE
        for test in [generators[0].target, *generators[0].ifs]:
            more = self.expression(test, out.next)
            out = out.besides(more, next=more.next)
            skipped |= more.next if test is not generators[0].target else NOWHERE
        if len(generators) > 1:
            items = self.expression(generators[1].iter, out.next)
            turns = self._turns(node, generators[1:], items.next)
            more = items.besides(turns, next=turns.next)
        else:
            more = self._parts([node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt], out.next)
        return out.besides(more, next=more.next), skipped | more.next

    def _eval_Lambda(self, node: ast.Lambda, state: State) -> Out:
        return self._parts(list(outside_of(node)), state)


def _in_order(node: ast.AST) -> list[ast.AST]:
    """The children of a node in order of evaluation, where that is not the order of its fields."""
    if isinstance(node, ast.Assign):
        return [node.value, *node.targets]
    if isinstance(node, ast.AnnAssign):
        return [node.value, node.target] if node.value is not None else [node.target]
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return [one for pair in pairs for one in pair if one is not None]
    return list(ast.iter_child_nodes(node))


def of_spec(procedure: Procedure, points: Points) -> BlockingGraph:
    """The graph of one procedure, read off the spec."""

    def turn(node: ast.AST, generator: ast.comprehension | None = None) -> Node | None:
        return points.of.get(id(node)) if generator is None or generator.is_async else None

    def leave(node: ast.AST, item: ast.withitem) -> Node | None:
        return points.of.get(id(node))

    def enter(node: ast.AST, item: ast.withitem) -> Node | None:
        return points.entered.get(id(node)) if not is_scope(procedure, item) else None

    def point(node: ast.AST) -> Node | None:
        return points.of.get(id(node)) if isinstance(node, ast.Await | ast.Yield) else None

    return _read(procedure.tree.body, Text(point, turn, enter, leave), points)


def of_threads(product: "Product") -> BlockingGraph:
    """The graph of one procedure, read off its erased text and the table of positions beside it."""
    tree = parse(product.text).body[0]
    assert isinstance(tree, ast.FunctionDef)
    where = product.standing
    managers = {id(item.context_expr) for one in ast.walk(tree) if isinstance(one, ast.With) for item in one.items}

    def point(node: ast.AST) -> Node | None:
        blocks = isinstance(node, ast.Call | ast.Yield) and id(node) not in managers
        return where.calls.get(position(node)) if blocks else None

    def turn(node: ast.AST, generator: ast.comprehension | None = None) -> Node | None:
        items = generator.iter if generator is not None else node.iter  # type: ignore[attr-defined]
        # A comprehension stands in the table too, for the tracer; what a loop waits for is always a call of `each`.
        return where.turns.get(position(items)) if isinstance(items, ast.Call) else None

    def enter(node: ast.AST, item: ast.withitem) -> Node | None:
        return where.enters.get(position(item.context_expr))

    def leave(node: ast.AST, item: ast.withitem) -> Node | None:
        span = position(item.context_expr)
        return where.exits.get(span) or where.calls.get(span)

    return _read(tree.body, Text(point, turn, enter, leave), product.points)


def _read(body: list[ast.stmt], text: Text, points: Points) -> BlockingGraph:
    flow = SourceFlow(text)
    state: State = frozenset({points.begin})
    if points.enter is not None:
        state = flow.passes(state, points.enter)
    out = flow.block(body, state)
    flow.passes(out.next | out.returns, points.end)
    return BlockingGraph([points.begin], flow.edges)
