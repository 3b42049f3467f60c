"""Tracing, among events: the text says which handler a message's answer goes to, and that handler which node it is.

Dual of ``threads/trace.py``.
"""

import sys
from collections.abc import Callable
from typing import Any

from duality.core.contract import PENDING
from duality.core.protocols import is_iterator
from duality.core.scope import Scope
from duality.core.told import OBJECTS, Told, bare
from duality.events import protocols, record, telling


class Tracer:
    """Tells the recorder of every node that a task passes."""

    def __init__(self, runtime: Any) -> None:
        self.runtime = runtime
        self.recorder = recorder = runtime.recorder
        recorder.standing = lambda task: task.standing()
        runtime.ready.convert = self.object
        verbs = runtime.verbs
        for name in ("sleep", "join", "yield_now", "reply"):
            setattr(verbs, name, self.told(getattr(verbs, name)))
        verbs.net, verbs.disk = Told(verbs.net, self._operation), Told(verbs.disk, self._operation)
        verbs.scope = lambda: _Scope(runtime.scheduler.current, runtime.fork, self)
        runtime.runtime_names |= {
            "Record": telling.traced(record.Record, recorder),
            "Holding": telling.traced(record.Holding, recorder),
        }
        runtime.waiting_record = telling.waiting(recorder)
        relay = telling.relay(recorder)
        verbs.anext = self._asking(protocols.asking(relay))
        runtime.runtime_names["following"] = self._asking(protocols.following(relay))
        runtime.runtime_names["Generator"] = telling.producing(self, relay)
        told = {"__slots__": (), "wait": self.told(runtime.condition.wait)}
        runtime.condition = type("Condition", (runtime.condition,), told)

    def moves(self) -> int:
        """How many messages were sent: calls and replies."""
        return int(self.recorder.messages)

    def close(self) -> None:
        """The run is over."""

    def beginning(self, port: Callable[..., Any], points: Any, sender: int) -> Callable[..., Any]:
        """A message has come to a port: its procedure begins, though it may have to wait for the stage."""
        recorder = self.recorder

        def begun(*args: Any, **named: Any) -> Any:
            task = args[sender]
            depth = recorder.depth(task)
            recorder.messages += 1
            recorder.begin(task, points)
            try:
                return port(*args, **named)
            except BaseException:
                recorder.unwind(task, depth)
                raise

        return begun

    def ending(self, handlers: Callable[..., Any], sender: int) -> Callable[..., Any]:
        """The first handler may reply at once; otherwise the record that it made will tell of the end."""
        recorder = self.recorder

        def ended(*args: Any, **named: Any) -> Any:
            task = args[sender]
            depth = recorder.depth(task)
            value = handlers(*args, **named)
            if value is not PENDING and recorder.depth(task) == depth:  # no record has told of it
                recorder.messages += 1
                recorder.end(task)
            return value

        ended.points = handlers.points  # type: ignore[attr-defined]
        return ended

    def told(self, operation: Callable[..., Any]) -> Callable[..., Any]:
        """An operation, told of before it starts."""

        def telling(*args: Any, **named: Any) -> Any:
            self.at(sys._getframe(1))
            return operation(*args, **named)

        telling.__dict__.update(operation.__dict__ if hasattr(operation, "__dict__") else {})
        telling.__name__, telling.__qualname__ = operation.__name__, operation.__qualname__
        return telling

    def _asking(self, operation: Callable[..., Any]) -> Callable[..., Any]:
        """What asks an iterator for its next item; told of if that is a message at all."""

        def telling(task: Any, items: Any, *default: Any) -> Any:
            if is_iterator(items):
                self.at(sys._getframe(1))
            return operation(task, items, *default)

        return telling

    def at(self, frame: Any) -> None:
        """A message is about to be sent from the handler of ``frame``: its text says who gets the answer."""
        self.recorder.at(self.runtime.scheduler.current, self.runtime.node_at(frame))

    def object(self, value: Any) -> Any:
        """What a task is given of the I/O core: one that tells."""
        return Told(value, self._operation) if isinstance(value, OBJECTS) else value

    def _operation(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def operation(task: Any, *args: Any, **named: Any) -> Any:
            self.at(sys._getframe(1))
            return self.object(method(task, *map(bare, args), **named))

        return operation


class _Scope(Scope):
    def __init__(self, owner: Any, fork: Any, tracer: Tracer) -> None:
        super().__init__(owner, fork)
        self.tracer = tracer

    def leave(self, task: Any, error: BaseException | None) -> Any:
        self.tracer.at(sys._getframe(1))
        return super().leave(task, error)
