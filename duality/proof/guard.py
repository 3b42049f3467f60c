"""What may end a run from outside: somebody's Ctrl-C, and the watch over steps that do not end.

Rules:
- What was ended from outside is no outcome of a run, and never taken for one, whatever the spec catches.
- A run is broken off by an error that is raised in the middle of it, where the spec's own code is under way, and by its
  schedule, which makes no further choice. The machine's own code is left alone: it soon comes to the next choice.
- The watch looks on from an OS thread of its own, some twenty times in the time that a step may take, and touches
  nothing: a run whose steps end is the same with it or without. It asks for the end by a SIGINT, so that what waits in
  the system wakes up as well; what is computed within one call of C does not hear it.
"""

import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from attrs import define, field

from duality.proof.blame import is_spec

STALL = 20.0
"""Seconds that a step may take before it is said to have no end, where nobody says how many."""
AGAIN = 1.0  # seconds after which a run that was broken off and goes on all the same is broken off once more
LOOKS = 20  # how often the watch looks in the time that a step may take: a process that stood still is not late


class Broken(BaseException):
    """Raised in a run that is broken off. A spec may catch it: nothing comes of the run all the same."""


@define(eq=False)
class Going:
    """``with Going(...):`` what is done within is a run. Raises what it was broken off with, if it was.

    steps: how many it has taken.   stop: called when it is broken off: it shall make no further choice.   late: makes
    the error for a step that does not end, out of ``file:line`` where it is, and the seconds it has taken.
    """

    steps: Callable[[], int]
    stop: Callable[[], object]
    late: Callable[[str, float], BaseException]
    error: BaseException | None = field(default=None, init=False)
    _floor: FrameType | None = field(default=None, init=False)
    _guard: "Guard | None" = field(default=None, init=False)

    def __enter__(self) -> "Going":
        if _standing is not None and _standing.thread == threading.get_ident():
            self._guard, self._floor = _standing, sys._getframe(1)
            self._guard.begin(self)
        return self

    def __exit__(self, *_: object) -> None:
        if self._guard is not None:
            self._guard.going = self._floor = None
        if self.error is not None:
            raise self.error from None

    def place(self, frame: FrameType | None) -> str:
        """``file:line`` of the innermost frame of a spec that is under way; "" if none is."""
        while frame is not None and frame is not self._floor:
            if is_spec(frame.f_code.co_filename):
                return f"{frame.f_code.co_filename}:{frame.f_lineno}"
            frame = frame.f_back
        return ""


@define(eq=False)
class Guard:
    """``with Guard(stall):`` stands over the runs within. Within another one it does nothing: that one stands.

    stall: seconds that a step may take; None for no bound.
    Only the main OS thread gets signals: a guard in another one does nothing.
    held: while it is set, interrupts wait for ``release``. It is assigned to, for before a call one could come.
    """

    stall: float | None = None
    thread: int = field(default=0, init=False)
    held: bool = field(default=False, init=False)
    going: Going | None = field(default=None, init=False)
    _waiting: bool = field(default=False, init=False)
    _before: Any = field(default=None, init=False)
    _process: int = field(default=0, init=False)
    _overdue: tuple[Going, int] | None = field(default=None, init=False)
    _watch: threading.Thread | None = field(default=None, init=False)
    _over: threading.Event = field(factory=threading.Event, init=False)

    def __enter__(self) -> "Guard":
        global _standing
        if _standing is None and threading.current_thread() is threading.main_thread():
            _standing, self.thread, self._process = self, threading.get_ident(), os.getpid()
            self._before = signal.signal(signal.SIGINT, self._told)
        return self

    def __exit__(self, *_: object) -> None:
        global _standing
        if _standing is not self:
            return
        self._over.set()
        try:
            if self._watch is not None:
                self._watch.join()  # an interrupt may come even here
        finally:
            _standing = None
            signal.signal(signal.SIGINT, signal.SIG_DFL if self._before is None else self._before)

    def release(self) -> None:
        """Interrupts come again. Raises KeyboardInterrupt if one has waited, however many did."""
        self.held = False
        if self._waiting:
            self._waiting = False
            raise KeyboardInterrupt

    def begin(self, going: Going) -> None:
        """``going`` is under way from now on."""
        if self.stall is not None and self._watch is None:
            # Not before the first run: processes that help are forked earlier, and have a watch each.
            self._watch = threading.Thread(target=self._look, name="stalls", daemon=True)
            self._watch.start()
        self.going = going

    # -- in the main OS thread -----------------------------------------------------------------------------------------

    def _told(self, number: int, frame: FrameType | None) -> None:
        """A SIGINT: of the watch, or from outside."""
        overdue, self._overdue = self._overdue, None
        if overdue is not None:
            going, steps = overdue
            if going is self.going and going.steps() == steps:
                self._break(going, frame, None)
        elif os.getpid() == self._process and self._before != signal.SIG_IGN:  # those that help are ended by us
            if self.held:
                self._waiting = True
            elif self.going is None:
                raise KeyboardInterrupt
            else:
                self._break(self.going, frame, KeyboardInterrupt())

    def _break(self, going: Going, frame: FrameType | None, error: BaseException | None) -> None:
        """Break a run off; if it goes on all the same, wherever it is."""
        place, again = going.place(frame), going.error is not None
        if not again:
            going.error = error if error is not None else going.late(place, self.stall or 0.0)
            going.stop()
            # It may be just between making a coroutine and awaiting it: nobody's fault. A trial keeps its own filters.
            warnings.filterwarnings("ignore", "coroutine .* was never awaited", RuntimeWarning)
        if place or again:
            raise Broken

    # -- the watch -----------------------------------------------------------------------------------------------------

    def _look(self) -> None:
        seen: Any = None
        since = 0.0  # seconds looked on; those in which the process stood still are not among them
        while self.stall is not None and not self._over.wait(pause := self.stall / LOOKS):
            going = self.going
            now = None if going is None else (going, going.steps(), going.error is not None)
            since = since + pause if now == seen else 0.0
            seen = now
            if going is not None and since >= (min(AGAIN, self.stall) if going.error is not None else self.stall):
                since, self._overdue = 0.0, (going, going.steps())
                signal.pthread_kill(self.thread, signal.SIGINT)


_standing: Guard | None = None


def standing() -> Guard:
    """The guard that stands; one that does nothing, if none does."""
    return _standing or Guard()


def bounded(stall: float) -> float:
    """``stall``, if it is a number of seconds. Raises ValueError."""
    if isinstance(stall, bool) or not isinstance(stall, int | float) or not 0 < stall < threading.TIMEOUT_MAX:
        raise ValueError(f"stall must be a number of seconds above 0, not {stall!r}")
    return stall


def forked() -> None:
    """This process was forked off one that has a guard, and is ended by it: it has a watch of its own."""
    if _standing is not None:
        _standing._watch, _standing._over, _standing.thread = None, threading.Event(), threading.get_ident()


@contextmanager
def hurried(stall: float) -> Iterator[None]:
    """For runs that are only tried: a step may take ``stall`` seconds, if not fewer."""
    guard = standing()
    before = guard.stall
    if before is not None:
        guard.stall = min(before, stall)
    try:
        yield
    finally:
        guard.stall = before
