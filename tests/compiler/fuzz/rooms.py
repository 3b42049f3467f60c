"""The modules and helpers of random programs: what they call, fork, enter and go through.

Rule: everything notes what happens to it, as in ``values.py``.
"""

from attrs import field

from duality import entry, fork, join, module, procedure, sleep, yield_now
from tests.compiler.fuzz.protocols import Gate, Steps
from tests.compiler.fuzz.values import LOG, begin, boom, chain, note


@module
class Other:
    """Another module, with an entry and a procedure."""

    count: int = 0

    @entry
    async def kept(self, number: int = 0) -> int:
        """Rests while it is held."""
        note("kept", number)
        await yield_now()
        self.count += 1
        return number + self.count

    @procedure
    async def answered(self, number: int = 0) -> int:
        """Does not rest."""
        note("answered", number)
        return number


async def aside(number: int = 0) -> int:
    """A helper that rests."""
    note("aside", number)
    await yield_now()
    note("aside again", number)
    return number


@module
class Base:
    """The module that random programs extend with ``first`` and ``second``."""

    other: Other = field(factory=Other)
    gate: Gate = field(factory=Gate)
    count: int = 0
    items: list = field(factory=lambda: [0, 1, 2])

    async def rests(self, number: int = 0) -> int:
        """Rests, and changes what others can see."""
        note("rests", number)
        await yield_now()
        self.count += 1
        return number

    async def quick(self, number: int = 0) -> int:
        """Does not rest."""
        note("quick", number)
        self.count += 1
        return number

    async def fails(self, number: int = 0) -> int:
        """Rests, then fails."""
        await self.rests(number)
        return boom(number)

    async def breaks(self, number: int = 0) -> int:
        """Fails at once."""
        return boom(number)

    async def slow(self, number: int = 0) -> int:
        """Takes its time, and says if it is told to stop."""
        note("slow", number)
        try:
            await sleep(2)
        finally:
            note("slow ends", number)
        return number

    async def values(self, limit: int = 2):
        """Gives what it counts, and a part of what a generator gives."""
        for number in (1, limit):
            self.count += 1
            yield number
            await self.rests(number)
        try:
            yield self.count
        finally:
            note("values end")
            await yield_now()

    async def counted(self, limit: int = 2) -> int:
        """How many steps there are."""
        return len([step async for step in Steps(limit)])

    async def asked(self, items):
        """The next item, asked for by another procedure than the one that has the iterator."""
        note("asked")
        return await anext(items, 5)

    async def outcome(self, call, *args):
        """What a call gives, or the whole of its error."""
        try:
            return "gives", await self.made(call, args)
        except BaseException as error:
            return "raises", chain(error)

    async def made(self, call, args):
        """The call itself."""
        return await call(*args)

    @procedure
    async def main(self):
        """Run ``first`` twice at once and ``second`` once; give the log and what came of each."""
        begin()
        child = fork(self.outcome, self.first, 3)
        came = [await self.outcome(self.first, 1, 2), await join(child), self.count, str(self.items)]
        return list(LOG), came
