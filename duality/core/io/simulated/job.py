"""Something the disk has been asked to do, on its way: the parking of whoever asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from duality.core.contract import PENDING, Activation, Pending
from duality.core.io.simulated.file import File
from duality.core.io.simulated.journal import Line
from duality.core.io.simulated.world import World


class Job:
    """One operation. It happens when it fires, and whoever asked, if anybody still waits, has the answer then."""

    __slots__ = ("_act", "_activation", "_file", "_line", "_path", "_real", "_world", "alive")

    def __init__(
        self, world: World, line: Line, real: str, path: str, act: Callable[[], Any], file: File | None
    ) -> None:
        self._world = world
        self._line = line
        self._real = real
        self._path = path
        self._act = act
        self._file = file
        self._activation: Activation | None = None
        self.alive = True

    def begin(self, activation: Activation, when: float) -> Pending:
        """Park ``activation`` until ``when``."""
        self._activation = activation
        activation.parked = self
        if self._file is not None:
            self._file.uses[self] = None
        self._world.agenda.at(when, self)
        return PENDING

    def fire(self) -> None:
        """Happen, and answer."""
        if self._file is not None:
            self._file.uses.pop(self, None)
        activation, self._activation = self._activation, None
        try:
            self._world.trouble.strike(self._line[3], self._real, self._path)
            value = self._act()
        except (OSError, ValueError) as error:
            if activation is not None:
                self._world.fail(activation, self._line, error)
        else:
            if activation is not None:
                self._world.answer(activation, self._line, value)
            elif isinstance(value, File):
                value.discard()

    def withdraw(self, activation: Activation) -> None:
        """Forget who asked."""
        activation.parked = None
        self._activation = None
        self._line[5] = "withdrawn"

    def abandon(self, error: OSError) -> None:
        """The file was closed: tell whoever waits."""
        activation, self._activation = self._activation, None
        if activation is not None:
            self._world.fail(activation, self._line, error)

    def __repr__(self) -> str:
        return f"<{self._line[3]} of {self._path}>"
