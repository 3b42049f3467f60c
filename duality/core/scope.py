"""A scope: no task outlives the block that forked it.

Rules (docs/meaning.md, 6; trio's nursery): the block is left when all its tasks have ended; the first error cancels
the siblings and the body; every error leaves in one ExceptionGroup; a cancellation from outside passes through.
"""

from typing import Any

from duality.core.contract import PENDING
from duality.core.cycles import find_cycle
from duality.errors import Cancelled, DeadlockError


class Scope:
    """``async with scope() as s``: ``s.fork(procedure, ...)`` starts a task that the block waits for."""

    def __init__(self, owner: Any, fork: Any) -> None:
        self.owner = owner
        self._fork = fork
        self.tasks: dict[Any, None] = {}  # in fork order: cancelled in that order too
        self.errors: list[BaseException] = []
        self.cancelled: BaseException | None = None  # a cancellation from outside, to pass on
        self.absorbs = False  # the body ended by a cancellation of our own
        self.stopping = False
        self.leaver: Any = None
        self.left = False

    def fork(self, procedure: Any, *args: Any, **named: Any) -> Any:
        """Start ``procedure(*args)`` as a task of this scope; it does not run before the caller rests.

        Raises RuntimeError once the block has been left.
        """
        if self.left:
            raise RuntimeError("fork in a scope that has been left")
        task = self._fork(procedure, *args, **named)
        task.scope = self
        task.joined = True
        self.tasks[task] = None
        if self.stopping:
            task.cancel()
        return task

    def cancel(self) -> None:
        """Cancel every task of the scope, and its body if it is still inside; nothing if it has been left."""
        self._stop()
        if self.leaver is None and not self.left:
            self.owner.interrupt(Cancelled("the scope was cancelled", tag=self))

    def ended(self, task: Any, error: BaseException | None) -> None:
        """A task of ours has ended (told by the scheduler)."""
        del self.tasks[task]
        if error is not None and not isinstance(error, Cancelled):
            self.errors.append(error)
            if not self.stopping:
                self.cancel()
        if self.leaver is not None and not self.tasks:
            leaver, self.leaver = self.leaver, None
            leaver.parked = None
            leaver.ready.append((leaver, *self._verdict()))

    def leave(self, task: Any, error: BaseException | None) -> Any:
        """End the block: wait for its tasks (PENDING), then True if ``error`` is absorbed, False if not.

        ``error`` is what the body raised, if anything. Raises the ExceptionGroup of all errors.
        """
        task.forget(self)
        if isinstance(error, Cancelled):
            self._stop()
            if error.tag is self:
                self.absorbs = True
            else:
                self.cancelled = error
        elif error is not None:
            if error not in self.errors:
                self.errors.insert(0, error)
            self._stop()
        if self.tasks:
            circle = find_cycle(task, self)
            if circle:  # the block must be left all the same, and its tasks end before: the deadlock is their error
                self.errors.append(DeadlockError(f"deadlock: task {task.name} would wait for itself", cycle=circle))
                self._stop()
            task.parked, self.leaver = self, task
            return PENDING
        verdict, failure = self._verdict()
        if failure is not None:
            raise failure
        return verdict

    def interrupted(self, task: Any, error: BaseException) -> None:
        """Cancelled while leaving: so are the tasks, and the block is still left only when all have ended."""
        if self.cancelled is None and not self.errors:
            self.cancelled = error
        else:  # there is one on its way out already: this one waits for the owner's next rest
            task.postpone(error)
        self._stop(again=True)

    def _stop(self, again: bool = False) -> None:
        if self.stopping and not again:  # one request, delivered once, however many errors ask for it
            return
        self.stopping = True
        for task in list(self.tasks):
            task.cancel()

    def waits_for(self) -> tuple[Any, ...]:
        """Leaving waits for every task."""
        return tuple(self.tasks)

    def _verdict(self) -> tuple[bool, BaseException | None]:
        self.left = True
        if self.errors:
            if self.cancelled is not None:  # the group leaves first; the cancellation is not forgotten
                self.owner.postpone(self.cancelled)
            return False, BaseExceptionGroup("errors in a scope", self.errors)
        if self.cancelled is not None:
            return False, self.cancelled
        return self.absorbs, None

    def __repr__(self) -> str:
        return f"<scope of {self.owner}>"

    def __str__(self) -> str:
        return "the end of its scope: " + ", ".join(str(task) for task in self.tasks)
