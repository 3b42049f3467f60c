"""Lower a comprehension that rests: it becomes the loop that it stands for.

    before   costs = [await self.price(x) for x in items if x]
    after    list_1 = []
             for x_1 in items:  if x_1:  one_1 = rest self.price(x_1);  list_1.append(one_1)
             costs = list_1

Rule: its variables are its own, so they get names of their own; the first iterable is evaluated in the block around it.
Source: language reference, 6.2.4 (displays for lists, sets and dictionaries).
"""

import ast
import copy
from collections.abc import Callable
from typing import Any

from duality.compiler.cells import copied, with_cells
from duality.compiler.scopes import bound_by, captured_in, parameters, reads
from duality.compiler.slots import has_await, name_of
from duality.compiler.tree import Block

Display = ast.ListComp | ast.SetComp | ast.DictComp
_WORDS = {ast.ListComp: "list", ast.SetComp: "set", ast.DictComp: "dict"}
_EMPTY = {ast.ListComp: "[]", ast.SetComp: "{*()}", ast.DictComp: "{}"}  # no name that the spec may have taken


class Comprehensions:
    """The part of the lowerer of expressions that deals with comprehensions."""

    out: Block
    cell: str
    fresh: Callable[..., str]
    block: Callable[[list[ast.stmt]], Block]
    lower: Callable[[ast.expr], ast.expr]
    assign: Callable[[str, ast.expr], None]

    def _display(self, node: Display) -> ast.expr:
        kept = self.fresh(_WORDS[type(node)])
        first = self.lower(node.generators[0].iter)
        made = ast.parse(_EMPTY[type(node)], mode="eval").body
        for inner in ast.walk(made):
            ast.copy_location(inner, node)
        self.assign(kept, made)
        names = {name: self.fresh(name) for one in node.generators for name in _targets(one)}
        loops = self._loops(_Renamed(names).inside(_own(node, first)), kept)
        self.out.extend(self.block(with_cells(loops, self._celled(names, loops, node))))
        return name_of(kept, node)

    def _celled(self, names: dict[str, str], loops: list[ast.stmt], node: Display) -> dict[str, str]:
        """Give cells to what an inner function keeps. Unlike a local's, they are new each time one gets here.

        So is what is read too early: without a value each time, and the error has to tell the name in the spec.
        """
        captured, early = captured_in(loops), read_early(node)
        cells = {new: self.fresh(f"{name}_cell") for name, new in names.items() if new in captured or name in early}
        for cell in cells.values():
            self.assign(cell, _at(node, ast.Call(ast.Name(self.cell, ast.Load()), [], [])))
        return cells

    _lower_ListComp = _lower_SetComp = _lower_DictComp = _display

    def _lower_GeneratorExp(self, node: ast.GeneratorExp) -> ast.expr:
        # Only its first iterable rests, which is evaluated at once, here.
        first, result = node.generators[0], copy.copy(node)
        evaluated = ast.comprehension(first.target, self.lower(first.iter), first.ifs, first.is_async)
        result.generators = [evaluated, *node.generators[1:]]
        return result

    def _loops(self, node: Display, kept: str) -> list[ast.stmt]:
        body = [_at(node, one) for one in self._collected(node, kept)]
        for one in reversed(node.generators):
            for test in reversed(one.ifs):
                body = [_at(test, ast.If(test, body, []))]
            kind = ast.AsyncFor if one.is_async else ast.For
            loop: ast.stmt = kind(one.target, one.iter, body, [], lineno=node.lineno)
            if one.is_async:
                loop._origin = node._origin  # type: ignore[attr-defined, union-attr]
            body = [_at(node, loop)]
        return body

    def _collected(self, node: Display, kept: str) -> list[ast.stmt]:
        if isinstance(node, ast.DictComp):  # an assignment would evaluate the value before the key
            key = self.fresh("key")
            item = ast.Subscript(ast.Name(kept, ast.Load()), ast.Name(key, ast.Load()), ast.Store())
            return [ast.Assign([ast.Name(key, ast.Store())], node.key), ast.Assign([item], node.value)]
        word = "append" if isinstance(node, ast.ListComp) else "add"
        add = ast.Attribute(ast.Name(kept, ast.Load()), word, ast.Load())
        if not has_await(node.elt):
            return [ast.Expr(ast.Call(add, [node.elt], []))]
        one = self.fresh("one")  # first, or the bound method would live across the rest as well
        return [
            ast.Assign([ast.Name(one, ast.Store())], node.elt),
            ast.Expr(ast.Call(add, [ast.Name(one, ast.Load())], [])),
        ]


def _own(node: Display, first: ast.expr) -> Display:
    """A copy that may be changed, with the ``first`` iterable evaluated already."""
    holder = ast.copy_location(ast.Expr(node), node)
    made: Any = copied([holder])[0]
    mine: Display = made.value
    mine.generators[0].iter = first
    return mine


def read_early(node: Display) -> set[str]:
    """Which variables of a comprehension it reads where none of its clauses has bound them yet."""
    bound: set[str] = set()
    found = reads(node.generators[0].target)
    for place, one in enumerate(node.generators):
        if place:
            found |= (reads(one.iter) | reads(one.target)) - bound
        bound |= {*_targets(one)}
        found |= {name for test in one.ifs for name in reads(test)} - bound
    return found & {name for one in node.generators for name in _targets(one)}


def _targets(one: ast.comprehension) -> list[str]:
    return [name for inner in ast.walk(one.target) for name in bound_by(inner)]


def _at(place: ast.AST, made: Any) -> Any:
    """``made``, and all that is new in it, standing where ``place`` does."""
    for node in ast.walk(made):
        if "lineno" in node._attributes and not hasattr(node, "col_offset"):
            ast.copy_location(node, place)
    return made


class _Renamed(ast.NodeTransformer):
    """Gives the variables of a comprehension other names, wherever they are meant."""

    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.Name:
        """A variable, in whichever role."""
        result = copy.copy(node)
        result.id = self.names.get(node.id, node.id)
        return result

    def visit_Lambda(self, node: ast.Lambda) -> ast.Lambda:
        """Its parameters hide ours."""
        hidden = set(parameters(node.args))
        node.args = self.visit(node.args)
        node.body = _Renamed({name: new for name, new in self.names.items() if name not in hidden}).visit(node.body)
        return node

    def visit_ListComp(self, node: Any) -> Any:
        """So do the variables of a comprehension inside, but not in its first iterable."""
        first = self.visit(node.generators[0].iter)
        hidden = {name for one in node.generators for name in _targets(one)}
        _Renamed({name: new for name, new in self.names.items() if name not in hidden}).inside(node)
        node.generators[0].iter = first
        return node

    visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_ListComp

    def inside(self, node: Any) -> Any:
        """The parts of ``node`` but its first iterable, which is none of its own."""
        first = node.generators[0]
        outside, first.iter = first.iter, ast.Constant(None)
        self.generic_visit(node)
        first.iter = outside
        return node
