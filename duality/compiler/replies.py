"""Find the early replies of a procedure, and mark them as points where its task goes on without it.

    before   reply(v)             a plain call, a statement of its own
    after    await reply(v)       in the tree only: from there on the passes cut it like any rest

Rule: the mark is in the tree and never in a text. Two of the three texts keep the spec's own statement; among events
the handler returns there, and what follows is the next handler. A reply anywhere else is refused.
"""

import ast
import types
from collections.abc import Iterator
from typing import TYPE_CHECKING

from duality.compiler.scopes import binding_count, bound_by, own_names, own_nodes
from duality.spec import verbs

if TYPE_CHECKING:
    from duality.compiler.read import Procedure

_MARK = "_is_reply"
_OWNED = (verbs.scope, verbs.fail_after, verbs.move_on_after)
_VERBS = (verbs.reply, *_OWNED)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_INNER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_STATEMENT = "Write `reply(v)` as a statement of its own, in the procedure whose caller it answers."


def mark(procedure: "Procedure") -> None:
    """Mark every statement ``reply(v)`` of the procedure's own block."""
    for statement in procedure.tree.body:
        for node in own_nodes(statement):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and _is_verb(procedure, node.value.func):
                node.value = ast.copy_location(ast.Await(node.value), node.value)
                setattr(node.value, _MARK, True)


def is_reply(node: ast.AST) -> bool:
    """Whether ``node`` is a marked reply."""
    return hasattr(node, _MARK)


def unmarked(tree: ast.AST) -> None:
    """Take the marks out of a copy of the tree, which then says again what the spec says."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and is_reply(node.value):
            node.value = node.value.value  # type: ignore[attr-defined]


def _is_verb(procedure: "Procedure", function: ast.AST) -> bool:
    return _global(procedure, function) is verbs.reply


def _global(procedure: "Procedure", function: ast.AST) -> object:
    """What a global name means, or one of another file (``duality.reply``)."""
    root = function.value if isinstance(function, ast.Attribute) else function
    value = procedure.lookup(root.id) if isinstance(root, ast.Name) else None
    if isinstance(function, ast.Attribute):
        value = getattr(value, function.attr, None) if isinstance(value, types.ModuleType) else None
    known = value in _VERBS if isinstance(value, types.FunctionType) else False
    return value if known and root.id not in binding_count(procedure.tree) else None  # type: ignore[attr-defined]


# -- what is refused ---------------------------------------------------------------------------------------------------


def astray(procedure: "Procedure") -> Iterator[tuple[ast.AST, str, str]]:
    """Every ``reply`` that cannot be what its procedure says, with the reason and the way out."""
    for node, around in _mentions(procedure, procedure.tree.body, ()):
        if not is_reply(node):
            yield _misplaced(node, around)
            continue
        call: ast.Call = node.value  # type: ignore[attr-defined]
        if len(call.args) != 1 or call.keywords or isinstance(call.args[0], ast.Starred):
            yield (
                node,
                "`reply(...)` takes the one value that the caller is to get.",
                "Write `reply(None)` if there is nothing to say.",
            )
        if procedure.generates:
            yield (
                node,
                "`reply(...)` in an asynchronous generator, which answers with every `yield`.",
                "Yield the value.",
            )
        for block in (_owned(procedure, outer) for outer in around):
            if block:
                yield (
                    node,
                    f"`reply(...)` inside `{block}`: the block belongs to the task that is answered, and its end "
                    "would come in another one.",
                    "Reply before the block, or behind it.",
                )


def _misplaced(node: ast.AST, around: tuple[ast.AST, ...]) -> tuple[ast.AST, str, str]:
    inner = next((one for one in around if isinstance(one, _INNER)), None)
    if inner is not None:
        what = {ast.Lambda: "a lambda", ast.ClassDef: "a class body"}.get(type(inner), "an inner function")
        return node, f"`reply` in {what}, which has no caller that awaits it.", _STATEMENT
    return node, "`reply` is used as a value, and gives none.", _STATEMENT


def _mentions(
    procedure: "Procedure", nodes: list[ast.stmt], around: tuple[ast.AST, ...]
) -> Iterator[tuple[ast.AST, tuple[ast.AST, ...]]]:
    """Each place that means ``reply``: the marked, and the others; with what it stands in, outermost first."""
    waiting: list[tuple[ast.AST, tuple[ast.AST, ...]]] = [(node, around) for node in reversed(nodes)]
    while waiting:
        node, around = waiting.pop()
        if is_reply(node):
            yield node, around
            waiting += [(one, (*around, node)) for one in node.value.args]  # type: ignore[attr-defined]
        elif _is_verb(procedure, node):
            if not any(_hides(one, node) for one in around):
                yield node, around
        else:
            waiting += [(one, (*around, node)) for one in reversed(list(ast.iter_child_nodes(node)))]


def _hides(outer: ast.AST, node: ast.AST) -> bool:
    """Whether the name in ``node`` is another one, inside of ``outer``."""
    root = node.value if isinstance(node, ast.Attribute) else node
    assert isinstance(root, ast.Name)
    if isinstance(outer, _COMPREHENSIONS):
        return any(root.id in bound_by(one) for part in outer.generators for one in ast.walk(part.target))
    return isinstance(outer, _INNER) and root.id in own_names(outer)


def _owned(procedure: "Procedure", node: ast.AST) -> str:
    """The first line of a ``with`` whose end is the affair of the task that entered it, or nothing."""
    if not isinstance(node, ast.With | ast.AsyncWith):
        return ""
    word = "async with" if isinstance(node, ast.AsyncWith) else "with"
    for item in node.items:
        call = item.context_expr
        if isinstance(call, ast.Call) and _global(procedure, call.func) in _OWNED:
            return f"{word} {ast.unparse(call)}"
    return ""
