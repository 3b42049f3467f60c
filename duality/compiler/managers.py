"""Lower ``with``.

    before   with door() as d: await work(d)
    after    enter_1, exit_1 = manage(door());  d = enter_1()
             try: rest work  except BaseException as e: if not exit_1(type(e), e, ...): raise    else: exit_1(None, ..)

Rule: a ``with`` is a ``try`` (PEP 343); several managers are one inside the other.
"""

import ast
from collections.abc import Callable

from duality.compiler.jumps import Context, ends
from duality.compiler.part import Part, again, assigned, called, parsed, unpacked
from duality.compiler.slots import name_of
from duality.compiler.tree import Block, If, Simple, Try, With


class Managers(Part):
    """The part of the lowerer that deals with context managers."""

    def _With(self, node: ast.With, context: Context, out: Block) -> None:
        if not self.cuts(node, context):
            out.append(With(node.items, self.block(node.body, context), node.lineno))
            return
        item, rest = node.items[0], node.items[1:]
        enter, leaving = self.fresh("enter"), self.fresh("exit")
        manager = self.expressions(out).lower(item.context_expr)
        out.append(unpacked([enter, leaving], called(self.names["manage"], [manager], node)))
        inner = self._entered(item, enter, node, out)
        inner += [ast.copy_location(ast.With(rest, node.body), node)] if rest else node.body

        def leave(into: Block) -> None:
            into.append(_done(parsed(f"{leaving}(None, None, None)", node), node))

        def caught(error: str) -> Block:
            return [unless(parsed(f"{leaving}(type({error}), {error}, {error}.__traceback__)", node), node)]

        self.managed(self.protected(inner, node, context, caught, leave), leave, out)

    def _entered(self, item: ast.withitem, enter: str, node: ast.With, out: Block) -> list[ast.stmt]:
        """Enter the manager; gives the statement that binds what it gave, which is protected already.

        A plain variable is bound at once, for that cannot fail: what it held before is not needed any more.
        """
        entered = parsed(f"{enter}()", node)
        target = item.optional_vars
        if target is None:
            out.append(_done(entered, node))
            return []
        name = target.id if isinstance(target, ast.Name) else self.fresh("entered")
        out.append(assigned(name, entered))
        return bound(target, name, node)

    def managed(self, protected: Try, leave: Callable[[Block], None], out: Block) -> None:
        """Append what a manager protects, and the asking it to leave where no error does."""
        # The way out that leaves no error runs outside the `try`: what __exit__ raises is not given to it again.
        if not ends(protected.body):
            leave(protected.orelse)
        out.append(protected)


def bound(target: ast.expr | None, name: str | None, node: ast.stmt) -> list[ast.stmt]:
    """``target = name``, for what a manager gave, if that has yet to be done."""
    if target is None or name is None or isinstance(target, ast.Name):
        return []
    return [ast.copy_location(ast.Assign([target], name_of(name, node)), node)]


def _done(call: ast.expr, node: ast.stmt) -> Simple:
    return Simple(ast.copy_location(ast.Expr(call), node), node.lineno)


def unless(swallowed: ast.expr, node: ast.stmt) -> If:
    """Raise again what the manager has not swallowed."""
    return If(ast.copy_location(ast.UnaryOp(ast.Not(), swallowed), node), [again(node)], [], node.lineno)
