"""A pipeline: stages joined by bounded queues, the shape SEDA is named for.

What it teaches. Each stage is a task that takes from one queue and puts into
the next; a full queue holds its producer back, so a slow stage slows the whole
pipe instead of filling memory. The end of the stream is a value that travels
like any other (``None`` here). Count the words of a text:

    lines -> [split] -> words -> [count] -> totals

    duality run examples/pipeline.py --on threads --text "to be or not to be"
"""

from attrs import field

from duality import Condition, application, entry, fork, join, module, procedure

TEXT = """\
the process and the monitor are duals
the message and the call are duals
the queue is where the two meet
"""


@module
class Queue:
    """A bounded queue of strings; ``None`` says that no more will come."""

    room: int
    held: list[str | None] = field(factory=list)
    has_room: Condition = field(factory=Condition)
    has_item: Condition = field(factory=Condition)

    @entry
    async def put(self, item: str | None) -> None:
        """Block while ``room`` items are waiting."""
        while len(self.held) >= self.room:
            await self.has_room.wait()
        self.held.append(item)
        self.has_item.signal()

    @entry
    async def get(self) -> str | None:
        """Block until there is an item."""
        while not self.held:
            await self.has_item.wait()
        self.has_room.signal()
        return self.held.pop(0)


@module
class Split:
    """Lines in, words out."""

    lines: Queue
    words: Queue

    @procedure
    async def work(self) -> None:
        """Pass on every word of every line, and then the end."""
        while (line := await self.lines.get()) is not None:
            for word in line.split():
                await self.words.put(word)
        await self.words.put(None)


@module
class Count:
    """Words in, totals out."""

    words: Queue

    @procedure
    async def work(self) -> dict[str, int]:
        """Return how often each word came, most frequent first and then by spelling."""
        totals: dict[str, int] = {}
        while (word := await self.words.get()) is not None:
            totals[word] = totals.get(word, 0) + 1
        return dict(sorted(totals.items(), key=lambda pair: (-pair[1], pair[0])))


@module
class Main:
    """Starts the stages back to front and feeds the first."""

    lines: Queue
    split: Split
    count: Count
    text: str

    @procedure
    async def main(self) -> dict[str, int]:
        """Return the totals of the last stage."""
        counting = fork(self.count.work)
        splitting = fork(self.split.work)
        for line in self.text.splitlines():
            await self.lines.put(line)
        await self.lines.put(None)
        await join(splitting)
        totals: dict[str, int] = await join(counting)
        return totals


@application
def pipeline(text: str = TEXT, room: int = 2) -> Main:
    """Count words through two stages. text: any string.   room: items per queue, at least 1."""
    lines, words = Queue(room), Queue(room)
    return Main(lines, Split(lines, words), Count(words), text)
