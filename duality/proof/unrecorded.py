"""A recorder for runs that are made to be counted, not to be read: it is told everything, and writes nothing down.

Rule: whatever a runtime can tell of that may rest, or that others could notice, comes through ``at`` or ``effect``.
"""

from collections.abc import Callable
from typing import Any

from duality.core.recorder import Recorder


class Unrecorded(Recorder):
    """Writes nothing down: it is there so that a runtime tells what an invariant asks for (``invariants.py``).

    over: called when a run has come to its end, and nobody has been cancelled for that yet.
    """

    def __init__(self, over: Callable[[], None]) -> None:
        super().__init__()
        self.over = over

    def step(self, offered: tuple[str, ...], task: Any) -> None:
        """Whose step it is."""
        self.last = task

    def close(self) -> None:
        """The run is over."""
        self.over()

    def effect(self, what: str) -> None:
        """Nothing, unless somebody looks."""

    def at(self, task: Any, node: Any) -> None:
        """Nothing, unless somebody looks."""

    def begin(self, task: Any, points: Any) -> None:
        """A procedure begins: whoever looks has called it."""
        self.at(task, points.enter)

    def end(self, task: Any) -> None:
        """Nothing."""

    def split(self, task: Any, child: Any) -> None:
        """Nothing."""

    def suspend(self, task: Any) -> Any:
        """Nothing is kept of a generator."""

    def resume(self, task: Any, points: Any, walk: Any) -> None:
        """A generator goes on: whoever looks has asked it to."""
        self.at(task, points.enter)

    def depth(self, task: Any) -> int:
        """Nobody counts."""
        return 0

    def unwind(self, task: Any, depth: int) -> None:
        """Nothing."""
