"""Take the awaits out of an expression, keeping the order of evaluation.

    before   total = self.base + await left() * (await right() or 1)
    after    _1 = self.base;  _2 = await left();  _3 = await right();  [if not _3: _3 = 1];  total = _1 + _2 * _3

Rule: what stands before an await and could be changed by it is kept in a temporary; what cannot (constants, plain
locals) is left where it is. Source: language reference, 6.16 (evaluation order).
"""

import ast
import copy
from collections.abc import Callable, Iterator

from duality.compiler.scopes import own_nodes
from duality.compiler.tree import Block, If, Rest, Simple
from duality.graph import Node


def has_await(node: ast.AST) -> bool:
    """Whether an await of this block stands below ``node``."""
    if isinstance(node, ast.Await | ast.AsyncWith):
        return True
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
        return False
    return any(has_await(child) for child in ast.iter_child_nodes(node))


class Expressions:
    """Lowers expressions into ``out``; ``fresh`` names temporaries, ``nodes`` maps awaits to graph nodes."""

    def __init__(self, out: Block, fresh: Callable[[], str], nodes: dict[int, Node], settled: Callable[[str], bool]):
        self.out = out
        self.fresh = fresh
        self.nodes = nodes
        self.settled = settled

    def lower(self, node: ast.expr) -> ast.expr:
        """An expression without awaits that has the value of ``node``, once ``out`` has run."""
        if not has_await(node):
            return node
        special = getattr(self, f"_lower_{type(node).__name__}", None)
        lowered: ast.expr = special(node) if special is not None else self._in_order(node)
        return lowered

    def spill(self, node: ast.expr) -> ast.expr:
        """Keep the value of ``node`` (await-free) in a temporary, unless nothing can change it."""
        if isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and self.settled(node.id)):
            return node
        return self._keep(node)

    def _keep(self, node: ast.expr) -> ast.Name:
        name = self.fresh()
        self.assign(name, node)
        return _name(name, node)

    def assign(self, name: str, value: ast.expr) -> None:
        """Append ``name = value``."""
        target = ast.copy_location(ast.Name(name, ast.Store()), value)
        statement = ast.copy_location(ast.Assign([target], value, lineno=value.lineno), value)
        self.out.append(Simple(statement, value.lineno))

    # -- one method per construct that is more than its parts in order -------------------------------------------------

    def _lower_Await(self, node: ast.Await) -> ast.expr:
        call = self._in_order(node.value)
        assert isinstance(call, ast.Call)  # refuse.py has seen to it
        self._bind_first(call)
        name = self.fresh()
        self.out.append(Rest(name, call, self.nodes[getattr(node, "_origin", id(node))], node.lineno))
        return _name(name, node)

    def _bind_first(self, call: ast.Call) -> None:
        # What lives across the rest is written down before the call is made: a `:=` in it must have bound by then.
        slots = list(_slots(call))
        binding = [place for place, (part, _) in enumerate(slots) if _binds(part)]
        for part, put in slots[: binding[-1] + 1] if binding else ():
            put(self._part(part, keep=True))

    def _lower_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        name = self.fresh()
        self._chain(name, list(node.values), isinstance(node.op, ast.And))
        return _name(name, node)

    def _chain(self, name: str, values: list[ast.expr], going_on: bool) -> None:
        self.assign(name, self.lower(values[0]))
        if len(values) > 1:
            test: ast.expr = _name(name, values[0])
            if not going_on:
                test = ast.copy_location(ast.UnaryOp(ast.Not(), test), test)
            self._when(test, lambda: self._chain(name, values[1:], going_on), None)

    def test(self, node: ast.expr) -> ast.expr:
        """As ``lower``, where only the truth of ``node`` is wanted: each value is asked once, as by CPython."""
        if isinstance(node, ast.BoolOp) and has_await(node):
            name = self.fresh()
            self._truth(name, list(node.values), isinstance(node.op, ast.And))
            return _name(name, node)
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

        self._when(first, *((further, settled) if going_on else (settled, further)))

    def _lower_IfExp(self, node: ast.IfExp) -> ast.expr:
        name = self.fresh()
        test = self.test(node.test)
        self._when(
            test,
            lambda: self.assign(name, self.lower(node.body)),
            lambda: self.assign(name, self.lower(node.orelse)),
        )
        return _name(name, node)

    def _when(self, test: ast.expr, yes: Callable[[], None], no: Callable[[], None] | None) -> None:
        outer = self.out
        arms: list[Block] = []
        for arm in (yes, no):
            self.out = []
            if arm is not None:
                arm()
            arms.append(self.out)
        self.out = outer
        self.out.append(If(test, arms[0], arms[1], test.lineno))

    def _lower_Compare(self, node: ast.Compare) -> ast.expr:
        if len(node.ops) == 1:
            return self._in_order(node)
        name = self.fresh()
        self._links(name, self.spill(self.lower(node.left)), list(zip(node.ops, node.comparators, strict=True)))
        return _name(name, node)

    def _links(self, name: str, left: ast.expr, links: list[tuple[ast.cmpop, ast.expr]]) -> None:
        (op, right), rest = links[0], links[1:]
        lowered = self.lower(right)
        if rest:
            lowered = self.spill(lowered)
        self.assign(name, ast.copy_location(ast.Compare(left, [op], [lowered]), left))
        if rest:
            self._when(_name(name, left), lambda: self._links(name, lowered, rest), None)

    def _lower_NamedExpr(self, node: ast.NamedExpr) -> ast.expr:
        self.assign(node.target.id, self.lower(node.value))
        return _name(node.target.id, node)

    def _lower_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        last = max(place for place, part in enumerate(node.values) if has_await(part))
        parts: list[ast.expr] = []
        for place, part in enumerate(node.values):
            if not isinstance(part, ast.FormattedValue):
                parts.append(part)
                continue
            lowered = self._in_order(part)
            if place < last:  # formatted before the await: __format__ is part of the order
                text = ast.copy_location(ast.JoinedStr([lowered]), part)
                lowered = ast.copy_location(ast.FormattedValue(self._keep(text), -1, None), part)
            parts.append(lowered)
        return ast.copy_location(ast.JoinedStr(parts), node)

    # -- everything else: its parts, left to right ---------------------------------------------------------------------

    def _in_order(self, node: ast.expr) -> ast.expr:
        result = copy.copy(node)
        slots = list(_slots(result))
        awaiting = [place for place, (get, _) in enumerate(slots) if has_await(get)]
        last = awaiting[-1] if awaiting else -1
        for place, (part, put) in enumerate(slots[: last + 1]):
            lowered = self._part(part, keep=place < last)
            put(lowered)
        return result

    def _part(self, part: ast.expr, keep: bool) -> ast.expr:
        if isinstance(part, ast.Starred):
            inner = self.lower(part.value)
            if keep:  # iterated before the await
                inner = self._keep(ast.copy_location(ast.List([_starred(inner)], ast.Load()), part))
            return _starred(inner)
        if isinstance(part, ast.Slice):
            sliced = self._in_order(part)
            for bound, put in list(_slots(sliced)) if keep else ():
                put(self.spill(bound))
            return sliced
        lowered = self.lower(part)
        return self.spill(lowered) if keep else lowered


def _binds(node: ast.AST) -> bool:
    return any(isinstance(inner, ast.NamedExpr) for inner in own_nodes(node))


def _starred(value: ast.expr) -> ast.Starred:
    return ast.copy_location(ast.Starred(value, ast.Load()), value)


def _name(name: str, at: ast.expr) -> ast.Name:
    return ast.copy_location(ast.Name(name, ast.Load()), at)


def _slots(node: ast.AST) -> Iterator[tuple[ast.expr, Callable[[ast.expr], None]]]:
    """The sub-expressions of ``node`` in order of evaluation, each with a way to replace it."""
    if isinstance(node, ast.Dict):
        node.keys, node.values = list(node.keys), list(node.values)
        for place, key in enumerate(node.keys):
            if key is not None:
                yield key, _setter(node.keys, place)
            yield node.values[place], _setter(node.values, place)
        return
    for name, value in ast.iter_fields(node):
        if isinstance(value, ast.expr):
            yield value, _attribute(node, name)
        elif isinstance(value, list):
            items = list(value)
            setattr(node, name, items)
            for place, item in enumerate(items):
                if isinstance(item, ast.keyword):
                    items[place] = fresh = copy.copy(item)
                    yield fresh.value, _attribute(fresh, "value")
                elif isinstance(item, ast.expr):
                    yield item, _setter(items, place)


def _setter(items: list, place: int) -> Callable[[ast.expr], None]:  # type: ignore[type-arg]
    def put(value: ast.expr) -> None:
        items[place] = value

    return put


def _attribute(node: ast.AST, name: str) -> Callable[[ast.expr], None]:
    def put(value: ast.expr) -> None:
        setattr(node, name, value)

    return put
