"""Which statements must be taken apart, and which blocks never fall off their end.

Rule: a construct is cut where something in it rests, or where a jump out of it needs more than Python's own: a
``return`` that has a cut ``finally`` to run, a ``break`` of a loop that is cut.
"""

import ast
from collections.abc import Iterator

from duality.compiler.scopes import own_nodes
from duality.compiler.slots import has_await
from duality.compiler.tree import Block, Break, Continue, If, Leave, Return, Simple, Try

Context = list[Try | None]
"""What a jump passes on its way out, innermost last: None is a loop, a Try is one whose ``finally`` it must run."""


def must_cut(node: ast.stmt, context: Context) -> bool:
    """Whether ``node`` must be taken apart: it rests, or a jump out of it needs more than Python's own."""
    if has_await(node):
        return True
    barred = any(one is not None for one in context)
    returns = any(isinstance(inner, ast.Return) for inner in own_nodes(node))
    if returns and (barred or any(_finishes(inner) for inner in own_nodes(node))):
        return True
    return bool(context) and any(True for _ in jumps(node))


def _finishes(node: ast.AST) -> bool:
    return isinstance(node, ast.With) or (isinstance(node, ast.Try | ast.TryStar) and bool(node.finalbody))


def jumps(node: ast.AST) -> Iterator[ast.stmt]:
    """The break and continue statements that belong to a loop around ``node``."""
    if isinstance(node, ast.Break | ast.Continue):
        yield node
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
        return
    if isinstance(node, ast.For | ast.AsyncFor | ast.While):
        children: list[ast.stmt] = node.orelse
    else:
        children = list(ast.iter_child_nodes(node))  # type: ignore[arg-type]
    for child in children:
        yield from jumps(child)


def ends(block: Block) -> bool:
    """Whether a block plainly never falls off its end."""
    if not block:
        return False
    last = block[-1]
    if isinstance(last, Return | Leave | Break | Continue):
        return True
    if isinstance(last, Simple):
        return isinstance(last.node, ast.Raise | ast.Return)
    if isinstance(last, If):
        return ends(last.body) and ends(last.orelse)
    return False
