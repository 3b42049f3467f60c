"""Records that tell of what becomes of them, for traced runs.

Among threads there is no such file: there, the calls that have not returned tell. Rule: each does what the record it
stands for does, and tells the recorder; ``depth`` counts the procedures of the task outside of it.
"""

from typing import Any

from duality.events import generator, record


def traced(base: type[record.Record], recorder: Any) -> type[record.Record]:
    """The record class, telling of replies and failures. ``depth``: procedures of the task outside this one."""

    class Traced(base):  # type: ignore[valid-type, misc]
        __slots__ = ("depth",)

        def __init__(self, task: Any, *rest: Any) -> None:
            self.depth = getattr(task.open, "depth", recorder.depth(task)) - 1
            super().__init__(task, *rest)

        def reply(self, value: Any) -> Any:
            recorder.messages += 1
            recorder.end(self.task)
            return super().reply(value)

        def leave(self, child: Any) -> None:
            recorder.messages += 1
            self.depth = 0
            super().leave(child)

        def abandon(self) -> None:
            recorder.unwind(self.task, self.depth)
            super().abandon()

    return Traced


def waiting(recorder: Any) -> type[record.Record]:
    """The record of a message that queues for its stage: its procedure has begun, and may yet fail."""

    class Waiting(record.Record):
        __slots__ = ("depth",)

        def __init__(self, task: Any, *rest: Any) -> None:
            self.depth = recorder.depth(task) - 1
            super().__init__(task, *rest)

        def abandon(self) -> None:
            recorder.unwind(self.task, self.depth)

    return Waiting


def relay(recorder: Any) -> type[record.Record]:
    """A record of the machine's own, between a procedure and its caller: it is none, so it counts for none."""

    class Relay(record.Record):
        __slots__ = ("depth",)

        def __init__(self, task: Any, *rest: Any) -> None:
            self.depth = getattr(task.open, "depth", recorder.depth(task))
            super().__init__(task, *rest)

    return Relay


def producing(tracer: Any, relay: type[record.Record]) -> type[generator.Generator]:
    """The record of a generator, telling of its values, its end, its failures, and of what it is asked."""
    recorder, base = tracer.recorder, generator.Generator

    class Traced(base):  # type: ignore[valid-type, misc]
        __slots__ = ("depth", "points", "walk")

        def __init__(self, following: Any, alive: tuple[Any, ...]) -> None:
            super().__init__(following, alive)
            self.points, self.walk = following.points, None

        def go_on(self, task: Any) -> None:
            super().go_on(task)
            self.depth = recorder.depth(task)
            recorder.resume(task, self.points, self.walk)

        def give(self, value: Any) -> Any:
            recorder.at(self.task, self.next.node)
            self.walk = recorder.suspend(self.task)
            return super().give(value)

        def reply(self, value: Any) -> Any:
            recorder.end(self.task)
            return super().reply(value)

        def abandon(self) -> None:
            if self.running:
                recorder.unwind(self.task, self.depth)
            super().abandon()

    Traced.relay = relay
    for name in ("__anext__", "asend", "athrow", "aclose"):
        setattr(Traced, name, tracer.told(getattr(base, name)))
    return Traced
