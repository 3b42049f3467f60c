"""``@entry`` and ``@procedure``: what a method of a module is to its callers.

Rule: a mark changes nothing about the function; the compiler and the oracle both read it from there.
"""

import inspect
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, TypeVar

from duality.errors import SpecError

P = ParamSpec("P")
R = TypeVar("R")
MARK = "__duality__"


def entry(method: Callable[P, Coroutine[Any, Any, R]]) -> Callable[P, Coroutine[Any, Any, R]]:
    """A procedure that holds its module from acceptance to return; callers that find it held queue, first in first out.

    Source: Lauer & Needham 1978, section 2: ENTRY procedure of a monitor | port accepted only while the stage is idle.
    Raises SpecError if ``method`` is not an ``async def``.
    """
    return _marked(method, "entry")


def procedure(method: Callable[P, Coroutine[Any, Any, R]]) -> Callable[P, Coroutine[Any, Any, R]]:
    """A procedure that is accepted at any time and takes no lock.

    Source: Lauer & Needham 1978, section 2: external procedure | port accepted at any time.
    Raises SpecError if ``method`` is not an ``async def``.
    """
    return _marked(method, "procedure")


def _marked(method: Callable[P, Coroutine[Any, Any, R]], kind: str) -> Callable[P, Coroutine[Any, Any, R]]:
    if not inspect.iscoroutinefunction(method):
        code = getattr(method, "__code__", None)
        raise SpecError(
            f"@{kind} on {getattr(method, '__qualname__', method)!s}, which is not an `async def`.",
            code.co_filename if code else None,
            code.co_firstlineno if code else None,
            advice="Write `async def`: a procedure may block, and `await` marks where.",
        )
    setattr(method, MARK, kind)
    return method


def kind_of(function: Any) -> str:
    """``entry``, ``procedure``, or ``internal`` for an ``async def`` that bears no mark."""
    return getattr(function, MARK, "internal")
