"""Lower a procedure to blocks in which every rest is a statement of its own.

    before   for line in lines: total += await self.price(line)
    after    _1 = iterate(lines)
             for line in _1:  _2 = total;  _3 = await self.price(line);  _2 += _3;  total = _2

Rule: only what a rest cuts through is taken apart; a statement in which nothing rests, and out of which nothing jumps
past a `finally` or a loop that is cut, stays whole. `finally` and `with` become handlers and ways out, a copy for each
(as CPython's own compiler makes them). Source: CPython's compile.c; Roslyn's AsyncExceptionHandlerRewriter.
"""

import ast
from collections.abc import Iterator

from duality.compiler.expressions import Expressions, has_await
from duality.compiler.points import Points
from duality.compiler.scopes import own_nodes
from duality.compiler.tree import Block, Break, Catch, Continue, If, Leave, Loop, Match, Rest, Return, Simple, Try, With
from duality.graph import Node

_SHAPED = (
    ast.If, ast.Match, ast.While, ast.For, ast.Try, ast.TryStar, ast.With, ast.Return, ast.Break, ast.Continue
)  # fmt: skip
_Context = list[Try | None]  # innermost last: None is a loop, a Try is one whose `finally` jumps must run


class Lowerer:
    """Lowers one procedure. ``temporaries`` lists the names it made up."""

    def __init__(self, points: Points, taken: set[str], unsettled: set[str], iterate: str = "iterate") -> None:
        self.points = points
        self.taken = taken
        self.unsettled = unsettled
        self.temporaries: list[str] = []
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

    def block(self, statements: list[ast.stmt], context: _Context) -> Block:
        """Lower a list of statements."""
        out: Block = []
        for statement in statements:
            self.statement(statement, context, out)
        return out

    def statement(self, node: ast.stmt, context: _Context, out: Block) -> None:
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

    def _expressions(self, out: Block) -> Expressions:
        return Expressions(out, self.fresh, self.points.of, self.settled)

    def _parts(self, node: ast.stmt, out: Block) -> None:
        lower = self._expressions(out)
        result = ast.copy_location(type(node)(**dict(ast.iter_fields(node))), node)
        for name, value in ast.iter_fields(node):
            if isinstance(value, ast.expr):
                setattr(result, name, lower.lower(value))
            elif isinstance(value, list) and value and isinstance(value[0], ast.expr):
                setattr(result, name, [lower.lower(one) for one in value])
        out.append(Simple(result, node.lineno))

    # -- simple statements ---------------------------------------------------------------------------------------------

    def _Expr(self, node: ast.Expr, context: _Context, out: Block) -> None:
        value = self._expressions(out).lower(node.value)
        if isinstance(node.value, ast.Await):
            self._retarget(out, None)
        else:
            out.append(Simple(ast.copy_location(ast.Expr(value), node), node.lineno))

    def _Assign(self, node: ast.Assign, context: _Context, out: Block) -> None:
        lower = self._expressions(out)
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

    def _AnnAssign(self, node: ast.AnnAssign, context: _Context, out: Block) -> None:
        if node.value is not None:
            plain = ast.copy_location(ast.Assign([node.target], node.value, lineno=node.lineno), node)
            self._Assign(plain, context, out)

    def _AugAssign(self, node: ast.AugAssign, context: _Context, out: Block) -> None:
        lower = self._expressions(out)
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

    def _Return(self, node: ast.Return, context: _Context, out: Block) -> None:
        value = self._expressions(out).lower(node.value) if node.value is not None else None
        barrier = next((one for one in reversed(context) if one is not None), None)
        if barrier is None:
            out.append(Return(value, node.lineno))
            return
        name = self._exit_name(barrier)
        self._expressions(out).assign(name, value or ast.copy_location(ast.Constant(None), node))
        out.append(self._leave(barrier, "return", node.lineno))

    def _Break(self, node: ast.Break, context: _Context, out: Block) -> None:
        barrier = context[-1]
        out.append(Break(node.lineno) if barrier is None else self._leave(barrier, "break", node.lineno))

    def _Continue(self, node: ast.Continue, context: _Context, out: Block) -> None:
        barrier = context[-1]
        out.append(Continue(node.lineno) if barrier is None else self._leave(barrier, "continue", node.lineno))

    def _leave(self, barrier: Try, key: str, line: int) -> Leave:
        barrier.exits.setdefault(key, [])
        return Leave(barrier, key, line)

    def _exit_name(self, barrier: Try) -> str:
        names: dict[int, str] = self.__dict__.setdefault("_exit_names", {})
        if id(barrier) not in names:
            names[id(barrier)] = self.fresh("result")
        return names[id(barrier)]

    # -- constructs ----------------------------------------------------------------------------------------------------

    def _If(self, node: ast.If, context: _Context, out: Block) -> None:
        test = self._expressions(out).lower(node.test)
        body, orelse = self.block(node.body, context), self.block(node.orelse, context)
        out.append(If(test, body, orelse, node.lineno))

    def _Match(self, node: ast.Match, context: _Context, out: Block) -> None:
        subject = self._expressions(out).lower(node.subject)
        out.append(Match(subject, [(case, self.block(case.body, context)) for case in node.cases], node.lineno))

    def _While(self, node: ast.While, context: _Context, out: Block) -> None:
        if not has_await(node.test):
            body = self.block(node.body, [*context, None])
            out.append(Loop(node.test, None, None, body, self.block(node.orelse, context), node.lineno))
            return
        # The test rests: it moves into the loop; what `else` holds runs there too, before the loop is left.
        body = []
        test = self._expressions(body).lower(node.test)
        last = [*self.block(node.orelse, context), Break(node.lineno)]
        body.append(If(ast.copy_location(ast.UnaryOp(ast.Not(), test), test), last, [], node.lineno))
        body.extend(self.block(node.body, [*context, None]))
        out.append(Loop(ast.copy_location(ast.Constant(True), node), None, None, body, [], node.lineno))

    def _For(self, node: ast.For, context: _Context, out: Block) -> None:
        items = node.iter
        if must_cut(node, context):
            lower = self._expressions(out)
            name = self.fresh("rest_of")
            call = ast.Call(ast.Name(self.iterate, ast.Load()), [lower.lower(node.iter)], [])
            lower.assign(name, ast.fix_missing_locations(ast.copy_location(call, node.iter)))
            items = ast.copy_location(ast.Name(name, ast.Load()), node.iter)
        body = self.block(node.body, [*context, None])
        out.append(Loop(None, node.target, items, body, self.block(node.orelse, context), node.lineno))

    def _Try(self, node: ast.Try, context: _Context, out: Block) -> None:
        cut = must_cut(node, context)
        if not node.finalbody or not cut:
            body, orelse = self.block(node.body, context), self.block(node.orelse, context)
            catches = [self._catch(handler, context, cut) for handler in node.handlers]
            final, star = self.block(node.finalbody, context), isinstance(node, ast.TryStar)
            out.append(Try(body, catches, orelse, node.lineno, final, star))
            return
        inner: list[ast.stmt] = list(node.body)
        if node.handlers:
            inner = [ast.copy_location(ast.Try(node.body, node.handlers, node.orelse, []), node)]
        self._protect(inner, node, context, out, lambda into, ctx: into.extend(self.block(node.finalbody, ctx)))

    def _TryStar(self, node: ast.TryStar, context: _Context, out: Block) -> None:
        self._Try(node, context, out)  # type: ignore[arg-type]

    def _catch(self, handler: ast.ExceptHandler, context: _Context, cut: bool) -> Catch:
        if not cut:
            return Catch(handler.type, handler.name or "", self.block(handler.body, context), handler.lineno)
        pending = self.fresh("error")
        body: Block = []
        if handler.name:
            body.append(_assign(handler.name, ast.copy_location(ast.Name(pending, ast.Load()), handler)))
        body += self.block(handler.body, context)
        if handler.name and not _ends(body):
            body += _unbind(handler.name, handler)
        return Catch(handler.type, pending, body, handler.lineno)

    def _protect(self, inner, node, context, out, finish) -> None:  # type: ignore[no-untyped-def]
        """Lower ``inner`` so that ``finish`` runs on every way out of it."""
        protected = Try([], [], [], node.lineno)
        protected.body = self.block(inner, [*context, protected])
        caught: Block = []
        finish(caught, context)
        caught.append(Simple(ast.copy_location(ast.Raise(None, None), node), node.lineno))
        catch_all = ast.copy_location(ast.Name("BaseException", ast.Load()), node)
        protected.catches.append(Catch(catch_all, self.fresh("error"), caught, node.lineno))
        out.append(protected)
        for key, body in protected.exits.items():
            finish(body, context)
            self._exit(key, protected, context, body, node)
        if not _ends(protected.body):
            finish(out, context)

    def _exit(self, key: str, protected: Try, context: _Context, body: Block, node: ast.stmt) -> None:
        if _ends(body):
            return  # the finally clause jumps away itself
        jump: ast.stmt
        if key == "return":
            jump = ast.Return(ast.copy_location(ast.Name(self._exit_name(protected), ast.Load()), node))
        else:
            jump = ast.Break() if key == "break" else ast.Continue()
        self.statement(ast.copy_location(jump, node), context, body)

    def _With(self, node: ast.With, context: _Context, out: Block) -> None:
        if not must_cut(node, context):
            out.append(With(node.items, self.block(node.body, context), node.lineno))
            return
        item, rest = node.items[0], node.items[1:]
        manager = self.fresh("manager")
        self._expressions(out).assign(manager, self._expressions(out).lower(item.context_expr))
        entered = _parse(f"type({manager}).__enter__({manager})", node)
        if item.optional_vars is None:
            out.append(Simple(ast.copy_location(ast.Expr(entered), node), node.lineno))
            inner: list[ast.stmt] = []
        else:
            name = self.fresh("entered")
            self._expressions(out).assign(name, entered)
            value = ast.copy_location(ast.Name(name, ast.Load()), node)
            inner = [ast.copy_location(ast.Assign([item.optional_vars], value, lineno=node.lineno), node)]
        inner += [ast.copy_location(ast.With(rest, node.body), node)] if rest else node.body
        self._managed(inner, node, context, out, manager)

    def _managed(self, inner: list[ast.stmt], node: ast.With, context: _Context, out: Block, manager: str) -> None:
        def leave(into: Block, _: _Context) -> None:
            call = _parse(f"type({manager}).__exit__({manager}, None, None, None)", node)
            into.append(Simple(ast.copy_location(ast.Expr(call), node), node.lineno))

        error = self.fresh("error")
        swallowed = _parse(f"type({manager}).__exit__({manager}, type({error}), {error}, {error}.__traceback__)", node)
        self._guard(inner, node, context, out, leave, error, swallowed)

    def _guard(self, inner, node, context, out, leave, error, swallowed) -> None:  # type: ignore[no-untyped-def]
        protected = Try([], [], [], node.lineno)
        protected.body = self.block(inner, [*context, protected])
        caught: Block = []
        if isinstance(swallowed, Rest):
            caught.append(swallowed)
            swallowed = ast.copy_location(ast.Name(str(swallowed.target), ast.Load()), node)
        unless = ast.copy_location(ast.UnaryOp(ast.Not(), swallowed), node)
        again: Block = [Simple(ast.copy_location(ast.Raise(None, None), node), node.lineno)]
        caught.append(If(unless, again, [], node.lineno))
        catch_all = ast.copy_location(ast.Name("BaseException", ast.Load()), node)
        protected.catches.append(Catch(catch_all, error, caught, node.lineno))
        # The way out that leaves no error runs outside the `try`: what __exit__ raises is not given to it again.
        if not _ends(protected.body):
            leave(protected.orelse, context)
        out.append(protected)
        for key, body in protected.exits.items():
            leave(body, context)
            self._exit(key, protected, context, body, node)

    def _AsyncWith(self, node: ast.AsyncWith, context: _Context, out: Block) -> None:
        item, rest = node.items[0], node.items[1:]
        manager = self.fresh("scope")
        self._expressions(out).assign(manager, item.context_expr)
        inner: list[ast.stmt] = []
        if item.optional_vars is not None:
            value = ast.copy_location(ast.Name(manager, ast.Load()), node)
            inner.append(ast.copy_location(ast.Assign([item.optional_vars], value, lineno=node.lineno), node))
        inner += [ast.copy_location(ast.AsyncWith(rest, node.body), node)] if rest else node.body
        point: Node = self.points.of[getattr(node, "_origin", id(node))]

        def leave(into: Block, _: _Context) -> None:
            into.append(Rest(None, _call(f"{manager}.leave(None)", node), point, node.lineno))

        error = self.fresh("error")
        absorbed = Rest(self.fresh("absorbed"), _call(f"{manager}.leave({error})", node), point, node.lineno)
        self._guard(inner, node, context, out, leave, error, absorbed)


def must_cut(node: ast.stmt, context: _Context) -> bool:
    """Whether ``node`` must be taken apart: it rests, or a jump out of it needs more than Python's own."""
    if has_await(node):
        return True
    barred = any(one is not None for one in context)
    returns = any(isinstance(inner, ast.Return) for inner in own_nodes(node))
    if returns and (barred or any(_finishes(inner) for inner in own_nodes(node))):
        return True
    return bool(context) and any(True for _ in _jumps(node))


def _finishes(node: ast.AST) -> bool:
    return isinstance(node, ast.With) or (isinstance(node, ast.Try | ast.TryStar) and bool(node.finalbody))


def _jumps(node: ast.AST) -> Iterator[ast.stmt]:
    """The break and continue statements that belong to a loop around ``node``."""
    if isinstance(node, ast.Break | ast.Continue):
        yield node
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
        return
    if isinstance(node, ast.For | ast.While):
        children: list[ast.stmt] = node.orelse
    else:
        children = list(ast.iter_child_nodes(node))  # type: ignore[arg-type]
    for child in children:
        yield from _jumps(child)


def _ends(block: Block) -> bool:
    """Whether a block plainly never falls off its end."""
    if not block:
        return False
    last = block[-1]
    if isinstance(last, Return | Leave | Break | Continue):
        return True
    if isinstance(last, Simple):
        return isinstance(last.node, ast.Raise | ast.Return)
    if isinstance(last, If):
        return _ends(last.body) and _ends(last.orelse)
    return False


def _assign(name: str, value: ast.expr) -> Simple:
    target = ast.copy_location(ast.Name(name, ast.Store()), value)
    return Simple(ast.copy_location(ast.Assign([target], value, lineno=value.lineno), value), value.lineno)


def _unbind(name: str, at: ast.ExceptHandler) -> Block:
    nothing = ast.copy_location(ast.Constant(None), at)
    gone = ast.Delete([ast.copy_location(ast.Name(name, ast.Del()), at)])
    return [_assign(name, nothing), Simple(ast.copy_location(gone, at), at.lineno)]


def _parse(text: str, at: ast.stmt) -> ast.expr:
    node = ast.parse(text, mode="eval").body
    for inner in ast.walk(node):
        ast.copy_location(inner, at)
    return node


def _call(text: str, at: ast.stmt) -> ast.Call:
    node = _parse(text, at)
    assert isinstance(node, ast.Call)
    return node
