"""The verbs, for the oracle: the spec's own imports end up here.

Beside ``events/verbs.py`` and ``threads/verbs.py``.
"""

from typing import Any

from duality.core import scope as core
from duality.core.deadline import Deadlines
from duality.core.task import Task
from duality.oracle import io
from duality.oracle.reply import answering


class Scope(core.Scope):
    """A scope that an ``async with`` statement leaves."""

    block: Any = None

    async def __aenter__(self) -> "Scope":
        return self

    async def __aexit__(self, kind: Any, error: BaseException | None, trace: Any) -> bool:
        return await self.block(self.leave(self.owner, error))  # type: ignore[no-any-return]


class Verbs(Deadlines):
    """What the spec's verbs ask for while the oracle runs."""

    def __init__(self, runtime: Any) -> None:
        self.runtime = runtime
        self.scheduler = runtime.scheduler
        self.fork = runtime.fork
        self.send = runtime.send
        self.reply = answering(runtime)
        self.now = runtime.io.now
        self.net = io.net(runtime)
        self.disk = io.disk(runtime)

    async def sleep(self, seconds: float, /) -> Any:
        """Rest until a moment of the clock."""
        self.runtime.io.sleep(self.scheduler.current, seconds)
        return await self.runtime.rest()

    async def join(self, task: Task, /) -> Any:
        """Await the other task's end."""
        return await self.runtime.block(task.join(self.scheduler.current))

    async def yield_now(self) -> Any:
        """Go to the back of the ready queue."""
        self.scheduler.current.give_way()
        return await self.runtime.rest()

    def scope(self) -> Scope:
        """A scope; leaving it is awaited."""
        made = Scope(self.scheduler.current, self.fork)
        made.block = self.runtime.block
        return made
