"""What all parts of one simulated run share.

Rules of this file:

1. Whoever is made ready is made ready by ``answer`` or ``in_turn``, or by the same lines on a hot path.
2. A descriptor is taken before a thing is made and given back when it is closed, each exactly once.
3. Numbers are given out in the order things are made, and what is random is drawn in the order it is asked.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING, Any

from duality.core.contract import PENDING, Activation, Pending, Ready
from duality.core.io.simulated.agenda import Agenda
from duality.core.io.simulated.journal import Journal, Line, failed, told
from duality.core.io.simulated.wires import Wires

if TYPE_CHECKING:
    from duality.core.io.simulated.trouble import Trouble


class World:
    """Time, chance, numbers, and the ready list. ``draw()``: the next number in [0, 1).

    limit: descriptors that may be in use at once, None for any number.   things: what is open, by name.
    """

    __slots__ = (
        "_descriptors", "agenda", "buffer", "connections", "draw", "journal", "limit", "ready", "things", "trouble",
        "wires",
    )  # fmt: skip

    def __init__(
        self,
        agenda: Agenda,
        journal: Journal,
        draw: Callable[[], float],
        wires: Wires,
        trouble: Trouble,
        buffer: int,
        limit: int | None,
    ) -> None:
        self.agenda = agenda
        self.journal = journal
        self.draw = draw
        self.wires = wires
        self.trouble = trouble
        self.buffer = buffer
        self.limit = limit
        self.ready: Ready = []
        self.things: dict[Any, None] = {}
        self.connections = 0
        self._descriptors = 0

    def take_descriptor(self) -> None:
        """Count one more. Raises OSError (EMFILE) when none is left."""
        if (self.limit is not None and self._descriptors >= self.limit) or self.trouble.no_descriptor():
            raise error_of(errno.EMFILE)
        self._descriptors += 1

    def give_descriptor(self) -> None:
        """Count one less: nothing came of it."""
        self._descriptors -= 1

    def close(self, thing: Any) -> None:
        """Give the descriptor of ``thing`` back; it is no longer open."""
        self._descriptors -= 1
        self.things.pop(thing, None)

    def answer(self, activation: Activation, line: Line, value: object) -> None:
        """Complete a parked ``activation``, and the ``line`` of its operation."""
        line[5] = told(value)
        activation.parked = None
        self.ready.append((activation, value, None))

    def fail(self, activation: Activation, line: Line, error: BaseException) -> None:
        """Complete a parked ``activation`` with ``error``, and the ``line`` of its operation."""
        activation.parked = None
        self.ready.append((activation, None, failed(line, error)))

    def in_turn(self, activation: Activation, value: object) -> Pending:
        """Complete an operation that is already done, but only after all who are ready now."""
        self.ready.append((activation, value, None))
        return PENDING


def error_of(number: int, *path: str) -> OSError:
    """The error that the system raises for ``number``."""
    return OSError(number, os.strerror(number), *path)


def drawing(seed: int) -> Callable[[], float]:
    """The generator that ``seed`` starts; started when first drawn from, for that takes longer than many a run."""
    generator: Callable[[], float] | None = None

    def draw() -> float:
        nonlocal generator
        if generator is None:
            generator = Random(seed).random  # the one method whose sequence Python promises to keep
        return generator()

    return draw
