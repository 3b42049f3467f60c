"""A task: a thread among threads, a chain of messages among events. What both need to know of it is here.

Rules: a task is named by birth (``0``, its children ``0.1``, ``0.2``); it is cancelled only where it rests; its error
is never lost: somebody joins it, or it fails the run.
"""

from collections import deque
from collections.abc import Iterator
from typing import Any

from duality.core.contract import PENDING
from duality.core.cycles import refuse_cycle
from duality.errors import Cancelled


class Task:
    """One task. Each side adds the mechanism that makes it go on.

    ``parked`` is what it waits for (None while ready or running); ``again`` the ready entry that resumes it with
    nothing; ``interrupts`` the cancellations not yet delivered.
    """

    __slots__ = (
        "again", "children", "detached", "done", "error", "held", "interrupts", "joined", "joiners", "name", "parked",
        "ready", "scope", "value",
    )  # fmt: skip

    def __init__(self, name: str, ready: Any) -> None:
        self.name = name
        self.ready = ready
        self.children = 0
        self.parked: Any = None
        self.done = False
        self.value: Any = None
        self.error: BaseException | None = None
        self.joined = False  # somebody has been told how it ended, or will be
        self.joiners: dict[Task, None] | None = None  # oldest first; whoever is cancelled leaves from the middle
        self.interrupts: deque[BaseException] | None = None
        self.held: tuple[Any, ...] = ()  # the modules it holds at which others queue
        self.scope: Any = None  # the scope that waits for it, if any
        self.detached = False  # sent, not forked: nobody can join it
        self.again: Any = (self, None, None)

    def child_name(self) -> str:
        """The name of the next child, in fork order."""
        self.children += 1
        return f"{self.name}.{self.children}"

    # -- how it ends, and who learns of it -------------------------------------------------------------------------

    def end(self, value: Any, error: BaseException | None) -> None:
        """Note how the task ended and make everyone who joins it ready."""
        self.done = True
        self.again = None  # or every task that has ended would be a cycle, and wait for the collector
        self.value, self.error = value, error
        self.joined = self.joined or bool(self.joiners)
        for joiner in self.joiners or ():
            joiner.parked = None
            self.ready.append((joiner, value, error))
        self.joiners = None

    def join(self, task: "Task") -> Any:
        """Give ``task`` this one's result: now if it has ended, later (PENDING) if not. Raises its error.

        Raises DeadlockError if this task waits, however far round, for ``task``.
        """
        if self.done:
            self.joined = True
            if self.error is not None:
                raise self.error
            return self.value
        refuse_cycle(task, self)
        task.parked = self
        if self.joiners is None:
            self.joiners = {}
        self.joiners[task] = None
        return PENDING

    def withdraw(self, task: "Task") -> None:
        """Forget a joiner that was cancelled."""
        if self.joiners is not None:
            del self.joiners[task]

    def waits_for(self) -> tuple["Task", ...]:
        """Joining waits for this very task."""
        return () if self.done else (self,)

    def needed_by(self) -> Iterator["Task"]:
        """Those that cannot go on before this one does: who joins it, leaves its scope, or queues where it holds."""
        yield from self.joiners or ()
        if self.scope is not None and self.scope.leaver is not None:
            yield self.scope.leaver
        for gate in self.held:
            yield from gate.queue

    # -- cancellation ----------------------------------------------------------------------------------------------

    def cancel(self) -> None:
        """Ask that ``Cancelled`` be raised at the task's rest, now or the next one. Once per call."""
        self.interrupt(Cancelled(f"task {self.name} was cancelled"))

    def interrupt(self, error: BaseException) -> None:
        """Deliver ``error`` where the task rests; if it is ready or running, at its next rest."""
        if self.done:
            return
        parked = self.parked
        if parked is None:
            self.postpone(error)
        elif hasattr(parked, "interrupted"):  # it must come back through the parking's own door
            parked.interrupted(self, error)
        else:
            parked.withdraw(self)
            self.parked = None
            self.ready.append((self, None, error))

    def postpone(self, error: BaseException) -> None:
        """Keep ``error`` for the task's next rest."""
        if self.interrupts is None:
            self.interrupts = deque()
        self.interrupts.append(error)

    def deliver(self) -> None:
        """Called by a runtime when the task has come to rest with interrupts outstanding."""
        if self.parked is not None and self.interrupts:
            error = self.interrupts.popleft()
            if not self.interrupts:
                self.interrupts = None
            self.interrupt(error)

    def give_way(self) -> Any:
        """Be ready again at once, behind everyone ready now (PENDING). Raises an interrupt that is outstanding."""
        if self.interrupts:
            error = self.interrupts.popleft()
            if not self.interrupts:
                self.interrupts = None
            raise error
        self.ready.append(self.again)
        return PENDING

    def forget(self, tag: object) -> None:
        """Drop the undelivered interrupts that ``tag`` (a scope, a deadline) had asked for."""
        if self.interrupts:
            kept = [error for error in self.interrupts if getattr(error, "tag", None) is not tag]
            self.interrupts = deque(kept) if kept else None

    def __str__(self) -> str:
        return f"task {self.name}"

    def __repr__(self) -> str:
        return f"<task {self.name}>"  # no address: the same on every side, in every process
