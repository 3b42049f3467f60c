"""Lower a procedure to blocks in which every rest is a statement of its own.

    before   for line in lines: total += await self.price(line)
    after    _1 = iterate(lines)
             for line in _1:  _2 = total;  _3 = await self.price(line);  _2 += _3;  total = _2

Rule: only what a rest cuts through is taken apart; a statement in which nothing rests, and out of which nothing jumps
past a `finally` or a loop that is cut, stays whole. What protects a block is lowered next door, in ``protect.py``.
"""

import ast

from duality.compiler.expressions import Expressions, has_await
from duality.compiler.jumps import Context, must_cut
from duality.compiler.points import Points
from duality.compiler.protect import Protection
from duality.compiler.tree import Block, Break, Continue, If, Leave, Loop, Match, Rest, Return, Simple, Try

_SHAPED = (
    ast.If, ast.Match, ast.While, ast.For, ast.Try, ast.TryStar, ast.With, ast.Return, ast.Break, ast.Continue
)  # fmt: skip


class Lowerer(Protection):
    """Lowers one procedure. ``temporaries`` lists the names it made up."""

    def __init__(self, points: Points, taken: set[str], unsettled: set[str], iterate: str = "iterate") -> None:
        self.points = points
        self.taken = taken
        self.unsettled = unsettled
        self.temporaries: list[str] = []
        self._results: dict[int, str] = {}
        self.iterate = iterate  # what the runtime's `iterate` is called in this procedure

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
        method = getattr(self, f"_{type(node).__name__}", None)
        if method is not None and (has_await(node) or isinstance(node, _SHAPED)):
            method(node, context, out)
        elif has_await(node):
            self._parts(node, out)
        else:
            out.append(Simple(node, node.lineno))

    def expressions(self, out: Block) -> Expressions:
        """What lowers expressions into ``out``."""
        return Expressions(out, self.fresh, self.points.of, self.settled)

    def _parts(self, node: ast.stmt, out: Block) -> None:
        lower = self.expressions(out)
        result = ast.copy_location(type(node)(**dict(ast.iter_fields(node))), node)
        for name, value in ast.iter_fields(node):
            if isinstance(value, ast.expr):
                setattr(result, name, lower.lower(value))
            elif isinstance(value, list) and value and isinstance(value[0], ast.expr):
                setattr(result, name, [lower.lower(one) for one in value])
        out.append(Simple(result, node.lineno))

    # -- simple statements ---------------------------------------------------------------------------------------------

    def _Expr(self, node: ast.Expr, context: Context, out: Block) -> None:
        value = self.expressions(out).lower(node.value)
        if isinstance(node.value, ast.Await):
            self._retarget(out, None)
        else:
            out.append(Simple(ast.copy_location(ast.Expr(value), node), node.lineno))

    def _Assign(self, node: ast.Assign, context: Context, out: Block) -> None:
        lower = self.expressions(out)
        value = lower.lower(node.value)
        target = node.targets[0]
        if len(node.targets) == 1 and isinstance(target, ast.Name) and isinstance(node.value, ast.Await):
            self._retarget(out, target.id)
            return
        if any(has_await(one) for one in node.targets):
            value = lower.spill(value)
        for one in node.targets:
            lowered = ast.copy_location(ast.Assign([lower.lower(one)], value, lineno=node.lineno), node)
            if len(node.targets) > 1:
                lowered.value = value = lower.spill(value)
            out.append(Simple(lowered, node.lineno))

    def _AnnAssign(self, node: ast.AnnAssign, context: Context, out: Block) -> None:
        if node.value is not None:
            plain = ast.copy_location(ast.Assign([node.target], node.value, lineno=node.lineno), node)
            self._Assign(plain, context, out)

    def _AugAssign(self, node: ast.AugAssign, context: Context, out: Block) -> None:
        lower = self.expressions(out)
        place: ast.Name | ast.Attribute | ast.Subscript
        if isinstance(node.target, ast.Attribute):
            place = ast.Attribute(lower.spill(lower.lower(node.target.value)), node.target.attr, ast.Load())
        elif isinstance(node.target, ast.Subscript):
            base = lower.spill(lower.lower(node.target.value))
            place = ast.Subscript(base, lower.spill(lower.lower(node.target.slice)), ast.Load())
        else:
            place = ast.Name(node.target.id, ast.Load())
        ast.copy_location(place, node.target)
        name = self.fresh()
        lower.assign(name, place)
        value = lower.lower(node.value)
        kept = ast.copy_location(ast.Name(name, ast.Store()), node)
        out.append(Simple(ast.copy_location(ast.AugAssign(kept, node.op, value), node), node.lineno))
        final = ast.copy_location(type(place)(**{**dict(ast.iter_fields(place)), "ctx": ast.Store()}), place)
        read = ast.copy_location(ast.Name(name, ast.Load()), node)
        out.append(Simple(ast.copy_location(ast.Assign([final], read, lineno=node.lineno), node), node.lineno))

    def _retarget(self, out: Block, name: str | None) -> None:
        rest = out[-1]
        assert isinstance(rest, Rest)
        if rest.target is not None:
            self.temporaries.remove(rest.target)
            self.taken.discard(rest.target)
        rest.target = name

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

    def _Match(self, node: ast.Match, context: Context, out: Block) -> None:
        subject = self.expressions(out).lower(node.subject)
        out.append(Match(subject, [(case, self.block(case.body, context)) for case in node.cases], node.lineno))

    def _While(self, node: ast.While, context: Context, out: Block) -> None:
        if not has_await(node.test):
            body = self.block(node.body, [*context, None])
            out.append(Loop(node.test, None, None, body, self.block(node.orelse, context), node.lineno))
            return
        # The test rests: it moves into the loop; what `else` holds runs there too, before the loop is left.
        body = []
        test = self.expressions(body).test(node.test)
        last = [*self.block(node.orelse, context), Break(node.lineno)]
        body.append(If(ast.copy_location(ast.UnaryOp(ast.Not(), test), test), last, [], node.lineno))
        body.extend(self.block(node.body, [*context, None]))
        out.append(Loop(ast.copy_location(ast.Constant(True), node), None, None, body, [], node.lineno))

    def _For(self, node: ast.For, context: Context, out: Block) -> None:
        items = node.iter
        if must_cut(node, context):
            lower = self.expressions(out)
            name = self.fresh("rest_of")
            call = ast.Call(ast.Name(self.iterate, ast.Load()), [lower.lower(node.iter)], [])
            lower.assign(name, ast.fix_missing_locations(ast.copy_location(call, node.iter)))
            items = ast.copy_location(ast.Name(name, ast.Load()), node.iter)
        body = self.block(node.body, [*context, None])
        out.append(Loop(None, node.target, items, body, self.block(node.orelse, context), node.lineno))
