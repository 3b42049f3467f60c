"""What a caller handles while its callee rests: among events the callee goes on under it, as on one stack.

Among threads there is no such file: the stack has the ``except`` block of the caller below the callee. Rule: only a
message that is sent from an ``except`` block costs anything. The records that it leaves at rest are told what was being
handled; the handler that goes on with one of them runs inside an ``except`` of the same error.
"""

import sys
from collections.abc import Callable
from typing import Any

from duality.core.contract import PENDING


class Under:
    """The handler that a record goes on with, run while ``handled`` is. Whatever else is asked, the handler answers."""

    __slots__ = ("handled", "handler")

    def __init__(self, handler: Callable[..., Any], handled: BaseException) -> None:
        self.handler = handler
        self.handled = handled

    def __getattr__(self, name: str) -> Any:
        return getattr(self.handler, name)

    def __call__(self, frame: Any, value: Any, error: BaseException | None) -> Any:
        """Run it. What its record goes on with next, and what it has called, is run so too."""
        task, outer = frame.task, frame.caller
        if error is not None and self._called():
            # It has been raised below, under all this, and passes through: raised here, it would change its context.
            answer = self.handler(frame, value, error)
        else:
            answer = self._run(frame, value, error)
        record = task.frame  # its own, unless it has replied; or what it has called
        while record is not outer:
            tell(record, self.handled)
            record = frame if record is task.open else record.caller
        return answer

    def _called(self) -> bool:
        """Whether what the handler is told comes from another procedure, and not from the machine."""
        node = getattr(self.handler, "node", None)
        return node is None or node.kind == "call"

    def _run(self, frame: Any, value: Any, error: BaseException | None) -> Any:
        handled = self.handled
        trace, context = handled.__traceback__, handled.__context__
        try:
            raise handled
        except BaseException:
            handled.__traceback__, handled.__context__ = trace, context
            return self.handler(frame, value, error)


def tell(record: Any, handled: BaseException) -> None:
    """Have ``record`` go on under ``handled``, unless it does under what is nearer."""
    if not isinstance(record.next, Under):
        record.next = Under(record.next, handled)


def plain(handler: Any) -> Any:
    """The handler itself, whatever it runs under."""
    return handler.handler if isinstance(handler, Under) else handler


def under(scheduler: Any) -> Callable[[Any], Any]:
    """What passes on the answer to a message that was sent from an ``except`` block."""

    def passing(answer: Any) -> Any:
        task = scheduler.current
        if answer is PENDING and task.open is not None:
            handled = sys.exception()
            assert handled is not None
            record = task.frame
            while record is not task.open:
                tell(record, handled)
                record = record.caller
            tell(record, handled)
        return answer

    return passing
