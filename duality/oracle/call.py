"""A call, for the oracle: a coroutine that awaits another, the module held where the procedure is an entry.

Beside ``events/call.py`` and ``threads/call.py``.
"""

from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any


def direct(runtime: Any, procedure: Callable[..., Any]) -> Callable[..., Any]:
    """A procedure that holds nothing: the coroutine function itself."""
    return procedure


def entry(runtime: Any, procedure: Callable[..., Any]) -> Callable[..., Any]:
    """An entry: hold the module from acceptance to return."""
    scheduler, rest = runtime.scheduler, runtime.rest

    async def holding(module: Any, procedure: Any, called: Any) -> Any:
        gate, task = module._duality_gate, scheduler.current
        try:
            if gate.holder is None:
                gate.holder = task
            else:
                gate.enter(task)
                await rest()
        except BaseException:
            called.close()
            raise
        try:
            return await called
        finally:
            gate.release()

    def entered(module: Any, /, *args: Any, **named: Any) -> Any:
        # Wrong arguments are the caller's error, and known before anybody waits.
        return holding(module, procedure, procedure(module, *args, **named))

    return entered


def queued(runtime: Any, procedure: Callable[..., Any]) -> Callable[..., Any]:
    """A call that rests before it and after it."""
    scheduler, ready, rest = runtime.scheduler, runtime.ready, runtime.rest

    async def resting(module: Any, /, *args: Any, **named: Any) -> Any:
        task = scheduler.current
        task.give_way()  # raises a cancellation that waits for a rest
        await rest()
        try:
            value, error = await procedure(module, *args, **named), None
        except BaseException as failure:
            value, error = None, failure
        ready.append((task, (value, error), None))
        value, error = await rest()
        if error is None:
            return value
        context = error.__context__
        try:
            raise error
        finally:
            error.__context__ = context  # raising it again is no part of its story

    return resting


def entering(frame: FrameType) -> Any:
    """The entry that ``frame`` wants its module for, or None if it is another frame."""
    return frame.f_locals["procedure"] if frame.f_code is _HOLDING else None


_HOLDING = next(code for code in entry.__code__.co_consts if isinstance(code, CodeType) and code.co_name == "holding")
