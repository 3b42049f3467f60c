"""Lower a ``try`` with ``except*`` clauses, where a clause rests.

    before   try: await work()                     after    try: rest work
             except* OSError as few: await tell()           except BaseException as _1: leave by clauses
                                                   clauses: _few, _rest = divide(_1, _1, OSError)
                                                            if _few is not None: [handling _few: rest tell]
                                                            what was raised, with _rest, is raised again

Rule: each clause takes its part of the group; what a clause raises is kept until all had their turn; then it leaves
together with what no clause took. The clauses run outside of the ``except``: what is handled in each is its own part.
Source: PEP 654; CPython's compile.c (``compiler_try_star_except``) and exceptions.c (``_PyExc_PrepReraiseStar``).
"""

import ast

from duality.compiler.flow import Flow
from duality.compiler.jumps import Context
from duality.compiler.part import Part, again, assigned, called, catch_all, parsed, unpacked
from duality.compiler.slots import has_await, name_of
from duality.compiler.tree import Block, If, Leave, Simple, Try


class Groups(Part):
    """The part of the lowerer that deals with ``except*``."""

    def _Try(self, node: ast.Try | ast.TryStar, context: Context, out: Block) -> None:
        raise NotImplementedError

    def _TryStar(self, node: ast.TryStar, context: Context, out: Block) -> None:
        if node.finalbody or not any(map(has_await, node.handlers)):
            self._Try(node, context, out)  # Python's own `except*` will do
            return
        error, group = self.fresh("error"), self.fresh("group")
        whole = Try(self.block(node.body, context), [], self.block(node.orelse, context), node.lineno)
        caught: Block = [assigned(group, name_of(error, node)), Leave(whole, "clauses", node.lineno)]
        whole.catches.append(catch_all(error, caught, node))
        whole.exits["clauses"] = self._clauses(node, group, context)
        out.append(whole)

    def _clauses(self, node: ast.TryStar, group: str, context: Context) -> Block:
        raised, rest, left = self.fresh("raised"), self.fresh("rest"), self.fresh("left")
        block: Block = [assigned(raised, parsed("[]", node)), assigned(rest, name_of(group, node))]
        handled = self.fresh("handled") if len(node.handlers) > 1 else group
        if handled != group:
            block.append(assigned(handled, name_of(group, node)))
        for handler in node.handlers:
            self._clause(handler, (handled, raised, rest), context, block, handler is node.handlers[-1])
        block.append(assigned(left, parsed(f"{self.names['regroup']}({group}, {raised}, {rest})", node)))
        leaving = self._handling(left, [again(node)], node)
        start = frozenset({self.points.begin})
        if any(Flow().block(handler.body, start).next for handler in node.handlers):
            block.append(If(parsed(f"{left} is not None", node), [leaving], [], node.lineno))
        else:  # every clause raises
            block.append(leaving)
        return block

    def _clause(
        self, handler: ast.ExceptHandler, state: tuple[str, str, str], context: Context, block: Block, last: bool
    ) -> None:
        assert handler.type is not None
        handled, raised, rest = state  # handled: the part that a clause took last; the group, if none did
        part, failed = self.fresh("part"), self.fresh("error")
        given = [name_of(handled, handler), name_of(rest, handler), self._kind(handler, handled, block)]
        block.append(unpacked([part, rest], called(self.names["divide"], given, handler)))
        kept = ast.copy_location(ast.Expr(parsed(f"{raised}.append({failed})", handler)), handler)
        keeping = catch_all(failed, [Simple(kept, handler.lineno)], handler)
        collecting = Try(self.clause(handler, part, context), [keeping], [], handler.lineno)
        run: Block = [] if last else [assigned(handled, name_of(part, handler))]
        run.append(self._handling(part, [collecting], handler))
        block.append(If(parsed(f"{part} is not None", handler), run, [], handler.lineno))

    def _kind(self, handler: ast.ExceptHandler, handled: str, block: Block) -> ast.expr:
        """What a clause takes. Where it is no plain name, evaluating it may fail, and ``handled`` is being handled."""
        assert handler.type is not None
        every = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        if all(isinstance(one, ast.Name) for one in every):
            return self.expressions(block).lower(handler.type)
        kind, inner = self.fresh("kind"), Block()
        inner.append(assigned(kind, self.expressions(inner).lower(handler.type)))
        block.append(self._handling(handled, inner, handler))
        return name_of(kind, handler)

    def _handling(self, error: str, body: Block, at: ast.stmt | ast.ExceptHandler) -> Try:
        """``body``, in which ``error`` is what is being handled."""
        pending = self.fresh("error")
        raising = ast.Raise(called(self.names["again"], [name_of(error, at)], at), None)
        restored = ast.parse(f"{pending}.__traceback__ = {pending}.__traceback__.tb_next.tb_next").body[0]
        for inner in ast.walk(restored):
            ast.copy_location(inner, at)
        caught = catch_all(pending, [Simple(restored, at.lineno), *body], at)
        return Try([Simple(ast.copy_location(raising, at), at.lineno)], [caught], [], at.lineno)
