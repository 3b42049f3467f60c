"""Ask, where only a run can know, whether what is awaited is an operation of ours.

    before   await x.put(1)          ...  await f()                  where nobody has declared what x and f are
    after    await (x if x.__class__ in ours_put else ours_put(x)).put(1)   ...   await operation_(f)()

Rule: this is no part of the text, and asks nothing about what the source declares: verbs, helpers, fields and
parameters whose annotation is a module. A class is asked about once a run; then the question is one look into a set.
"""

import ast
import copy
import inspect
import types
from collections.abc import Callable, Iterable
from typing import Any, cast

from duality.compiler import load
from duality.compiler.kept import kept
from duality.compiler.load import mangled
from duality.compiler.names import names
from duality.compiler.points import blocking_nodes, meaning, type_of
from duality.compiler.read import Procedure
from duality.compiler.replies import unmarked
from duality.spec import io, verbs

Asked = dict[str, str | None]
"""For each further name of a program: the attribute asked about; ``""``: who tells of any value; None: a function."""
_LEAVING = "leave"  # what is awaited where a scope ends is no call of the spec's
_VERBS = (verbs.sleep, verbs.join, verbs.yield_now, verbs.reply)


def ask(
    procedure: Procedure, calls: Iterable[ast.Call], bound: Iterable[str], taken: Iterable[str], asked: Asked
) -> None:
    """Put the question into each of ``calls`` that needs it; the names that the program uses for it go to ``asked``.

    bound: names that stand for verbs and helpers.   taken: names that mean something else.
    """
    bound, taken = set(bound), set(taken)
    for call in calls:
        callee = call.func
        if _is_known(procedure, callee, bound):
            continue
        if isinstance(callee, ast.Attribute):
            name = unused(f"ours_{callee.attr.strip('_')}", mangled(callee.attr, procedure.owner), taken, asked)
            callee.value = _looked_at(callee.value, name)
        else:
            call.func = _called(unused("operation_", "", taken, asked), callee)


def asking(procedure: Procedure, provide: Callable[[str, Any], Any]) -> types.FunctionType:
    """The spec's own coroutine function with the questions in it; itself, where nothing is to be asked."""
    original: Any = procedure.function
    code, asked = kept(original, ("asking", procedure.owner), lambda: _asking(procedure))
    if code is None:
        return cast(types.FunctionType, original)
    cells = load.cells_of(original) | {
        name: types.CellType(provide("asked", meaning)) for name, meaning in asked.items()
    }
    function = load.make(code, original, cells, first=True)
    function.__dict__.update(original.__dict__)
    return function


def _asking(procedure: Procedure) -> tuple[types.CodeType | None, Asked]:
    """Its code, and what the further names in it stand for."""
    original: Any = procedure.function
    tree = copy.deepcopy(procedure.tree)
    unmarked(tree)
    calls = [node.value for node in blocking_nodes(tree) if isinstance(node, ast.Await)]
    found = names(procedure)
    asked: Asked = {}
    called = [call for call in calls if isinstance(call, ast.Call)]
    ask(procedure, called, [*found.verbs, *found.helpers], names_used(tree), asked)
    if not asked:
        return None, asked
    tree.decorator_list = []
    tree.name = unused("asking_", None, names_used(tree), dict(asked))  # its own name means the spec's function to it
    codes = load.compile_trees(
        [tree], {*asked, *original.__code__.co_freevars}, procedure.owner, procedure.file, load.future(original)
    )
    return load.named(codes[tree.name], original), asked


def names_used(tree: ast.AST) -> set[str]:
    """Every name that means something in ``tree``."""
    found = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return found | {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}


def _is_known(procedure: Procedure, callee: ast.expr, bound: set[str]) -> bool:
    if isinstance(callee, ast.Name):
        return callee.id in bound
    if any(meaning(procedure, callee) is verb for verb in _VERBS):
        return True
    if not isinstance(callee, ast.Attribute):
        return False
    receiver = meaning(procedure, callee.value)
    if isinstance(receiver, types.ModuleType) and inspect.iscoroutinefunction(meaning(procedure, callee)):
        return True
    if receiver is io.net or receiver is io.disk or type_of(procedure, callee.value) is not None:
        return True
    return callee.attr == _LEAVING or callee.attr.endswith("__") or _is_super(callee.value)


def _is_super(receiver: ast.expr) -> bool:
    return isinstance(receiver, ast.Call) and isinstance(receiver.func, ast.Name) and receiver.func.id == "super"


def unused(base: str, meaning: str | None, taken: Iterable[str], asked: Asked) -> str:
    """A name for ``meaning`` that means nothing else, noted in ``asked``."""
    while base in taken or asked.get(base, meaning) != meaning:
        base += "_"
    asked[base] = meaning
    return base


def _looked_at(receiver: ast.expr, name: str) -> ast.expr:
    if not isinstance(receiver, ast.Name):
        return _called(name, receiver)
    again = [ast.Name(receiver.id, ast.Load()) for _ in range(2)]  # a node each: whoever walks the tree meets it once
    known = ast.Compare(ast.Attribute(again[0], "__class__", ast.Load()), [ast.In()], [ast.Name(name, ast.Load())])
    return _at(receiver, ast.IfExp(known, again[1], _called(name, receiver)))


def _called(name: str, value: ast.expr) -> ast.expr:
    return _at(value, ast.Call(ast.Name(name, ast.Load()), [value], []))


def _at(place: ast.expr, made: ast.expr) -> ast.expr:
    """``made``, and all that is new in it, standing where ``place`` does."""
    for node in ast.walk(made):
        if not hasattr(node, "lineno"):
            ast.copy_location(node, place)
    return made
