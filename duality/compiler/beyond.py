"""The constructs that are not compiled: what each would need, and what to write instead.

Rule: a construct is here by name, with a reason of its own; what is not here is compiled with CPython's meaning.
"""

import ast
import builtins
import sys
import types
from collections.abc import Iterator

from duality.compiler.inherited import inherited_name
from duality.compiler.points import meaning
from duality.compiler.read import Procedure, async_methods
from duality.compiler.slots import has_await
from duality.spec.marks import kind_of
from duality.spec.module import is_module

Refusals = Iterator[tuple[str, str]]
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_TEMPLATE: tuple[type, ...] = (ast.TemplateStr,) if hasattr(ast, "TemplateStr") else ()  # t"...", Python 3.14


def beyond(procedure: Procedure, node: ast.AST) -> Refusals:
    """Why ``node`` of ``procedure`` is not compiled, and the way out; nothing if it is."""
    if isinstance(node, ast.AsyncFunctionDef):
        yield (
            f"`async def {node.name}` inside a procedure: it would be a procedure of no module, "
            "which the blocking graph could not name.",
            "Make it a method, or a function of the file, and hand it the variables it uses.",
        )
    if isinstance(node, _TEMPLATE) and has_await(node):
        yield "`await` inside a t-string is not handled.", "Await into variables first, and let the template use those."
    if isinstance(node, ast.Assert) and has_await(node) and not _is_builtin(procedure, "AssertionError"):
        yield (
            "`assert` with an `await`, where `AssertionError` is a name of the spec: it would raise that one.",
            "Use another name, or await into a variable first.",
        )
    yield from _comprehensions(node)
    yield from _others(procedure, node)
    yield from _inherited(procedure, node)


def _comprehensions(node: ast.AST) -> Refusals:
    if not isinstance(node, _COMPREHENSIONS):
        return
    inside = [part for part in ast.iter_child_nodes(node) if part is not node.generators[0]]
    inside += [node.generators[0].target, *node.generators[0].ifs]
    rests = any(map(has_await, inside)) or any(one.is_async for one in node.generators)
    if rests and isinstance(node, ast.GeneratorExp):
        yield (
            "an asynchronous generator expression would rest wherever it is used up, even outside any procedure.",
            "Write a list comprehension, or a `for` loop that fills a list.",
        )


def _others(procedure: Procedure, node: ast.AST) -> Refusals:
    """What is entered or gone through must be made by the spec, or nobody could say where it rests."""
    if isinstance(node, ast.AsyncWith):
        for call in (item.context_expr for item in node.items if isinstance(item.context_expr, ast.Call)):
            if _is_other(meaning(procedure, call.func)):
                text = ast.unparse(call.func)
                yield (
                    f"`async with` of {text}, which is no module.",
                    "Write a @module with `__aenter__` and `__aexit__`.",
                )
    elif isinstance(node, ast.AsyncFor | ast.comprehension) and isinstance(node.iter, ast.Call):
        if getattr(node, "is_async", 1) and _is_other(meaning(procedure, node.iter.func)):
            yield (
                f"`async for` over {ast.unparse(node.iter.func)}, which is no module, and no asynchronous generator.",
                "Write a @module with `__aiter__` and `__anext__`, or an `async def` with `yield`.",
            )


def _is_other(made: object) -> bool:
    if isinstance(made, type):
        return not is_module(made)
    home = str(getattr(made, "__module__", "")).partition(".")[0]
    return isinstance(made, types.FunctionType) and (hasattr(made, "__wrapped__") or home in sys.stdlib_module_names)


def _inherited(procedure: Procedure, node: ast.AST) -> Refusals:
    """``super().p`` is a part of the procedure it stands in, so it has the module only if that one holds it."""
    name = inherited_name(node) or ""
    bases = procedure.owner.__mro__[1:] if procedure.owner is not None and name else ()
    base = next((one for one in bases if name in vars(one)), None)
    if base is None or kind_of(vars(base)[name]) != "entry":
        return
    text = f"`super().{name}` is an @entry of {base.__name__}"
    if procedure.kind != "entry":
        yield (
            f"{text}, and {procedure.qualname} does not hold the module.",
            f"Make {procedure.qualname} an @entry too: what is inherited runs as a part of it.",
        )
    awaited = (one.value for one in ast.walk(procedure.tree) if isinstance(one, ast.Await))
    if not any(isinstance(call, ast.Call) and call.func is node for call in awaited):
        yield f"{text}, and is not awaited here: only this procedure holds the module.", "Await it where it stands."


def bound_otherwise(owner: type, name: str) -> str | None:
    """``staticmethod`` or ``classmethod``, if that is what hides an ``async def`` of ``owner``."""
    for base in owner.__mro__:
        value = vars(base).get(name)
        if isinstance(value, staticmethod | classmethod) and name not in async_methods(owner):
            return type(value).__name__
    return None


def _is_builtin(procedure: Procedure, name: str) -> bool:
    local = procedure.function.__code__.co_varnames + procedure.function.__code__.co_cellvars
    return name not in local and procedure.lookup(name) is getattr(builtins, name)
