"""An early reply, for the oracle: the coroutine is driven on a stack of its own, which changes hands.

Beside ``events/reply.py`` and ``threads/reply.py``. Rules: the spec's coroutine is not rewritten, and its ``reply(v)``
is no await; so whoever awaits such a coroutine drives it from another stack, passes its rests up and what it is sent
down, until it replies: then the child drives. Stacks begin where the runtime stands, so that none inherits a depth.
"""

import sys
from collections.abc import Callable, Generator
from types import FrameType, coroutine
from typing import Any

from greenlet import getcurrent, greenlet

from duality.core.contexts import hang
from duality.core.engine import ANSWERED


def replying(runtime: Any, kind: str, procedure: Callable[..., Any]) -> Callable[..., Any]:
    """A procedure that may reply: its coroutine does not run on the stack of whoever awaits it."""

    @coroutine
    def beside(*args: Any, **named: Any) -> Generator[Any, Any, Any]:
        gate = args[0]._duality_gate if kind == "entry" else None
        stack = Stack(runtime, procedure(*args, **named), gate)
        yield stack  # the runtime begins it
        return (yield from _driven(stack, None))

    return beside


class Stack(greenlet):
    """The stack on which one coroutine runs. ``driver``, its parent, is whoever drives it now.

    ``child``: the task that goes on with the coroutine, once it has replied.   ``at``: the frame that is replying, from
    the answer until the child's first step.
    """

    def __init__(self, runtime: Any, coroutine: Any, gate: Any) -> None:
        super().__init__()
        self.gr_context = runtime.context
        self.coroutine = coroutine
        self.gate = gate
        self.driver: Any = None
        self.child: Any = None
        self.at: FrameType | None = None
        self.depth = getattr(getcurrent(), "depth", 0) + 1
        if self.depth > sys.getrecursionlimit():  # each stack is shallow, so CPython would never say so
            coroutine.close()
            raise RecursionError("maximum recursion depth exceeded")

    def begin(self) -> None:
        """Start, and wait to be driven."""
        self.drive(None)

    def drive(self, sent: Any) -> Any:
        """Go on with what is ``sent``; gives what the coroutine comes to. Raises what it raises."""
        self.parent = self.driver = getcurrent()
        return self.switch(sent)

    def run(self, sent: Any) -> Any:
        """Send the coroutine what the driver is sent; give the driver what the coroutine gives."""
        sent = self.driver.switch()
        while True:
            go_on = self.coroutine.throw if isinstance(sent, BaseException) else self.coroutine.send
            try:
                rested = go_on(sent)
            except StopIteration as stop:
                return stop.value
            sent = self.driver.switch(rested)


@coroutine
def _driven(stack: Stack, sent: Any) -> Generator[Any, Any, Any]:
    """Drive the coroutine of ``stack``, as the task that awaits this; gives what it replies or returns."""
    handled = sys.exception()
    while True:
        try:
            given = stack.drive(sent)
        except BaseException as error:
            hang(error, handled)
            raise
        if stack.dead or stack.at is not None:
            return given
        try:
            sent = yield given
        except BaseException as error:
            sent = error


@coroutine
def _left(stack: Stack) -> Generator[Any, Any, None]:
    """What the child has to do: the rest of the coroutine, whose value nobody gets."""
    sent = yield
    yield from _driven(stack, sent)


def driving(awaited: Any) -> Any:
    """The stack that ``awaited`` drives, or None if it is another thing."""
    frame = getattr(awaited, "gi_frame", None)
    return frame.f_locals["stack"] if frame is not None and frame.f_code in _DRIVERS else None


_DRIVERS = (_driven.__code__, _left.__code__)


def answering(runtime: Any) -> Callable[..., Any]:
    """The verb ``reply``: hand the answer to whoever drives, and come back when the child does."""

    def reply(value: Any, at: FrameType, /) -> None:
        stack: Any = getcurrent()
        if stack.child is not None:
            raise RuntimeError(ANSWERED)
        child = stack.child = runtime.split()
        left = _left(stack)
        left.send(None)
        child.take_over(left)
        if stack.gate is not None:
            stack.gate.hand_to(child)
        stack.at, stack.depth = at, 0
        sent = stack.driver.switch(value)
        stack.at = None
        error = sent if isinstance(sent, BaseException) else sent[1]
        if error is not None:
            raise error

    return reply
