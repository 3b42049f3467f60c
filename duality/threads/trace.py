"""Tracing, among threads: where the stack stands says which node it is at.

Dual of ``events/trace.py``.
"""

import sys
from collections.abc import Callable
from typing import Any

from duality.core.protocols import is_iterator
from duality.core.told import Told, bare
from duality.threads.generator import Generator
from duality.threads.io import Facade
from duality.threads.protocols import Each, Hold
from duality.threads.verbs import Scope


class Tracer:
    """Tells the recorder of every node that a task passes."""

    def __init__(self, runtime: Any) -> None:
        self.runtime = runtime
        self.recorder = recorder = runtime.recorder
        recorder.standing = lambda task: task.standing()
        verbs = runtime.verbs
        for name in ("sleep", "join", "yield_now", "reply"):
            setattr(verbs, name, self.told(getattr(verbs, name)))
        verbs.net, verbs.disk = Told(verbs.net, self._operation), Told(verbs.disk, self._operation)
        verbs.scope = self._scope
        runtime.runtime_names |= {"each": self._each, "hold": self._hold}
        verbs.anext = self._asking(verbs.anext)
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
                now = scheduler.current  # another task, if the procedure has replied
                recorder.unwind(now, depth if now is task else 0)
                raise
            recorder.end(scheduler.current)
            return value

        return begun

    def told(self, operation: Callable[..., Any]) -> Callable[..., Any]:
        """An operation, told of before it starts."""

        def telling(*args: Any, **named: Any) -> Any:
            self.at(sys._getframe(1))
            return operation(*args, **named)

        telling.__dict__.update(operation.__dict__ if hasattr(operation, "__dict__") else {})
        telling.__name__, telling.__qualname__ = operation.__name__, operation.__qualname__
        return telling

    def at(self, frame: Any, role: str = "calls") -> None:
        """The current thread is about to make the call that ``frame`` stands at."""
        self.recorder.at(self.runtime.scheduler.current, self.runtime.node_at(frame, role))

    def generator(self, points: Any) -> type[Generator]:
        """The class of a procedure's generators, telling of their values, ends and failures."""
        return _generator(self, points)

    def object(self, value: Any) -> Any:
        """What a thread is given of the I/O core: one that tells."""
        return Told(value, self._operation) if isinstance(value, Facade) else value

    def _operation(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def operation(*args: Any, **named: Any) -> Any:
            self.at(sys._getframe(1))
            return self.object(method(*map(bare, args), **named))

        return operation

    def _asking(self, operation: Callable[..., Any]) -> Callable[..., Any]:
        """What asks an iterator for its next item; told of if that may block at all."""

        def telling(items: Any, *default: Any) -> Any:
            if is_iterator(items):
                self.at(sys._getframe(1))
            return operation(items, *default)

        return telling

    def _each(self, items: Any) -> "_Each":
        made = _Each(items)
        made.tracer = self
        return made

    def _hold(self, manager: Any) -> "_Hold":
        made = _Hold(manager)
        made.tracer = self
        return made

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


class _Each(Each):
    tracer: Any = None

    def __next__(self) -> Any:
        if is_iterator(self.iterator):
            self.tracer.at(sys._getframe(1), "turns")
        return super().__next__()


class _Hold(Hold):
    tracer: Any = None

    def __enter__(self) -> Any:
        if hasattr(self.enter, "is_procedure"):
            self.tracer.at(sys._getframe(1), "enters")
        return super().__enter__()

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> Any:
        if hasattr(self.leave, "is_procedure"):
            self.tracer.at(sys._getframe(1), "exits")
        return super().__exit__(kind, error, trace)


def _generator(tracer: Tracer, points: Any) -> type[Generator]:
    recorder, runtime = tracer.recorder, tracer.runtime

    class Traced(Generator):
        __slots__ = ("walk",)
        walk: Any

        def go_on(self, value: Any, error: BaseException | None) -> Any:
            task = runtime.scheduler.current
            depth = recorder.depth(task)
            recorder.resume(task, points, self.walk if self.begun else None)
            try:
                given = super().go_on(value, error)
            except StopIteration:
                recorder.end(task)
                raise
            except BaseException:
                recorder.unwind(task, depth)
                raise
            recorder.at(task, runtime.node_at(self.frame.gi_frame))  # type: ignore[attr-defined]
            self.walk = recorder.suspend(task)
            return given

    for name in ("__anext__", "asend", "athrow", "aclose"):
        setattr(Traced, name, tracer.told(getattr(Generator, name)))
    return Traced
