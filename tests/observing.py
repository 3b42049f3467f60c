"""One run seen whole, on the clock alone: what the tests of the law look at."""

from collections.abc import Callable
from typing import Any

from duality.proof import Schedule
from duality.proof.trial import Trial, trial
from tests.virtual import VirtualIO


def observe(build: Callable[[], Any], on: str, schedule: Any = None, crossing: str = "direct") -> Trial:
    """Run the root module that ``build()`` makes, traced, and tell all. Only the machine's own are raised."""
    return trial(build, on, schedule or Schedule.fifo(), VirtualIO(), crossing=crossing)
