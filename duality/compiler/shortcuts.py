"""Take the awaits out of expressions that may stop half-way: ``and``, ``or``, a choice, a chain of comparisons.

    before   ready = self.open and await ask() < limit < await most()
    after    _1 = self.open;  if _1:  _2 = await ask();  _3 = limit;  _1 = _2 < _3;  if _1:  _4 = await most(); ...

Rule: a part is evaluated where CPython evaluates it, or not at all; where only the truth of a value is wanted, it is
asked once. Source: language reference, 6.10 to 6.13.
"""

import ast
from collections.abc import Callable

from duality.compiler.slots import has_await, name_of
from duality.compiler.tree import Block, If


class Shortcuts:
    """The half of ``Expressions`` that writes ``if`` statements."""

    out: Block
    fresh: Callable[[], str]

    def lower(self, node: ast.expr) -> ast.expr:
        """An expression without awaits that has the value of ``node``."""
        raise NotImplementedError

    def spill(self, node: ast.expr) -> ast.expr:
        """Keep the value of ``node`` in a temporary."""
        raise NotImplementedError

    def assign(self, name: str, value: ast.expr) -> None:
        """Append ``name = value``."""
        raise NotImplementedError

    def in_order(self, node: ast.expr) -> ast.expr:
        """The parts of ``node``, left to right."""
        raise NotImplementedError

    def when(self, test: ast.expr, yes: Callable[[], None], no: Callable[[], None] | None) -> None:
        """Append an ``if`` whose arms are what ``yes`` and ``no`` lower."""
        outer = self.out
        arms: list[Block] = []
        for arm in (yes, no):
            self.out = []
            if arm is not None:
                arm()
            arms.append(self.out)
        self.out = outer
        self.out.append(If(test, arms[0], arms[1], test.lineno))

    def _lower_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        name = self.fresh()
        self._chain(name, list(node.values), isinstance(node.op, ast.And))
        return name_of(name, node)

    def _chain(self, name: str, values: list[ast.expr], going_on: bool) -> None:
        self.assign(name, self.lower(values[0]))
        if len(values) > 1:
            test: ast.expr = name_of(name, values[0])
            if not going_on:
                test = ast.copy_location(ast.UnaryOp(ast.Not(), test), test)
            self.when(test, lambda: self._chain(name, values[1:], going_on), None)

    def test(self, node: ast.expr) -> ast.expr:
        """As ``lower``, where only the truth of ``node`` is wanted: each value is asked once, as by CPython."""
        if isinstance(node, ast.BoolOp) and has_await(node):
            name = self.fresh()
            self._truth(name, list(node.values), isinstance(node.op, ast.And))
            return name_of(name, node)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not) and has_await(node):
            return ast.copy_location(ast.UnaryOp(ast.Not(), self.test(node.operand)), node)
        return self.lower(node)

    def _truth(self, name: str, values: list[ast.expr], going_on: bool) -> None:
        first = self.test(values[0])
        if len(values) == 1:
            self.assign(name, first)
            return

        def settled() -> None:
            self.assign(name, ast.copy_location(ast.Constant(not going_on), first))

        def further() -> None:
            self._truth(name, values[1:], going_on)

        self.when(first, *((further, settled) if going_on else (settled, further)))

    def _lower_IfExp(self, node: ast.IfExp) -> ast.expr:
        name = self.fresh()
        test = self.test(node.test)
        self.when(
            test,
            lambda: self.assign(name, self.lower(node.body)),
            lambda: self.assign(name, self.lower(node.orelse)),
        )
        return name_of(name, node)

    def _lower_Compare(self, node: ast.Compare) -> ast.expr:
        if len(node.ops) == 1:
            return self.in_order(node)
        name = self.fresh()
        self._links(name, self.spill(self.lower(node.left)), list(zip(node.ops, node.comparators, strict=True)))
        return name_of(name, node)

    def _links(self, name: str, left: ast.expr, links: list[tuple[ast.cmpop, ast.expr]]) -> None:
        (op, right), rest = links[0], links[1:]
        lowered = self.lower(right)
        if rest:
            lowered = self.spill(lowered)
        self.assign(name, ast.copy_location(ast.Compare(left, [op], [lowered]), left))
        if rest:
            self.when(name_of(name, left), lambda: self._links(name, lowered, rest), None)
