"""The ring of ``specs.Ring``, and the lot of ``specs.Lot``, as those who use gevent or asyncio would write them.

Dual texts again: the same loop, the same moments at which the clock is read.
"""

import asyncio
from collections.abc import Callable
from typing import Any


def gevent_ring(tasks: int, rounds: int, clock: Callable[[], float]) -> dict[str, float]:
    """``gevent.sleep(0)`` among ``tasks`` greenlets."""
    import gevent

    rest, ended = gevent.sleep, 0

    def turn() -> None:
        nonlocal ended
        for _ in range(rounds + 2):
            rest(0)
        ended += 1

    greenlets = [gevent.spawn(turn) for _ in range(tasks - 1)]
    rest(0)
    began = clock()
    for _ in range(rounds):
        rest(0)
    seconds, early = clock() - began, ended
    gevent.joinall(greenlets, raise_error=True)
    return {"seconds": seconds, "ended_early": early, "ended": ended}


async def asyncio_ring(tasks: int, rounds: int, clock: Callable[[], float]) -> dict[str, float]:
    """``asyncio.sleep(0)`` among ``tasks`` tasks."""
    rest, ended = asyncio.sleep, 0

    async def turn() -> None:
        nonlocal ended
        for _ in range(rounds + 2):
            await rest(0)
        ended += 1

    started = [asyncio.create_task(turn()) for _ in range(tasks - 1)]
    await rest(0)
    began = clock()
    for _ in range(rounds):
        await rest(0)
    seconds, early = clock() - began, ended
    for task in started:
        await task
    return {"seconds": seconds, "ended_early": early, "ended": ended}


def gevent_lot(tasks: int, weigh: Callable[[], int]) -> dict[str, float]:
    """``tasks`` greenlets parked at an event."""
    import gevent
    from gevent.event import Event

    leaving: Any = Event()
    parked = 0

    def park() -> None:
        nonlocal parked
        parked += 1
        leaving.wait()

    before = weigh()
    greenlets = [gevent.spawn(park) for _ in range(tasks)]
    while parked < tasks:
        gevent.sleep(0)
    weight = weigh() - before
    leaving.set()
    gevent.joinall(greenlets, raise_error=True)
    return {"bytes": weight, "parked": parked}


async def asyncio_lot(tasks: int, weigh: Callable[[], int]) -> dict[str, float]:
    """``tasks`` tasks parked at an event."""
    leaving, parked = asyncio.Event(), 0

    async def park() -> None:
        nonlocal parked
        parked += 1
        await leaving.wait()

    before = weigh()
    started = [asyncio.create_task(park()) for _ in range(tasks)]
    while parked < tasks:
        await asyncio.sleep(0)
    weight = weigh() - before
    leaving.set()
    for task in started:
        await task
    return {"bytes": weight, "parked": parked}
