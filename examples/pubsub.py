"""A publish/subscribe hub: who listens is not known until the program runs.

What it teaches. Modules need not all be wired in advance. Each subscriber
brings a mailbox of its own, made while the program runs; the hub keeps those
that are subscribed now and forks one delivery to each, so that a subscriber
whose mailbox is full holds up nobody but itself. Lauer and Needham's channels
are bound once; a module passed as an argument is how a system like theirs hands
one on.

    duality run examples/pubsub.py --on threads
"""

from typing import Any

from attrs import field

from duality import Condition, application, entry, fork, join, module, procedure, scope


@module
class Mailbox:
    """News for one subscriber, in order; holds ``room`` pieces of it."""

    room: int = 2
    news: list[str | None] = field(factory=list)
    changed: Condition = field(factory=Condition)

    @entry
    async def deliver(self, piece: str | None) -> None:
        """Block while the box is full."""
        while len(self.news) >= self.room:
            await self.changed.wait()
        self.news.append(piece)
        self.changed.broadcast()

    @entry
    async def collect(self) -> str | None:
        """Block while the box is empty; ``None`` means that no more will come."""
        while not self.news:
            await self.changed.wait()
        self.changed.broadcast()
        return self.news.pop(0)


@module
class Hub:
    """Topics and who wants them now. One publication at a time, so that order is kept."""

    subscribers: dict[str, list[Mailbox]] = field(factory=dict)

    @entry
    async def subscribe(self, topic: str, box: Mailbox) -> None:
        """From the next publication on, ``box`` gets the news of ``topic``."""
        self.subscribers.setdefault(topic, []).append(box)

    @entry
    async def unsubscribe(self, topic: str, box: Mailbox) -> None:
        """No further news to ``box``, and an end mark behind what it has."""
        boxes = self.subscribers.get(topic, [])
        if box in boxes:
            boxes.remove(box)
            await box.deliver(None)

    @entry
    async def publish(self, topic: str, piece: str) -> int:
        """Deliver to all who are subscribed now; block until every box has it. Return how many."""
        boxes = list(self.subscribers.get(topic, []))
        async with scope() as fan:
            for box in boxes:
                fan.fork(box.deliver, piece)
        return len(boxes)


@module
class Reader:
    """A subscriber: leaves after ``wanted`` pieces, or stays to the end (0)."""

    hub: Hub

    @procedure
    async def follow(self, topic: str, box: Mailbox, wanted: int) -> list[str]:
        """Return all the news that came, the pieces still in the box when it left included."""
        seen: list[str] = []
        while (piece := await box.collect()) is not None:
            seen.append(piece)
            if len(seen) == wanted:
                # Somebody must empty the box while we leave: a publication may
                # be waiting for room in it, and holds the hub until it has some.
                leaving = fork(self.hub.unsubscribe, topic, box)
                while (late := await box.collect()) is not None:
                    seen.append(late)
                await join(leaving)
                break
        return seen


@module
class Main:
    """Readers come and go between publications, and one goes in the middle of one."""

    hub: Hub
    reader: Reader
    pieces: int

    async def arrive(self, box: Mailbox, wanted: int) -> Any:
        """Subscribe ``box`` to the weather and let a reader follow it."""
        await self.hub.subscribe("weather", box)
        return fork(self.reader.follow, "weather", box, wanted)

    @procedure
    async def main(self) -> dict[str, object]:
        """Return what each reader saw; of the hasty one, what it wanted."""
        early, late, hasty = Mailbox(), Mailbox(room=1), Mailbox(room=1)
        following_early = await self.arrive(early, 0)
        following_hasty = await self.arrive(hasty, 1)
        await self.hub.publish("weather", "bulletin 0")
        following_late = await self.arrive(late, 0)
        for number in range(1, self.pieces):
            await self.hub.publish("weather", f"bulletin {number}")
            if number == 2:
                await self.hub.unsubscribe("weather", late)
        unheard = await self.hub.publish("sport", "nobody listens")
        await self.hub.unsubscribe("weather", early)
        return {
            "early": await join(following_early),
            "late": await join(following_late),
            # How much more came while it was leaving is the schedule's choice.
            "hasty": (await join(following_hasty))[:1],
            "sport reached": unheard,
        }


@application
def pubsub(pieces: int = 5) -> Main:
    """A hub and its readers. pieces: bulletins published, at least 3."""
    hub = Hub()
    return Main(hub, Reader(hub), pieces)
