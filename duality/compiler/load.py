"""Make functions of a generated text, so that Python itself shows the spec's file and lines.

    before   the text of a program, the spec's line for each of its lines
    after    functions with the globals of the spec's file and the cells they are given

Rule: what runs is compiled from the very text that `show` prints. Names the runtime provides become cells, never
globals: the spec's own globals stay its own.
"""

import __future__

import ast
import types
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from duality.compiler.linetable import NOWHERE, without_marks
from duality.compiler.unwarned import parse, unwarned

Codes = dict[str, types.CodeType]
_STOP = """
try: pass
except StopIteration as stopped_: raise RuntimeError('coroutine raised StopIteration') from stopped_
"""
_STOPS = """
try: pass
except (StopIteration, StopAsyncIteration) as stopped_:
    raise RuntimeError(f'async generator raised {stopped_.__class__.__name__}') from stopped_
"""


def compile_functions(
    text: str,
    free: Iterable[str],
    owner: type | None,
    file: str,
    settle: Callable[[ast.FunctionDef], Iterable[str]],
    flags: int = 0,
    generates: bool = False,
) -> Codes:
    """Compile the function definitions in ``text``; gives their code by name.

    free: the names that will be cells.   settle: gives each function the spec's lines, and whatever is no part of the
    text; gives the further names that it uses.   flags: see ``future``.   generates: they are those of
    an asynchronous generator.
    """
    body = [node for node in parse(text).body if isinstance(node, ast.FunctionDef)]
    free = set(free)
    for function in body:
        function.decorator_list = []
        free.update(settle(function))
        function.body = _as_coroutines_do(function, generates)
    return compile_trees(body, free, owner, file, flags)


def future(function: Callable[..., Any]) -> int:
    """What the file of ``function`` imports from ``__future__``, as compiler flags: only annotations matter here."""
    return int(function.__code__.co_flags & __future__.annotations.compiler_flag)


def compile_trees(
    body: Sequence[ast.stmt], free: Iterable[str], owner: type | None, file: str, flags: int = 0
) -> Codes:
    """Compile functions as they would be in the class ``owner``; gives their code by name."""
    for one in body:
        if hasattr(one, "type_params"):
            one.type_params = []  # `[T]` opens a scope of its own; where the body names T, it is a cell of the spec's
    holder: list[ast.stmt] = list(body)
    if owner is not None:  # private names are mangled, and `__class__` is there, as in the class itself
        # Underscores before the name of a class mangle nothing, and the class is not what the spec calls by this name.
        enclosing = "_" + owner.__name__
        while any(isinstance(node, ast.Name) and node.id == enclosing for one in body for node in ast.walk(one)):
            enclosing = "_" + enclosing
        holder = [ast.ClassDef(enclosing, [], [], holder, [], **_type_params())]
    names = sorted(set(free) - {"__class__"})
    arguments = ast.arguments([], [ast.arg(mangled(name, owner)) for name in names], None, [], [], None, [])
    factory = ast.FunctionDef("bind", arguments, holder, [], None, None, **_type_params())
    module = ast.fix_missing_locations(ast.Module([factory], []))
    with unwarned():
        code = _inside(compile(module, file, "exec", flags, dont_inherit=True), "bind")
    if owner is not None:
        code = _inside(code, enclosing)
    return {one.co_name: without_marks(one) for one in code.co_consts if isinstance(one, types.CodeType)}


def _as_coroutines_do(function: ast.FunctionDef, generates: bool) -> list[ast.stmt]:
    """The body, so that a StopIteration that leaves it becomes a RuntimeError, as one that leaves a coroutine does.

    Not part of the text: it costs nothing until it happens, and is CPython's own rule (PEP 479), not the program's.
    """
    rule = ast.parse(_STOPS if generates else _STOP).body[0]
    assert isinstance(rule, ast.Try)
    for node in ast.walk(rule):
        ast.copy_location(node, function)
    nowhere(rule.handlers[0], *ast.walk(rule.handlers[0].type or rule))  # an error that passes by is no line that runs
    words = function.body[:1] if ast.get_docstring(function, clean=False) is not None else []
    rule.body = function.body[len(words) :] or [ast.copy_location(ast.Pass(), function)]
    ast.copy_location(rule, rule.body[0])
    return [*words, rule]


def nowhere(*nodes: ast.AST | None) -> None:
    """Have ``nodes`` stand in no line."""
    for node in nodes:
        if hasattr(node, "lineno"):
            node.lineno = node.end_lineno = NOWHERE  # type: ignore[union-attr]


def _type_params() -> dict[str, Any]:
    return {"type_params": []} if "type_params" in ast.FunctionDef._fields else {}


def _inside(code: types.CodeType, name: str) -> types.CodeType:
    return next(one for one in code.co_consts if isinstance(one, types.CodeType) and one.co_name == name)


def mangled(name: str, owner: type | None) -> str:
    """What Python makes of a private name (``__x``) in the class ``owner``."""
    if owner is not None and name.startswith("__") and not name.endswith("__") and owner.__name__.strip("_"):
        return f"_{owner.__name__.lstrip('_')}{name}"
    return name


def named(code: types.CodeType, original: Callable[..., Any]) -> types.CodeType:
    """``code``, which names itself as ``original`` does."""
    return _renamed(code, code.co_qualname, original.__qualname__).replace(co_name=original.__name__)


def make(
    code: types.CodeType, original: Callable[..., Any], cells: dict[str, types.CellType], first: bool
) -> types.FunctionType:
    """A function of ``code`` (see ``named``) in place of ``original``; the ``first`` has its defaults and docstring."""
    closure = tuple(cells[name] for name in code.co_freevars)
    function = types.FunctionType(code, original.__globals__, original.__name__, None, closure)
    function.__qualname__ = original.__qualname__
    if first:
        function.__doc__ = original.__doc__
        function.__defaults__ = original.__defaults__
        function.__kwdefaults__ = original.__kwdefaults__
    return function


def _renamed(code: types.CodeType, before: str, after: str) -> types.CodeType:
    """``code`` and all that is defined inside it, with the full names that they have in the spec."""
    full = after + code.co_qualname.removeprefix(before)
    # The body of a class says its own full name.
    consts = [full if isinstance(one, str) and one == code.co_qualname else one for one in code.co_consts]
    inner = (_renamed(one, before, after) if isinstance(one, types.CodeType) else one for one in consts)
    return code.replace(co_qualname=full, co_consts=tuple(inner))


def cells_of(original: Callable[..., Any]) -> dict[str, types.CellType]:
    """The cells that the spec's own function closes over, by name."""
    closure: tuple[types.CellType, ...] = getattr(original, "__closure__", None) or ()
    return dict(zip(original.__code__.co_freevars, closure, strict=True))
