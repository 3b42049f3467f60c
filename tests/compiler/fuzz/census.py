"""Count what random programs are made of: ``python -m tests.compiler.fuzz --census 500``.

A construct that hardly ever occurs is not tested, whatever the number of programs.
"""

import ast
from collections import Counter
from collections.abc import Iterator

_DISPLAYS = (ast.ListComp, ast.SetComp, ast.DictComp)
_METHODS = frozenset(["asend", "athrow", "aclose", "cancel", "fork"])


def census(text: str) -> Counter[str]:
    """How often each kind of node, and each construct with a name of its own, occurs in a program."""
    found: Counter[str] = Counter()
    for procedure in ast.walk(ast.parse(text)):
        if isinstance(procedure, ast.AsyncFunctionDef):
            found.update(_named(procedure))
            for node in ast.walk(procedure):
                found[type(node).__name__] += 1
                found.update(_constructs(node))
    return found


def _named(procedure: ast.AsyncFunctionDef) -> Iterator[str]:
    if any(isinstance(node, ast.Yield) for node in ast.walk(procedure)):
        yield "an asynchronous generator"
    if procedure.name.startswith("__"):
        yield f"a method {procedure.name} of the program's own"


def _constructs(node: ast.AST) -> Iterator[str]:
    rests = any(isinstance(one, ast.Await) for one in ast.walk(node))
    yields = any(isinstance(one, ast.Yield) for one in ast.walk(node))
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in ("stream", "gives"):
            yield "the call of a generator of the program's own"
        if name in _METHODS or name in ("anext", "reply", "fail_after", "move_on_after", "sleep", "scope", "join"):
            yield f"{name}(...)"
    elif isinstance(node, _DISPLAYS):
        kinds = "nested " if any(isinstance(one, _DISPLAYS) for one in ast.walk(node) if one is not node) else ""
        if rests or any(one.is_async for one in node.generators):
            yield f"{kinds}{type(node).__name__} that rests"
        if any(one.is_async for one in node.generators):
            yield f"{type(node).__name__} with async for"
        if any(map(_rests, [test for one in node.generators for test in one.ifs])):
            yield "a condition of a comprehension that rests"
        if any(_rests(one.iter) for one in node.generators[1:]):
            yield "a later iterable that rests"
    elif isinstance(node, ast.Try | ast.TryStar):
        if node.finalbody:
            yield "finally that rests" if any(map(_rests, node.finalbody)) else "finally"
        if any(map(_rests, node.handlers)):
            yield f"{type(node).__name__} with a clause that rests"
        if yields:
            yield f"yield inside {type(node).__name__}"
    elif isinstance(node, ast.match_case) and node.guard is not None and _rests(node.guard):
        yield "a guard that rests"
    elif isinstance(node, ast.AsyncFor | ast.For | ast.While) and node.orelse:
        yield f"{type(node).__name__} with else"
    elif isinstance(node, ast.AsyncWith):
        yield f"async with of {len(node.items)}"
    elif isinstance(node, ast.Raise) and node.exc is None:
        yield "a bare raise"


def _rests(node: ast.AST) -> bool:
    return any(isinstance(one, ast.Await | ast.AsyncFor | ast.AsyncWith) for one in ast.walk(node))
