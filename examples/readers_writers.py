"""Readers and writers: a monitor that guards something larger than itself.

What it teaches. The monitor is not held while somebody reads or writes (then
only one reader could be in): it is held for the moments of arriving and
leaving, and keeps the books that say who may go on. ``try``/``finally`` gives
back the right to read even when reading fails or is cancelled, for a
``finally`` may block again on either side.

    duality run examples/readers_writers.py --on events --readers 6
"""

from attrs import field

from duality import Condition, application, entry, fork, join, module, procedure, yield_now


@module
class Desk:
    """The books: how many read now, whether one writes, how many writers wait.

    A waiting writer keeps new readers out, so that a stream of readers cannot
    starve it.
    """

    reading: int = 0
    writing: bool = False
    waiting_writers: int = 0
    most_readers: int = 0
    may_read: Condition = field(factory=Condition)
    may_write: Condition = field(factory=Condition)

    @entry
    async def begin_reading(self) -> None:
        """Block while somebody writes or waits to write."""
        while self.writing or self.waiting_writers:
            await self.may_read.wait()
        self.reading += 1
        self.most_readers = max(self.most_readers, self.reading)

    @entry
    async def end_reading(self) -> None:
        """The last reader out lets a writer in."""
        self.reading -= 1
        if not self.reading:
            self.may_write.signal()

    @entry
    async def begin_writing(self) -> None:
        """Block until nobody reads and nobody writes."""
        self.waiting_writers += 1
        try:
            while self.writing or self.reading:
                await self.may_write.wait()
        finally:
            self.waiting_writers -= 1
        self.writing = True

    @entry
    async def end_writing(self) -> None:
        """Let everyone look again: the readers, and one writer."""
        self.writing = False
        self.may_read.broadcast()
        self.may_write.signal()


@module
class Ledger:
    """Two figures that must always agree, though a writer rests between changing them."""

    desk: Desk
    debit: int = 0
    credit: int = 0

    @procedure
    async def read(self, times: int) -> int:
        """Read ``times`` times; return how often the figures disagreed."""
        torn = 0
        for _ in range(times):
            await self.desk.begin_reading()
            try:
                before = self.debit
                await yield_now()
                torn += before != self.credit
            finally:
                await self.desk.end_reading()
        return torn

    @procedure
    async def write(self, amounts: list[int]) -> None:
        """Enter every amount on both sides, with a rest between the two."""
        for amount in amounts:
            await self.desk.begin_writing()
            try:
                self.debit += amount
                await yield_now()
                self.credit += amount
            finally:
                await self.desk.end_writing()


@module
class Main:
    """Mixes readers and writers and counts what went wrong: nothing may."""

    ledger: Ledger
    readers: int
    writers: int
    rounds: int

    @procedure
    async def main(self) -> dict[str, int]:
        """Return the torn reads (0), the final balance, and the most readers that were in at once."""
        reading = [fork(self.ledger.read, self.rounds) for _ in range(self.readers)]
        writing = [fork(self.ledger.write, list(range(1, self.rounds + 1))) for _ in range(self.writers)]
        torn = 0
        for reader in reading:
            torn += await join(reader)
        for writer in writing:
            await join(writer)
        ledger = self.ledger
        return {
            "torn": torn,
            "debit": ledger.debit,
            "credit": ledger.credit,
            "readers at once": ledger.desk.most_readers,
        }


@application
def readers_writers(readers: int = 4, writers: int = 2, rounds: int = 5) -> Main:
    """Readers and writers of one ledger. readers, writers: tasks.   rounds: reads or writes each."""
    return Main(Ledger(Desk()), readers, writers, rounds)
