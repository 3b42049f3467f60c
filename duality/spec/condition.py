"""A condition, as a spec sees it."""

from collections.abc import Awaitable
from typing import Any

from duality.core.condition import Waiters


class Condition:
    """Where the tasks inside a module wait until another one signals (Mesa's rules: look again when woken).

    Declare it as a field of the module, ``not_full: Condition = field(factory=Condition)``. A run gives it the class
    of its own runtime. Source: Lampson & Redell 1980; Lauer & Needham 1978, WAIT and SIGNAL.
    """

    __slots__ = ("name", "owner", "waiters")

    def __init__(self) -> None:
        self.owner: Any = None
        self.name = ""
        self.waiters: Waiters | None = None

    def wait(self) -> Awaitable[None]:
        """Block until signalled; the module is released meanwhile and held again afterwards.

        One blocking point, of kind ``wait``. Only inside an ``@entry`` of the module that declares the condition.
        """
        raise RuntimeError(f"condition {self.name or '(not a field of a module)'}: wait() outside a run")

    def signal(self) -> None:
        """Wake the oldest waiter, which looks again when it next holds the module. Never blocks."""
        if self.waiters is not None:
            self.waiters.signal()

    def broadcast(self) -> None:
        """Wake all waiters, oldest first. Never blocks."""
        if self.waiters is not None:
            self.waiters.broadcast()

    def __repr__(self) -> str:
        return f"Condition({self.name})"
