"""Exclusion: who holds a module, and who waits to.

Rules (docs/meaning.md, 3): callers that find it held queue first-in first-out; a release hands the module to the head
of the queue (no barging: the releaser runs on, the new holder is ready). A gate knows activations only by identity.
Source: Lauer & Needham 1978, section 2 (the monitor lock | the message queue of a process that awaits a reply).
"""

from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from duality.core.contract import PENDING
from duality.core.cycles import find_cycle, refuse_cycle
from duality.errors import DeadlockError

if TYPE_CHECKING:
    from duality.core.task import Task


GATE = "_duality_gate"
"""The attribute of a module instance under which a run keeps its gate."""


class Gate:
    """One module's lock. ``holder`` is the task inside, or None; ``queue`` has a ready entry by task, oldest first.

    An ordered dictionary, for whoever is cancelled leaves it from the middle. A task knows at which of the modules that
    it holds others queue (``held``): nobody must look for them.
    """

    __slots__ = ("holder", "name", "queue", "ready")

    def __init__(self, name: str, ready: Any) -> None:
        self.name = name
        self.ready = ready
        self.holder: Any = None  # a task
        self.queue: OrderedDict[Task, tuple[Task, Any, BaseException | None]] = OrderedDict()

    def enter(self, task: "Task") -> Any:
        """Hold the module now and return None, or queue ``task`` and return PENDING.

        Raises DeadlockError if waiting would close a cycle. May block the caller's task, never the OS thread.
        """
        if self.holder is None:
            self.holder = task
            return None
        refuse_cycle(task, self)
        self._queue(task, None)
        return PENDING

    def _queue(self, task: "Task", error: BaseException | None) -> None:
        if not self.queue:
            self.holder.held = (*self.holder.held, self)
        task.parked = self
        self.queue[task] = (task, None, error)

    def _nobody_queues(self) -> None:
        self.holder.held = tuple(gate for gate in self.holder.held if gate is not self)

    def release(self) -> None:
        """Hand the module to the head of the queue, which becomes ready; or leave it free."""
        if self.queue:
            self._nobody_queues()
            task, entry = self.queue.popitem(last=False)
            self.holder = task
            if self.queue:
                task.held = (*task.held, self)
            task.parked = None
            self.ready.append(entry)
        else:
            self.holder = None

    def hand_to(self, task: "Task") -> None:
        """The holder has replied and is out; ``task`` goes on with what it was doing here. Nobody gets in between."""
        if self.queue:
            self._nobody_queues()
            task.held = (*task.held, self)
        self.holder = task

    def queue_again(self, task: "Task", error: BaseException | None) -> None:
        """Put a signalled (or cancelled) waiter at the tail: it must hold the module again before it goes on.

        It cannot be refused, for it asks for nothing; if this closes a cycle, the holder's wait is what gets the error.
        """
        if self.holder is None:
            self.holder = task
            task.parked = None
            self.ready.append((task, None, error))
        else:
            self._queue(task, error)
            circle = find_cycle(task, self)
            if circle:
                self.holder.interrupt(DeadlockError(f"deadlock: {self.holder} waits for itself", cycle=circle))

    def withdraw(self, task: "Task") -> None:
        """Forget a caller that was cancelled while it queued. It never held the module."""
        if self.queue.pop(task, None) is not None and not self.queue:
            self._nobody_queues()

    def waits_for(self) -> tuple["Task", ...]:
        """The task whose release everyone in the queue needs."""
        return () if self.holder is None else (self.holder,)

    def __str__(self) -> str:
        return f"the module {self.name}"
