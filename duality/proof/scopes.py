"""A scope that records who touches it. The ends of its tasks commute, unless one failed: they only are counted.

Rule: whoever leaves the block comes after the ends of all its tasks, whichever of them came last.
"""

from functools import cache
from typing import Any

from duality.core.scope import Scope
from duality.proof.recorded import look_ahead


class _Scope(Scope):
    """A scope of any side."""

    __slots__ = ()
    key: Any = None
    ends = 0  # the steps in which its tasks ended, as a bit set
    failed: tuple[Any, ...] = ()  # whose errors the block is left with

    def fork(self, procedure: Any, *args: Any, **named: Any) -> Any:
        self.owner.ready.seen.write(self.key)
        return super().fork(procedure, *args, **named)

    def cancel(self) -> None:
        self.owner.ready.seen.write(self.key)
        super().cancel()

    def ended(self, task: Any, error: BaseException | None) -> None:
        seen = self.owner.ready.seen
        seen.read(self.key)
        if error is not None:
            seen.write(self.key)
            self.failed = *self.failed, task
        if seen.index >= 0:
            self.ends |= 1 << seen.index
        leaver = self.leaver
        super().ended(task, error)
        if leaver is not None and not self.tasks:
            seen.enabled(leaver.name, self.ends, self.failed)

    def leave(self, task: Any, error: BaseException | None) -> Any:
        self.owner.ready.seen.write(self.key)
        for one in self.failed:
            self.owner.ready.seen.joined(one)
        if self.tasks:
            look_ahead(self)
        return super().leave(task, error)

    def interrupted(self, task: Any, error: BaseException) -> None:
        self.owner.ready.seen.write(self.key)
        super().interrupted(task, error)

    def waits_for(self) -> tuple[Any, ...]:
        self.owner.ready.seen.read(self.key)
        return super().waits_for()


@cache
def recorded_scope(cls: Any) -> type:
    """A side's class of scopes, recorded."""
    return type(cls.__name__, (_Scope, cls), {"__slots__": (), "__module__": cls.__module__})
