"""SIGINT and SIGTERM, taken between two rounds: a simulated core never waits, so that a note is enough.

The rules are those of the real core (``core/io/signals.py``): handlers in the main OS thread only, whoever had the
signals before gets them back, and a second SIGINT whose first is still unread is raised there and then.
"""

from __future__ import annotations

import signal
import threading
from _signal import signal as install  # type: ignore[import-not-found]

from duality.core.io.signals import TAKEN, Notes

# `install` is what signal.signal wraps: the enumerations of that one would take longer than many a simulated run.


class Taken(Notes):
    """The signals of one core, between ``open`` and ``close``."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        super().__init__()
        self.left = False  # whether they are left to whoever has them

    def open(self) -> None:
        """Take the signals from now on."""
        self.notes.clear()
        if not self.left and threading.current_thread() is threading.main_thread():
            for number in TAKEN:
                self._before[number] = install(number, self._note)

    def close(self) -> None:
        """Take no more."""
        for number, handler in self._before.items():
            install(number, signal.SIG_DFL if handler is None else handler)
        self._before.clear()
