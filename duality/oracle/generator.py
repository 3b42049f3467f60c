"""An asynchronous generator, for the oracle: CPython's own; in a traced run, inside one that tells of it.

Beside ``events/generator.py`` and ``threads/generator.py``.
"""

import sys
from collections.abc import AsyncGenerator, Callable
from typing import Any

from duality.core.dropped import drop
from duality.core.protocols import raisable


class Generator:
    """Tells the recorder where ``frame``, CPython's generator, begins, gives a value and ends."""

    def __init__(self, frame: AsyncGenerator[Any, Any], tracer: Any, points: Any) -> None:
        self.frame: Any = frame
        self.tracer = tracer
        self.points = points
        self.walk: Any = None
        self.begun = self.over = False

    def __aiter__(self) -> "Generator":
        return self

    def __anext__(self) -> Any:
        """The next value. Raises StopAsyncIteration at its end."""
        self.tracer.at(sys._getframe(1))
        return self.step(self.frame.__anext__)

    def asend(self, value: Any, /) -> Any:
        """The next value; the ``yield`` that gave the last one has ``value``."""
        self.tracer.at(sys._getframe(1))
        return self.step(self.frame.asend, value)

    def athrow(self, error: Any, value: Any = None, trace: Any = None, /) -> Any:
        """The next value; the ``yield`` that gave the last one raises ``error``."""
        self.tracer.at(sys._getframe(1))
        raised = raisable(error, value, trace)
        return self.step(self.frame.athrow, raised)

    def aclose(self) -> Any:
        """End it: GeneratorExit is raised where it stands, so that its ``finally`` blocks run."""
        self.tracer.at(sys._getframe(1))
        return self._closing()

    async def _closing(self) -> None:
        if self.over or not (self.begun or self.frame.ag_running):
            self.over = not self.frame.ag_running
            await self.frame.aclose()
            return
        try:
            await self.step(self.frame.athrow if not self.frame.ag_running else self.frame.aclose, GeneratorExit())
        except (GeneratorExit, StopAsyncIteration):
            return
        raise RuntimeError("async generator ignored GeneratorExit")

    async def step(self, resume: Callable[..., Any], *what: Any) -> Any:
        """Await its next value."""
        if self.over or self.frame.ag_running or (not self.begun and what and what != (None,)):
            if not self.frame.ag_running:
                self.over = self.over or isinstance(what[0] if what else None, BaseException)
            return await resume(*what[: 0 if resume == self.frame.aclose else None])
        recorder, task = self.tracer.recorder, self.tracer.runtime.scheduler.current
        depth, self.begun = recorder.depth(task), True
        recorder.resume(task, self.points, self.walk)
        try:
            given = await resume(*what)
        except StopAsyncIteration:
            self.over = True
            recorder.end(task)
            raise
        except BaseException:
            self.over = True
            recorder.unwind(task, depth)
            raise
        recorder.at(task, self.tracer.runtime.node_at(self.frame.ag_frame))
        self.walk = recorder.suspend(task)
        return given


def making(runtime: Any, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function that makes a generator: the spec's own."""
    tracer = runtime.tracer
    if tracer is None:
        return function
    points = runtime.points_of(function)

    def made(*args: Any, **named: Any) -> Generator:
        return Generator(function(*args, **named), tracer, points)

    made.__name__, made.__qualname__ = function.__name__, function.__qualname__
    return made


def within(frame: Any) -> Any:
    """The generator of CPython's that the coroutine of ``frame`` awaits a value of, if it does."""
    return frame.f_locals["self"].frame if frame.f_code is Generator.step.__code__ else None


def dropping(runtime: Any) -> Callable[[Any], None]:
    """Make what CPython calls when a generator of this run is dropped before its end."""

    def dropped(frame: Any) -> None:
        def end(nobody: Any) -> None:
            try:
                frame.aclose().send(None)
            except StopIteration:
                return
            nobody.deliver()

        drop(end, runtime)

    return dropped
