"""The verbs, among threads: each acts in the name of the thread that runs.

Dual of ``events/verbs.py``.
"""

from typing import Any

from duality.core import scope as core
from duality.core.deadline import Deadlines
from duality.core.task import Task
from duality.threads import io, protocols
from duality.threads.reply import answering


class Scope(core.Scope):
    """A scope that a ``with`` statement leaves."""

    block: Any = None

    def __enter__(self) -> "Scope":
        return self

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> bool:
        return self.block(self.leave(self.owner, error))  # type: ignore[no-any-return]


class Verbs(Deadlines):
    """What the erased programs are bound to, one object a run."""

    def __init__(self, runtime: Any) -> None:
        self.runtime = runtime
        self.scheduler = runtime.scheduler
        self.yield_now = runtime.give_way
        self.fork = runtime.fork
        self.send = runtime.send
        self.reply = answering(runtime)
        self.now = runtime.io.now
        self.anext = protocols.asking()
        self.net = io.net(runtime)
        self.disk = io.disk(runtime)

    def sleep(self, seconds: float, /) -> Any:
        """Park until a moment of the clock."""
        self.runtime.io.sleep(self.scheduler.current, seconds)
        return self.runtime.rest()

    def join(self, task: Task, /) -> Any:
        """JOIN: wait for the other thread to end."""
        return self.runtime.block(task.join(self.scheduler.current))

    def scope(self) -> Scope:
        """A scope; leaving it blocks the thread."""
        made = Scope(self.scheduler.current, self.fork)
        made.block = self.runtime.block
        return made
