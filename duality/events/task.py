"""A task among events: a chain of messages, and the record where its next reply is awaited.

Dual of ``threads/task.py``. Lauer & Needham: what a process must remember is in its messages | a thread has a stack.
"""

from collections.abc import Callable
from typing import Any

from duality.core import task as core
from duality.events.call import arrive
from duality.events.record import Record
from duality.events.under import plain


class Task(core.Task):
    """``frame`` is the innermost record: the one whose handler goes on when the task is next stepped.

    ``open`` is the outermost record made in this step, while its caller is still to make its own; else None.
    ``replied``: the task is what an early reply has left, and the record without a caller that of the procedure.
    """

    __slots__ = ("frame", "open", "replied")

    def __init__(
        self, runtime: Any, name: str, call: Callable[..., Any], args: tuple[Any, ...], named: dict[str, Any]
    ) -> None:
        super().__init__(name, runtime.ready)
        self.frame: Record | None = None
        self.open: Record | None = None
        self.replied = False
        Record(self, _begin, (call, args, named))
        self.open = None

    def take_over(self, record: Record) -> None:
        """Go on with a procedure that has replied."""
        self.frame, self.replied = record, True

    def standing(self) -> Any:
        """The node of the graph where it rests, from what the innermost record will be resumed by; None if unknown."""
        frame = self.frame
        while frame is not None:
            if plain(frame.next) is arrive:  # it queues for a stage, at the beginning of the procedure there
                return frame.alive[1].points.enter
            node = getattr(frame.next, "node", None)
            if node is not None:
                return node
            frame = frame.caller
        return None


def _begin(frame: Record, value: Any, error: BaseException | None) -> Any:
    """The first handler of every task: accept the message that was sent when it was forked."""
    call, args, named = frame.alive
    if error is not None:
        raise error
    return frame.pass_on(call(frame.task, *args, **named))
