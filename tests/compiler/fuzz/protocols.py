"""What random programs go through and enter: modules with the asynchronous protocols, and asynchronous generators.

Rule: everything notes what happens to it, as in ``values.py``.
"""

from typing import Any

from duality import entry, module, procedure, yield_now
from tests.compiler.fuzz.values import Bang, Boom, boom, keep, note


@module
class Steps:
    """Its own iterator: ``limit`` numbers. Every second request rests; the last one may fail."""

    limit: int = 2
    fails: bool = False
    place: int = 0

    def __aiter__(self):
        note("aiter")
        return self

    async def __anext__(self):
        note("anext", self.place)
        if self.place % 2:
            await yield_now()
        if self.place >= int(self.limit) % 4:
            if self.fails:
                boom(70)
            raise StopAsyncIteration
        self.place += 1
        return self.place


@module
class Row:
    """Gives an iterator of its own to everyone who goes through it."""

    limit: int = 2

    def __aiter__(self):
        note("row")
        return Steps(self.limit)


@module
class Door:
    """An asynchronous manager. ``rests``: inside, on the way out; what it does when it is entered and left."""

    number: int = 0
    swallows: bool = False
    stuck: bool = False
    jams: bool = False

    async def __aenter__(self):
        note("opens", self.number)
        if self.number:
            await yield_now()
        if self.stuck:
            boom(80)
        return self.number

    async def __aexit__(self, kind, error, trace):
        note("closes", self.number, kind and kind.__name__)
        if not self.number:
            await yield_now()
        if self.jams:
            raise Bang(81)
        return self.swallows and isinstance(error, Boom)


@module
class Gate:
    """A manager and an iterator that several tasks share: one enters at a time, whatever they do inside."""

    passed: int = 0

    @entry
    async def __aenter__(self):
        note("gate")
        await yield_now()
        self.passed += 1
        return self.passed

    @procedure
    async def __aexit__(self, kind, error, trace):
        note("gate closes", kind and kind.__name__)

    def __aiter__(self):
        return self

    @entry
    async def __anext__(self):
        note("through", self.passed)
        await yield_now()
        self.passed += 1
        if self.passed % 3 == 0:
            raise StopAsyncIteration
        return self.passed


@module
class Closing:
    """Closes a generator when its block is left."""

    what: Any

    async def __aenter__(self):
        return keep(self.what)

    async def __aexit__(self, kind, error, trace):
        note("closing")
        await self.what.aclose()


async def numbers(limit=2):
    """Gives numbers, and rests between them."""
    note("numbers", limit)
    for number in range(int(limit) % 4):
        yield number
        await yield_now()


async def echo(first=0):
    """Gives what it is sent, and takes errors for values; rests on its way out."""
    given = first
    try:
        while True:
            try:
                given = yield given
                note("sent", given)
                if given is None:
                    return
            except Boom as error:
                note("thrown", str(error))
                await yield_now()
                given = -1
    finally:
        note("echo ends")
        await yield_now()
        note("echo has ended")
