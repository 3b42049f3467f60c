"""The bounded buffer: one monitor, two conditions, and why the guard is a ``while``.

What it teaches. ``Buffer`` is a monitor to one reader and a stage with a queue
to another; ``put`` and ``get`` are its entry procedures, or its two ports. A
condition is Mesa's: a producer that was signalled goes to the tail of the
queue and must look again, because somebody else may have filled the slot.

    duality run examples/bounded_buffer.py --on threads
    duality show examples/bounded_buffer.py:put --on events
"""

from attrs import field

from duality import Condition, application, entry, fork, join, module, procedure


@module
class Buffer:
    """At most ``capacity`` items, first in first out; ``fullest`` is the most it ever held."""

    capacity: int = 4
    items: list[int] = field(factory=list)
    fullest: int = 0
    not_full: Condition = field(factory=Condition)
    not_empty: Condition = field(factory=Condition)

    @entry
    async def put(self, item: int) -> None:
        """Block while the buffer is full, then append ``item``."""
        while len(self.items) >= self.capacity:
            await self.not_full.wait()
        self.items.append(item)
        self.fullest = max(self.fullest, len(self.items))
        self.not_empty.signal()

    @entry
    async def get(self) -> int:
        """Block while the buffer is empty, then take the oldest item."""
        while not self.items:
            await self.not_empty.wait()
        item = self.items.pop(0)
        self.not_full.signal()
        return item


@module
class Worker:
    """Both kinds of customer; any number of tasks may be in here at once."""

    buffer: Buffer

    @procedure
    async def produce(self, numbers: range) -> None:
        """Put every one of ``numbers``, resting whenever the buffer is full."""
        for number in numbers:
            await self.buffer.put(number)

    @procedure
    async def consume(self, count: int) -> list[int]:
        """Take ``count`` items and return them in the order they came."""
        taken: list[int] = []
        while len(taken) < count:
            taken.append(await self.buffer.get())
        return taken


@module
class Main:
    """Forks everyone, then joins everyone."""

    worker: Worker
    producers: int
    consumers: int
    items: int

    @procedure
    async def main(self) -> tuple[list[int], int]:
        """Return all that was consumed, sorted, and the fullest the buffer ever was."""
        total = self.producers * self.consumers * self.items
        share = total // self.producers
        producing = [
            fork(self.worker.produce, range(number * share, (number + 1) * share)) for number in range(self.producers)
        ]
        consuming = [fork(self.worker.consume, total // self.consumers) for _ in range(self.consumers)]
        for producer in producing:
            await join(producer)
        taken: list[int] = []
        for consumer in consuming:
            taken.extend(await join(consumer))
        return sorted(taken), self.worker.buffer.fullest


@application
def bounded_buffer(capacity: int = 4, producers: int = 3, consumers: int = 2, items: int = 5) -> Main:
    """Producers and consumers around one buffer.

    capacity: items, at least 1.   producers, consumers: tasks, at least 1.
    items: how many each producer makes for each consumer.
    """
    return Main(Worker(Buffer(capacity)), producers, consumers, items)
