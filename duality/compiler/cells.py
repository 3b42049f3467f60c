"""Give a cell to each local that an inner function captures and that may change across a rest.

    before   total = 0;            add = lambda n: total + n;            total = await f()
    after    total_cell.value = 0; add = lambda n: total_cell.value + n; total_cell.value = await f()

Rule: CPython keeps such variables in cells that all handlers and the inner function share; handlers are separate
functions, so here the cell is written out. A parameter that nothing rebinds needs none. How a block is rewritten is
next door, in ``celled.py``.
"""

import ast
import copy

from duality.compiler.celled import Celled
from duality.compiler.points import Blocking
from duality.compiler.read import Procedure
from duality.compiler.scopes import binding_count, captures, parameters


def cells_needed(procedure: Procedure) -> list[str]:
    """The locals that live in cells, in source order."""
    tree = procedure.tree
    counts = binding_count(tree)
    rebound = {name for node in ast.walk(tree) if isinstance(node, ast.Nonlocal) for name in node.names}
    fixed = {name for name in parameters(tree.args) if counts.get(name) == 1 and name not in rebound}
    shared = captures(tree)
    return [name for name in counts if name in shared and name not in fixed]


def with_cells(body: list[ast.stmt], cells: dict[str, str]) -> list[ast.stmt]:
    """A copy of ``body`` in which the celled variables are written out."""
    return Celled(cells).block(copied(body)) if cells else body


def copied(body: list[ast.stmt]) -> list[ast.stmt]:
    """A copy of ``body`` that may be changed. ``_origin`` is what an await or a statement is in the spec."""
    for statement in body:
        for node in ast.walk(statement):
            if isinstance(node, ast.stmt | Blocking) and not hasattr(node, "_origin"):
                node._origin = id(node)  # type: ignore[union-attr]
    return copy.deepcopy(body)
