"""Objects of the I/O core in a traced run: every operation is told of before it starts.

Rule: this file knows which operations may block, not how a side blocks; the side gives ``wrap``, which makes of an
operation one that is told of.
"""

from collections.abc import Callable
from typing import Any

from duality.core.io.connection import Connection
from duality.core.io.file import File
from duality.core.io.listener import Listener
from duality.core.io.simulated import connection as simulated_connection
from duality.core.io.simulated import file as simulated_file
from duality.core.io.simulated import listener as simulated_listener

BLOCKING = frozenset(
    {"listen", "connect", "accept", "recv", "recv_exactly", "send", "send_file", "close"}
    | {"open", "read", "write", "stat", "listdir", "read_file", "realpath"}
)
OBJECTS: tuple[type, ...] = (
    *(Connection, Listener, File),
    *(simulated_connection.Connection, simulated_listener.Listener, simulated_file.File),
)


class Told:
    """Stands for ``inner``; its operations that may block go through ``wrap``."""

    __slots__ = ("_inner", "_wrap")

    def __init__(self, inner: Any, wrap: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
        self._inner = inner
        self._wrap = wrap

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._inner, name)
        return self._wrap(value) if name in BLOCKING else value

    def __repr__(self) -> str:
        return repr(self._inner)


def bare(value: Any) -> Any:
    """The object itself, where ``value`` stands for one."""
    return value._inner if isinstance(value, Told) else value
