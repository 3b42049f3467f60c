"""Deadlines: ``with fail_after(seconds)`` and ``with move_on_after(seconds)``.

Rule: a deadline asks for a cancellation that carries its tag, and takes back only its own. Entering and leaving never
block, so this one file serves every runtime. Source: trio's ``fail_after`` and ``move_on_after``.
"""

from types import TracebackType
from typing import Any

from duality.errors import Cancelled


class Deadlines:
    """The verbs that make deadlines: the same on every side, which each inherits."""

    scheduler: Any

    def fail_after(self, seconds: float, /) -> "Deadline":
        """A deadline that raises TimeoutError."""
        return Deadline(self.scheduler, seconds, fails=True)

    def move_on_after(self, seconds: float, /) -> "Deadline":
        """A deadline that leaves the block."""
        return Deadline(self.scheduler, seconds, fails=False)


class Deadline:
    """A block that may take ``seconds`` of the run's clock. ``cancelled_caught`` tells whether it was cut short."""

    def __init__(self, scheduler: Any, seconds: float, fails: bool) -> None:
        self.scheduler = scheduler
        self.seconds = seconds
        self.fails = fails
        self.cancelled_caught = False
        self._task: Any = None
        self._timer: Any = None

    def __enter__(self) -> "Deadline":
        self._task = self.scheduler.current
        io = self.scheduler.io
        self._timer = io.call_at(io.now() + self.seconds, self._expire)
        return self

    def __repr__(self) -> str:
        return f"<deadline after {self.seconds:g} s>"

    def _expire(self) -> None:
        self._task.interrupt(Cancelled(f"{self.seconds:g} seconds have passed", tag=self))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        self._timer.cancel()
        self._task.forget(self)
        if not isinstance(error, Cancelled) or error.tag is not self:
            return False
        self.cancelled_caught = True
        if self.fails:
            raise TimeoutError(f"not done after {self.seconds:g} seconds") from None
        return True
