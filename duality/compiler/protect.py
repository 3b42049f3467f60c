"""Lower ``try``, ``except``, ``finally``.

    before   try: await work() finally: close()
    after    try: rest work  except BaseException: close(); raise     then: close()     each way out: close(), and go on

Rule: a `finally` is a handler, and a copy for each way out (a return, a break, a continue), as CPython's own compiler
makes them. Source: CPython's compile.c; Roslyn's AsyncExceptionHandlerRewriter.
"""

import ast
from collections.abc import Callable

from duality.compiler.jumps import Context, ends
from duality.compiler.part import Part, again, assigned, called, catch_all
from duality.compiler.slots import has_await, name_of
from duality.compiler.tree import Block, Catch, If, Simple, Try


class Protection(Part):
    """The part of the lowerer that deals with errors and ways out.

    ``watched``: the ``except ... as name`` clauses outside of which somebody reads that name, and must find it unbound.
    """

    watched: set[int]

    def result_of(self, barrier: Try) -> str:
        """The variable that keeps a returned value while a ``finally`` runs."""
        raise NotImplementedError

    def _Try(self, node: ast.Try | ast.TryStar, context: Context, out: Block) -> None:
        cut = self.cuts(node, context)
        if not node.finalbody or not cut:
            body, orelse = self.block(node.body, context), self.block(node.orelse, context)
            catches = self._catches(node, context, cut)
            final, star = self.block(node.finalbody, context), isinstance(node, ast.TryStar)
            out.append(Try(body, catches, orelse, node.lineno, final, star))
            return
        inner: list[ast.stmt] = list(node.body)
        if node.handlers:
            inner = [ast.copy_location(type(node)(node.body, node.handlers, node.orelse, []), node)]

        def finish(into: Block) -> None:
            into.extend(self.block(node.finalbody, context))

        def caught(error: str) -> Block:
            body = self.block(node.finalbody, context)
            return [*body, again(node)]

        protected = self.protected(inner, node, context, caught, finish)
        out.append(protected)
        if not ends(protected.body):
            finish(out)

    # -- clauses -------------------------------------------------------------------------------------------------------

    def _catches(self, node: ast.Try | ast.TryStar, context: Context, cut: bool) -> list[Catch]:
        if any(one.type is not None and has_await(one.type) for one in node.handlers):
            return [self._asking(node, context)]
        return [self._catch(handler, context, cut) for handler in node.handlers]

    def _asking(self, node: ast.Try | ast.TryStar, context: Context) -> Catch:
        """Where a type rests: everything is caught, and each clause asked when its turn comes."""
        pending = self.fresh("error")
        caught: Block = []
        block = caught
        for handler in node.handlers:
            otherwise: Block = []
            if handler.type is None:
                block.extend(self.clause(handler, pending, context))
            else:
                kind = self.expressions(block).lower(handler.type)
                test = called(self.names["matches"], [name_of(pending, handler.type), kind], handler.type)
                block.append(If(test, self.clause(handler, pending, context), otherwise, handler.lineno))
            block = otherwise
        if node.handlers[-1].type is not None:
            block.append(again(node))
        return catch_all(pending, caught, node)

    def _catch(self, handler: ast.ExceptHandler, context: Context, cut: bool) -> Catch:
        if not cut:
            return Catch(handler.type, handler.name or "", self.block(handler.body, context), handler.lineno)
        pending = self.fresh("error")
        return Catch(handler.type, pending, self.clause(handler, pending, context), handler.lineno)

    def clause(self, handler: ast.ExceptHandler, pending: str, context: Context) -> Block:
        """The body of an ``except`` clause, and the name that it has for the error bound before and unbound after."""
        if not handler.name:
            return self.block(handler.body, context)
        bound, gone = assigned(handler.name, name_of(pending, handler)), _unbind(handler.name, handler)
        if id(handler) in self.watched:
            whole = ast.Try(handler.body, [], [], [one.node for one in gone])
            return [bound, *self.block([ast.copy_location(whole, handler)], context)]
        body: Block = [bound, *self.block(handler.body, context)]
        return body if ends(body) else [*body, *gone]

    # -- ways out ------------------------------------------------------------------------------------------------------

    def protected(
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
        protected.catches.append(catch_all(error, caught(error), node))
        for key, body in protected.exits.items():
            leave(body)
            if not ends(body):  # else the finally clause jumps away itself
                self.statement(ast.copy_location(self._jump(key, protected, node), node), context, body)
        return protected

    def _jump(self, key: str, protected: Try, node: ast.stmt) -> ast.stmt:
        if key == "return":
            return ast.Return(name_of(self.result_of(protected), node))
        return ast.Break() if key == "break" else ast.Continue()


def _unbind(name: str, at: ast.ExceptHandler) -> list[Simple]:
    nothing = ast.copy_location(ast.Constant(None), at)
    gone = ast.Delete([ast.copy_location(ast.Name(name, ast.Del()), at)])
    return [assigned(name, nothing), Simple(ast.copy_location(gone, at), at.lineno)]
