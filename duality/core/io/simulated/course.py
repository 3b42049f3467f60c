"""Faults taking their course: what each sentence of the script does when its time has come.

Rule of this file: a sentence with a time begins when the clock has come to it; one for 0 s before anything else.
"""

from __future__ import annotations

import errno
import signal
from collections.abc import Callable
from functools import partial
from typing import Any

from duality.core.io.simulated.faults import Faults
from duality.core.io.simulated.hosts import HOME, LOOPBACK
from duality.core.io.simulated.sentences import Sentence
from duality.core.io.simulated.world import World


class Course:
    """The faults of one run. ``active``: whether there are any.   ``used``: those that have made a difference."""

    __slots__ = ("_chances", "_failing", "_state", "_world", "active", "faults", "used")

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.active = bool(faults)
        self.used: set[Sentence] = set()
        # What holds now, and which sentence said so: by form and, where it is about one thing, that thing.
        self._state: dict[Any, Sentence] = {}
        self._failing: dict[tuple[str, str], list[Sentence]] = {}
        self._chances = {one.kind: one for one in faults.script if one.when is None}

    def begin(self, world: World, on_signal: Callable[[int], object]) -> None:
        """Have every sentence begin in its time."""
        self._world = world
        for one in self.faults.script:
            if one.when is not None:
                act = partial(getattr(self, f"_{one.kind}", self._hold), one, on_signal)
                if one.when > 0:
                    world.agenda.call_at(one.when, act)
                else:
                    act()

    def _hold(self, one: Sentence, *_: Any) -> None:
        """From now on it holds."""
        self._state[one.kind, *one.arguments[:1]] = one

    def _reset(self, one: Sentence, *_: Any) -> None:
        resource = f"connection {one.arguments[0]}"
        for thing in list(self._world.things):
            if thing.resource == resource:
                self.used.add(one)
                thing.broken(errno.ECONNRESET)
                thing.other.broken(errno.ECONNRESET)

    def _partition(self, one: Sentence, *_: Any) -> None:
        self._world.wires.cut(_between(one), one)

    def _heal(self, one: Sentence, *_: Any) -> None:
        if self._world.wires.heal():
            self.used.add(one)

    def _join(self, one: Sentence, *_: Any) -> None:
        if self._world.wires.heal(_between(one)):
            self.used.add(one)

    def _lag(self, one: Sentence, *_: Any) -> None:
        self._world.wires.slow(_between(one), one.arguments[2])  # type: ignore[arg-type]

    def _refuse(self, one: Sentence, *_: Any) -> None:
        self._state["refuse", _place(one)] = one

    def _admit(self, one: Sentence, *_: Any) -> None:
        self._ends(one, "refuse", _place(one))

    def _break(self, one: Sentence, *_: Any) -> None:
        verb, number, _error = one.arguments
        self._failing.setdefault((str(verb), f"connection {number}"), []).append(one)

    def _fail(self, one: Sentence, *_: Any) -> None:
        verb, path, _error = one.arguments
        self._failing.setdefault((str(verb), str(path)), []).append(one)

    def _clear(self, one: Sentence, *_: Any) -> None:
        self._ends(one, "fill")

    def _release(self, one: Sentence, *_: Any) -> None:
        self._ends(one, "exhaust")

    def _ends(self, one: Sentence, *what: Any) -> None:
        if self._state.pop(what, None) is not None:
            self.used.add(one)

    def _interrupt(self, one: Sentence, on_signal: Callable[[int], object]) -> None:
        self.used.add(one)
        on_signal(signal.SIGINT)

    def _terminate(self, one: Sentence, on_signal: Callable[[int], object]) -> None:
        self.used.add(one)
        on_signal(signal.SIGTERM)

    def unused(self) -> tuple[Sentence, ...]:
        """The sentences that have made no difference."""
        lags = {one for one in self.faults.script if one.kind == "lag" and self._world.wires.asked(_between(one))}
        return tuple(one for one in self.faults.script if one not in self.used | lags)


def _between(one: Sentence) -> list[tuple[str, str]]:
    """The ways between the two sides of a sentence."""
    these, those = one.arguments[:2]
    assert isinstance(these, tuple)
    assert isinstance(those, tuple)
    return [way for here in these for there in those for way in ((here, there), (there, here))]


def _place(one: Sentence) -> tuple[str, int]:
    host, port = one.arguments
    return HOME if host in LOOPBACK else str(host), int(port)  # type: ignore[arg-type]
