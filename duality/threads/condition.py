"""Waiting, among threads: a thread is set aside until another one signals.

Dual of ``events/condition.py``; read the two side by side.
Lauer & Needham: WAIT and SIGNAL on a condition | selective waiting for messages.
"""

from typing import Any

from duality.core.current import running
from duality.spec import condition as spec


class Condition(spec.Condition):
    """The condition of a monitor."""

    __slots__ = ()

    def wait(self) -> Any:
        """Set the thread aside and release its monitor."""
        # The stack already remembers where to resume. We switch away from it, and that switch *is* the blocking.
        runtime = running()
        self.waiters.wait(runtime.scheduler.current)  # type: ignore[union-attr]
        return runtime.rest()
