"""Make functions of a generated text, so that Python itself shows the spec's file and lines.

    before   the text of a program, the spec's line for each of its lines
    after    functions with the globals of the spec's file and the cells they are given

Rule: what runs is compiled from the very text that `show` prints. Names the runtime provides become cells, never
globals: the spec's own globals stay its own.
"""

import ast
import types
from collections.abc import Callable, Iterable
from typing import Any

from duality.compiler.lines import Span
from duality.compiler.successors import asking

Codes = dict[str, types.CodeType]


def compile_functions(
    text: str,
    free: Iterable[str],
    owner: type | None,
    file: str,
    origin: Callable[[int], int],
    spans: dict[int, Span] | None = None,
) -> Codes:
    """Compile the function definitions in ``text``; gives their code by name.

    free: the names that will be cells.   origin: spec line for a line of text, both from 1.
    spans: where in the spec the call stands that a line makes; None where the columns are the spec's own already.
    """
    body = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    for function in body:
        function.decorator_list = []
        function.body = _as_coroutines_do(function)
        place(function, origin, spans)
    holder: list[ast.stmt] = list(body)
    if owner is not None:  # private names are mangled, and `__class__` is there, as in the class itself
        holder = [ast.ClassDef(owner.__name__, [], [], holder, [], **_type_params())]
    names = sorted(set(free) - {"__class__"})
    arguments = ast.arguments([], [ast.arg(mangled(name, owner)) for name in names], None, [], [], None, [])
    factory = ast.FunctionDef("bind", arguments, holder, [], None, None, **_type_params())
    module = ast.fix_missing_locations(ast.Module([factory], []))
    code = _inside(compile(module, file, "exec", dont_inherit=True), "bind")
    if owner is not None:
        code = _inside(code, owner.__name__)
    return {one.co_name: one for one in code.co_consts if isinstance(one, types.CodeType)}


def place(function: ast.FunctionDef, origin: Callable[[int], int], spans: dict[int, Span] | None) -> None:
    """Give every node of ``function`` its place in the spec: its line; where ``spans`` are given, a call's columns too.

    What else a generated line holds gets no columns: they would underline something else in a traceback.
    """
    calls = {}
    for node in ast.walk(function):
        if spans and isinstance(node, ast.stmt) and node.lineno in spans and (call := asking(node)) is not None:
            calls[call] = spans[node.lineno]
    for node in ast.walk(function):
        if hasattr(node, "lineno"):
            node.lineno = origin(node.lineno)
            node.end_lineno = max(node.lineno, origin(getattr(node, "end_lineno", None) or 0))  # type: ignore[attr-defined]
            if spans is not None:
                node.col_offset = node.end_col_offset = -1  # type: ignore[attr-defined]
                node.end_lineno = node.lineno  # type: ignore[attr-defined]
    for call, (line, column, end_line, end_column) in calls.items():
        call.lineno, call.col_offset, call.end_lineno, call.end_col_offset = line, column, end_line, end_column


def _as_coroutines_do(function: ast.FunctionDef) -> list[ast.stmt]:
    """The body, so that a StopIteration that leaves it becomes a RuntimeError, as one that leaves a coroutine does.

    Not part of the text: it costs nothing until it happens, and is CPython's own rule (PEP 479), not the program's.
    """
    rule = ast.parse(
        "try: pass\n"
        "except StopIteration as stopped_: raise RuntimeError('coroutine raised StopIteration') from stopped_"
    ).body[0]
    assert isinstance(rule, ast.Try)
    for node in ast.walk(rule):
        if hasattr(node, "lineno"):
            ast.copy_location(node, function)
    rule.body = function.body
    return [rule]


def _type_params() -> dict[str, Any]:
    return {"type_params": []} if "type_params" in ast.FunctionDef._fields else {}


def _inside(code: types.CodeType, name: str) -> types.CodeType:
    return next(one for one in code.co_consts if isinstance(one, types.CodeType) and one.co_name == name)


def mangled(name: str, owner: type | None) -> str:
    """What Python makes of a private name (``__x``) in the class ``owner``."""
    if owner is not None and name.startswith("__") and not name.endswith("__") and owner.__name__.strip("_"):
        return f"_{owner.__name__.lstrip('_')}{name}"
    return name


def make(
    code: types.CodeType, original: Callable[..., Any], cells: dict[str, types.CellType], first: bool
) -> types.FunctionType:
    """A function of ``code`` that names itself as ``original`` does; ``first`` ones take its defaults too."""
    named = code.replace(co_name=original.__name__, co_qualname=original.__qualname__)
    closure = tuple(cells[name] for name in code.co_freevars)
    function = types.FunctionType(named, original.__globals__, original.__name__, None, closure)
    function.__qualname__ = original.__qualname__
    if first:
        function.__defaults__ = original.__defaults__
        function.__kwdefaults__ = original.__kwdefaults__
    return function


def cells_of(original: Callable[..., Any]) -> dict[str, types.CellType]:
    """The cells that the spec's own function closes over, by name."""
    closure: tuple[types.CellType, ...] = getattr(original, "__closure__", None) or ()
    return dict(zip(original.__code__.co_freevars, closure, strict=True))
