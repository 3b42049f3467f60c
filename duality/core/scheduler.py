"""The scheduler both sides share: who is ready, who lives, and how a run ends.

Rules: a step costs O(1); the hub (an activation of the side's own) circulates in the ready queue like any other and
polls once a round, so that no task can starve the I/O; an error is never lost. It moves opaque entries about: what it
means to go on, only the side knows.
"""

from collections.abc import Callable
from typing import Any

from duality.core.cycles import find_cycle
from duality.core.io.signals import ending
from duality.core.task import Task
from duality.errors import Cancelled, DeadlockError


class Scheduler:
    """One run's state. ``ready`` is a policy's queue of entries ``(activation, value, error)``."""

    def __init__(self, ready: Any, io: Any, where: Callable[[Any], str]) -> None:
        self.ready = ready
        self.io = io
        self.where = where  # the side's word on where a parked task stands
        self.hub: tuple[Any, Any, BaseException | None] = (None, None, None)
        self.begin()

    def begin(self) -> None:
        """Begin a run, in which nobody lives yet."""
        self.current: Any = None
        self.living: dict[Any, None] = {}
        self.root: Any = None
        self.failure: BaseException | None = None
        self.further: list[BaseException] = []  # what failed after the run had failed already
        self.unjoined: list[Task] = []
        self._crowd = 64
        self.leaked: tuple[str, ...] = ()
        self.born_count = 0
        self._stopping = 0

    # -- births and deaths -----------------------------------------------------------------------------------------

    def born(self, task: Any) -> None:
        """Count ``task`` among the living and make it ready. The first is the root."""
        if self.root is None:
            self.root = task
        self.born_count += 1
        self.living[task] = None
        self.ready.append(task.again)
        if self.failure is not None:
            task.cancel()

    def ended(self, task: Any, value: Any, error: BaseException | None) -> None:
        """Note that ``task`` has ended; an error nobody can join fails the run at once."""
        del self.living[task]
        task.end(value, error)
        if task.scope is not None:
            task.scope.ended(task, error)
        elif error is not None and (task is self.root or not isinstance(error, Cancelled)):
            if task is self.root or task.detached or not isinstance(error, Exception):
                self.fail(error)
            elif not task.joined:
                self._remember(task)

    def _remember(self, task: Task) -> None:
        """Keep a task that failed, until somebody joins it; those that were joined are let go in passing."""
        self.unjoined.append(task)
        if len(self.unjoined) > self._crowd:
            self.unjoined = [one for one in self.unjoined if not one.joined]
            self._crowd = 2 * len(self.unjoined) + 64

    def fail(self, error: BaseException) -> None:
        """End the run with ``error``: cancel everybody, so that their ``finally`` blocks run."""
        if self.failure is None:
            self.failure = error
            self.cancel_all()
        elif error is not self.failure and not isinstance(error, Cancelled):  # that one we asked for ourselves
            self.further.append(error)

    def cancel_all(self) -> None:
        """Ask every living task to end; those of a scope are asked by the scope, when its owner is."""
        for task in list(self.living):
            if task.scope is None or task.scope.owner not in self.living:
                task.cancel()

    def on_signal(self, number: int) -> None:
        """SIGINT or SIGTERM: end cleanly; the second one ends at once."""
        error = ending(number)
        if self.failure is not None:  # the one that has interrupted a task knows where
            raise self.failure if isinstance(self.failure, type(error)) else error
        self.fail(error)

    # -- rounds ----------------------------------------------------------------------------------------------------

    def round(self) -> bool:
        """Between two rounds of steps: gather what the I/O core has. False when the run is over.

        Blocks the OS thread only when nothing is ready and something is pending. Raises what a schedule has raised.
        """
        broken: BaseException | None = getattr(self.ready, "broken", None)
        if broken is not None:
            raise broken
        if self.ready:
            self.io.poll(False)
        while not self.ready:
            if not self.living:
                return False
            if self.io.pending:
                self.io.poll(True)
            elif not self._stuck():
                return False
        self.ready.append(self.hub)
        return True

    def _stuck(self) -> bool:
        """Nothing is ready and nothing pending. Leaked tasks are cancelled, a deadlock fails the run; then go on."""
        self._stopping += 1
        if self._stopping > 3:  # they swallow cancellations: give them up
            return False
        waits = tuple(self.waits())
        if self.root.done:
            self.leaked = self.leaked or waits
            self.cancel_all()
        elif self.failure is None:
            self.fail(self._deadlock(waits))
        else:
            self.cancel_all()
        return True

    def _deadlock(self, waits: tuple[str, ...]) -> BaseException:
        for task in self.unjoined:
            if not task.joined and task.error is not None:
                task.error.add_note("Nobody joined the task; then everything waited:\n  " + "\n  ".join(waits))
                return task.error
        circles = [find_cycle(task, task.parked) for task in self.living]
        circle = next((one for one in circles if one), [])
        return DeadlockError("deadlock: every task waits and nothing is pending", waits=waits, cycle=circle)

    def waits(self) -> list[str]:
        """A sentence for each living task: where it stands and what it waits for."""
        return [f"task {task.name} waits for {task.parked or 'its turn'} at {self.where(task)}" for task in self.living]

    def result(self) -> Any:
        """The root's value, or the error that the run ended with is raised; others that nobody saw are noted on it."""
        unseen = [task.error for task in self.unjoined if not task.joined and task.error is not None]
        errors = [error for error in [self.failure, *unseen, *self.further] if error is not None]
        if not errors:
            return self.root.value
        if self.failure is None and len(errors) > 1:
            raise BaseExceptionGroup("tasks failed and nobody joined them", errors)
        first = errors[0]
        for other in errors[1:]:
            if other is not first:
                first.add_note(f"Another task failed too, and nobody joined it: {other!r}")
        raise first
