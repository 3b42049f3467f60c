"""One measurement without a network, in this process: what, by whom, how much; its raw numbers as a line of JSON.

Rules: processor time, not the clock on the wall, so that a busy machine disturbs less; the numbers come with a count of
what was really done, and a count that is not what was asked for is an error, not a result.
"""

import asyncio
import gc
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from duality import run
from duality.bench import calling, specs
from duality.bench.peers import bare, rings

Raw = dict[str, float]
clock = time.process_time


def weigh() -> int:
    """Bytes of memory this process has resident, garbage collected first."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def ring(who: str, tasks: int, rounds: int) -> Raw:
    """Yields among ``tasks`` tasks."""
    if who == "gevent":
        return rings.gevent_ring(tasks, rounds, clock)
    if who == "asyncio":
        return asyncio.run(rings.asyncio_ring(tasks, rounds, clock))
    value: Raw = run(specs.ring, on=who, tasks=tasks, rounds=rounds, clock=clock).value
    return value


def laden(who: str, tasks: int, rounds: int) -> Raw:
    """Rests and resumes with five live variables."""
    bare_ones: dict[str, Callable[..., Raw]] = {"coroutine.send": bare.sends, "greenlet switch pair": bare.switches}
    if who in bare_ones:
        return bare_ones[who](tasks, rounds, clock)
    value: Raw = run(specs.laden, on=who, tasks=tasks, rounds=rounds, clock=clock).value
    return value


def lot(who: str, tasks: int, rounds: int) -> Raw:
    """Parked tasks."""
    if who == "gevent":
        return rings.gevent_lot(tasks, weigh)
    if who == "asyncio":
        return asyncio.run(rings.asyncio_lot(tasks, weigh))
    value: Raw = run(specs.lot, on=who, tasks=tasks, weigh=weigh).value
    return value


def calls(who: str, tasks: int, rounds: int) -> Raw:
    """Calls to another module, ten times ``rounds``."""
    if who == "plain method":
        return bare.Caller(rounds, clock).main()
    side, _, kind = who.partition(", ")
    value: Raw = run(calling.calls, on=side, tens=rounds, clock=clock, held=kind == "entry").value
    return value


def done(what: str, tasks: int, rounds: int, raw: Raw) -> bool:
    """Whether the raw numbers tell that all that was asked for was done, and nothing ended within the measured time."""
    if what == "calls":
        return (raw["calls"], raw["turns"]) == (10 * rounds, rounds)
    if what == "lot":
        return raw["parked"] == tasks
    return raw["ended_early"] == 0 and raw["ended"] in (tasks, tasks - 1)  # the task with the clock does not count


WORK: dict[str, Callable[[str, int, int], Raw]] = {"ring": ring, "laden": laden, "lot": lot, "calls": calls}


def main(what: str, who: str, tasks: int, rounds: int) -> dict[str, Any]:
    """Do the work and return its raw numbers. Raises RuntimeError if not all of it was done."""
    raw = WORK[what](who, tasks, rounds)
    if not done(what, tasks, rounds, raw):
        raise RuntimeError(f"{who} did not do what was measured: {raw}")
    return {**raw, "tasks": tasks, "rounds": rounds, "process": os.getpid()}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))))
