"""Tracing, for the oracle: where the coroutine stands says which node it is at.

Beside ``events/trace.py`` and ``threads/trace.py``.
"""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from duality.core.told import BLOCKING
from duality.oracle.io import Facade
from duality.oracle.verbs import Scope


class Tracer:
    """Tells the recorder of every node that a task passes."""

    def __init__(self, runtime: Any) -> None:
        self.runtime = runtime
        self.recorder = recorder = runtime.recorder
        recorder.standing = lambda task: task.standing(surely=True)
        verbs = runtime.verbs
        for name in ("sleep", "join", "yield_now"):
            setattr(verbs, name, self.told(getattr(verbs, name), 2))  # the spec's verb stands in between
        verbs.reply = self.told(verbs.reply, 3)  # and so does the runtime
        verbs.net, verbs.disk = _Told(verbs.net, self, 2), _Told(verbs.disk, self, 2)
        verbs.scope = self._scope
        told = {"__slots__": (), "wait": self.told(runtime.condition.wait)}
        runtime.condition = type("Condition", (runtime.condition,), told)

    def moves(self) -> int:
        """How many times another coroutine went on."""
        return int(self.recorder.switches)

    def close(self) -> None:
        """The run is over."""

    def beginning(self, function: Callable[..., Any], points: Any) -> Callable[..., Any]:
        """A procedure that tells of its begin and its end."""
        recorder, scheduler = self.recorder, self.runtime.scheduler

        async def begun(*args: Any, **named: Any) -> Any:
            task = scheduler.current
            depth = recorder.depth(task)
            recorder.begin(task, points)
            try:
                value = await function(*args, **named)
            except BaseException:
                now = scheduler.current  # another task, if the procedure has replied
                recorder.unwind(now, depth if now is task else 0)
                raise
            recorder.end(scheduler.current)
            return value

        return begun

    def told(self, operation: Callable[..., Any], depth: int = 1) -> Callable[..., Any]:
        """An operation, told of before it starts; the spec's frame is at most ``depth`` calls up."""

        def telling(*args: Any, **named: Any) -> Any:
            frame: FrameType | None = sys._getframe(1)
            for _ in range(depth - 1):  # the spec's verb may stand in between, or have been handed round
                if frame is not None and self.runtime.node_at(frame) is None:
                    frame = frame.f_back
            self.at(frame)
            return operation(*args, **named)

        telling.__dict__.update(operation.__dict__ if hasattr(operation, "__dict__") else {})
        telling.__name__, telling.__qualname__ = operation.__name__, operation.__qualname__
        return telling

    def at(self, frame: Any) -> None:
        """The current task is about to await the call that ``frame`` stands at."""
        self.recorder.at(self.runtime.scheduler.current, self.runtime.node_at(frame))

    def object(self, value: Any) -> Any:
        """What a task is given of the I/O core: one that tells."""
        return _Told(value, self, 1) if isinstance(value, Facade) else value

    def _scope(self) -> Scope:
        made = _Scope(self.runtime.scheduler.current, self.runtime.fork)
        made.block = self.runtime.block
        made.tracer = self
        return made


class _Told:
    """Stands for a facade; its operations are told of before they start."""

    def __init__(self, facade: Facade, tracer: Tracer, depth: int) -> None:
        self._facade = facade
        self._tracer = tracer
        self._depth = depth

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._facade, name)
        return self._tracer.told(self._after(value), self._depth) if name in BLOCKING else value

    def _after(self, operation: Callable[..., Any]) -> Callable[..., Any]:
        async def awaited(*args: Any, **named: Any) -> Any:
            bare = [one._facade if isinstance(one, _Told) else one for one in args]
            return self._tracer.object(await operation(*bare, **named))

        return awaited


class _Scope(Scope):
    tracer: Any = None

    def __aexit__(self, kind: Any, error: BaseException | None, trace: Any) -> Any:
        self.tracer.at(sys._getframe(1))
        return super().__aexit__(kind, error, trace)
