"""Lower what binds and unbinds: assignments of every form, ``del``, and the definition of inner functions and classes.

    before   first, self.prices[await self.ask()] = pair
    after    _1, _2 = pair;  first = _1;  _3 = self.prices;  _4 = await self.ask();  _3[_4] = _2

Rule: the value first, then the targets from left to right, each evaluated when its turn comes.
Source: language reference, 7.2 to 7.5, 8.7, 8.8.
"""

import ast

from duality.compiler.jumps import Context
from duality.compiler.part import Part
from duality.compiler.slots import has_await, name_of
from duality.compiler.tree import Block, Rest, Simple


class Assignments(Part):
    """The part of the lowerer that binds and unbinds."""

    def retarget(self, out: Block, name: str | None) -> None:
        """Let the rest that has just been lowered bind ``name`` itself; None drops its value."""
        rest = out[-1]
        assert isinstance(rest, Rest)
        if rest.target is not None:
            self.temporaries.remove(rest.target)
            self.taken.discard(rest.target)
        rest.target = name

    # -- assignments ---------------------------------------------------------------------------------------------------

    def _Assign(self, node: ast.Assign, context: Context, out: Block) -> None:
        lower = self.expressions(out)
        value = lower.lower(node.value)
        target = node.targets[0]
        if len(node.targets) == 1 and isinstance(target, ast.Name) and isinstance(node.value, ast.Await | ast.Yield):
            self.retarget(out, target.id)
            return
        if len(node.targets) > 1 or has_await(target):
            value = lower.spill(value)
        for one in node.targets:
            self.store(one, value, out)

    def store(self, target: ast.expr, value: ast.expr, out: Block) -> None:
        """``target = value``; where a part of the target awaits, the value is unpacked before."""
        if isinstance(target, ast.Tuple | ast.List) and has_await(target):
            names = [self.fresh() for _ in target.elts]
            fresh: list[ast.expr] = []
            for part, name in zip(target.elts, names, strict=True):
                kept: ast.expr = ast.copy_location(ast.Name(name, ast.Store()), part)
                if isinstance(part, ast.Starred):
                    kept = ast.copy_location(ast.Starred(kept, ast.Store()), part)
                fresh.append(kept)
            self._bind(ast.copy_location(ast.Tuple(fresh, ast.Store()), target), value, out)
            for part, name in zip(target.elts, names, strict=True):
                self.store(part.value if isinstance(part, ast.Starred) else part, name_of(name, part), out)
        else:
            self._bind(self.expressions(out).lower(target), value, out)

    def _bind(self, target: ast.expr, value: ast.expr, out: Block) -> None:
        out.append(Simple(ast.copy_location(ast.Assign([target], value), target), target.lineno))

    def _AnnAssign(self, node: ast.AnnAssign, context: Context, out: Block) -> None:
        if node.value is not None:
            plain = ast.copy_location(ast.Assign([node.target], node.value), node)
            self._Assign(plain, context, out)
        elif has_await(node.target):  # declared only; its parts are evaluated nevertheless
            lower = self.expressions(out)
            for part in (getattr(node.target, name, None) for name in ("value", "slice")):
                if part is not None:
                    lower.kept(part)

    def _AugAssign(self, node: ast.AugAssign, context: Context, out: Block) -> None:
        lower = self.expressions(out)
        place: ast.Name | ast.Attribute | ast.Subscript
        if isinstance(node.target, ast.Attribute):
            place = ast.Attribute(lower.kept(node.target.value), node.target.attr, ast.Load())
        elif isinstance(node.target, ast.Subscript):
            base = lower.kept(node.target.value)
            place = ast.Subscript(base, lower.kept(node.target.slice), ast.Load())
        else:
            place = ast.Name(node.target.id, ast.Load())
        ast.copy_location(place, node.target)
        name = self.fresh()
        lower.assign(name, place)
        value = lower.lower(node.value)
        kept = ast.copy_location(ast.Name(name, ast.Store()), node)
        out.append(Simple(ast.copy_location(ast.AugAssign(kept, node.op, value), node), node.lineno))
        final = ast.copy_location(type(place)(**{**dict(ast.iter_fields(place)), "ctx": ast.Store()}), place)
        self._bind(final, name_of(name, node), out)

    def _Delete(self, node: ast.Delete, context: Context, out: Block) -> None:
        for target in node.targets:
            if isinstance(target, ast.Tuple | ast.List):
                self._Delete(ast.copy_location(ast.Delete(target.elts), node), context, out)
            else:
                gone = ast.Delete([self.expressions(out).lower(target)])
                out.append(Simple(ast.copy_location(gone, node), node.lineno))
