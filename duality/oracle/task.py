"""A task for the oracle: a coroutine, as CPython made it from the spec.

Beside ``events/task.py`` and ``threads/task.py``.
"""

from collections.abc import Callable
from types import FrameType
from typing import Any

from duality.core import task as core


class Task(core.Task):
    """``coroutine`` is the whole chain of calls: each awaits the next."""

    __slots__ = ("begun", "coroutine", "runtime")

    def __init__(
        self, runtime: Any, name: str, call: Callable[..., Any], args: tuple[Any, ...], named: dict[str, Any]
    ) -> None:
        super().__init__(name, runtime.ready)
        self.runtime = runtime
        self.coroutine = _first(call, args, named)
        self.begun = False

    def standing(self) -> Any:
        """The node of the graph where it rests: of the innermost coroutine that is a spec's; None if unknown."""
        found: Any = None
        awaited: Any = self.coroutine
        while awaited is not None:
            frame: FrameType | None = getattr(awaited, "cr_frame", None)
            if frame is not None:
                found = self.runtime.node_at(frame) or found
            awaited = getattr(awaited, "cr_await", None)
        return found


async def _first(call: Callable[..., Any], args: tuple[Any, ...], named: dict[str, Any]) -> Any:
    return await call(*args, **named)
