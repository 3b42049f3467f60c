"""An early reply, among events: the record leaves the chain of callers, and is a chain of its own.

Dual of ``threads/reply.py``. Rule: the handler that replies returns, so nothing of it is left but what it wrote down.
Lauer & Needham: SendReply before the handler chain ends | FORK of what is left, then RETURN.
"""

from collections.abc import Callable
from typing import Any

from duality.core.engine import ANSWERED
from duality.events.record import Record


def replying(runtime: Any, kind: str, procedure: Callable[..., Any]) -> Callable[..., Any]:
    """A procedure that may reply: its handlers are as free to go as any."""
    return procedure


def answering(runtime: Any) -> Callable[..., Any]:
    """The verb ``reply``; a handler returns what it gives, and the caller goes on with that."""

    def reply(value: Any, record: Record, /) -> Any:
        if record.caller is None and record.task.replied:
            raise RuntimeError(ANSWERED)
        record.leave(runtime.split())
        return value

    return reply
