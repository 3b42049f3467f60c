"""The parts of a run that record who touches them: modules, gates, conditions, tasks and scopes.

Rules: each is a subclass of what the run uses anyway, put on when it is made; it says what happens, and then lets
happen what would have. A part finds its footprints through the ready queue of its run (``ready.seen``). What a search
for a cycle reads is all that lies ahead of the wait: its answer depends on nothing else, whichever way it looks.
"""

from functools import cache
from typing import Any

from duality.core.condition import Waiters
from duality.core.cycles import needs
from duality.core.gate import Gate
from duality.core.task import Task

_holder, _queue = vars(Gate)["holder"], vars(Gate)["queue"]
_parked, _done = vars(Task)["parked"], vars(Task)["done"]


def look_ahead(wanted: Any) -> None:
    """Look at everybody whom a wait for ``wanted`` leads to; the parts record that they are looked at."""
    met, ahead = set(), [*needs(wanted)]
    while ahead:
        task = ahead.pop()
        if task not in met:
            met.add(task)
            ahead += needs(task.parked)


class RecordedGate(Gate):
    """A gate: whoever enters, leaves or is handed it writes it."""

    __slots__ = ()

    @property
    def holder(self) -> Any:
        """The task inside."""
        self.ready.seen.read(("gate", self.name))
        return _holder.__get__(self)

    @holder.setter
    def holder(self, task: Any) -> None:
        self.ready.seen.write(("gate", self.name))
        _holder.__set__(self, task)

    @property
    def queue(self) -> Any:  # type: ignore[override]
        """Who waits to be inside: whoever asks may change it."""
        self.ready.seen.write(("gate", self.name))
        return _queue.__get__(self)

    def enter(self, task: Task) -> Any:
        """The gate is held: what is ahead of the wait decides whether it is refused."""
        look_ahead(self)
        seen = self.ready.seen
        seen.write(("gate", self.name))
        seen.write(("parked", task.name))
        seen.silent += 1
        try:
            return super().enter(task)
        finally:
            seen.silent -= 1

    def queue_again(self, task: Task, error: BaseException | None) -> None:
        """A waiter comes back."""
        look_ahead(self)
        super().queue_again(task, error)


class RecordedWaiters(Waiters):
    """A condition's queue. A signal that nobody hears changes nothing."""

    __slots__ = ()

    def _changed(self) -> None:
        self.gate.ready.seen.write(("condition", self.gate.name, self.name))

    def wait(self, task: Any) -> Any:
        """Set aside."""
        self._changed()
        return super().wait(task)

    def interrupted(self, task: Any, error: BaseException) -> None:
        """Cancelled while it waits."""
        self._changed()
        super().interrupted(task, error)

    def heard(self, what: str, waiters: Any) -> None:
        """Told by ``signal`` and ``broadcast`` before they act."""
        if self.queue:
            self._changed()
        else:
            self.gate.ready.seen.read(("condition", self.gate.name, self.name))


class _Task(Task):
    """A task of any side."""

    __slots__ = ()

    @property
    def parked(self) -> Any:
        self.ready.seen.read(("parked", self.name))
        return _parked.__get__(self)

    @parked.setter
    def parked(self, parking: Any) -> None:
        self.ready.seen.write(("parked", self.name))
        _parked.__set__(self, parking)

    @property
    def done(self) -> bool:
        self.ready.seen.read(("end", self.name))
        return bool(_done.__get__(self))

    @done.setter
    def done(self, done: bool) -> None:
        self.ready.seen.write(("end", self.name))
        _done.__set__(self, done)

    def join(self, task: Any) -> Any:
        self.ready.seen.joined(self)
        if not self.done:
            look_ahead(self)
        return self._silently(task, super().join)

    def withdraw(self, task: Any) -> None:
        self.ready.seen.read(("end", self.name))
        super().withdraw(task)

    def interrupt(self, error: BaseException) -> None:
        self.ready.seen.write(("task", self.name))
        super().interrupt(error)

    def _silently(self, task: Any, join: Any) -> Any:
        seen = self.ready.seen
        seen.write(("parked", task.name))
        seen.silent += 1
        try:
            return join(task)
        finally:
            seen.silent -= 1


@cache
def recorded_task(cls: Any) -> type:
    """A side's class of tasks, recorded."""
    return type(cls.__name__, (_Task, cls), {"__slots__": (), "__module__": cls.__module__})
