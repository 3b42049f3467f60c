"""Take the awaits out of an expression, keeping the order of evaluation.

    before   total = self.base + await left() * (await right() or 1)
    after    _1 = self.base;  _2 = await left();  _3 = await right();  [if not _3: _3 = 1];  total = _1 + _2 * _3

Rule: what stands before an await and could be changed by it is kept in a temporary; what cannot (constants, plain
locals) is left where it is. Source: language reference, 6.16 (evaluation order).
"""

import ast
import copy
import sys
from collections.abc import Callable
from typing import TypeVar

from duality.compiler.comprehensions import Comprehensions
from duality.compiler.shortcuts import Shortcuts
from duality.compiler.slots import binds, has_await, name_of, slots, starred
from duality.compiler.tree import Block, Rest, Simple
from duality.graph import Node

__all__ = ["Expressions", "has_await"]
N = TypeVar("N", bound=ast.AST)
_CONVERTS_FIRST = sys.version_info >= (3, 13)  # `{value!r:{spec}}`: from then on, repr comes before the spec


class Expressions(Shortcuts, Comprehensions):
    """Lowers expressions into ``out``; ``fresh`` names temporaries, ``nodes`` maps awaits to graph nodes.

    ``block`` lowers statements: a comprehension is a loop, and a variable of it that is kept has a ``cell``.
    """

    def __init__(
        self,
        out: Block,
        fresh: Callable[..., str],
        nodes: dict[int, Node],
        settled: Callable[[str], bool],
        block: Callable[[list[ast.stmt]], Block],
        cell: str,
    ) -> None:
        self.out = out
        self.fresh = fresh
        self.nodes = nodes
        self.settled = settled
        self.block = block
        self.cell = cell

    def lower(self, node: ast.expr) -> ast.expr:
        """An expression without awaits that has the value of ``node``, once ``out`` has run."""
        if not has_await(node):
            return node
        special = getattr(self, f"_lower_{type(node).__name__}", None)
        lowered: ast.expr = special(node) if special is not None else self.in_order(node)
        return lowered

    def spill(self, node: ast.expr) -> ast.expr:
        """Keep the value of ``node`` (await-free) in a temporary, unless nothing can change it."""
        if isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and self.settled(node.id)):
            return node
        return self._keep(node)

    def _keep(self, node: ast.expr) -> ast.Name:
        name = self.fresh()
        self.assign(name, node)
        return name_of(name, node)

    def assign(self, name: str, value: ast.expr) -> None:
        """Append ``name = value``."""
        target = ast.copy_location(ast.Name(name, ast.Store()), value)
        statement = ast.copy_location(ast.Assign([target], value), value)
        self.out.append(Simple(statement, value.lineno))

    # -- one method per construct that is more than its parts in order -------------------------------------------------

    def _lower_Await(self, node: ast.Await) -> ast.expr:
        call = self.in_order(node.value)
        assert isinstance(call, ast.Call)  # refuse.py has seen to it
        self._bind_first(call)
        name = self.fresh()
        self.out.append(Rest(name, call, self.nodes[getattr(node, "_origin", id(node))], node.lineno))
        return name_of(name, node)

    def _lower_Yield(self, node: ast.Yield) -> ast.expr:
        value = self.lower(node.value) if node.value is not None else ast.copy_location(ast.Constant(None), node)
        name = self.fresh()
        give = ast.copy_location(ast.Call(name_of("give", node), [value], []), node)
        self.out.append(Rest(name, give, self.nodes[getattr(node, "_origin", id(node))], node.lineno))
        return name_of(name, node)

    def _bind_first(self, call: ast.Call) -> None:
        # What lives across the rest is written down before the call is made: a `:=` in it must have bound by then.
        parts = list(slots(call))
        binding = [place for place, (part, _) in enumerate(parts) if binds(part)]
        for part, put in parts[: binding[-1] + 1] if binding else ():
            put(self._part(part, keep=True))

    def _lower_NamedExpr(self, node: ast.NamedExpr) -> ast.expr:
        self.assign(node.target.id, self.lower(node.value))
        return name_of(node.target.id, node)

    def _lower_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        last = max(place for place, part in enumerate(node.values) if has_await(part))
        parts: list[ast.expr] = []
        for place, part in enumerate(node.values):
            if not isinstance(part, ast.FormattedValue):
                parts.append(part)
                continue
            lowered = self._formatted(part)
            if place < last:  # formatted before the await: __format__ is part of the order
                text = ast.copy_location(ast.JoinedStr([lowered]), part)
                lowered = ast.copy_location(ast.FormattedValue(self._keep(text), -1, None), part)
            parts.append(lowered)
        return ast.copy_location(ast.JoinedStr(parts), node)

    def _formatted(self, part: ast.FormattedValue) -> ast.FormattedValue:
        early = _CONVERTS_FIRST and part.conversion != -1 and part.format_spec is not None
        if not (early and has_await(part.format_spec)):  # type: ignore[arg-type]
            return self.in_order(part)
        bare = ast.copy_location(ast.FormattedValue(self.lower(part.value), part.conversion, None), part)
        converted = self._keep(ast.copy_location(ast.JoinedStr([bare]), part))
        return self.in_order(ast.copy_location(ast.FormattedValue(converted, -1, part.format_spec), part))

    def _lower_Dict(self, node: ast.Dict) -> ast.expr:
        last = max(place for place, pair in enumerate(zip(node.keys, node.values, strict=True)) if _awaits(*pair))
        merged = [place for place in range(last) if node.keys[place] is None]
        if not merged:
            return self.in_order(node)
        cut = merged[-1] + 1  # `**mapping` before the await: what stands up to there has become a dict by then
        first = ast.copy_location(ast.Dict(node.keys[:cut], node.values[:cut]), node)
        kept = self._keep(self.lower(first))
        return self.in_order(ast.copy_location(ast.Dict([None, *node.keys[cut:]], [kept, *node.values[cut:]]), node))

    # -- everything else: its parts, left to right ---------------------------------------------------------------------

    def in_order(self, node: N) -> N:
        """A copy of ``node`` without awaits: its parts are evaluated left to right, as far as the last await."""
        result = copy.copy(node)
        merged = self._merged(result)
        parts = list(slots(result))
        awaiting = [place for place, (part, _) in enumerate(parts) if has_await(part)]
        last = awaiting[-1] if awaiting else -1
        for place, (part, put) in enumerate(parts[: last + 1]):
            keep = place < last
            lowered = self._part(part, keep)
            if keep and id(part) in merged:  # `**mapping` before the await: it is gone through by then
                lowered = self._keep(ast.copy_location(ast.Dict([None], [lowered]), part))
            put(lowered)
        return result

    def _merged(self, node: ast.AST) -> set[int]:
        return {id(word.value) for word in node.keywords if word.arg is None} if isinstance(node, ast.Call) else set()

    def kept(self, part: ast.expr) -> ast.expr:
        """The value of ``part``, a slice or a starred one too, as something that nothing can change any more."""
        return self._part(part, keep=True)

    def _part(self, part: ast.expr, keep: bool) -> ast.expr:
        if isinstance(part, ast.Starred):
            inner = self.lower(part.value)
            if keep:  # iterated before the await
                inner = self._keep(ast.copy_location(ast.List([starred(inner)], ast.Load()), part))
            return starred(inner)
        if isinstance(part, ast.Slice) or (isinstance(part, ast.Tuple) and any(map(_is_slice, part.elts))):
            sliced = self.in_order(part)
            for bound, put in list(slots(sliced)) if keep else ():
                put(self._part(bound, keep=True))
            return sliced
        lowered = self.lower(part)
        return self.spill(lowered) if keep else lowered


def _is_slice(node: ast.expr) -> bool:
    return isinstance(node, ast.Slice)


def _awaits(*nodes: ast.expr | None) -> bool:
    return any(node is not None and has_await(node) for node in nodes)
