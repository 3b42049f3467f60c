"""What a task at rest keeps, as objects: its coroutine's variables, its records', or its stack's.

Rule: every object that the task could go on with is among them; more may be. Where a side cannot show all (a thread's
operands lie on a stack that CPython shows to nobody), it says so.
"""

import os
import sys
from typing import Any

from greenlet import getcurrent

_HERE = os.path.dirname(os.path.abspath(__file__)) + os.sep
_CORE = os.path.join(os.path.dirname(os.path.dirname(_HERE)), "core") + os.sep


def kept(runtime: Any, task: Any) -> tuple[list[Any], bool]:
    """The objects, and whether they are all. ``task`` rests, or has not begun."""
    found: list[Any] = [entry[1:] for entry in runtime.ready.entries if entry[0] is task]
    found += (getattr(task, name, None) for name in ("call", "args", "named", "coroutine"))
    frame = getattr(task, "frame", None)
    while frame is not None:
        found.append(_slots(frame))
        frame = frame.caller
    stack = getattr(task, "greenlet", None)
    hub = getattr(runtime, "hub", None)
    whole = stack is None
    while stack is not None and stack is not hub:
        found += _stack(stack)
        stack = stack.parent
    return found, whole


def _slots(record: Any) -> tuple[Any, ...]:
    names = (name for base in type(record).__mro__ for name in getattr(base, "__slots__", ()))
    return tuple(getattr(record, name, None) for name in names if name not in ("task", "caller", "next"))


def _stack(stack: Any) -> list[Any]:
    """The variables of all frames on a stack, but for those of the queue that it asks for the next task, and ours.

    What a frame closes over is not its own: an inner procedure's is handed over with it.
    """
    frame = sys._getframe() if stack is getcurrent() else stack.gr_frame
    found: list[Any] = []
    while frame is not None:
        code = frame.f_code
        if not code.co_filename.startswith((_HERE, _CORE)):
            found += (value for name, value in frame.f_locals.items() if name not in code.co_freevars)
        frame = frame.f_back
    return found
