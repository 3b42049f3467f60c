"""Refuse a call that its procedure could not take, and a procedure that is put aside.

    await self.buffer.put(1, 2)     refused: Buffer.put() takes 2 positional arguments but 3 were given
    fork(lambda: ...)               refused: there is no source of it that both sides could be made from
    self.put = other                refused: a module's procedures are those of its class body

Rule: the sentence about arguments is CPython's own, got by calling the function (an ``async def`` runs nothing then).
Only
what is known for certain is judged: no stars, and no override takes the call either.
"""

import ast
import inspect
from collections.abc import Callable, Iterator
from typing import Any

from duality.compiler.load import mangled
from duality.compiler.points import meaning, type_of
from duality.compiler.read import Procedure, async_methods
from duality.spec import io, verbs
from duality.spec.body import BODY
from duality.spec.condition import Condition
from duality.spec.module import is_module

Refusals = Iterator[tuple[str, str]]


def misfits(procedure: Procedure, node: ast.AST) -> Refusals:
    """What is wrong at ``node`` of ``procedure``, and what to write instead."""
    if isinstance(node, ast.Await) and isinstance(node.value, ast.Call):
        yield from _arguments(procedure, node.value.func, node.value.args, node.value.keywords)
    if isinstance(node, ast.Call):
        yield from _forks(procedure, node)
        if meaning(procedure, node.func) is setattr and len(node.args) == 3 and isinstance(node.args[1], ast.Constant):
            yield from _replaced(procedure, node.args[0], str(node.args[1].value))
    if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
        yield from _replaced(procedure, node.value, node.attr)


def _forks(procedure: Procedure, call: ast.Call) -> Refusals:
    verb = meaning(procedure, call.func)
    named = any(verb is one for one in (verbs.fork, verbs.send))
    in_scope = isinstance(call.func, ast.Attribute) and call.func.attr == "fork" and verb is None
    if not call.args or not (named or in_scope):
        return
    what, *arguments = call.args
    if isinstance(what, ast.Lambda):
        yield (
            f"`{ast.unparse(call.func)}` of a lambda, which is no procedure.",
            "Write an `async def`, in the module or in the file, and hand that over with its arguments.",
        )
    yield from _arguments(procedure, what, arguments, call.keywords)


def _arguments(procedure: Procedure, callee: ast.expr, args: list[ast.expr], keywords: list[ast.keyword]) -> Refusals:
    if any(isinstance(one, ast.Starred) for one in args) or any(word.arg is None for word in keywords):
        return
    named = dict.fromkeys(word.arg for word in keywords if word.arg is not None)
    said = [_binding(function, [None] * (bound + len(args)), named) for function, bound in _known(procedure, callee)]
    if said and None not in said:
        parameters = ", ".join(str(one) for one in _parameters(procedure, callee)) or "none"
        yield f"{said[0]}.", f"Its parameters: {parameters}."


def _known(procedure: Procedure, callee: ast.expr) -> list[tuple[Callable[..., Any], int]]:
    """The functions that ``callee`` may be, if it is known, and how many arguments they are given besides."""
    function = meaning(procedure, callee)
    if inspect.iscoroutinefunction(function) or any(
        function is one for one in (verbs.sleep, verbs.join, verbs.yield_now)
    ):
        return [(function, 0)]
    if not isinstance(callee, ast.Attribute):
        return []
    receiver, owner = meaning(procedure, callee.value), type_of(procedure, callee.value)
    if receiver is io.net or receiver is io.disk:
        operation = getattr(io.Net if receiver is io.net else io.Disk, callee.attr, None)
        return [(operation, 1)] if inspect.isfunction(operation) else []
    if owner is Condition and callee.attr == "wait":
        return [(Condition.wait, 1)]
    return list(_overrides(owner, mangled(callee.attr, procedure.owner))) if is_module(owner) else []


def _overrides(owner: Any, name: str) -> Iterator[tuple[Callable[..., Any], int]]:
    for cls in (owner, *below(owner)):
        static: Any = inspect.getattr_static(cls, name, None)
        if inspect.iscoroutinefunction(static):
            yield static, 1
        elif isinstance(static, staticmethod) and inspect.iscoroutinefunction(static.__func__):
            yield static.__func__, 0


def below(cls: type) -> Iterator[type]:
    """The subclasses that a spec has declared; those that a run has dressed are not among them."""
    one: type
    for one in cls.__subclasses__():
        if BODY in vars(one):
            yield one
            yield from below(one)


def _binding(function: Callable[..., Any], args: list[None], named: dict[str, None]) -> str | None:
    """What CPython says of a call with such arguments; None if it can be made."""
    try:
        if inspect.iscoroutinefunction(function):
            function(*args, **named).close()
        else:
            inspect.signature(function).bind(*args, **named)
    except TypeError as wrong:
        told = str(wrong)
        return told if inspect.iscoroutinefunction(function) else f"{function.__name__}(): {told}"
    return None


def _parameters(procedure: Procedure, callee: ast.expr) -> list[inspect.Parameter]:
    function, bound = _known(procedure, callee)[0]
    return list(inspect.signature(function).parameters.values())[bound:]


def _replaced(procedure: Procedure, receiver: ast.expr, name: str) -> Refusals:
    known = meaning(procedure, receiver)
    owner = known if isinstance(known, type) else type_of(procedure, receiver)
    if owner is not None and is_module(owner) and mangled(name, procedure.owner) in async_methods(owner):
        yield (
            f"`{ast.unparse(receiver)}.{name}` is given another value, and is a procedure of {owner.__name__}.",
            "A module's procedures are those of its class body: use another name, or a subclass.",
        )
