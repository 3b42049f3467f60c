"""The verbs of a spec, as the spec imports them.

Rule: compiled programs never come through here (their verbs are bound to the runtime when the program is loaded); the
oracle's uncompiled coroutines, and plain functions that a procedure calls, do. Each verb asks who is running.
"""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from typing import Any

from duality.core.current import running
from duality.core.deadline import Deadline
from duality.core.scope import Scope
from duality.core.task import Task


def fork(procedure: Callable[..., Any], /, *args: Any, **named: Any) -> Task:
    """Start ``procedure(*args)`` as a child task and return it; never blocks.

    The child is ready at once and does not run before the caller rests. Join it, or its error fails the run.
    Source: Lauer & Needham 1978: FORK | SendMessage, its reply awaited later.
    """
    task: Task = running().verbs.fork(procedure, *args, **named)
    return task


def send(procedure: Callable[..., Any], /, *args: Any, **named: Any) -> None:
    """Start ``procedure(*args)`` with nobody to join it; its error fails the run at once. Never blocks.

    Source: Lauer & Needham 1978: FORK, detached | SendMessage, no reply awaited.
    """
    running().verbs.send(procedure, *args, **named)


def join(task: Task, /) -> Awaitable[Any]:
    """Block until ``task`` has ended and give its value; its error is raised. One blocking point, of kind ``join``.

    A finished task is answered at once, every time. Raises DeadlockError if the task waits for the caller.
    """
    awaitable: Awaitable[Any] = running().verbs.join(task)
    return awaitable


def sleep(seconds: float, /) -> Awaitable[None]:
    """Block for ``seconds`` (>= 0) of the run's clock. One blocking point, of kind ``sleep``."""
    awaitable: Awaitable[None] = running().verbs.sleep(seconds)
    return awaitable


def yield_now() -> Awaitable[None]:
    """Let everyone who is ready go first. One blocking point, of kind ``yield``."""
    awaitable: Awaitable[None] = running().verbs.yield_now()
    return awaitable


def now() -> float:
    """Seconds on the run's clock, which never goes back; its zero means nothing. Never blocks."""
    seconds: float = running().verbs.now()
    return seconds


def reply(value: Any, /) -> None:
    """Answer the caller now, which goes on at once; what is left of the procedure is a task of its own. Never blocks.

    A child in name, ready as if it had been forked; an entry's keeps the module until its end. What it returns is
    dropped, its error fails the run. One point of kind ``reply``. Raises RuntimeError if the caller has been answered.
    Source: Lauer & Needham 1978: SendReply before the handler ends | FORK of what is left, then RETURN.
    """
    running().reply(value)


def scope() -> AbstractAsyncContextManager[Scope]:
    """``async with scope() as s:`` leaves the block when every task that ``s.fork(...)`` started has ended.

    One blocking point, of kind ``join``, where the block ends. The first error cancels the others and all of them leave
    in an ExceptionGroup. Source: trio's nursery, anyio's task group.
    """
    manager: AbstractAsyncContextManager[Scope] = running().verbs.scope()
    return manager


def fail_after(seconds: float, /) -> AbstractContextManager[Deadline]:
    """``with fail_after(seconds):`` raises TimeoutError if the block is still at rest then."""
    deadline: Deadline = running().verbs.fail_after(seconds)
    return deadline


def move_on_after(seconds: float, /) -> AbstractContextManager[Deadline]:
    """``with move_on_after(seconds) as m:`` leaves the block then; ``m.cancelled_caught`` tells whether it did."""
    deadline: Deadline = running().verbs.move_on_after(seconds)
    return deadline
