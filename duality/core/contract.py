"""What the machine and the two runtimes promise each other: try now, else complete later.

Rules of this file:

1. An operation that may block takes the activation first: ``op(activation, *args)``. It answers at
   once (a value, or an exception raised), or it answers ``PENDING``.
2. On ``PENDING`` the machine has set ``activation.parked`` to whoever remembers the activation, and
   will later set ``activation.parked = None`` and append ``(activation, value, error)`` to the
   ready list, exactly once; unless somebody calls ``activation.parked.withdraw(activation)`` first,
   after which it never does. An operation that is done but owes others a turn has appended its
   completion *before* it answers ``PENDING``: nobody remembers the activation, ``parked`` is None.
3. The machine looks at nothing else of an activation: it cannot tell a stack from a record.
"""

from __future__ import annotations

from enum import Enum
from typing import Any, Final, Protocol, TypeAlias

__all__ = ["PENDING", "Activation", "Completion", "Parking", "Pending", "Ready"]


class Pending(Enum):
    """The type of ``PENDING``; an enumeration of one, so that ``is PENDING`` narrows a union."""

    PENDING = "pending"

    def __repr__(self) -> str:
        return "PENDING"


PENDING: Final = Pending.PENDING
"""The answer of an operation that will complete later, through the ready list."""


class Parking(Protocol):
    """Whoever remembers an activation that rests: a connection, a timer, a queue."""

    def withdraw(self, activation: Any, /) -> None:
        """Forget ``activation``, which must be parked here; nothing blocks.

        Afterwards ``activation.parked`` is None and this parking never makes it ready. Used by
        cancellation, which then makes the activation ready itself, with ``Cancelled``.
        """


class Activation(Protocol):
    """A task at rest, or about to rest, as the machine sees it: a place to note who remembers it."""

    parked: Parking | None


Completion: TypeAlias = tuple[Any, Any, BaseException | None]
"""``(activation, value, error)``: who goes on, with what answer; ``error`` is None or is raised there."""


class Ready(Protocol):
    """The ready list, as whoever makes activations ready sees it (a deque, a list)."""

    def append(self, completion: Completion, /) -> object:
        """Make ``completion[0]`` ready to go on; never blocks."""
