"""Find the source of a procedure and resolve the names it uses.

    before   a function object, made by Python from the spec's file
    after    a Procedure: its tree with the file's own line numbers, its names bound to what they mean

Rule: this file looks at source and at objects; it judges nothing (``refuse.py`` does) and changes nothing.
"""

import ast
import builtins
import inspect
import types
import typing
from collections.abc import Callable
from functools import partial
from typing import Any

from attrs import field, frozen

from duality.compiler.kept import kept
from duality.compiler.replies import mark
from duality.compiler.source import Source, source_of
from duality.errors import SpecError
from duality.spec.body import unchanged
from duality.spec.marks import is_async, kind_of
from duality.spec.once import once


class _Missing:
    def __repr__(self) -> str:
        return "<not bound yet>"


MISSING = _Missing()


@frozen(eq=False)
class Standpoint:
    """Where a procedure stands, and what names mean from there. ``first``: what it calls its own module."""

    function: Callable[..., Any]
    owner: type | None
    first: str | None

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

    def hints(self, holder: Any) -> dict[str, Any]:
        """What the annotations of a class or a function mean now."""
        try:
            return typing.get_type_hints(holder)
        except Exception:  # an annotation that means nothing at run time: then we do not know, which is no error
            hints = getattr(holder, "__annotations__", {})
            return {name: hint for name, hint in hints.items() if isinstance(hint, type)}


@frozen(eq=False)
class Procedure(Standpoint):
    """One ``async def`` of a spec. ``kind``: entry, procedure or internal; ``owner``: its module's class, or None.

    ``wanted``: every name that somebody has looked up, be it one of the spec's or one that the compiler made up.
    """

    tree: ast.AsyncFunctionDef
    within: Source
    kind: str = field(init=False)
    wanted: set[str] = field(init=False, factory=set)

    @kind.default
    def _kind(self) -> str:
        return kind_of(self.function)

    def lookup(self, name: str) -> Any:
        """What a name that is not local means now, see ``Standpoint``."""
        self.wanted.add(name)
        return Standpoint.lookup(self, name)

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
        return self.within.lines

    @property
    def text(self) -> str:
        """The procedure's own source: its decorators to its last line."""
        start = min([self.tree.lineno, *(mark.lineno for mark in self.tree.decorator_list)])
        return "\n".join(self.lines[start - 1 : self.tree.end_lineno])

    def refuse(self, message: str, node: ast.AST, advice: str) -> SpecError:
        """The error for a construct that stands at ``node``."""
        placed = (one.lineno for one in ast.walk(node) if isinstance(one, ast.stmt | ast.expr | ast.pattern))
        number = next(placed, self.first_line)  # a `case` has no line of its own, its pattern has
        return SpecError(message, self.file, number, self.line(number), advice)


def read(function: Callable[..., Any], owner: type | None = None) -> Procedure:
    """Read the source of ``function``. Raises SpecError if there is none or it cannot be told from a neighbour."""
    return kept(function, (read, owner), lambda: _read(function, owner))


def _read(function: Callable[..., Any], owner: type | None) -> Procedure:
    source = source_of(function)
    tree = source.definition(function)
    if tree is None:
        code: types.CodeType = function.__code__
        raise SpecError(
            f"the source of {function.__qualname__} is not where Python says it is; has the file changed since?",
            code.co_filename,
            code.co_firstlineno,
            advice="A procedure is an `async def` in a file, with no decorator that hides it behind a wrapper.",
        )
    arguments = [*tree.args.posonlyargs, *tree.args.args]
    procedure = Procedure(function, owner, arguments[0].arg if arguments else None, tree, source)
    mark(procedure)
    return procedure


def async_methods(cls: type) -> dict[str, tuple[Callable[..., Any], type]]:
    """The ``async def`` methods that an instance of ``cls`` has, by name: the function and its defining class.

    Raises SpecError if they are not those of the class body any more.
    """
    return once(cls, async_methods, partial(_async_methods, cls))


def _async_methods(cls: type) -> dict[str, tuple[Callable[..., Any], type]]:
    unchanged(cls)
    found: dict[str, tuple[Callable[..., Any], type]] = {}
    for base in reversed(cls.__mro__):
        for name, value in vars(base).items():
            if isinstance(value, types.FunctionType):
                if is_async(value):
                    found[name] = (value, base)
                else:
                    found.pop(name, None)
    return found
