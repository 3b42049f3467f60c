"""The asynchronous protocols, among threads: ``__anext__``, ``__aenter__`` and ``__aexit__`` are calls like others.

Dual of ``events/protocols.py``. Rule: the erased program has Python's plain statements, which ask for plain methods;
these are put before what the spec goes through and enters, and call the spec's own.
"""

from collections.abc import Callable
from types import FrameType
from typing import Any

from duality.core.protocols import asynchronous, asynchronous_iterator, iterator


class Each:
    """What a ``for`` goes through."""

    __slots__ = ("iterator",)

    def __init__(self, items: Any) -> None:
        self.iterator = iterator(items)

    def __iter__(self) -> "Each":
        return self

    def __next__(self) -> Any:
        try:
            return type(self.iterator).__anext__(self.iterator)
        except StopAsyncIteration:
            pass
        raise StopIteration  # out here, where that StopAsyncIteration is no context of it


class Hold:
    """What a ``with`` enters."""

    __slots__ = ("enter", "leave")

    def __init__(self, manager: Any) -> None:
        self.enter, self.leave = asynchronous(manager)

    def __enter__(self) -> Any:
        return self.enter()

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> Any:
        return self.leave(kind, error, trace)


def each(items: Any) -> Each:
    """What an ``async for`` goes through. Raises TypeError if ``items`` is nothing to go through."""
    return Each(items)


def hold(manager: Any) -> Hold:
    """What an ``async with`` enters. Raises TypeError if ``manager`` is none."""
    return Hold(manager)


def asking() -> Callable[..., Any]:
    """Make the built-in ``anext``: a call like ``__anext__``, or a default at the end."""

    def anext(items: Any, /, *default: Any) -> Any:
        try:
            return type(asynchronous_iterator(items)).__anext__(items)
        except StopAsyncIteration:
            if not default:
                raise
            return default[0]

    return anext


_ROLES = {"__next__": "turns", "__enter__": "enters", "__exit__": "exits"}


def role(called: FrameType | None) -> str:
    """Which table of a ``Standing`` the point is in from where ``called`` was called: it stands at no call of the spec
    if that is one of the methods above."""
    found = _ROLES.get(called.f_code.co_name) if called is not None else None
    if found is None or called is None:  # most frames: looking into one makes a dictionary of it
        return "calls"
    return found if isinstance(called.f_locals.get("self"), Each | Hold) else "calls"
