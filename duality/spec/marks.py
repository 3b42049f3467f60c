"""``@entry`` and ``@procedure``: what a method of a module is to its callers.

Rule: a mark changes nothing about the function; the compiler and the oracle both read it from there.
"""

import inspect
import linecache
import sys
from collections.abc import Callable, Coroutine
from types import CodeType, FunctionType
from typing import Any, ParamSpec, TypeVar

from duality.errors import SpecError

P = ParamSpec("P")
R = TypeVar("R")
MARK = "__duality__"
_ASYNC = inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR
NO_WRAPPER = (
    "A decorator of a procedure may only annotate it and return the function itself. "
    "Do what the wrapper does in the body, or in a procedure that awaits this one."
)


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
    hidden = getattr(method, "__wrapped__", None)
    if hidden is not None:
        raise refusal(
            f"@{kind} on {named(method)}, which a decorator hides behind a wrapper.",
            inspect.unwrap(method),
            NO_WRAPPER,
        )
    if inspect.isasyncgenfunction(method):
        raise refusal(
            f"@{kind} on {named(method)}, which has a `yield` (an async generator): a procedure gives one value.",
            method,
            f"Leave @{kind} away: a generator runs as a part of whoever asks for its values. Or return a list.",
        )
    if not inspect.iscoroutinefunction(method):
        what = "a lambda" if getattr(method, "__name__", "") == "<lambda>" else f"{named(method)}"
        raise refusal(
            f"@{kind} on {what}, which is not an `async def`.",
            method,
            "Write `async def`: a procedure may block, and `await` marks where.",
        )
    setattr(method, MARK, kind)
    return method


def is_async(value: Any) -> bool:
    """Whether a value is an ``async def`` function; one with a ``yield`` is one, too."""
    if isinstance(value, FunctionType):  # asked in every run, of everything in a class: its code nearly always says it
        if value.__code__.co_flags & _ASYNC:
            return True
        if not value.__dict__:
            return False
    return callable(value) and (inspect.iscoroutinefunction(value) or inspect.isasyncgenfunction(value))


def named(function: Any) -> str:
    """``Buffer.put``; what encloses a class that is defined in a function is left out."""
    return str(getattr(function, "__qualname__", function)).rpartition("<locals>.")[2]


def refusal(message: str, function: Any, advice: str) -> SpecError:
    """The error about ``function``, where it stands; where it has no place, at the line of the spec that names it."""
    code = getattr(function, "__code__", None)
    if isinstance(code, CodeType):
        file, line = code.co_filename, code.co_firstlineno
    else:
        frame = sys._getframe(1)
        while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("duality."):
            frame = frame.f_back
        file, line = frame.f_code.co_filename, frame.f_lineno
    return SpecError(message, file, line, linecache.getline(file, line) or None, advice)


def kind_of(function: Any) -> str:
    """``entry``, ``procedure``, or ``internal`` for an ``async def`` that bears no mark."""
    return getattr(function, MARK, "internal")
