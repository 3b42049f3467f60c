"""A task for the oracle: a coroutine, as CPython made it from the spec.

Beside ``events/task.py`` and ``threads/task.py``.
"""

from collections.abc import Callable
from types import CoroutineType, FrameType, GeneratorType
from typing import Any

from duality.core import task as core
from duality.oracle.generator import within
from duality.oracle.reply import driving


class Task(core.Task):
    """``coroutine`` is the whole chain of calls: each awaits the next."""

    __slots__ = ("begun", "coroutine", "runtime")

    def __init__(
        self, runtime: Any, name: str, call: Callable[..., Any], args: tuple[Any, ...], named: dict[str, Any]
    ) -> None:
        super().__init__(name, runtime.ready)
        self.runtime = runtime
        self.coroutine: Any = _first(call, args, named)
        self.begun = False

    def take_over(self, coroutine: Any) -> None:
        """Go on with one that has begun, and waits to be sent what the task is resumed with."""
        self.coroutine.close()
        self.coroutine, self.begun = coroutine, True

    def standing(self, surely: bool = False) -> Any:
        """The node of the graph where it rests: of the innermost coroutine that is a spec's; None if unknown.

        surely: None too if what is awaited does not say what it awaits itself (CPython's ``anext(g, default)``).
        """
        found: Any = None
        awaited: Any = self.coroutine
        while awaited is not None:
            if type(awaited) is CoroutineType and awaited.cr_frame is not None and within(awaited.cr_frame) is None:
                found = self.runtime.node_at(awaited.cr_frame) or found  # as mostly: one awaits the next
                awaited = awaited.cr_await
                continue
            stack = driving(awaited)
            if surely and stack is None and not isinstance(awaited, CoroutineType | GeneratorType):
                return None
            frame: FrameType | None = stack.at if stack is not None else getattr(awaited, "cr_frame", None)
            if frame is not None:
                found = self.runtime.node_at(frame) or found
                generator = within(frame)
                if generator is not None:  # what awaits its next value does not say of which generator
                    found = self.runtime.node_at(generator.ag_frame) or found
                    awaited = generator.ag_await
                    continue
            after = getattr(awaited, "cr_await", None) or getattr(awaited, "gi_yieldfrom", None)
            awaited = after if stack is None else stack.coroutine
        return found


async def _first(call: Callable[..., Any], args: tuple[Any, ...], named: dict[str, Any]) -> Any:
    return await call(*args, **named)
