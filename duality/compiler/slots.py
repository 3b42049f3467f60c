"""The parts of a node, in the order in which CPython evaluates them, each with a way to replace it.

Rule: only parts that are evaluated where the node stands: of an inner function its decorators, defaults and
annotations, and nothing of its body. Source: CPython's compile.c.
"""

import ast
import copy
from collections.abc import Callable, Iterator

from duality.compiler.points import may_rest
from duality.compiler.scopes import own_nodes

Slot = tuple[ast.expr, Callable[[ast.expr], None]]


def slots(node: ast.AST) -> Iterator[Slot]:
    """The sub-expressions of ``node`` in order of evaluation. Changing one changes ``node``, and nothing it shares."""
    if isinstance(node, ast.Dict):
        node.keys, node.values = list(node.keys), list(node.values)
        for place, key in enumerate(node.keys):
            if key is not None:
                yield key, _setter(node.keys, place)
            yield node.values[place], _setter(node.values, place)
    elif isinstance(node, ast.FunctionDef | ast.Lambda):
        yield from _definition(node)
    elif isinstance(node, ast.ClassDef):
        for name in ("decorator_list", "bases", "keywords"):
            yield from _field(node, name)
    else:
        for name, _ in ast.iter_fields(node):
            yield from _field(node, name)


def _field(node: ast.AST, name: str) -> Iterator[Slot]:
    value = getattr(node, name)
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


def _definition(node: ast.FunctionDef | ast.Lambda) -> Iterator[Slot]:
    if isinstance(node, ast.FunctionDef):
        yield from _field(node, "decorator_list")
    node.args = arguments = copy.copy(node.args)
    yield from _field(arguments, "defaults")
    yield from _field(arguments, "kw_defaults")
    for name in ("args", "posonlyargs", "vararg", "kwonlyargs", "kwarg"):
        value = getattr(arguments, name)
        if isinstance(value, list):
            fresh = [copy.copy(one) for one in value]
            setattr(arguments, name, fresh)
        else:
            fresh = [copy.copy(value)] if value is not None else []
            setattr(arguments, name, fresh[0] if fresh else None)
        for one in fresh:
            yield from _field(one, "annotation")
    if isinstance(node, ast.FunctionDef):
        yield from _field(node, "returns")


def has_await(node: ast.AST) -> bool:
    """Whether something of this block that may rest stands below ``node``, or is it."""
    return any(may_rest(inner) for inner in own_nodes(node))


def binds(node: ast.AST) -> bool:
    """Whether a ``:=`` of this block stands below ``node``."""
    return any(isinstance(inner, ast.NamedExpr) for inner in own_nodes(node))


def starred(value: ast.expr) -> ast.Starred:
    """``*value``."""
    return ast.copy_location(ast.Starred(value, ast.Load()), value)


def name_of(name: str, at: ast.AST) -> ast.Name:
    """``name``, to be read at ``at``."""
    return ast.copy_location(ast.Name(name, ast.Load()), at)


def _setter(items: list, place: int) -> Callable[[ast.expr], None]:  # type: ignore[type-arg]
    def put(value: ast.expr) -> None:
        items[place] = value

    return put


def _attribute(node: ast.AST, name: str) -> Callable[[ast.expr], None]:
    def put(value: ast.expr) -> None:
        setattr(node, name, value)

    return put
