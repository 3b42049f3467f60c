"""What ``async for`` and ``async with`` ask of an object, and what CPython says where it has not got it.

Rule: the methods are looked up on the class, both of a manager's before the first is called. A method of the protocol
must be a procedure that the run has made, or an asynchronous generator's.
Source: language reference, 3.4.3 to 3.4.4; CPython's ceval.c (``GET_AITER``, ``GET_ANEXT``, ``BEFORE_ASYNC_WITH``).
"""

import inspect
import sys
from collections.abc import Callable
from typing import Any

_NO_MANAGER = "object does not support the asynchronous context manager protocol"


def iterator(items: Any) -> Any:
    """What ``__aiter__`` of ``items`` gives. Raises TypeError if one of the two is no part of the protocol."""
    kind = type(items)
    if not hasattr(kind, "__aiter__"):
        raise TypeError(f"'async for' requires an object with __aiter__ method, got {kind.__name__}")
    found = kind.__aiter__(items)
    method = getattr(type(found), "__anext__", None)
    if method is None:
        name = type(found).__name__
        raise TypeError(f"'async for' received an object from __aiter__ that does not implement __anext__: {name}")
    return found if is_iterator(found) else Plain(found)


class Plain:
    """An iterator whose ``__anext__`` is no procedure."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def __anext__(self, *sender: Any) -> Any:
        """Raises the TypeError that CPython raises for what is then awaited."""
        given = type(self.inner).__anext__(self.inner)
        told = f"'async for' received an invalid object from __anext__: {type(given).__name__}"
        if inspect.isawaitable(given):  # but by no run of ours
            raise TypeError(told)
        try:
            _awaiting(given).send(None)
        except TypeError as cause:
            raise TypeError(told) from cause.with_traceback(None)


async def _awaiting(given: Any) -> None:
    await given


def asynchronous(manager: Any) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """The methods that enter and leave ``manager``. Raises TypeError if it has none."""
    return _method(manager, "__aenter__", ""), _method(manager, "__aexit__", " (missed __aexit__ method)")


def _method(manager: Any, name: str, missed: str) -> Callable[..., Any]:
    kind = type(manager)
    found = getattr(kind, name, None)
    if found is None:
        raise TypeError(f"{kind.__name__!r} {_NO_MANAGER}{missed}")
    if hasattr(found, "is_procedure"):
        return found.__get__(manager, kind)  # type: ignore[no-any-return]

    def refused(*given: Any) -> Any:
        told = type(found(manager, *given[-3:] if name == "__aexit__" else ())).__name__
        raise TypeError(f"'async with' received an object from {name} that does not implement __await__: {told}")

    return refused


def is_iterator(items: Any) -> bool:
    """Whether ``items`` can be asked for the next one by a procedure of the run."""
    return hasattr(getattr(type(items), "__anext__", None), "is_procedure")


def asynchronous_iterator(items: Any) -> Any:
    """``items`` itself. Raises TypeError if there is no asking it for the next one."""
    if not is_iterator(items):
        raise TypeError(f"'{type(items).__name__}' object is not an async iterator")
    return items


def raisable(error: Any, value: Any, trace: Any) -> BaseException:
    """The exception that the arguments of ``athrow`` mean: one, or a class and what it is called with."""
    if isinstance(error, type) and issubclass(error, BaseException):
        made: Any = value if isinstance(value, error) else error(*([] if value is None else [value]))
    else:
        made = error
    if not isinstance(made, BaseException):
        kind = type(error).__name__
        raise TypeError(f"exceptions must be classes or instances deriving from BaseException, not {kind}")
    return made.with_traceback(trace) if trace is not None else made


def thrown_before(error: BaseException) -> Any:
    """Raise what is thrown into a generator that has not begun: until Python 3.11 as if its own code had raised it.

    Since then CPython lets it pass as it is; a StopIteration ends the very ``await``, which gives its value.
    """
    context = error.__context__
    try:
        raise error
    except (StopIteration, StopAsyncIteration):
        if sys.version_info >= (3, 12):
            if isinstance(error, StopIteration):
                return error.value
            raise
        raise RuntimeError(f"async generator raised {type(error).__name__}") from error
    finally:
        error.__context__ = context  # whatever is being handled around: it is thrown, not raised
