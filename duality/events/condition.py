"""Waiting, among events: a continuation is set aside until a message releases it.

Dual of ``threads/condition.py``; read the two side by side.
Lauer & Needham: selective waiting for messages | WAIT and SIGNAL on a condition.
"""

from typing import Any

from duality.spec import condition as spec


class Condition(spec.Condition):
    """The condition of a stage."""

    __slots__ = ()

    def wait(self, task: Any) -> Any:  # type: ignore[override]
        """Set the task aside and free its stage."""
        # The handler has already written down where to resume. It now returns to the dispatcher, and that return *is*
        # the blocking.
        return self.waiters.wait(task)  # type: ignore[union-attr]
