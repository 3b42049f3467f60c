"""The asynchronous protocols, among events: ``__anext__``, ``__aenter__`` and ``__aexit__`` are messages like others.

Dual of ``threads/protocols.py``. Rule: methods are looked up on the class, as CPython does; what is no procedure of the
spec is a TypeError with CPython's own words. That an iterator is used up is a value, DONE: a handler that asks for the
next item may be resumed long after, and finds it as an answer.
"""

from collections.abc import Callable
from typing import Any

from duality.core.contract import PENDING
from duality.core.protocols import asynchronous, asynchronous_iterator, iterator
from duality.events.generator import DONE, Generator
from duality.events.record import Record


def each(items: Any) -> Any:
    """The iterator of an ``async for``. Raises TypeError if ``items`` has none."""
    return iterator(items)


def hold(manager: Any) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """The messages that enter and leave an asynchronous manager. Raises TypeError if it is none."""
    return asynchronous(manager)


def following(relay: type[Record]) -> Callable[..., Any]:
    """Make the message that asks an iterator for its next item; DONE if there is none.

    relay: the class of the record between the iterator and whoever asks.
    """

    def asked(task: Any, items: Any) -> Any:
        kind = type(items)
        if issubclass(kind, Generator):
            return items.step("anext", task, None, None)
        try:
            answer = kind.__anext__(items, task)
        except StopAsyncIteration:
            return DONE
        if answer is PENDING:
            relay(task, _answered, ())
        return answer

    return asked


def _answered(frame: Record, value: Any, error: BaseException | None) -> Any:
    if isinstance(error, StopAsyncIteration):
        return frame.reply(DONE)
    if error is not None:
        raise error
    return frame.reply(value)


def asking(relay: type[Record]) -> Callable[..., Any]:
    """Make the built-in ``anext``: a message like ``__anext__``, or a default at the end."""

    def anext(task: Any, items: Any, /, *default: Any) -> Any:
        try:
            answer = type(asynchronous_iterator(items)).__anext__(items, task)
        except StopAsyncIteration:
            if not default:
                raise
            return default[0]
        if answer is PENDING and default:
            relay(task, _by_default, default)
        return answer

    return anext


def _by_default(frame: Record, value: Any, error: BaseException | None) -> Any:
    if error is not None and not isinstance(error, StopAsyncIteration):
        raise error
    return frame.reply(value if error is None else frame.alive[0])
