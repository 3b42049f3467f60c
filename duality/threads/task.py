"""A task among threads: a stack of its own, on a greenlet.

Dual of ``events/task.py``. Lauer & Needham: a thread has a stack | what a process must remember is in its messages.
"""

import sys
from collections.abc import Callable
from typing import Any

from greenlet import getcurrent, greenlet

from duality.core import task as core
from duality.threads.call import entering
from duality.threads.protocols import role


class Task(core.Task):
    """``switch`` goes on with the task, wherever it is called from; ``greenlet`` is its stack once it has begun."""

    __slots__ = ("args", "call", "greenlet", "named", "runtime", "switch")

    def __init__(
        self, runtime: Any, name: str, call: Callable[..., Any], args: tuple[Any, ...], named: dict[str, Any]
    ) -> None:
        super().__init__(name, runtime.ready)
        self.runtime = runtime
        self.call = call
        self.args = args
        self.named = named
        self.greenlet: greenlet | None = None
        self.switch: Callable[[Any], Any] = runtime.start

    def begin(self) -> Any:
        """Call the procedure. Few arguments are written out: a call through ``*args`` would leave a C frame below the
        thread's whole stack, to be copied at every switch. And they are handed over, not kept: the procedure may drop
        them."""
        if self.named or len(self.args) > 2:
            return self.call(*self.args, **self.named)
        args = [*self.args]
        self.args = ()
        if not args:
            return self.call()
        return self.call(args.pop()) if len(args) == 1 else self.call(args.pop(0), args.pop())

    def take_over(self, stack: greenlet) -> None:
        """Go on with another stack: of a procedure that may reply, of its caller, or that one has left."""
        self.greenlet, self.switch = stack, stack.switch

    def standing(self) -> Any:
        """The node of the graph where it rests, from where its parked stack stands; None if unknown."""
        if self.greenlet is None:
            return None
        # A thread that rests chooses the next one itself, on its own stack: then that stack is the current one.
        frame = sys._getframe() if self.greenlet is getcurrent() else self.greenlet.gr_frame
        called = None
        while frame is not None:
            procedure = entering(frame)
            node = procedure.points.enter if procedure is not None else self.runtime.node_at(frame, role(called))
            if node is not None:
                return node
            called, frame = frame, frame.f_back
        return None
