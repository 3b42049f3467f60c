"""Waiting, for the oracle: the coroutine yields, all the way out to the driver.

Beside ``events/condition.py`` and ``threads/condition.py``.
"""

from typing import Any

from duality.core.current import running
from duality.spec import condition as spec


class Condition(spec.Condition):
    """The condition of a module."""

    __slots__ = ()

    async def wait(self) -> Any:
        """Set the task aside and release its module."""
        runtime = running()
        self.waiters.wait(runtime.scheduler.current)  # type: ignore[union-attr]
        return await runtime.rest()
