"""The half of a condition that both sides share: who waits, and what a signal does.

Rules (docs/meaning.md, 4, Mesa's): a signalled waiter goes to the tail of its module's entry queue and must look
again; a cancelled waiter that had already been signalled passes the signal on, so no wake-up is lost.
Source: Lampson & Redell 1980 (Mesa), section 2; Lauer & Needham 1978 (WAIT and SIGNAL | selective waiting).
"""

from collections import OrderedDict
from typing import Any

from duality.core.contract import PENDING
from duality.core.gate import Gate


class Waiters:
    """The tasks waiting on one condition, oldest first."""

    __slots__ = ("gate", "name", "notify", "queue")

    def __init__(self, name: str, gate: Gate) -> None:
        self.name = name
        self.gate = gate
        self.queue: OrderedDict[Any, None] = OrderedDict()  # whoever is cancelled leaves from the middle
        self.notify: Any = None  # called with what happened, when somebody traces the run

    def wait(self, task: Any) -> Any:
        """Set ``task`` aside and release its module; always PENDING.

        Raises RuntimeError if the task does not hold the module (an entry of that module must be running).
        """
        if self.gate.holder is not task:
            raise RuntimeError(f"wait on {self.name} by task {task.name}, which does not hold {self.gate}")
        task.parked = self
        self.queue[task] = None
        self.gate.release()
        return PENDING

    def signal(self) -> None:
        """Move the oldest waiter, if any, to the tail of the module's entry queue."""
        if self.notify is not None:
            self.notify("signal", self)
        if self.queue:
            self._rouse(self.queue.popitem(last=False)[0])

    def broadcast(self) -> None:
        """Move every waiter, oldest first."""
        if self.notify is not None:
            self.notify("broadcast", self)
        while self.queue:
            self._rouse(self.queue.popitem(last=False)[0])

    def _rouse(self, task: Any) -> None:
        signalled = Signalled(self)
        self.gate.queue_again(task, None)
        if task.parked is self.gate:
            task.parked = signalled

    def interrupted(self, task: Any, error: BaseException) -> None:
        """Cancel a waiter: it takes the module again first, for its ``finally`` blocks run inside it."""
        del self.queue[task]
        self.gate.queue_again(task, error)
        if task.parked is self.gate:
            task.parked = Returning(self.gate)

    def __str__(self) -> str:
        return f"condition {self.name}"


class Returning:
    """Where a waiter stands once it has left the condition and queues for its module, with an error to deliver."""

    __slots__ = ("gate",)

    def __init__(self, gate: Gate) -> None:
        self.gate = gate

    def interrupted(self, task: Any, error: BaseException) -> None:
        """A second cancellation waits its turn: the first is not delivered yet."""
        task.postpone(error)

    @property
    def holder(self) -> Any:
        """The task that holds the module."""
        return self.gate.holder

    def waits_for(self) -> tuple[Any, ...]:
        """The task that holds the module."""
        return self.gate.waits_for()

    def __str__(self) -> str:
        return str(self.gate)


class Signalled(Returning):
    """The same, for a waiter that has been given a signal: cancelled now, it must pass the signal on."""

    __slots__ = ("waiters",)

    def __init__(self, waiters: Waiters) -> None:
        super().__init__(waiters.gate)
        self.waiters = waiters

    def interrupted(self, task: Any, error: BaseException) -> None:
        """Deliver ``error`` when the module is held again, and give the signal to the next waiter."""
        self.gate.queue[task] = (task, None, error)  # in its place
        task.parked = Returning(self.gate)
        self.waiters.signal()
