"""The verbs, among events: each message names its sender first.

Dual of ``threads/verbs.py``.
"""

from typing import Any

from duality.core.deadline import Deadlines
from duality.core.scope import Scope
from duality.core.task import Task
from duality.events import io, protocols
from duality.events.record import Record
from duality.events.reply import answering


class Verbs(Deadlines):
    """What the generated programs are bound to, one object a run."""

    def __init__(self, runtime: Any) -> None:
        self.runtime = runtime
        self.scheduler = runtime.scheduler
        self.fork = runtime.fork
        self.send = runtime.send
        self.reply = answering(runtime)
        self.now = runtime.io.now
        self.sleep = runtime.io.sleep
        self.yield_now = Task.give_way
        self.anext = protocols.asking(Record)
        self.net = io.net(runtime)
        self.disk = io.disk(runtime)

    def join(self, sender: Any, task: Task, /) -> Any:
        """AwaitReply to an earlier message."""
        return task.join(sender)

    def scope(self) -> Scope:
        """A scope; leaving it is a message too."""
        return Scope(self.scheduler.current, self.fork)
