"""Ending an asynchronous generator that nobody holds any more, before its end.

Rule: as in CPython without an event loop's hooks, GeneratorExit is raised where it stands, at once, and its
``finally`` blocks run as far as their first rest: nobody is there to wait for it. A generator whose ``finally`` rests
must be closed (``await g.aclose()``). Source: PEP 525, "Finalization".
"""

import warnings
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from duality.core import current
from duality.core.current import running_or_none
from duality.core.task import Task


class Abandoned(BaseException):
    """Raised at the rest of a generator that is being dropped, where there is a stack to raise it on."""


class Nobody(Task):
    """The task in whose name a generator ends that was dropped: it cannot rest."""

    __slots__ = ("frame", "open", "rested")

    def __init__(self) -> None:
        super().__init__("nobody", deque())
        self.frame = self.open = None
        self.rested = False
        self.postpone(Abandoned())

    def deliver(self) -> None:
        """It has come to rest: whoever remembers it is told to forget it. Raises Abandoned."""
        self.rested = True
        if self.parked is not None:
            self.parked.withdraw(self)
            self.parked = None
        raise Abandoned


def drop(end: Callable[[Task], None], home: Any) -> None:
    """Call ``end`` in the name of nobody; it raises Abandoned at a rest.

    home: the generator's run. An error may hold a generator for longer: then nothing is done, least of all in another.
    """
    run = running_or_none()
    if run is None or run is not home:
        return
    try:
        with _nobody(run) as nobody:
            end(nobody)
    except Abandoned:
        warnings.warn(
            "an asynchronous generator was dropped before its end, and its `finally` wants to rest: close it (aclose)",
            RuntimeWarning,
            stacklevel=2,
        )


def unwind(end: Callable[[Task], None], home: Any) -> None:
    """Call ``end`` after the run ``home``, for a stack that cannot be let go without its ``finally`` blocks running.

    They run in the name of nobody of that run, which is over: what comes of it, nobody is told.
    """
    if home is None:  # made outside of any run: nothing of it can rest
        return
    with current.claimed(home), _nobody(home) as nobody, suppress(Exception, Abandoned):
        end(nobody)


@contextmanager
def _nobody(run: Any) -> Iterator[Nobody]:
    """Have nobody be the current task of ``run``, and its recorder note nothing."""
    nobody, task = Nobody(), run.scheduler.current
    run.scheduler.current = nobody
    if run.recorder is not None:
        run.recorder.deaf = True
    try:
        yield nobody
    finally:
        run.scheduler.current = task
        if run.recorder is not None:
            run.recorder.deaf = False
