"""What a chain of messages keeps while it rests, as its records say it.

Beside ``stacks.py``, which reads the same off a thread's stack.
"""

from collections.abc import Callable
from typing import Any

from duality.events.record import UNBOUND
from duality.graph import Node
from duality.proof.alive import unpacked

Show = Callable[[Any], str]
Chain = list[tuple[Node, dict[str, str]]]


def kept(runtime: Any, task: Any, show: Show) -> Chain:
    """The records of ``task``, innermost first: by the names that the handler which goes on will unpack."""
    record, found = task.frame, []
    while record is not None:
        node = getattr(record.next, "node", None)
        if node is not None:
            alive = zip(unpacked(record.next.__code__), record.alive, strict=True)
            found.append((node, {name: show(value) for name, value in alive if value is not UNBOUND}))
        record = record.caller
    return found
