"""Refuse what cannot be compiled, where it stands, and say what to write instead.

Rule: never miscompile. What is not handled yet is a SpecError with file, line, source line, the reason and the way out.
"""

import ast
import builtins
import inspect
import sys
import types
import warnings
from collections.abc import Iterator

from duality.compiler.beyond import beyond, bound_otherwise
from duality.compiler.fits import misfits
from duality.compiler.inherited import inherited_name
from duality.compiler.load import mangled
from duality.compiler.points import IO_METHODS, meaning, type_of
from duality.compiler.read import MISSING, Procedure, async_methods
from duality.compiler.replies import astray, is_reply
from duality.compiler.scopes import own_nodes, parameters
from duality.compiler.slots import has_await
from duality.spec import io, verbs
from duality.spec.condition import Condition
from duality.spec.module import is_module, procedure_names

# Each reads the variables around it, unless it is given so many arguments.
_NAMESPACE_READERS = ((locals, 1), (vars, 1), (dir, 1), (eval, 2), (exec, 2))
_OPERATIONS = IO_METHODS | {name for one in (io.Net, io.Disk) for name in vars(one)} | {"wait"}
_OPERATIONS |= {"asend", "athrow", "aclose"}  # of an asynchronous generator


def refuse(procedure: Procedure) -> bool:
    """Raise SpecError for the first construct of ``procedure`` that is not handled; warn of a wait without a loop.

    Gives whether it has warned.
    """
    for statement in procedure.tree.body:
        for node in own_nodes(statement):
            for check in (beyond, _awaits, _names, misfits):
                for message, advice in check(procedure, node):
                    raise procedure.refuse(message, node, advice)
    for node, message, advice in astray(procedure):
        raise procedure.refuse(message, node, advice)
    _entries(procedure)
    _forgotten(procedure)
    return _loops_around_waits(procedure)


def _awaits(procedure: Procedure, node: ast.AST) -> Iterator[tuple[str, str]]:
    if not isinstance(node, ast.Await) or is_reply(node):
        return
    call = node.value
    if not isinstance(call, ast.Call):
        yield (
            "`await` of something that is no call.",
            "Await a call directly (`await m.p(x)`); for a task, `await join(task)`.",
        )
        return
    function = meaning(procedure, call.func)
    if _generates(procedure, call.func, function):
        text = ast.unparse(call.func)
        yield (
            f"`await` of {text}, which is an asynchronous generator.",
            f"Go through it: `async for ... in {text}(...)`.",
        )
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


def _generates(procedure: Procedure, callee: ast.expr, function: object) -> bool:
    if isinstance(callee, ast.Attribute) and (owner := type_of(procedure, callee.value)) not in (None, Condition):
        function = async_methods(owner).get(mangled(callee.attr, procedure.owner), (None,))[0]
    return inspect.isasyncgenfunction(function)


def _may_be_awaited(function: object) -> bool:
    if inspect.iscoroutinefunction(function) or hasattr(function, "is_procedure"):  # what a traced oracle puts there
        return True
    return function in (verbs.sleep, verbs.yield_now, verbs.join, builtins.anext)


def _methods(procedure: Procedure, function: ast.Attribute, home: str) -> Iterator[tuple[str, str]]:
    """A method that is awaited must be a procedure of some module, or an operation of ours."""
    name, receiver, owner = function.attr, meaning(procedure, function.value), type_of(procedure, function.value)
    text = ast.unparse(function)
    if isinstance(receiver, types.ModuleType):
        if home.partition(".")[0] != "duality" and not _may_be_awaited(meaning(procedure, function)):
            yield f"`await` of {text}, which is no `async def`.", "Call it without `await`."
    elif owner is not None and owner is not Condition and mangled(name, procedure.owner) not in async_methods(owner):
        otherwise = bound_otherwise(owner, mangled(name, procedure.owner))
        if otherwise is not None:
            yield (
                f"`await` of {text}, which is a {otherwise}: a procedure belongs to one module.",
                "Give it a `self`, or make it a function of the file.",
            )
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
    here = any(function is reader and len(node.args) < enough for reader, enough in _NAMESPACE_READERS)
    if here and any(map(has_await, procedure.tree.body)):
        yield (
            f"`{ast.unparse(node.func)}()` in a procedure that rests: its variables are not all in one place.",
            "Name the variables you mean.",
        )
    if function is verbs.scope and not any(node is item.context_expr for item in _managers(procedure)):
        yield "`scope()` outside `async with`: nobody would wait for its tasks.", "Write `async with scope() as s:`."


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
    if (name := inherited_name(function)) is not None and procedure.owner is not None:
        found = next((vars(base)[name] for base in procedure.owner.__mro__[1:] if name in vars(base)), None)
        return inspect.iscoroutinefunction(found)
    if isinstance(function, ast.Attribute):
        owner, receiver = type_of(procedure, function.value), meaning(procedure, function.value)
        if owner is Condition:
            return function.attr == "wait"
        if owner is None:
            return receiver is io.net or receiver is io.disk or inspect.iscoroutinefunction(known)
        found = async_methods(owner).get(mangled(function.attr, procedure.owner))
        return found is not None and not inspect.isasyncgenfunction(found[0])
    return inspect.iscoroutinefunction(known)


def _loops_around_waits(procedure: Procedure) -> bool:
    warned = False
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
            warned = True
    return warned


def _waits_on(procedure: Procedure, call: ast.expr) -> ast.expr | None:
    """The condition that ``call`` waits on, if it is one."""
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "wait":
        return call.func.value if type_of(procedure, call.func.value) is Condition else None
    return None


def _self(procedure: Procedure) -> str:
    return next(iter(parameters(procedure.tree.args)), "")
