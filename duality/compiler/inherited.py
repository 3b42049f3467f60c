"""Find the procedures of a module that are reached by ``super()``.

    before   a module's class, and the procedures it has by name
    after    for each class it inherits from, its own procedures that somebody names as ``super().name``

Rule: such a procedure runs as a part of the one that calls it: it takes no lock and crosses nothing.
"""

import ast
import inspect
from collections.abc import Callable
from functools import partial
from typing import Any

from duality.compiler.read import read
from duality.spec.marks import is_async
from duality.spec.once import once


def inherited_name(node: ast.AST) -> str | None:
    """``p``, if ``node`` is ``super().p``."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Call):
        function = node.value.func
        return node.attr if isinstance(function, ast.Name) and function.id == "super" else None
    return None


def reached(cls: type) -> dict[type, dict[str, Callable[..., Any]]]:
    """For each base class of ``cls``, its procedures that a procedure of a class before it reaches by ``super()``."""
    return once(cls, reached, partial(_reached, cls))


def _reached(cls: type) -> dict[type, dict[str, Callable[..., Any]]]:
    found: dict[type, dict[str, Callable[..., Any]]] = {}
    called: set[str] = set()
    for base in cls.__mro__:
        own = {name: value for name, value in vars(base).items() if is_async(value)}
        above = {name: value for name, value in own.items() if name in called}
        if above:
            found[base] = above
        for function in own.values():
            if _uses(function, "super"):
                names = map(inherited_name, ast.walk(read(function, base).tree))
                called.update(name for name in names if name is not None)
    return found


def _uses(function: Callable[..., Any], name: str) -> bool:
    """Whether a function, or one inside it, uses a global name."""
    waiting = [function.__code__]
    while waiting:
        code = waiting.pop()
        if name in code.co_names:
            return True
        waiting += [one for one in code.co_consts if inspect.iscode(one)]
    return False
