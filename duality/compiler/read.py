"""Find the source of a procedure and resolve the names it uses.

    before   a function object, made by Python from the spec's file
    after    a Procedure: its tree with the file's own line numbers, its names bound to what they mean

Rule: this file looks at source and at objects; it judges nothing (``refuse.py`` does) and changes nothing.
"""

import ast
import builtins
import inspect
import linecache
import types
from collections.abc import Callable
from typing import Any

from attrs import field, frozen

from duality.compiler.replies import mark
from duality.errors import SpecError
from duality.spec.body import unchanged
from duality.spec.marks import kind_of


@frozen(eq=False)
class Procedure:
    """One ``async def`` of a spec. ``kind``: entry, procedure or internal; ``owner``: its module's class, or None."""

    function: Callable[..., Any]
    owner: type | None
    tree: ast.AsyncFunctionDef
    source: str
    kind: str = field(init=False)

    @kind.default
    def _kind(self) -> str:
        return kind_of(self.function)

    @property
    def generates(self) -> bool:
        """Whether it is an asynchronous generator: an ``async def`` with a ``yield``."""
        return inspect.isasyncgenfunction(self.function)

    @property
    def name(self) -> str:
        """The function's own name."""
        return self.tree.name

    @property
    def qualname(self) -> str:
        """``Buffer.put``; what encloses a class defined in a function is left out."""
        return str(self.function.__qualname__).rpartition("<locals>.")[2]

    @property
    def file(self) -> str:
        """The spec's file, as Python names it."""
        return str(self.function.__code__.co_filename)

    @property
    def first_line(self) -> int:
        """The line of ``async def``."""
        return self.tree.lineno

    def line(self, number: int) -> str:
        """The text of a line of the spec's file, counted from 1."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    @property
    def lines(self) -> list[str]:
        """The lines of the spec's file, as Python counts them (``splitlines`` would count form feeds too)."""
        return self.source.split("\n")

    @property
    def text(self) -> str:
        """The procedure's own source: its decorators to its last line."""
        start = min([self.tree.lineno, *(mark.lineno for mark in self.tree.decorator_list)])
        return "\n".join(self.lines[start - 1 : self.tree.end_lineno])

    def lookup(self, name: str) -> Any:
        """What a name that is not local means now; ``MISSING`` if it means nothing yet."""
        function: Any = self.function
        free = function.__code__.co_freevars
        if name in free:
            try:
                return function.__closure__[free.index(name)].cell_contents
            except ValueError:
                return MISSING
        return function.__globals__.get(name, getattr(builtins, name, MISSING))

    def refuse(self, message: str, node: ast.AST, advice: str) -> SpecError:
        """The error for a construct that stands at ``node``."""
        placed = (one.lineno for one in ast.walk(node) if isinstance(one, ast.stmt | ast.expr | ast.pattern))
        number = next(placed, self.first_line)  # a `case` has no line of its own, its pattern has
        return SpecError(message, self.file, number, self.line(number), advice)


class _Missing:
    def __repr__(self) -> str:
        return "<not bound yet>"


MISSING = _Missing()
_cache: dict[types.CodeType, Procedure] = {}
_trees: dict[tuple[str, str], ast.Module] = {}


def read(function: Callable[..., Any], owner: type | None = None) -> Procedure:
    """Read the source of ``function``. Raises SpecError if there is none or it cannot be told from a neighbour."""
    code: types.CodeType = function.__code__
    cached = _cache.get(code)
    if cached is not None and cached.function is function:
        return cached
    linecache.checkcache(code.co_filename)  # another file may have had the name before
    source = "".join(linecache.getlines(code.co_filename, getattr(function, "__globals__", None)))
    if not source:
        raise SpecError(
            f"the source of {function.__qualname__} is not there: {code.co_filename} cannot be read.",
            code.co_filename,
            code.co_firstlineno,
            advice="A spec is compiled from its own source: keep it in a file.",
        )
    key = (code.co_filename, source)
    if key not in _trees:
        _trees[key] = ast.parse(source, code.co_filename)
    tree = _find(_trees[key], function)
    procedure = _cache[code] = Procedure(function, owner, tree, source)
    mark(procedure)
    return procedure


def _find(tree: ast.Module, function: Callable[..., Any]) -> ast.AsyncFunctionDef:
    code = function.__code__
    for node in ast.walk(tree):
        if isinstance(node, ast.AsyncFunctionDef) and node.name == function.__name__:
            first = min([node.lineno, *(mark.lineno for mark in node.decorator_list)])
            if first == code.co_firstlineno:
                return node
    raise SpecError(
        f"the source of {function.__qualname__} is not where Python says it is; has the file changed since?",
        code.co_filename,
        code.co_firstlineno,
        advice="A procedure is an `async def` in a file, with no decorator that hides it behind a wrapper.",
    )


def async_methods(cls: type) -> dict[str, tuple[Callable[..., Any], type]]:
    """The ``async def`` methods that an instance of ``cls`` has, by name: the function and its defining class.

    Raises SpecError if they are not those of the class body any more.
    """
    unchanged(cls)
    found: dict[str, tuple[Callable[..., Any], type]] = {}
    for base in reversed(cls.__mro__):
        for name, value in vars(base).items():
            if isinstance(value, types.FunctionType):
                if inspect.iscoroutinefunction(value) or inspect.isasyncgenfunction(value):
                    found[name] = (value, base)
                else:
                    found.pop(name, None)
    return found
