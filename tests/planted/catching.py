"""Plant a fault and check the application it is to show in: what the law says, and after how many schedules."""

import signal
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from attrs import frozen

from duality.core.recorder import Contradiction
from duality.proof import check
from tests.planted.catalogue import Fault
from tests.planted.planting import planted
from tests.planted.suite import SUITE

SCHEDULES = 60
SEED = 1
PATIENCE = 20  # seconds; a fault may make a run go on for ever


@frozen
class Caught:
    """``law``: what was found broken.   schedules: how many were played until then.   said: in what words."""

    law: str
    schedules: int
    said: str


class StillGoing(BaseException):
    """A run does not end."""


def verdict_of(name: str) -> Caught | None:
    """What a check of an application of the suite finds, or None if that is what it is to find."""
    app, ends, crossings = SUITE[name]
    played = Counting()
    try:
        with patience():
            verdict = check(app, schedules=SCHEDULES, seed=SEED, crossings=crossings, progress=played)
    except Contradiction as error:
        return Caught("contradiction", played.schedules + 1, str(error))
    except StillGoing:
        return Caught("no end", played.schedules + 1, f"a run did not end within {PATIENCE} s")
    found = verdict.finding
    if found is None:
        return (
            None
            if ends is None
            else Caught(f"no {ends}", verdict.schedules, f"it ends without the {ends} it is to end with")
        )
    return None if found.law == ends else Caught(found.law, verdict.schedules, found.said)


def caught(fault: Fault) -> Caught | None:
    """What is found when ``fault`` is planted; None if it gets past."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with planted(fault.where, fault.right, fault.wrong):
            return verdict_of(fault.on)


class Counting:
    """How many schedules have been played."""

    schedules = 0

    def __call__(self, progress: Any) -> None:
        self.schedules = progress.schedules


@contextmanager
def patience() -> Iterator[None]:
    """Raise StillGoing after ``PATIENCE`` seconds."""

    def ring(number: int, frame: Any) -> None:
        raise StillGoing

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
