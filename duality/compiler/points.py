"""Name every point of a procedure that may block.

    before   the procedure's tree
    after    a Node for its begin, its end, and each `await`, `async for`, `async with` and `yield`, in source order

Rule: this is the one place where a blocking point gets its kind and its label. The readers of the generated texts are
given the names; the edges they must find themselves.
"""

import ast
import itertools
import typing
from typing import Any

from attrs import field, frozen

from duality.compiler.read import Procedure, Standpoint
from duality.compiler.replies import is_reply
from duality.compiler.scopes import own_nodes
from duality.graph import Node
from duality.graph.node import node_of
from duality.spec import io, verbs
from duality.spec.condition import Condition
from duality.spec.module import is_module

_VERBS: dict[Any, str] = {verbs.sleep: "sleep", verbs.yield_now: "yield", verbs.join: "join"}
IO_METHODS = frozenset(["accept", "recv", "recv_exactly", "send", "send_file", "close"])


@frozen(eq=False)
class Points:
    """The nodes of one procedure. ``of`` maps the identity of an AST node (await, async for ...) to its graph node.

    ``entered``: of an ``async with`` over other managers than scopes, the point where they are entered; ``of`` has the
    one where they are left.   ``always`` has those that never answer at once: whoever comes there rests.
    """

    begin: Node
    enter: Node | None
    end: Node
    of: dict[int, Node]
    always: frozenset[Node] = frozenset()
    entered: dict[int, Node] = field(factory=dict)

    @property
    def replies(self) -> bool:
        """Whether the procedure may reply before its end."""
        return any(node.kind == "reply" for node in self.of.values())

    @property
    def nodes(self) -> list[Node]:
        """All of them, in source order."""
        inner = [self.enter] if self.enter else []
        return [self.begin, *inner, *sorted({*self.entered.values(), *self.of.values()}), self.end]


def points(procedure: Procedure) -> Points:
    """Name the blocking points of ``procedure``."""
    found = sorted(blocking_nodes(procedure.tree), key=lambda node: (node.lineno, node.col_offset))
    qualname, first = procedure.qualname, procedure.tree.lineno
    numbers = itertools.count(2 if procedure.kind == "entry" else 1)
    of, entered = {}, {}
    for place in found:
        kind, label = describe(procedure, place)
        if isinstance(place, ast.AsyncWith) and kind == "call":
            entered[id(place)] = node_of(qualname, "call", next(numbers), place.lineno, f"enter {label}")
            label = f"exit {label}"
        of[id(place)] = node_of(qualname, kind, next(numbers), place.lineno, label)
    always = frozenset(of[id(place)] for place in found if _always(procedure, place, of[id(place)].kind))
    begin = node_of(qualname, "begin", 0, first, "")
    enter = node_of(qualname, "enter", 1, first, "") if procedure.kind == "entry" else None
    end = node_of(qualname, "end", next(numbers), procedure.tree.end_lineno or first, "")
    return Points(begin, enter, end, of, always, entered)


def _always(procedure: Procedure, place: ast.AST, kind: str) -> bool:
    """Whether a point surely rests: a verb that does, or a wait on what is known to be a condition."""
    if kind != "wait":
        return kind in ("sleep", "yield", "produce", "reply")
    assert isinstance(place, ast.Await)
    assert isinstance(place.value, ast.Call)
    assert isinstance(place.value.func, ast.Attribute)
    return type_of(procedure, place.value.func.value) is Condition


Blocking = ast.Await | ast.AsyncWith | ast.AsyncFor | ast.ListComp | ast.SetComp | ast.DictComp | ast.Yield


def blocking_nodes(tree: ast.AsyncFunctionDef) -> list[Blocking]:
    """What may rest in a procedure's own block, in no particular order; of comprehensions those with `async for`."""
    nodes = (node for statement in tree.body for node in own_nodes(statement))
    return [node for node in nodes if isinstance(node, Blocking) and may_rest(node)]


def may_rest(node: ast.AST) -> bool:
    """Whether ``node`` itself, and not only a part of it, is a blocking point."""
    if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp):
        return any(one.is_async for one in node.generators)
    return isinstance(node, Blocking)


def is_scope(procedure: Procedure, item: ast.withitem) -> bool:
    """Whether a manager is plainly ``scope()``, of which only the end may rest."""
    call = item.context_expr
    return isinstance(call, ast.Call) and meaning(procedure, call.func) is verbs.scope


def describe(procedure: Procedure, place: Blocking) -> tuple[str, str]:
    """The kind and the label of the node at ``place``."""
    if isinstance(place, ast.AsyncWith):
        if all(is_scope(procedure, item) for item in place.items):
            return "join", "end of scope"
        return "call", ", ".join(ast.unparse(item.context_expr) for item in place.items)
    if isinstance(place, ast.AsyncFor):
        return "call", f"next of {ast.unparse(place.iter)}"
    if isinstance(place, ast.ListComp | ast.SetComp | ast.DictComp):
        return "call", "next of " + ", ".join(ast.unparse(one.iter) for one in place.generators if one.is_async)
    if isinstance(place, ast.Yield):
        return "produce", ast.unparse(place.value) if place.value is not None else ""
    if is_reply(place):
        return "reply", ""
    call = place.value
    if not isinstance(call, ast.Call):
        return "call", ast.unparse(call)
    label = ast.unparse(call.func)
    kind = _VERBS.get(_hashable(meaning(procedure, call.func)))
    if kind is not None:
        return kind, "" if kind in ("sleep", "yield") else ast.unparse(call.args[0]) if call.args else label
    if isinstance(call.func, ast.Attribute):
        receiver = call.func.value
        value, kin = meaning(procedure, receiver), type_of(procedure, receiver)
        if value in (io.net, io.disk):
            return "io", label
        if kin is Condition or (call.func.attr == "wait" and kin is None and _rooted_in_self(receiver)):
            return "wait", ast.unparse(receiver)
        if kin is None and call.func.attr in IO_METHODS:
            return "io", label
    return "call", label


def meaning(procedure: Standpoint, expression: ast.expr) -> Any:
    """The object a global name, or a dotted path from one, stands for; None for anything local."""
    if isinstance(expression, ast.Name):
        if expression.id in procedure.function.__code__.co_varnames + procedure.function.__code__.co_cellvars:
            return None
        return procedure.lookup(expression.id)
    if isinstance(expression, ast.Attribute):
        return getattr(meaning(procedure, expression.value), expression.attr, None)
    return None


def type_of(procedure: Standpoint, expression: ast.expr) -> type | None:
    """The class of modules (or Condition) that ``self``, a field, or an annotated parameter belongs to, if declared."""
    if isinstance(expression, ast.Name):
        if procedure.owner is not None and expression.id == procedure.first:
            return procedure.owner
        return _declared(procedure, procedure.function, expression.id)
    if isinstance(expression, ast.Attribute):
        owner = type_of(procedure, expression.value)
        return _declared(procedure, owner, expression.attr) if owner is not None and is_module(owner) else None
    if isinstance(expression, ast.Subscript):
        return _element(procedure, expression.value)
    return None


def _declared(procedure: Standpoint, holder: Any, name: str) -> type | None:
    hint = procedure.hints(holder).get(name)
    return hint if isinstance(hint, type) and (hint is Condition or is_module(hint)) else None


def _element(procedure: Standpoint, expression: ast.expr) -> type | None:
    if isinstance(expression, ast.Attribute):
        owner = type_of(procedure, expression.value)
        hint = procedure.hints(owner).get(expression.attr) if owner is not None else None
        inner = typing.get_args(hint)
        last = inner[-1] if inner else None
        return last if isinstance(last, type) and (last is Condition or is_module(last)) else None
    return None


def _rooted_in_self(expression: ast.expr) -> bool:
    while isinstance(expression, ast.Attribute | ast.Subscript):
        expression = expression.value
    return isinstance(expression, ast.Name) and expression.id == "self"


def _hashable(value: Any) -> Any:
    try:
        hash(value)
    except TypeError:
        return None
    return value
