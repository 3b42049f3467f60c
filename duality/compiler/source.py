"""The files that procedures stand in: each is read, parsed and searched once.

    before   a function that Python has made
    after    the file it comes from: its text, its lines, and the tree of each `async def` in it

Rule: whether a file has changed is asked every time, what is in it only then. A tree is parsed when somebody wants it:
whoever finds what he needs in the cache does not.
"""

import ast
import linecache
from collections.abc import Callable
from functools import cached_property
from hashlib import blake2b
from typing import Any

from attrs import define

from duality.compiler.unwarned import parse
from duality.errors import SpecError

_Place = tuple[str, int]  # the name of a definition, and the line where it begins, its decorators included


@define(slots=False, eq=False)
class Source:
    """The text of a file. ``raw``: its lines, as ``linecache`` has them."""

    name: str
    raw: list[str]

    @cached_property
    def text(self) -> str:
        """All of it."""
        return "".join(self.raw)

    @cached_property
    def lines(self) -> list[str]:
        """Its lines, as Python counts them (``splitlines`` would count form feeds too)."""
        return self.text.split("\n")

    @cached_property
    def digest(self) -> bytes:
        """What tells it from every other text."""
        return blake2b(self.text.encode("utf-8", "surrogatepass")).digest()

    @cached_property
    def _definitions(self) -> dict[_Place, ast.AsyncFunctionDef]:
        found: dict[_Place, ast.AsyncFunctionDef] = {}
        for node in ast.walk(parse(self.text, self.name)):
            if isinstance(node, ast.AsyncFunctionDef):
                first = min([node.lineno, *(mark.lineno for mark in node.decorator_list)])
                found.setdefault((node.name, first), node)
        return found

    def definition(self, function: Callable[..., Any]) -> ast.AsyncFunctionDef | None:
        """The tree of an ``async def``; None if there is none of that name where Python says it is."""
        return self._definitions.get((function.__name__, function.__code__.co_firstlineno))


MOST = 100  # files whose text and trees are kept here; a procedure that was read keeps its own
_sources: dict[str, Source] = {}


def source_of(function: Callable[..., Any]) -> Source:
    """The file of ``function``, as it is now. Raises SpecError if it cannot be read."""
    name = function.__code__.co_filename
    linecache.checkcache(name)  # another file may have had the name before
    raw = linecache.getlines(name, getattr(function, "__globals__", None))
    if not raw:
        raise SpecError(
            f"the source of {function.__qualname__} is not there: {name} cannot be read.",
            name,
            function.__code__.co_firstlineno,
            advice="A spec is compiled from its own source: keep it in a file.",
        )
    known = _sources.get(name)
    if known is None or (known.raw is not raw and known.raw != raw):
        _sources.pop(name, None)
        known = _sources[name] = Source(name, raw)
        while len(_sources) > MOST:
            del _sources[next(iter(_sources))]  # the one that was read longest ago
    return known
