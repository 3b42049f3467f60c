"""Lower ``async for`` and ``async with``.

    before   async for line in self.lines(): await use(line)
    after    rest_of_1 = each(self.lines())
             while True:  item_1 = rest following(rest_of_1);  if item_1 is DONE: break;  line = item_1;  rest use(line)

Rule: language reference, 8.9.2 and 8.9.3: ``__anext__``, ``__aenter__`` and ``__aexit__`` are awaited, and looked up on
the class. That an iterator is used up arrives as a value, so that nothing is being handled in the ``else`` clause.
"""

import ast
from collections.abc import Callable

from duality.compiler.jumps import Context
from duality.compiler.managers import Managers, bound, unless
from duality.compiler.part import assigned, called, parsed, unpacked
from duality.compiler.slots import name_of
from duality.compiler.tree import Block, If, Loop, Rest, Try

Entered = tuple[list[ast.stmt], Callable[[str | None], ast.Call]]
"""What binds what a manager gave; and the message that asks it to leave, of an error by name or of none."""


class Asynchronous(Managers):
    """The part of the lowerer that deals with the asynchronous statements."""

    is_scope: Callable[[ast.withitem], bool]

    def otherwise(self, node: ast.While | ast.AsyncFor, context: Context) -> tuple[Try | None, Block]:
        """What runs where a loop has ended by itself, and a Try around the loop where that needs one."""
        raise NotImplementedError

    def _AsyncFor(self, node: ast.AsyncFor, context: Context, out: Block) -> None:
        rest_of, item = self.fresh("rest_of"), self.fresh("item")
        items = self.expressions(out).lower(node.iter)
        out.append(assigned(rest_of, called(self.names["each"], [items], node.iter)))
        following = called(self.names["following"], [name_of(rest_of, node.iter)], node.iter)
        body: Block = [Rest(item, following, self.points.of[origin(node)], node.lineno)]
        outer, last = self.otherwise(node, context)
        body.append(If(parsed(f"{item} is {self.names['DONE']}", node.iter), last, [], node.lineno))
        self.store(node.target, name_of(item, node.target), body)
        body += self.block(node.body, [*context, None])
        loop = Loop(ast.copy_location(ast.Constant(True), node), None, None, body, [], node.lineno, rest_of)
        if outer is not None:
            outer.body.append(loop)
        out.append(loop if outer is None else outer)

    def _AsyncWith(self, node: ast.AsyncWith, context: Context, out: Block) -> None:
        item, rest = node.items[0], node.items[1:]
        of_scope = self.is_scope(item)
        inner, leaving = (self._scope if of_scope else self._around)(item, node, out)
        if rest:
            nested = ast.copy_location(ast.AsyncWith(rest, node.body), node)
            nested._origin = origin(node)  # type: ignore[attr-defined]
            inner.append(nested)
        else:
            inner += node.body
        point = self.points.of[origin(node)]

        def leave(into: Block) -> None:
            into.append(Rest(None, leaving(None), point, node.lineno, of_scope))

        def caught(error: str) -> Block:
            absorbed = self.fresh("absorbed")
            left = Rest(absorbed, leaving(error), point, node.lineno, of_scope)
            return [left, unless(name_of(absorbed, node), node)]

        self.managed(self.protected(inner, node, context, caught, leave), leave, out)

    def _scope(self, item: ast.withitem, node: ast.AsyncWith, out: Block) -> Entered:
        """Nothing is awaited where a scope is entered."""
        scope, target = self.fresh("scope"), item.optional_vars
        out.append(assigned(scope, item.context_expr))
        if isinstance(target, ast.Name):
            out.append(assigned(target.id, name_of(scope, node)))

        def leaving(error: str | None) -> ast.Call:
            return called(f"{scope}.leave", [parsed(str(error), node)], node)

        return bound(target, scope, node), leaving

    def _around(self, item: ast.withitem, node: ast.AsyncWith, out: Block) -> Entered:
        enter, leave = self.fresh("enter"), self.fresh("exit")
        manager = self.expressions(out).lower(item.context_expr)
        out.append(unpacked([enter, leave], called(self.names["hold"], [manager], node)))
        target = item.optional_vars
        plain = target.id if isinstance(target, ast.Name) else None  # bound at once: that cannot fail
        entered = plain or (self.fresh("entered") if target is not None else None)
        out.append(Rest(entered, called(enter, [], item.context_expr), self.points.entered[origin(node)], node.lineno))

        def leaving(error: str | None) -> ast.Call:
            told = f"type({error}), {error}, {error}.__traceback__" if error is not None else "None, None, None"
            call = parsed(f"{leave}({told})", node)
            assert isinstance(call, ast.Call)
            return call

        return bound(target, entered, node), leaving


def origin(node: ast.AST) -> int:
    """The identity that ``node`` has in the spec's own tree."""
    return int(getattr(node, "_origin", id(node)))
