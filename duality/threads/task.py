"""A task among threads: a stack of its own, on a greenlet.

Dual of ``events/task.py``. Lauer & Needham: a thread has a stack | what a process must remember is in its messages.
"""

import sys
from collections.abc import Callable
from typing import Any

from greenlet import GreenletExit, getcurrent, greenlet

from duality.core import task as core
from duality.threads.call import entering
from duality.threads.protocols import role


class Task(core.Task):
    """``switch`` goes on with the task, wherever it is called from; ``greenlet`` is its stack once it has begun.

    ``args``: what ``call`` is called with, the last first; whoever begins it takes them from the end.
    """

    __slots__ = ("args", "call", "greenlet", "named", "runtime", "switch")

    def __init__(
        self, runtime: Any, name: str, call: Callable[..., Any], args: tuple[Any, ...], named: dict[str, Any]
    ) -> None:
        super().__init__(name, runtime.ready)
        self.runtime = runtime
        self.call = call
        self.args = [*reversed(args)]
        self.named = named
        self.greenlet: greenlet | None = None
        self.switch: Callable[[Any], Any] = runtime.start

    def begin(self) -> Any:
        """The current stack is the task's from now on. Returns the runtime."""
        self.take_over(getcurrent())
        self.runtime.scheduler.current = self
        return self.runtime

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


def work(entry: Any) -> Any:
    """The outermost procedure of every stack: run the thread of ``entry`` to its end, lie idle, run another."""
    # What is below a thread weighs at each of its switches: a C frame (of a bound method, of a call through `*args`) is
    # copied, a Python frame visited by greenlet. So this is a plain function that calls the thread's procedure itself,
    # with few arguments written out. They are handed over, not kept: the procedure may drop them.
    while True:
        task = entry[0]
        runtime, value, failure = task.begin(), None, None
        try:
            if entry[2] is not None:
                raise entry[2]
            take = task.args.pop
            match None if task.named else len(task.args):
                case 0:
                    value = task.call()
                case 1:
                    value = task.call(take())
                case 2:
                    value = task.call(take(), take())
                case 3:
                    value = task.call(take(), take(), take())
                case 4:
                    value = task.call(take(), take(), take(), take())
                case 5:
                    value = task.call(take(), take(), take(), take(), take())
                case _:
                    value = task.call(*reversed(task.args), **task.named)
        except GreenletExit:
            return None  # the run is over and the stack is being dropped
        except BaseException as error:
            failure = error
        kept = runtime.over(task, value, failure)
        value = failure = task = take = None
        entry = runtime.ready.popleft()
        if not kept:
            return entry  # this stack ends, and the hub goes on with the next entry
        entry = entry[0].switch(entry)
