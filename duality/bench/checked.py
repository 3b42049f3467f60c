"""What is checked in a benchmark, and what is run on both I/O cores, written in the spec.

Rules: the bounded buffer has four tasks that move three items each; an echo is a request and its answer over one
connection, of a size that fits into every buffer.
"""

from collections.abc import Callable

from attrs import field

from duality import Condition, application, entry, fork, join, module, net, procedure

ITEMS = 3


@module
class Buffer:
    """At most two items, first in first out."""

    items: list[int] = field(factory=list)
    not_full: Condition = field(factory=Condition)
    not_empty: Condition = field(factory=Condition)

    @entry
    async def put(self, item: int) -> None:
        """Block while the buffer is full."""
        while len(self.items) >= 2:
            await self.not_full.wait()
        self.items.append(item)
        self.not_empty.signal()

    @entry
    async def get(self) -> int:
        """Block while the buffer is empty."""
        while not self.items:
            await self.not_empty.wait()
        item = self.items.pop(0)
        self.not_full.signal()
        return item


@module
class Exchange:
    """Two tasks make three items each, two others take as many."""

    buffer: Buffer

    @procedure
    async def make(self, first: int) -> None:
        """Put three."""
        for item in range(first, first + ITEMS):
            await self.buffer.put(item)

    @procedure
    async def take(self) -> int:
        """Take three, and add them up."""
        total = 0
        for _ in range(ITEMS):
            total += await self.buffer.get()
        return total

    @procedure
    async def main(self) -> int:
        """The sum of all that was taken."""
        makers = [fork(self.make, number * ITEMS) for number in range(2)]
        takers = [fork(self.take) for _ in range(2)]
        for maker in makers:
            await join(maker)
        total = 0
        for taker in takers:
            total += await join(taker)
        return total


@module
class Echoes:
    """One task answers another. Output: seconds for ``rounds`` echoes, and how many came back."""

    rounds: int
    clock: Callable[[], float]

    @procedure
    async def answer(self, port: int) -> None:
        """Send back whatever comes, until nothing does."""
        connection = await net.connect("127.0.0.1", port)
        while data := await connection.recv(64):
            await connection.send(data)
        await connection.close()

    @procedure
    async def main(self) -> dict[str, float]:
        """Time the echoes, and nothing of how the connection comes and goes."""
        listener = await net.listen("127.0.0.1", 0)
        other = fork(self.answer, listener.port)
        connection = await listener.accept()
        back = 0
        began = self.clock()
        for _ in range(self.rounds):
            await connection.send(b"over there, and back")
            back += await connection.recv_exactly(20) == b"over there, and back"
        seconds = self.clock() - began
        await connection.close()
        await join(other)
        await listener.close()
        return {"seconds": seconds, "back": back}


@application
def exchange() -> Exchange:
    """A bounded buffer between four tasks of three items."""
    return Exchange(Buffer())


@application
def echoes(rounds: int, clock: Callable[[], float]) -> Echoes:
    """Echoes over one connection."""
    return Echoes(rounds, clock)
