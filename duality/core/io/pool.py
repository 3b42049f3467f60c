"""OS threads for what the kernel can only do by blocking: cold files, directories, names.

Rules of this file:

1. A job touches nothing but its own arguments and results while an OS thread runs it; everything
   else happens in ``conclude``, back in the core's own OS thread.
2. An OS thread cannot be interrupted. Withdrawing from a job forgets who asked; the job runs on,
   and ``orphaned`` disposes of what it brings.

Source: von Behren et al. 2003, section 5; Pai, Druschel & Zwaenepoel 1999 (Flash: helpers for the disk).
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue
from typing import Any, Final

from duality.core.contract import PENDING, Activation, Pending
from duality.core.io.poller import Poller
from duality.core.io.wakeup import Wakeup

THREADS: Final = 8
"""OS threads at most. More would only queue in front of the same disk."""


class Job:
    """One call for an OS thread to make, and the parking of whoever asked for it."""

    __slots__ = ("activation", "args", "error", "function", "poller", "value")
    poller: Poller  # of whoever submits it

    def __init__(self, function: Callable[..., Any], *args: Any) -> None:
        self.function = function
        self.args = args
        self.value: Any = None
        self.error: BaseException | None = None
        self.activation: Activation | None = None

    def run(self) -> None:
        """Make the call. The only method that runs in a thread of the pool."""
        try:
            self.value = self.function(*self.args)
        except BaseException as error:
            self.error = error

    def conclude(self) -> None:
        """Hand the outcome to whoever asked, if anybody still waits for it."""
        activation, self.activation = self.activation, None
        if activation is None:
            if self.error is None:
                self.orphaned(self.value)
        elif self.error is not None:
            self.poller.answer(activation, None, self.error)
        else:
            self._go_on(activation)

    def _go_on(self, activation: Activation) -> None:
        self.poller.waiting -= 1
        activation.parked = None
        try:
            value = self.then(activation, self.value)
        except Exception as error:
            self.poller.ready.append((activation, None, error))
        else:
            if value is not PENDING:
                self.poller.ready.append((activation, value, None))

    def then(self, activation: Activation, value: Any) -> Any:
        """Make the answer of what the OS thread brought; may itself answer ``PENDING``, having parked anew."""
        return value

    def orphaned(self, value: Any) -> None:
        """Dispose of what the OS thread brought for somebody who went away."""

    def withdraw(self, activation: Activation) -> None:
        """Forget who asked."""
        activation.parked = None
        self.activation = None
        self.poller.waiting -= 1


class Pool:
    """At most ``THREADS`` OS threads, each started when there is first work for it."""

    __slots__ = ("_bell", "_done", "_poller", "_queue", "_threads", "_unfinished")

    def __init__(self, poller: Poller) -> None:
        self._poller = poller
        self._threads: list[threading.Thread] = []
        self._queue: SimpleQueue[Job | None] = SimpleQueue()
        self._done: deque[Job] = deque()
        self._unfinished = 0

    def open(self, bell: Wakeup) -> None:
        """Begin; ``bell`` is rung after each job, and whoever answers it calls ``collect``."""
        self._bell = bell

    def submit(self, activation: Activation, job: Job) -> Pending:
        """Park ``activation`` on ``job`` and have an OS thread run it. Never blocks, however long the queue."""
        job.poller = self._poller
        job.activation = activation
        activation.parked = job
        self._poller.waiting += 1
        self._unfinished += 1
        self._queue.put(job)
        if len(self._threads) < min(self._unfinished, THREADS):
            thread = threading.Thread(target=self._work, name=f"duality-pool-{len(self._threads)}", daemon=True)
            self._threads.append(thread)
            thread.start()
        return PENDING

    def _work(self) -> None:
        while (job := self._queue.get()) is not None:
            job.run()
            self._done.append(job)
            self._bell.ring()

    def collect(self) -> None:
        """Conclude every job that is done, in the order they were done."""
        while self._done:
            self._unfinished -= 1
            self._done.popleft().conclude()

    def close(self) -> None:
        """Wait for the jobs that run, drop those that do not yet, end the threads. Nobody is made ready.

        Blocks this OS thread as long as the slowest running job takes.
        """
        dropped = list(self._drop())
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join()
        self._threads.clear()
        for job in [*self._done, *dropped]:
            job.activation = None
            job.conclude()
        self._done.clear()
        self._unfinished = 0

    def _drop(self) -> Iterator[Job]:
        """Take the jobs that no OS thread has begun out of the queue. They brought nothing to dispose of."""
        while True:
            try:
                job = self._queue.get_nowait()
            except Empty:
                return
            if job is not None:
                job.error = InterruptedError("never begun")
                yield job
