"""What goes wrong in one run, as whoever may be hit by it asks.

Rules of this file:

1. A chance is drawn only where there is one, in the order of operations: a run without chances draws nothing here.
2. A sentence has been ``used`` once something went another way because of it.
"""

from __future__ import annotations

import errno
from collections.abc import Callable
from typing import Any

from duality.core.io.simulated.course import Course
from duality.core.io.simulated.journal import Line, failed
from duality.core.io.simulated.wires import Route
from duality.core.io.simulated.world import error_of


class Trouble(Course):
    """The faults of one run at work. Hot paths ask whether it is ``active`` and nothing else."""

    __slots__ = ()

    def _strikes(self, kind: str) -> bool:
        one = self._chances.get(kind)
        if one is None or self._world.draw() >= one.arguments[0]:  # type: ignore[operator]
            return False
        self.used.add(one)
        return True

    def _holds(self, *what: Any) -> bool:
        one = self._state.get(what)
        if one is not None:
            self.used.add(one)
        return one is not None

    def _take(self, verb: str, thing: str) -> int:
        """The error that the next ``verb`` of ``thing`` fails with, 0 if none."""
        waiting = self._failing.get((verb, thing))
        if not waiting:
            return 0
        one = waiting.pop(0)
        self.used.add(one)
        return getattr(errno, str(one.arguments[2]))  # type: ignore[no-any-return]

    def no_descriptor(self) -> bool:
        """Whether the next descriptor is refused."""
        return self.active and (self._holds("exhaust") or self._strikes("EMFILE"))

    def refuses(self, machine: str, port: int) -> bool:
        """Whether a knock there is refused."""
        return self.active and (self._holds("refuse", (machine, port)) or self._strikes("refusals"))

    def held_up(self, route: Route) -> None:
        """Something met ``route``, which is cut."""
        self.used.add(route.cause)  # type: ignore[arg-type]

    def meddle(self, connection: Any, line: Line) -> None:
        """An operation on ``connection`` begins. Raises OSError if it is to fail."""
        if self._strikes("resets"):
            connection.broken(errno.ECONNRESET)
            connection.other.broken(errno.ECONNRESET)
        number = self._take(line[3], connection.resource)
        if number:
            raise failed(line, error_of(number))

    def cut(self, size: int) -> int:
        """Where ``size`` bytes that are sent are cut in two; 0 for nowhere."""
        return 1 + int(self._world.draw() * (size - 1)) if size > 1 and self._strikes("short writes") else 0

    def shortened(self, size: int) -> int:
        """How many of ``size`` bytes a receive gives, at least one of them."""
        return 1 + int(self._world.draw() * (size - 1)) if size > 1 and self._strikes("short reads") else size

    def lateness(self) -> float:
        """Seconds by which the next thing that is sent is late."""
        return self._chances["late"].arguments[1] if self._strikes("late") else 0.0  # type: ignore[return-value]

    def strike(self, verb: str, real: str, path: str) -> None:
        """The disk does ``verb`` at ``path``, which is really ``real``. Raises OSError if that fails."""
        if not self.active:
            return
        number = self._take(verb, real)
        if not number and verb in ("open", "read_file", "listdir") and self._holds("forbid", real):
            number = errno.EACCES
        if not number and self._strikes("EIO"):
            number = errno.EIO
        if not number and verb == "write" and self._strikes("ENOSPC"):
            number = errno.ENOSPC
        if number:
            raise error_of(number, *([] if verb in ("read", "write") else [path]))

    def slowness(self, verb: str, real: str, again: Callable[[], float]) -> float:
        """Seconds more that the disk takes for ``verb`` of ``real``; ``again()``: those of a second read."""
        more = self._state["slow", real].arguments[1] if self._holds("slow", real) else 0.0
        if verb in ("read", "read_file") and self._strikes("short reads"):
            return more + again()  # type: ignore[operator]
        return more  # type: ignore[return-value]

    def disk_is_full(self) -> bool:
        """Whether nothing more fits on the disk."""
        return self.active and self._holds("fill")
