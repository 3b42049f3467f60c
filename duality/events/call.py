"""A call, among events: a message to the stage, which may have to wait in its queue.

Dual of ``threads/call.py``. Lauer & Needham: SendMessage, AwaitReply | a procedure call, and the monitor lock.
"""

from collections.abc import Callable
from typing import Any

from duality.compiler.exact import exact
from duality.compiler.senders import uncount
from duality.core.contract import PENDING
from duality.events.record import Record


def direct(runtime: Any, procedure: Callable[..., Any]) -> Callable[..., Any]:
    """A port that accepts at any time: the message's handler runs at once, in the sender's own step."""
    return procedure


def entry(runtime: Any, procedure: Callable[..., Any]) -> Callable[..., Any]:
    """A port that accepts only while the stage is idle: the message queues until then."""
    waiting = runtime.waiting_record

    def port(stage: Any, task: Any, /, *args: Any, **named: Any) -> Any:
        gate = stage._duality_gate
        if gate.holder is not None:
            pending = gate.enter(task)
            waiting(task, arrive, (gate, procedure, stage, args, named))
            return pending
        gate.holder = task
        try:
            value = procedure(stage, task, *args, **named)
        except BaseException:
            gate.release()
            raise
        if value is not PENDING and gate.holder is task:  # replied at once, and no record has released the stage
            if gate.queue:
                gate.release()
            else:
                gate.holder = None
        return value

    return exact(port, procedure)


def queued(runtime: Any, procedure: Callable[..., Any]) -> Callable[..., Any]:
    """A port of strict SEDA: every message, and every reply, goes through a queue."""
    ready = runtime.ready

    def port(stage: Any, task: Any, /, *args: Any, **named: Any) -> Any:
        pending = task.give_way()  # raises a cancellation that waits for a rest
        Record(task, _deliver, (procedure, stage, args, named))
        Record(task, _answer, (ready,))
        return pending

    return port


def arrive(frame: Record, value: Any, error: BaseException | None) -> Any:
    """The stage has come to this message in its queue (or the message was withdrawn: ``error``)."""
    gate, procedure, stage, args, named = frame.alive
    if error is not None:
        raise error
    try:
        value = procedure(stage, frame.task, *args, **named)
    except BaseException:
        gate.release()
        raise
    if value is not PENDING and gate.holder is frame.task:
        gate.release()
    return frame.pass_on(value)


def _deliver(frame: Record, value: Any, error: BaseException | None) -> Any:
    """The scheduler has come to a queued message."""
    procedure, stage, args, named = frame.alive
    if error is not None:
        raise error
    try:
        return frame.pass_on(procedure(stage, frame.task, *args, **named))
    except TypeError as wrong:
        uncount(wrong)  # a message names its sender, and nobody who reads this must count it
        raise


def _answer(frame: Record, value: Any, error: BaseException | None) -> Any:
    """The reply to a queued message: it too goes through the queue, and is then handed to the caller."""
    frame.next = _handed
    frame.alive[0].append((frame.task, value, error))
    return PENDING


def _handed(frame: Record, value: Any, error: BaseException | None) -> Any:
    if error is not None:
        raise error
    return frame.reply(value)
