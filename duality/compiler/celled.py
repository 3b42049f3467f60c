"""Rewrite a block so that some of its variables live in cells.

    before   import json;                          case [x, *_] if x: ...                     (n := 1)
    after    import json; json_cell.value = json   case [x, *_] if (x_cell.bind(x), ...)[-1]  n_cell.bind(1)

Rule: Python's own scoping decides which names are meant. What binds a bare name (an import, a pattern, a definition)
still does, and its value is handed on to the cell at once.
"""

import ast
from collections.abc import Sequence
from typing import Any

from duality.compiler.scopes import bound_by, own_names, type_parameters

_Visited = ast.AST | list[ast.stmt]


class Celled(ast.NodeTransformer):
    """Rewrites a copy of a block; ``cells`` maps a local to the name of its cell.

    ``beneath``: the same for functions inside the block, which see more than the body of a class does.
    """

    def __init__(self, cells: dict[str, str], beneath: dict[str, str] | None = None) -> None:
        self.cells = cells
        self.beneath = cells if beneath is None else beneath

    # -- names ---------------------------------------------------------------------------------------------------------

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """``x`` becomes ``x_cell.value``, in whichever role it stands."""
        if node.id not in self.cells:
            return node
        holder = ast.copy_location(ast.Name(self.cells[node.id], ast.Load()), node)
        held = ast.copy_location(ast.Attribute(holder, "value", node.ctx), node)
        if hasattr(node, "_read"):  # see free.py
            held._read = node._read  # type: ignore[attr-defined]
        return held

    def visit_NamedExpr(self, node: ast.NamedExpr) -> ast.expr:
        """``x := v`` becomes a call: Python has no such expression for an attribute."""
        node.value = self.visit(node.value)
        return self._bind(node.target.id, node.value, node) if node.target.id in self.cells else node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt:
        """``x: int = v``; the annotation of a local is never evaluated."""
        if isinstance(node.target, ast.Name) and node.target.id in self.cells:
            if node.value is None:
                return ast.copy_location(ast.Pass(), node)
            plain = ast.Assign([self.visit(node.target)], self.visit(node.value), lineno=node.lineno)
            return ast.copy_location(plain, node)
        self.generic_visit(node)
        return node

    def visit_Nonlocal(self, node: ast.Nonlocal) -> ast.stmt:
        """An inner function that rebinds a celled variable needs no declaration any more."""
        names = [name for name in node.names if name not in self.cells]
        return ast.copy_location(ast.Nonlocal(names) if names else ast.Pass(), node)

    def _bind(self, name: str, value: ast.expr, at: ast.expr) -> ast.expr:
        bind = ast.Attribute(ast.Name(self.cells[name], ast.Load()), "bind", ast.Load())
        _placed([bind], at)
        return ast.copy_location(ast.Call(bind, [value], []), at)

    # -- what binds a bare name ----------------------------------------------------------------------------------------

    def _handed_on(self, names: list[str], at: ast.AST) -> list[ast.stmt]:
        """``x_cell.value = x``, for each of the names that has a cell."""
        found: list[ast.stmt] = []
        for name in dict.fromkeys(names):
            if name in self.cells:
                target = self.visit(ast.copy_location(ast.Name(name, ast.Store()), at))
                value = ast.copy_location(ast.Name(name, ast.Load()), at)
                found.append(ast.copy_location(ast.Assign([target], value, lineno=at.lineno), at))  # type: ignore[attr-defined]
        return found

    def _import(self, node: ast.stmt) -> _Visited:
        return [node, *self._handed_on(bound_by(node), node)]

    visit_Import = visit_ImportFrom = _import

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        """``except E as x``: the name is unbound again on every way out, and so is its cell."""
        bound = self._handed_on([node.name or ""], node)
        self.generic_visit(node)
        if bound:
            name = self.cells[str(node.name)]
            gone = ast.parse(f"{name}.value = None\ndel {name}.value").body
            _placed(gone, node)
            node.body = [*bound, ast.copy_location(ast.Try(node.body, [], [], gone), node)]
        return node

    def visit_match_case(self, node: ast.match_case) -> ast.AST:
        """``case [x] if test``: a pattern binds its names before the guard is evaluated."""
        names = [name for inner in ast.walk(node.pattern) for name in bound_by(inner) if name in self.cells]
        self.generic_visit(node)
        if node.guard is None:
            node.body = [*self._handed_on(names, node.body[0]), *node.body]
        elif names:
            at = node.guard
            bound = [self._bind(name, ast.copy_location(ast.Name(name, ast.Load()), at), at) for name in names]
            every = ast.copy_location(ast.Tuple([*bound, at], ast.Load()), at)
            last = ast.copy_location(ast.Constant(-1), at)
            node.guard = ast.copy_location(ast.Subscript(every, last, ast.Load()), at)
        return node

    def visit_TypeAlias(self, node: Any) -> _Visited:
        """``type X = ...``: what it stands for is evaluated when somebody asks."""
        name = node.name.id
        hidden = type_parameters(node)
        inside = Celled({one: cell for one, cell in self.beneath.items() if one not in hidden})
        node.value = inside.visit(node.value)
        self._parameters(node, inside)
        return [node, *self._handed_on([name], node)]

    def _parameters(self, node: Any, inside: "Celled") -> None:
        if hasattr(node, "type_params"):
            node.type_params = [inside.visit(one) for one in node.type_params]

    # -- blocks inside -------------------------------------------------------------------------------------------------

    def _inside(self, node: ast.FunctionDef | ast.Lambda | ast.ClassDef) -> "Celled":
        hidden = own_names(node)
        beneath = {name: cell for name, cell in self.beneath.items() if name not in type_parameters(node)}
        seen = {name: cell for name, cell in beneath.items() if name not in hidden}
        return Celled(seen, beneath if isinstance(node, ast.ClassDef) else None)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> _Visited:
        """An inner function: its own locals hide ours; its name may itself be celled."""
        inside = self._inside(node)
        node.decorator_list = [self.visit(one) for one in node.decorator_list]
        self._parameters(node, inside)
        self._signature(node.args)
        node.returns = node.returns and self.visit(node.returns)
        node.body = inside.block(node.body)
        return [node, *self._handed_on([node.name], node)]

    def visit_ClassDef(self, node: ast.ClassDef) -> _Visited:
        """An inner class: what its body binds is the class's own, and its methods do not see that."""
        inside = self._inside(node)
        node.decorator_list = [self.visit(one) for one in node.decorator_list]
        self._parameters(node, inside)
        node.bases = [self.visit(one) for one in node.bases]
        for word in node.keywords:
            word.value = self.visit(word.value)
        node.body = inside.block(node.body)
        return [node, *self._handed_on([node.name], node)]

    def visit_Lambda(self, node: ast.Lambda) -> ast.expr:
        """A lambda: its parameters hide ours."""
        inside = self._inside(node)
        self._signature(node.args)
        node.body = inside.visit(node.body)
        return node

    def block(self, body: list[ast.stmt]) -> list[ast.stmt]:
        """The statements of a block, rewritten."""
        rewritten: list[ast.stmt] = []
        for statement in body:
            result = self.visit(statement)
            rewritten.extend(result if isinstance(result, list) else [result])
        return rewritten

    def _signature(self, arguments: ast.arguments) -> None:
        arguments.defaults = [self.visit(one) for one in arguments.defaults]
        arguments.kw_defaults = [one and self.visit(one) for one in arguments.kw_defaults]
        for one in ast.walk(arguments):
            if isinstance(one, ast.arg) and one.annotation is not None:
                one.annotation = self.visit(one.annotation)

    def _comprehension(self, node: ast.AST) -> ast.AST:
        generators: list[ast.comprehension] = getattr(node, "generators", [])
        targets = {name for one in generators for inner in ast.walk(one.target) for name in bound_by(inner)}
        inside = Celled({name: cell for name, cell in self.beneath.items() if name not in targets})
        first = self.visit(generators[0].iter)  # evaluated in the block around the comprehension
        generators[0].iter = ast.Constant(None)
        inside.generic_visit(node)
        generators[0].iter = first
        return node

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension


def _placed(nodes: Sequence[ast.AST], at: ast.AST) -> None:
    for node in nodes:
        for inner in ast.walk(node):
            ast.copy_location(inner, at)
