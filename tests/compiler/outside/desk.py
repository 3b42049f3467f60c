"""What the specs of the outside cases begin with: a module that rests and notes, and the shapes CPython's tests use.

Rule: nothing here knows how a spec is run. CPython alone runs it (``plain.py``), and so do the three runtimes.
"""

import contextlib
import sys

from attrs import field

from duality import application, entry, fork, join, module, procedure, scope, sleep, yield_now
from tests.compiler.fuzz.witness import chain


@module
class Desk:
    """The module that each case extends with ``main``."""

    log: list = field(factory=list)

    def note(self, value):
        """Write it down and give it back; does not rest."""
        self.log.append(value)
        return value

    async def rest(self, value=None):
        """Rest, then note and give the value."""
        await yield_now()
        return self.note(value)

    async def fail(self, error):
        """Rest, then raise."""
        await yield_now()
        raise error

    async def each(self, call, values):
        """What ``call`` gives for each of the values, one after the other."""
        found = []
        for value in values:
            found.append(await call(value))
        return found


@module
class Lamp:
    """An asynchronous context manager that rests and notes on its way in and out."""

    log: list
    name: str = "lamp"
    swallows: bool = False

    async def __aenter__(self):
        self.log.append(f"{self.name} on")
        await yield_now()
        self.log.append(f"{self.name} is on")
        return self

    async def __aexit__(self, kind, error, trace):
        self.log.append(f"{self.name} off {kind and kind.__name__}")
        await yield_now()
        self.log.append(f"{self.name} is off")
        return self.swallows


@module
class Count:
    """An asynchronous iterator over 1, 2, ... ``limit``; every second step rests."""

    limit: int = 3
    at: int = 0

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.at == self.limit:
            raise StopAsyncIteration
        self.at += 1
        if self.at % 2:
            await yield_now()
        return self.at


async def numbers(*values):
    """An asynchronous generator over ``values``; rests before each."""
    for value in values:
        await yield_now()
        yield value


async def late(value=None):
    """A helper that rests and gives its argument."""
    await yield_now()
    return value


async def failing(error):
    """A helper that rests and raises its argument."""
    await yield_now()
    raise error


__all__ = [
    "Count", "Desk", "Lamp", "application", "chain", "contextlib", "entry", "failing", "field", "fork", "join", "late",
    "module", "numbers", "procedure", "scope", "sleep", "sys", "yield_now",
]  # fmt: skip
