"""Lower what protects a block: `try`, `finally`, `with`, and the scope of an `async with`.

    before   try: await work() finally: close()
    after    try: rest work  except BaseException: close(); raise     then: close()     each way out: close(), and go on

Rule: a `finally` is a handler, and a copy for each way out (a return, a break, a continue), as CPython's own compiler
makes them; `with` is a `try` (PEP 343). Source: CPython's compile.c; Roslyn's AsyncExceptionHandlerRewriter.
"""

import ast
from collections.abc import Callable

from duality.compiler.expressions import Expressions
from duality.compiler.jumps import Context, ends, must_cut
from duality.compiler.points import Points
from duality.compiler.tree import Block, Catch, If, Rest, Simple, Try, With
from duality.graph import Node


class Protection:
    """The half of the lowerer that deals with errors and ways out; ``lower.py`` has the rest."""

    points: Points

    def fresh(self, stem: str = "") -> str:
        """A name for a temporary."""
        raise NotImplementedError

    def block(self, statements: list[ast.stmt], context: Context) -> Block:
        """Lower a list of statements."""
        raise NotImplementedError

    def statement(self, node: ast.stmt, context: Context, out: Block) -> None:
        """Lower one statement into ``out``."""
        raise NotImplementedError

    def expressions(self, out: Block) -> Expressions:
        """What lowers expressions into ``out``."""
        raise NotImplementedError

    def result_of(self, barrier: Try) -> str:
        """The variable that keeps a returned value while a ``finally`` runs."""
        raise NotImplementedError

    # -- try -----------------------------------------------------------------------------------------------------------

    def _Try(self, node: ast.Try, context: Context, out: Block) -> None:
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

        def finish(into: Block) -> None:
            into.extend(self.block(node.finalbody, context))

        def caught(error: str) -> Block:
            body = self.block(node.finalbody, context)
            return [*body, _again(node)]

        protected = self._protected(inner, node, context, caught, finish)
        out.append(protected)
        if not ends(protected.body):
            finish(out)

    def _TryStar(self, node: ast.TryStar, context: Context, out: Block) -> None:
        self._Try(node, context, out)  # type: ignore[arg-type]

    def _catch(self, handler: ast.ExceptHandler, context: Context, cut: bool) -> Catch:
        if not cut:
            return Catch(handler.type, handler.name or "", self.block(handler.body, context), handler.lineno)
        pending = self.fresh("error")
        body: Block = []
        if handler.name:
            body.append(_assign(handler.name, ast.copy_location(ast.Name(pending, ast.Load()), handler)))
        body += self.block(handler.body, context)
        if handler.name and not ends(body):
            body += _unbind(handler.name, handler)
        return Catch(handler.type, pending, body, handler.lineno)

    def _protected(
        self,
        inner: list[ast.stmt],
        node: ast.stmt,
        context: Context,
        caught: Callable[[str], Block],
        leave: Callable[[Block], None],
    ) -> Try:
        """``inner``, with what is ``caught`` of any error, and ``leave`` run on every other way out but the end."""
        protected = Try([], [], [], node.lineno)
        protected.body = self.block(inner, [*context, protected])
        error = self.fresh("error")
        catch_all = ast.copy_location(ast.Name("BaseException", ast.Load()), node)
        protected.catches.append(Catch(catch_all, error, caught(error), node.lineno))
        for key, body in protected.exits.items():
            leave(body)
            if not ends(body):  # else the finally clause jumps away itself
                self.statement(ast.copy_location(self._jump(key, protected, node), node), context, body)
        return protected

    def _jump(self, key: str, protected: Try, node: ast.stmt) -> ast.stmt:
        if key == "return":
            return ast.Return(ast.copy_location(ast.Name(self.result_of(protected), ast.Load()), node))
        return ast.Break() if key == "break" else ast.Continue()

    # -- with ----------------------------------------------------------------------------------------------------------

    def _With(self, node: ast.With, context: Context, out: Block) -> None:
        if not must_cut(node, context):
            out.append(With(node.items, self.block(node.body, context), node.lineno))
            return
        item, rest = node.items[0], node.items[1:]
        manager = self.fresh("manager")
        self.expressions(out).assign(manager, self.expressions(out).lower(item.context_expr))
        inner = self._entered(item, manager, node, out)
        inner += [ast.copy_location(ast.With(rest, node.body), node)] if rest else node.body

        def leave(into: Block) -> None:
            call = _parse(f"type({manager}).__exit__({manager}, None, None, None)", node)
            into.append(Simple(ast.copy_location(ast.Expr(call), node), node.lineno))

        def caught(error: str) -> Block:
            told = f"type({manager}).__exit__({manager}, type({error}), {error}, {error}.__traceback__)"
            return [_unless(_parse(told, node), node)]

        self._managed(self._protected(inner, node, context, caught, leave), leave, out)

    def _entered(self, item: ast.withitem, manager: str, node: ast.With, out: Block) -> list[ast.stmt]:
        """Enter the manager; gives the statement that binds what it gave, which is protected already."""
        entered = _parse(f"type({manager}).__enter__({manager})", node)
        if item.optional_vars is None:
            out.append(Simple(ast.copy_location(ast.Expr(entered), node), node.lineno))
            return []
        name = self.fresh("entered")
        self.expressions(out).assign(name, entered)
        value = ast.copy_location(ast.Name(name, ast.Load()), node)
        return [ast.copy_location(ast.Assign([item.optional_vars], value, lineno=node.lineno), node)]

    def _managed(self, protected: Try, leave: Callable[[Block], None], out: Block) -> None:
        # The way out that leaves no error runs outside the `try`: what __exit__ raises is not given to it again.
        if not ends(protected.body):
            leave(protected.orelse)
        out.append(protected)

    def _AsyncWith(self, node: ast.AsyncWith, context: Context, out: Block) -> None:
        item = node.items[0]  # a scope, and only one: refuse.py has seen to it
        manager = self.fresh("scope")
        self.expressions(out).assign(manager, item.context_expr)
        inner: list[ast.stmt] = []
        if item.optional_vars is not None:
            value = ast.copy_location(ast.Name(manager, ast.Load()), node)
            inner.append(ast.copy_location(ast.Assign([item.optional_vars], value, lineno=node.lineno), node))
        point: Node = self.points.of[getattr(node, "_origin", id(node))]

        def leave(into: Block) -> None:
            into.append(Rest(None, _call(f"{manager}.leave(None)", node), point, node.lineno))

        def caught(error: str) -> Block:
            absorbed = self.fresh("absorbed")
            rest = Rest(absorbed, _call(f"{manager}.leave({error})", node), point, node.lineno)
            return [rest, _unless(ast.copy_location(ast.Name(absorbed, ast.Load()), node), node)]

        self._managed(self._protected([*inner, *node.body], node, context, caught, leave), leave, out)


def _again(node: ast.stmt) -> Simple:
    return Simple(ast.copy_location(ast.Raise(None, None), node), node.lineno)


def _unless(swallowed: ast.expr, node: ast.stmt) -> If:
    return If(ast.copy_location(ast.UnaryOp(ast.Not(), swallowed), node), [_again(node)], [], node.lineno)


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
