"""SIGINT and SIGTERM, taken at a quiet moment.

A signal may come between any two bytecodes. Here it only leaves a note; ``poll`` reads the notes
when no task is in the middle of anything. A task that never rests keeps ``poll`` from reading: a
second signal whose first is still unread is raised there and then, in the middle of whatever runs.
One trap: a signal that comes just before the wait in the kernel must end that wait although no
bytecode runs any more, so the interpreter is also told to write a byte to a socket that the poller
watches.
"""

from __future__ import annotations

import signal
import socket
import threading
from collections import deque
from collections.abc import Callable
from types import FrameType
from typing import Any, Final

from duality.core.contract import Activation
from duality.core.io.poller import WANT_READ

TAKEN: Final = (signal.SIGINT, signal.SIGTERM)


def ending(number: int) -> BaseException:
    """The error that the signal ``number``, one of ``TAKEN``, ends a run with."""
    return KeyboardInterrupt() if number == signal.SIGINT else SystemExit(128 + number)


class Notes:
    """The signals that came and have not been told. ``notes``: their numbers, oldest first."""

    __slots__ = ("_before", "notes")

    def __init__(self) -> None:
        self.notes: deque[int] = deque()
        self._before: dict[int, Any] = {}

    def _note(self, number: int, frame: FrameType | None) -> None:
        if number in self.notes:
            raise ending(number)
        self.notes.append(number)

    def deliver(self, on_signal: Callable[[int], object]) -> None:
        """Call ``on_signal`` for each note, in the order the signals came. What it raises comes out of here."""
        while self.notes:
            on_signal(self.notes.popleft())


class Signals(Notes):
    """A source that ends the wait when a signal comes, and the notes the handlers leave.

    Handlers can be installed in the main OS thread only; made elsewhere, this takes no signal.
    Whoever had the signals before gets them back on ``close``.
    """

    __slots__ = ("_far", "_near", "_wakeup_before", "fd")

    def __init__(self) -> None:
        super().__init__()
        self._near, self._far = socket.socketpair()
        self._near.setblocking(False)
        self._far.setblocking(False)
        self.fd = self._near.fileno()
        if threading.current_thread() is threading.main_thread():
            self._wakeup_before = signal.set_wakeup_fd(self._far.fileno(), warn_on_full_buffer=False)
            for number in TAKEN:
                self._before[number] = signal.signal(number, self._note)

    def on_event(self, mask: int) -> None:
        # The bytes say which signals came, but so do the notes, and the notes are ours alone:
        # other handlers of this process write here, too.
        try:
            while self._near.recv(256):
                pass
        except BlockingIOError:
            pass

    def interest(self) -> int:
        return WANT_READ

    def close(self, activation: Activation | None = None) -> None:
        for number, handler in self._before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        if self._before:
            signal.set_wakeup_fd(self._wakeup_before)
            self._before.clear()
        self._near.close()
        self._far.close()
