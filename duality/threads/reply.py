"""An early reply, among threads: the procedure has had a stack of its own, and keeps it.

Dual of ``events/reply.py``. Rules: what is left of a procedure must not lie on top of its caller's stack, so one that
may reply begins on another; that is started from the hub, as every stack is. Its parent is the caller's, where a value
or an error of it arrives by itself, until it has replied; from then on the hub's.
Lauer & Needham: FORK of what is left, then RETURN | SendReply before the handler chain ends.
"""

import functools
import sys
from collections.abc import Callable
from typing import Any

from greenlet import GreenletExit, getcurrent, greenlet

from duality.core.contexts import hang
from duality.core.engine import ANSWERED


def replying(runtime: Any, kind: str, procedure: Callable[..., Any]) -> Callable[..., Any]:
    """A procedure that may reply: the caller's stack waits beside it."""
    scheduler = runtime.scheduler

    def beside(*args: Any, **named: Any) -> Any:
        task, mine, handled = scheduler.current, getcurrent(), sys.exception()
        gate = args[0]._duality_gate if kind == "entry" else None
        task.take_over(Stack(runtime, functools.partial(procedure, *args, **named), gate))
        try:
            return runtime.hub.switch((task.greenlet, None, None))
        except BaseException as error:
            hang(error, handled)
            raise
        finally:
            task.take_over(mine)

    return beside


class Stack(greenlet):
    """The stack of one procedure. ``child``: the task that goes on with it, once it has replied."""

    def __init__(self, runtime: Any, call: Callable[[], Any], gate: Any) -> None:
        super().__init__()
        self.gr_context = runtime.context
        self.runtime = runtime
        self.call: Callable[[], Any] | None = call
        self.gate = gate
        self.child: Any = None
        self.depth = getattr(self.parent, "depth", 0) + 1
        if self.depth > sys.getrecursionlimit():  # each stack is shallow, so CPython would never say so
            raise RecursionError("maximum recursion depth exceeded")

    def run(self, entry: Any) -> Any:
        """Run the procedure. Its caller gets the value; the hub, if the caller has been answered, the next entry."""
        call, self.call = self.call, None
        value = failure = None
        try:
            value = call()  # type: ignore[misc]
        except GreenletExit:
            return None  # the run is over and the stack is being dropped
        except BaseException as error:
            if self.child is None:
                raise
            failure = error
        if self.child is None:
            return value
        self.child.greenlet = self.child.switch = None
        self.runtime.ended(self.child, None, failure)
        return self.runtime.ready.popleft()


def answering(runtime: Any) -> Callable[..., Any]:
    """The verb ``reply``: switch to the caller, and come back as a task of one's own."""
    scheduler = runtime.scheduler

    def reply(value: Any, /) -> None:
        stack: Any = getcurrent()
        if stack.child is not None:
            raise RuntimeError(ANSWERED)
        child = stack.child = runtime.split()
        child.take_over(stack)
        if stack.gate is not None:
            stack.gate.hand_to(child)
        caller, stack.parent, stack.depth = stack.parent, runtime.hub, 0
        _, _, error = caller.switch(value)
        scheduler.current = child
        if error is not None:
            raise error

    return reply
