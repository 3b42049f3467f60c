"""The variables that a thread's stack may hold though they are dead, each for a reason.

Rule: whatever else a stack holds more than the record is a fault.
"""

import ast
from typing import Any

from attrs import field, frozen

from duality.compiler.product import Product
from duality.compiler.scopes import reads
from duality.graph import Node


@frozen(eq=False)
class Argued:
    """``plain``: the locals that a procedure's record and stack are compared by: none that a compiler made, none of a
    comprehension or an inner function.   ``nones``: those that may be bound, though they are dead, where what they hold
    is None.
    """

    product: Product
    plain: frozenset[str] = field(init=False)
    nones: frozenset[str] = field(init=False)
    _dead: dict[Node, frozenset[str]] = field(init=False, factory=dict)

    @plain.default
    def _plain(self) -> frozenset[str]:
        code = self.product.codes[self.product.handlers[0]]
        return frozenset(code.co_varnames) - set(code.co_cellvars) - of_displays(self.product.procedure.tree)

    @nones.default
    def _nones(self) -> frozenset[str]:
        # It holds nothing: a variable that may be unbound where it dies is made None, for `del` would fail.
        lines = zip(self.product.text.split("\n"), self.product.origin, strict=True)
        dropped = ast.parse("\n".join(line.strip() for line, origin in lines if origin is None)).body
        targets = [target for one in dropped if isinstance(one, ast.Assign) for target in one.targets]
        return frozenset(one.id for one in targets if isinstance(one, ast.Name))

    def dead(self, node: Node) -> frozenset[str]:
        """The locals that may be bound at ``node`` for a reason, whatever they hold."""
        if node not in self._dead:
            self._dead[node] = self._found_dead(node)
        return self._dead[node]

    def _found_dead(self, node: Node) -> frozenset[str]:
        tree = self.product.procedure.tree
        # Its module outlives the task, so nothing would be freed; and `super()` reads it unseen.
        found = {tree.args.args[0].arg} if self.product.procedure.owner is not None else set()
        # A comprehension is one expression: no line stands in it that could drop anything.
        found |= of_displays(tree)
        # The statement around holds the value anyway: a `for` its list, an `async with` its scope.
        for one in ast.walk(tree):
            if isinstance(one, ast.For | ast.AsyncFor | ast.AsyncWith) and _within(node, one):
                found |= {head.id for head in _heads(one) if isinstance(head, ast.Name)}
        # A statement over several lines that rests more than once: none of its lines could drop what came before.
        for one in ast.walk(tree):
            if isinstance(one, ast.Return | ast.Expr | ast.Assign) and _within(node, one):
                found |= reads(one)
        return frozenset(found)


def _within(node: Node, statement: ast.stmt) -> bool:
    return statement.lineno <= node.line <= (statement.end_lineno or statement.lineno)


def _heads(one: ast.For | ast.AsyncFor | ast.AsyncWith) -> list[Any]:
    if isinstance(one, ast.AsyncWith):
        return [item.optional_vars for item in one.items]
    return [one.iter, *(one.iter.args if isinstance(one, ast.For) and isinstance(one.iter, ast.Call) else [])]


def of_displays(tree: ast.AST) -> set[str]:
    """The variables of the comprehensions: the events program, in which they are loops, has other names for them."""
    inside = [node.target for node in ast.walk(tree) if isinstance(node, ast.comprehension)]
    own = {id(name): name.id for target in inside for name in ast.walk(target) if isinstance(name, ast.Name)}
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    return {*own.values()} - {name.id for name in names if id(name) not in own}
