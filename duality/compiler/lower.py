"""Lower a procedure to blocks in which every rest is a statement of its own.

    before   for line in lines: total += await self.price(line)
    after    _1 = iterate(lines)
             for line in _1:  _2 = total;  _3 = await self.price(line);  _2 += _3;  total = _2

Rule: only what a rest cuts through is taken apart; a statement in which nothing rests, and out of which nothing jumps
past a `finally` or a loop that is cut, stays whole. What protects a block is lowered next door, in ``protect.py``.
"""

import ast
from collections.abc import Callable

from duality.compiler.assignments import Assignments
from duality.compiler.asynchronous import Asynchronous
from duality.compiler.cases import Cases
from duality.compiler.expressions import Expressions
from duality.compiler.groups import Groups
from duality.compiler.jumps import Context, jumps
from duality.compiler.part import passing
from duality.compiler.points import Points
from duality.compiler.protect import Protection
from duality.compiler.slots import has_await, name_of
from duality.compiler.tree import Block, Break, Continue, If, Leave, Loop, Return, Simple, Try

_SHAPED = (
    ast.If, ast.Match, ast.While, ast.For, ast.Try, ast.TryStar, ast.With, ast.Return, ast.Break, ast.Continue
)  # fmt: skip


class Lowerer(Assignments, Protection, Asynchronous, Groups, Cases):
    """Lowers one procedure. ``temporaries`` lists the names it made up.

    names: what the runtime provides, and what it is called in this procedure.   watched: see ``Protection``.
    ``pieces`` has, by the identity of a statement of the spec, what became of it: once per copy (of a ``finally``).
    """

    def __init__(
        self,
        points: Points,
        taken: set[str],
        unsettled: set[str],
        names: dict[str, str],
        watched: set[int],
        is_scope: Callable[[ast.withitem], bool],
    ) -> None:
        self.points = points
        self.taken = taken
        self.unsettled = unsettled
        self.names = names
        self.watched = watched
        self.is_scope = is_scope
        self.temporaries: list[str] = []
        self.pieces: dict[int, list[Block]] = {}
        self._results: dict[int, str] = {}

    def fresh(self, stem: str = "") -> str:
        """A name for a temporary that nothing in the procedure uses."""
        number = 1
        while (name := f"{stem}_{number}") in self.taken:
            number += 1
        self.taken.add(name)
        self.temporaries.append(name)
        return name

    def settled(self, name: str) -> bool:
        """Whether nothing but a plain assignment of this procedure can change ``name``."""
        return name not in self.unsettled

    def block(self, statements: list[ast.stmt], context: Context) -> Block:
        """Lower a list of statements."""
        out: Block = []
        for statement in statements:
            self.statement(statement, context, out)
        return out

    def statement(self, node: ast.stmt, context: Context, out: Block) -> None:
        """Lower one statement into ``out``."""
        if isinstance(node, ast.Global | ast.Nonlocal):
            return  # declared once, at the head of each handler
        start = len(out)
        method = getattr(self, f"_{type(node).__name__}", None)
        if method is not None and (has_await(node) or isinstance(node, _SHAPED)):
            method(node, context, out)
        elif has_await(node):
            whole = self.expressions(out).in_order(node)
            out.append(Simple(whole, node.lineno))
        else:
            out.append(Simple(node, node.lineno))
        self.pieces.setdefault(getattr(node, "_origin", id(node)), []).append(out[start:])

    def expressions(self, out: Block) -> Expressions:
        """What lowers expressions into ``out``."""
        block, cell = (lambda body: self.block(body, [])), self.names["Cell"]
        return Expressions(out, self.fresh, self.points.of, self.settled, block, cell)

    # -- simple statements ---------------------------------------------------------------------------------------------

    def _Expr(self, node: ast.Expr, context: Context, out: Block) -> None:
        value = self.expressions(out).lower(node.value)
        if isinstance(node.value, ast.Await | ast.Yield):
            self.retarget(out, None)
        else:
            out.append(Simple(ast.copy_location(ast.Expr(value), node), node.lineno))

    def _Assert(self, node: ast.Assert, context: Context, out: Block) -> None:
        if not __debug__:  # this Python was started with -O: the assertions of the spec are not there
            return
        test = self.expressions(out).test(node.test)
        arm: Block = []
        error: ast.expr = ast.copy_location(ast.Name("AssertionError", ast.Load()), node)
        if node.msg is not None:
            error = ast.copy_location(ast.Call(error, [self.expressions(arm).lower(node.msg)], []), node)
        arm.append(Simple(ast.copy_location(ast.Raise(error, None), node), node.lineno))
        out.append(If(ast.copy_location(ast.UnaryOp(ast.Not(), test), test), arm, [], node.lineno))

    # -- jumps ---------------------------------------------------------------------------------------------------------

    def _Return(self, node: ast.Return, context: Context, out: Block) -> None:
        value = self.expressions(out).lower(node.value) if node.value is not None else None
        barrier = next((one for one in reversed(context) if one is not None), None)
        if barrier is None:
            out.append(Return(value, node.lineno))
            return
        name = self.result_of(barrier)
        self.expressions(out).assign(name, value or ast.copy_location(ast.Constant(None), node))
        out.append(self._leave(barrier, "return", node.lineno))

    def _Break(self, node: ast.Break, context: Context, out: Block) -> None:
        barrier = context[-1]
        out.append(Break(node.lineno) if barrier is None else self._leave(barrier, "break", node.lineno))

    def _Continue(self, node: ast.Continue, context: Context, out: Block) -> None:
        barrier = context[-1]
        out.append(Continue(node.lineno) if barrier is None else self._leave(barrier, "continue", node.lineno))

    def _leave(self, barrier: Try, key: str, line: int) -> Leave:
        barrier.exits.setdefault(key, [])
        return Leave(barrier, key, line)

    def result_of(self, barrier: Try) -> str:
        """The variable that keeps a returned value while the ``finally`` of ``barrier`` runs."""
        if id(barrier) not in self._results:
            self._results[id(barrier)] = self.fresh("result")
        return self._results[id(barrier)]

    # -- constructs ----------------------------------------------------------------------------------------------------

    def _If(self, node: ast.If, context: Context, out: Block) -> None:
        test = self.expressions(out).test(node.test)
        body, orelse = self.block(node.body, context), self.block(node.orelse, context)
        out.append(If(test, body, orelse, node.lineno))

    def _While(self, node: ast.While, context: Context, out: Block) -> None:
        if not has_await(node.test):
            body = self.block(node.body, [*context, None])
            out.append(Loop(node.test, None, None, body, self.block(node.orelse, context), node.lineno))
            return
        # The test rests: it moves into the loop; what `else` holds runs there too, before the loop is left.
        body = []
        test = self.expressions(body).test(node.test)
        outer, last = self.otherwise(node, context)
        body.append(If(ast.copy_location(ast.UnaryOp(ast.Not(), test), test), last, [], node.lineno))
        body.extend(self.block(node.body, [*context, None]))
        loop = Loop(ast.copy_location(ast.Constant(True), node), None, None, body, [], node.lineno)
        if outer is not None:
            outer.body.append(loop)
        out.append(loop if outer is None else outer)

    def otherwise(self, node: ast.While | ast.AsyncFor, context: Context) -> tuple[Try | None, Block]:
        """What runs where a loop ends by itself; where that leaves an outer loop, it is an exit behind this one."""
        if not any(True for one in node.orelse for _ in jumps(one)):
            return None, [*self.block(node.orelse, context), Break(node.lineno)]
        outer = passing(self.fresh("error"), node)
        outer.exits["else"] = self.block(node.orelse, context)
        return outer, [Leave(outer, "else", node.lineno)]

    def _For(self, node: ast.For, context: Context, out: Block) -> None:
        items, kept = node.iter, ""
        if self.cuts(node, context):
            lower = self.expressions(out)
            kept = self.fresh("rest_of")
            call = ast.Call(ast.Name(self.names["iterate"], ast.Load()), [lower.lower(node.iter)], [])
            lower.assign(kept, ast.fix_missing_locations(ast.copy_location(call, node.iter)))
            items = ast.copy_location(ast.Name(kept, ast.Load()), node.iter)
        body: Block = []
        target = node.target
        if has_await(target):
            name = self.fresh()
            target = ast.copy_location(ast.Name(name, ast.Store()), target)
            self.store(node.target, name_of(name, node.target), body)
        body += self.block(node.body, [*context, None])
        out.append(Loop(None, target, items, body, self.block(node.orelse, context), node.lineno, kept))
