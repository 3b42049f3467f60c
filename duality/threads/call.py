"""A call, among threads: a procedure call, under the monitor lock where the procedure is an entry.

Dual of ``events/call.py``. Lauer & Needham: a procedure call, and the monitor lock | SendMessage, AwaitReply.
"""

from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any

from duality.compiler.exact import exact


def direct(runtime: Any, procedure: Callable[..., Any]) -> Callable[..., Any]:
    """An external procedure: the call is Python's own."""
    return procedure


def entry(runtime: Any, procedure: Callable[..., Any]) -> Callable[..., Any]:
    """An ENTRY procedure: take the monitor lock, run, give it back."""
    scheduler, block = runtime.scheduler, runtime.block

    def locked(monitor: Any, /, *args: Any, **named: Any) -> Any:
        gate = monitor._duality_gate
        if gate.holder is None:
            gate.holder = scheduler.current
        else:
            block(gate.enter(scheduler.current))
        try:
            return procedure(monitor, *args, **named)
        finally:
            if gate.queue:
                gate.release()
            else:
                gate.holder = None

    return exact(locked, procedure)


def queued(runtime: Any, procedure: Callable[..., Any]) -> Callable[..., Any]:
    """A call that yields before it and after it, as a message and its reply through queues would."""
    scheduler, ready, rest = runtime.scheduler, runtime.ready, runtime.rest

    def yielding(monitor: Any, /, *args: Any, **named: Any) -> Any:
        task = scheduler.current
        task.give_way()  # raises a cancellation that waits for a rest
        rest()
        try:
            value, error = procedure(monitor, *args, **named), None
        except BaseException as failure:
            value, error = None, failure
        ready.append((task, value, error))
        if error is None:
            return rest()
        context = error.__context__
        try:
            return rest()
        finally:
            error.__context__ = context  # the raise in `rest` is no part of its story

    return yielding


def entering(frame: FrameType) -> Any:
    """The ENTRY procedure that ``frame`` takes the lock for, or None if it is another frame."""
    here = frame.f_code
    taken = here.co_name == _LOCKED.co_name and here.co_filename == _LOCKED.co_filename
    return frame.f_locals["procedure"] if taken else None


_LOCKED = next(code for code in entry.__code__.co_consts if isinstance(code, CodeType) and code.co_name == "locked")
