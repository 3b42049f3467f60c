"""The verbs, among events: each message names its sender first.

Dual of ``threads/verbs.py``.
"""

from typing import Any

from duality.core.deadline import Deadline
from duality.core.scope import Scope
from duality.core.task import Task
from duality.events import io


class Verbs:
    """What the generated programs are bound to, one object a run."""

    def __init__(self, runtime: Any) -> None:
        self.runtime = runtime
        self.scheduler = runtime.scheduler
        self.fork = runtime.fork
        self.send = runtime.send
        self.now = runtime.io.now
        self.sleep = runtime.io.sleep
        self.yield_now = Task.give_way
        self.net = io.net(runtime)
        self.disk = io.disk(runtime)

    def join(self, sender: Any, task: Task, /) -> Any:
        """AwaitReply to an earlier message."""
        return task.join(sender)

    def scope(self) -> Scope:
        """A scope; leaving it is a message too."""
        return Scope(self.scheduler.current, self.fork)

    def fail_after(self, seconds: float, /) -> Deadline:
        """A deadline that raises TimeoutError."""
        return Deadline(self.scheduler, seconds, fails=True)

    def move_on_after(self, seconds: float, /) -> Deadline:
        """A deadline that leaves the block."""
        return Deadline(self.scheduler, seconds, fails=False)
