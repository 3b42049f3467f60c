"""Tracing, among threads: where the stack stands says which node it is at.

Dual of ``events/trace.py``.
"""

import sys
from collections.abc import Callable
from typing import Any

from duality.core.told import Told, bare
from duality.threads.io import Facade
from duality.threads.verbs import Scope


class Tracer:
    """Tells the recorder of every node that a task passes."""

    def __init__(self, runtime: Any) -> None:
        self.runtime = runtime
        self.recorder = recorder = runtime.recorder
        recorder.standing = lambda task: task.standing()
        verbs = runtime.verbs
        for name in ("sleep", "join", "yield_now"):
            setattr(verbs, name, self.told(getattr(verbs, name)))
        verbs.net, verbs.disk = Told(verbs.net, self._operation), Told(verbs.disk, self._operation)
        verbs.scope = self._scope
        told = {"__slots__": (), "wait": self.told(runtime.condition.wait)}
        runtime.condition = type("Condition", (runtime.condition,), told)

    def moves(self) -> int:
        """How many context switches were made."""
        return int(self.recorder.switches)

    def close(self) -> None:
        """The run is over."""

    def beginning(self, program: Callable[..., Any], points: Any) -> Callable[..., Any]:
        """A procedure that tells of its begin and its end."""
        recorder, scheduler = self.recorder, self.runtime.scheduler

        def begun(*args: Any, **named: Any) -> Any:
            task = scheduler.current
            depth = recorder.depth(task)
            recorder.begin(task, points)
            try:
                value = program(*args, **named)
            except BaseException:
                recorder.unwind(task, depth)
                raise
            recorder.end(task)
            return value

        return begun

    def told(self, operation: Callable[..., Any]) -> Callable[..., Any]:
        """An operation, told of before it starts."""

        def telling(*args: Any, **named: Any) -> Any:
            self.at(sys._getframe(1))
            return operation(*args, **named)

        telling.__dict__.update(operation.__dict__ if hasattr(operation, "__dict__") else {})
        return telling

    def at(self, frame: Any) -> None:
        """The current thread is about to make the call that ``frame`` stands at."""
        self.recorder.at(self.runtime.scheduler.current, self.runtime.node_at(frame))

    def object(self, value: Any) -> Any:
        """What a thread is given of the I/O core: one that tells."""
        return Told(value, self._operation) if isinstance(value, Facade) else value

    def _operation(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def operation(*args: Any, **named: Any) -> Any:
            self.at(sys._getframe(1))
            return self.object(method(*map(bare, args), **named))

        return operation

    def _scope(self) -> Scope:
        made = _Scope(self.runtime.scheduler.current, self.runtime.fork)
        made.block = self.runtime.block
        made.tracer = self
        return made


class _Scope(Scope):
    tracer: Any = None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> bool:
        self.tracer.at(sys._getframe(1))
        return super().__exit__(kind, error, trace)
