"""Give a cell to each local that an inner function captures and that may change across a rest.

    before   total = 0;         add = lambda n: total + n;               total = await f()
    after    total_cell.value = 0; add = lambda n: total_cell.value + n; total_cell.value = await f()

Rule: CPython keeps such variables in cells that all handlers and the inner function share; handlers are separate
functions, so here the cell is written out. A parameter that nothing rebinds needs none.
"""

import ast
import copy

from duality.compiler.read import Procedure
from duality.compiler.scopes import binding_count, bound_by, captures, own_nodes, parameters


def cells_needed(procedure: Procedure) -> list[str]:
    """The locals that live in cells, in source order. Raises SpecError where one is bound in a way a cell cannot be."""
    tree = procedure.tree
    counts = binding_count(tree)
    rebound = {name for node in ast.walk(tree) if isinstance(node, ast.Nonlocal) for name in node.names}
    fixed = {name for name in parameters(tree.args) if counts.get(name) == 1 and name not in rebound}
    needed = [name for name in counts if name in captures(tree) and name not in fixed]
    for node in (inner for statement in tree.body for inner in own_nodes(statement)):
        hard = isinstance(node, ast.Import | ast.ImportFrom | ast.ExceptHandler | ast.MatchAs | ast.MatchStar)
        walrus = isinstance(node, ast.NamedExpr) and node.target.id in needed
        if walrus or (hard and any(name in needed for name in bound_by(node))):
            raise procedure.refuse(
                "an inner function captures a variable that is bound by `import`, `except`, `case` or `:=`.",
                node,
                "Assign it to a name of its own first (`name = ...`) and let the inner function use that one.",
            )
    return needed


class Celled(ast.NodeTransformer):
    """Rewrites a copy of the procedure's body; ``cells`` maps a local to the name of its cell."""

    def __init__(self, cells: dict[str, str]) -> None:
        self.cells = cells

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """``x`` becomes ``x_cell.value``, in whichever role it stands."""
        if node.id not in self.cells:
            return node
        holder = ast.copy_location(ast.Name(self.cells[node.id], ast.Load()), node)
        return ast.copy_location(ast.Attribute(holder, "value", node.ctx), node)

    def visit_Nonlocal(self, node: ast.Nonlocal) -> ast.stmt:
        """An inner function that rebinds a celled variable needs no declaration any more."""
        names = [name for name in node.names if name not in self.cells]
        return ast.copy_location(ast.Nonlocal(names) if names else ast.Pass(), node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST | list[ast.stmt]:
        """An inner function: its own locals hide ours; its name may itself be celled."""
        node.decorator_list = [self.visit(one) for one in node.decorator_list]
        self._defaults(node.args)
        local = set(parameters(node.args))
        outer = {name for one in ast.walk(node) if isinstance(one, ast.Nonlocal) for name in one.names}
        for statement in node.body:
            local.update(name for inner in own_nodes(statement) for name in bound_by(inner))
        inside = Celled({name: cell for name, cell in self.cells.items() if name not in local - outer})
        node.body = [inside.visit(statement) for statement in node.body]
        if node.name not in self.cells:
            return node
        target = self.visit(ast.copy_location(ast.Name(node.name, ast.Store()), node))
        value = ast.copy_location(ast.Name(node.name, ast.Load()), node)
        return [node, ast.copy_location(ast.Assign([target], value, lineno=node.lineno), node)]

    def visit_Lambda(self, node: ast.Lambda) -> ast.expr:
        """A lambda: its parameters hide ours."""
        self._defaults(node.args)
        hidden = set(parameters(node.args))
        node.body = Celled({name: cell for name, cell in self.cells.items() if name not in hidden}).visit(node.body)
        return node

    def _defaults(self, arguments: ast.arguments) -> None:
        arguments.defaults = [self.visit(one) for one in arguments.defaults]
        arguments.kw_defaults = [one and self.visit(one) for one in arguments.kw_defaults]

    def _comprehension(self, node: ast.AST) -> ast.AST:
        generators: list[ast.comprehension] = getattr(node, "generators", [])
        targets = {name for one in generators for inner in ast.walk(one.target) for name in bound_by(inner)}
        inside = Celled({name: cell for name, cell in self.cells.items() if name not in targets})
        first = self.visit(generators[0].iter)  # evaluated in the block around the comprehension
        generators[0].iter = ast.Constant(None)
        inside.generic_visit(node)
        generators[0].iter = first
        return node

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension


def with_cells(body: list[ast.stmt], cells: dict[str, str]) -> list[ast.stmt]:
    """A copy of ``body`` in which the celled variables are written out."""
    if not cells:
        return body
    rewritten: list[ast.stmt] = []
    for statement in copied(body):
        result = Celled(cells).visit(statement)
        rewritten.extend(result if isinstance(result, list) else [result])
    return rewritten


def copied(body: list[ast.stmt]) -> list[ast.stmt]:
    """A copy of ``body`` that may be changed. Awaits keep the identity they have in the spec's tree in ``_origin``."""
    for statement in body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Await | ast.AsyncWith) and not hasattr(node, "_origin"):
                node._origin = id(node)  # type: ignore[union-attr]
    return copy.deepcopy(body)
