"""Refuse what cannot be compiled, where it stands, and say what to write instead.

Rule: never miscompile. What is not handled yet is a SpecError with file, line, source line, the reason and the way out.
"""

import ast
import inspect
import sys
import types
import warnings
from collections.abc import Iterator

from duality.compiler.expressions import has_await
from duality.compiler.load import mangled
from duality.compiler.points import IO_METHODS, meaning, type_of
from duality.compiler.read import MISSING, Procedure, async_methods
from duality.compiler.scopes import outside_of, own_nodes, parameters
from duality.spec import io, verbs
from duality.spec.condition import Condition
from duality.spec.module import is_module, procedure_names

_NAMESPACE_READERS = (locals, vars, eval, exec, dir)
_OPERATIONS = IO_METHODS | {name for one in (io.Net, io.Disk) for name in vars(one)} | {"wait"}
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def refuse(procedure: Procedure) -> None:
    """Raise SpecError for the first construct of ``procedure`` that is not handled; warn of a wait without a loop."""
    for statement in procedure.tree.body:
        for node in own_nodes(statement):
            for check in (_constructs, _awaits, _names):
                for message, advice in check(procedure, node):
                    raise procedure.refuse(message, node, advice)
    _entries(procedure)
    _forgotten(procedure)
    _loops_around_waits(procedure)


def _constructs(procedure: Procedure, node: ast.AST) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.AsyncFor):
        yield "`async for` is not handled yet.", "Write a `while` loop that awaits each item."
    if isinstance(node, ast.Yield | ast.YieldFrom):
        yield (
            "`yield` in a procedure (an async generator) is not handled yet.",
            "Put the items into a list or a Channel.",
        )
    if isinstance(node, ast.AsyncWith) and len(node.items) > 1:
        yield "`async with` with several scopes.", "Nest them: one `async with` each."
    if isinstance(node, ast.AsyncWith):
        for item in node.items:
            call = item.context_expr
            if not (isinstance(call, ast.Call) and meaning(procedure, call.func) is verbs.scope):
                yield (
                    "`async with` is handled for `scope()` only.",
                    "Await the setting-up, and the closing in a `finally`.",
                )
    if isinstance(node, _COMPREHENSIONS) and (has_await(node) or any(one.is_async for one in node.generators)):
        yield "`await` inside a comprehension is not handled yet.", "Write it as a `for` loop."
    if isinstance(node, ast.TryStar) and has_await(node):
        yield (
            "`await` inside a `try` with `except*` is not handled yet.",
            "Catch the group and look through `.exceptions`.",
        )
    if isinstance(node, ast.Assert) and has_await(node):
        yield "`await` inside `assert` is not handled yet.", "Await into a variable first, and assert about that."
    if isinstance(node, ast.While) and has_await(node.test) and any(_leaves(one) for one in node.orelse):
        yield "a `while` whose test awaits, with an `else` that jumps out.", "Await the test inside `while True:`."
    if isinstance(node, ast.match_case) and node.guard is not None and has_await(node.guard):
        yield "`await` in the guard of a `case` is not handled yet.", "Await before the `match`."
    if isinstance(node, ast.ExceptHandler) and node.type is not None and has_await(node.type):
        yield "`await` in the type of an `except` is not handled.", "Await into a variable before the `try`."
    if isinstance(node, ast.AsyncFunctionDef):
        yield "an `async def` inside a procedure is not handled yet.", "Make it a method, or a function of the file."
    if isinstance(node, ast.FunctionDef | ast.ClassDef) and any(has_await(one) for one in outside_of(node)):
        yield "`await` in a decorator, base or default value is not handled.", "Await into a variable first."


def _leaves(statement: ast.stmt) -> bool:
    return any(isinstance(node, ast.Break | ast.Continue) for node in own_nodes(statement))


def _awaits(procedure: Procedure, node: ast.AST) -> Iterator[tuple[str, str]]:
    if not isinstance(node, ast.Await):
        return
    call = node.value
    if not isinstance(call, ast.Call):
        yield (
            "`await` of something that is no call.",
            "Await a call directly (`await m.p(x)`); for a task, `await join(task)`.",
        )
        return
    function = meaning(procedure, call.func)
    if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Call) and _is_super(call.func.value):
        yield "`await super()...` is not handled yet.", "Give the inherited procedure a name of its own and await that."
    home = getattr(function, "__module__", None) or ""
    if isinstance(function, types.FunctionType) and home.partition(".")[0] in sys.stdlib_module_names:
        yield (
            f"`await` of {ast.unparse(call.func)}, which is no operation of duality.",
            "A spec blocks only in procedures, conditions, and duality's own sleep, net, disk, join.",
        )
    elif isinstance(call.func, ast.Attribute):
        yield from _methods(procedure, call.func, home)
    elif function is not None and function is not MISSING and not _may_be_awaited(function):
        yield f"`await` of {ast.unparse(call.func)}, which is no `async def`.", "Call it without `await`."
    yield from _waits(procedure, call)


def _may_be_awaited(function: object) -> bool:
    if inspect.iscoroutinefunction(function) or hasattr(function, "is_procedure"):  # what a traced oracle puts there
        return True
    return function in (verbs.sleep, verbs.yield_now, verbs.join)


def _methods(procedure: Procedure, function: ast.Attribute, home: str) -> Iterator[tuple[str, str]]:
    """A method that is awaited must be a procedure of some module, or an operation of ours."""
    name, receiver, owner = function.attr, meaning(procedure, function.value), type_of(procedure, function.value)
    text = ast.unparse(function)
    if isinstance(receiver, types.ModuleType):
        if home.partition(".")[0] != "duality":
            yield f"`await` of a helper through its file ({text}).", f"Import it: `from ... import {name}`."
    elif owner is not None and owner is not Condition and mangled(name, procedure.owner) not in async_methods(owner):
        known = ", ".join(sorted(async_methods(owner))) or "none"
        yield f"`await` of {text}: {owner.__name__} has no procedure `{name}`.", f"Its procedures: {known}."
    elif name not in _OPERATIONS and mangled(name, procedure.owner) not in procedure_names():
        yield (
            f"`await` of {text}: no module has a procedure `{name}`, and it is no operation of duality.",
            "A spec blocks only in procedures, conditions, and duality's own sleep, net, disk, join.",
        )


def _waits(procedure: Procedure, call: ast.Call) -> Iterator[tuple[str, str]]:
    receiver = _waits_on(procedure, call)
    if receiver is None:
        return
    owner = type_of(procedure, receiver.value) if isinstance(receiver, ast.Attribute) else None
    own = isinstance(receiver, ast.Attribute) and isinstance(receiver.value, ast.Name)
    inside = own and procedure.owner is not None and procedure.kind != "procedure"
    if not (inside and receiver.value.id == _self(procedure)):  # type: ignore[attr-defined]
        home = owner.__name__ if owner is not None else "its module"
        yield (
            "`await` in a condition's wait outside an entry of its own module.",
            "A condition releases the lock of the module that declares it, and no lock is held here. "
            f"Move the loop into an @entry of {home}.",
        )


def _names(procedure: Procedure, node: ast.AST) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        value = meaning(procedure, node)
        if is_module(value) and not isinstance(value, type):
            yield (
                f"`{node.id}` is a module that was built outside any application.",
                "Build it in the @application and hand it over as a field: a run needs fresh modules.",
            )
    if not isinstance(node, ast.Call):
        return
    function = meaning(procedure, node.func)
    if any(function is reader for reader in _NAMESPACE_READERS) and any(map(has_await, procedure.tree.body)):
        yield (
            f"`{ast.unparse(node.func)}()` in a procedure that rests: its variables are not all in one place.",
            "Name the variables you mean.",
        )
    if function is verbs.scope and not any(node is item.context_expr for item in _managers(procedure)):
        yield "`scope()` outside `async with`: nobody would wait for its tasks.", "Write `async with scope() as s:`."
    if function is verbs.reply:
        yield "`reply(...)` is not handled yet.", "Fork the work that is left, and `return` the value."


def _managers(procedure: Procedure) -> list[ast.withitem]:
    return [item for node in ast.walk(procedure.tree) if isinstance(node, ast.AsyncWith) for item in node.items]


def _entries(procedure: Procedure) -> None:
    names = parameters(procedure.tree.args)
    if procedure.owner is None:
        return
    if not names:
        raise procedure.refuse(
            f"{procedure.qualname} has no `self`.", procedure.tree, "A procedure is a method of its module."
        )
    for statement in procedure.tree.body:
        for node in own_nodes(statement):
            if isinstance(node, ast.Name) and node.id == names[0] and not isinstance(node.ctx, ast.Load):
                raise procedure.refuse(
                    f"`{names[0]}` is bound again: a procedure belongs to one module.", node, "Use another name."
                )


def _forgotten(procedure: Procedure) -> None:
    """A procedure that is called and not awaited would run on one side and not on the other."""
    nodes = [node for statement in procedure.tree.body for node in own_nodes(statement)]
    awaited = {id(node.value) for node in nodes if isinstance(node, ast.Await)}
    for node in nodes:
        if isinstance(node, ast.Call) and id(node) not in awaited and _is_procedure(procedure, node.func):
            text = ast.unparse(node.func)
            raise procedure.refuse(
                f"{text} is called and not awaited.", node, f"Write `await {text}(...)`, or `fork({text}, ...)`."
            )


def _is_procedure(procedure: Procedure, function: ast.expr) -> bool:
    known = meaning(procedure, function)
    if any(known is verb for verb in (verbs.sleep, verbs.join, verbs.yield_now)):
        return True
    if isinstance(function, ast.Attribute):
        owner, receiver = type_of(procedure, function.value), meaning(procedure, function.value)
        if owner is Condition:
            return function.attr == "wait"
        if owner is None:
            return receiver is io.net or receiver is io.disk
        return mangled(function.attr, procedure.owner) in async_methods(owner)
    return inspect.iscoroutinefunction(known)


def _loops_around_waits(procedure: Procedure) -> None:
    looped = {
        id(inner)
        for loop in ast.walk(procedure.tree)
        if isinstance(loop, ast.While)
        for inner in ast.walk(loop)
        if isinstance(inner, ast.Await)
    }
    for node in ast.walk(procedure.tree):
        if isinstance(node, ast.Await) and id(node) not in looped and _waits_on(procedure, node.value) is not None:
            warnings.warn_explicit(
                "a wait without a `while` around it: a signalled waiter must look again (Mesa's rule)",
                SyntaxWarning,
                procedure.file,
                node.lineno,
            )


def _waits_on(procedure: Procedure, call: ast.expr) -> ast.expr | None:
    """The condition that ``call`` waits on, if it is one."""
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "wait":
        return call.func.value if type_of(procedure, call.func.value) is Condition else None
    return None


def _is_super(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Name) and node.func.id == "super"


def _self(procedure: Procedure) -> str:
    return next(iter(parameters(procedure.tree.args)), "")
