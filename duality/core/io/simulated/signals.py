"""SIGINT and SIGTERM, taken between two rounds: a simulated core never waits, so that a note is enough.

The rules are those of the real core (``core/io/signals.py``): handlers in the main OS thread only, whoever had the
signals before gets them back, and a second SIGINT whose first is still unread is raised there and then.
"""

from __future__ import annotations

import signal
import threading
from _signal import signal as install  # type: ignore[import-not-found]
from collections import deque
from collections.abc import Callable
from types import FrameType
from typing import Any

from duality.core.io.signals import TAKEN

# `install` is what signal.signal wraps: the enumerations of that one would take longer than many a simulated run.


class Notes:
    """The signals that came and have not been told. ``notes``: their numbers, oldest first."""

    __slots__ = ("_before", "notes")

    def __init__(self) -> None:
        self.notes: deque[int] = deque()
        self._before: dict[int, Any] = {}

    def open(self) -> None:
        """Take the signals from now on."""
        self.notes.clear()
        if threading.current_thread() is threading.main_thread():
            for number in TAKEN:
                self._before[number] = install(number, self._note)

    def _note(self, number: int, frame: FrameType | None) -> None:
        if number == signal.SIGINT and number in self.notes:
            raise KeyboardInterrupt
        self.notes.append(number)

    def deliver(self, on_signal: Callable[[int], object]) -> None:
        """Call ``on_signal`` for each note, in the order the signals came. What it raises comes out of here."""
        while self.notes:
            on_signal(self.notes.popleft())

    def close(self) -> None:
        """Take no more."""
        for number, handler in self._before.items():
            install(number, signal.SIG_DFL if handler is None else handler)
        self._before.clear()
