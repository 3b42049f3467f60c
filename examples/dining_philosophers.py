"""Dining philosophers: a lock kept over a call out, and the cycle it can close.

What it teaches. A chopstick is an entry module, so whoever is inside ``lift``
holds it; the second chopstick is a call made from inside the first. That is
Lauer and Needham's canonical resource manager, and it deadlocks on both sides
in the same way: among threads as a cycle of monitors, among events as a cycle
of stages that await each other's reply. Two applications share one spec:

``dining_philosophers``  every seat lifts the lower-numbered chopstick first: no cycle can close.
``deadlocking``          every seat lifts its left one first: each holds one and waits for the next.

    duality run examples/dining_philosophers.py:dining_philosophers --on threads
    duality run examples/dining_philosophers.py:deadlocking --on events
"""

from duality import application, entry, fork, join, module, procedure, yield_now


@module
class Chopstick:
    """Held by whoever is inside one of its entries."""

    uses: int = 0

    @entry
    async def lift(self, other: "Chopstick") -> None:
        """Hold this chopstick while getting ``other``, and through the meal."""
        # The rest is what makes the deadlock certain: everyone gets to hold
        # one chopstick before anyone asks for a second.
        await yield_now()
        await other.eat()
        self.uses += 1

    @entry
    async def eat(self) -> None:
        """Hold this chopstick for one meal (the other is held by our caller)."""
        await yield_now()
        self.uses += 1


@module
class Table:
    """Any number of philosophers sit here; each is a task."""

    @procedure
    async def dine(self, first: Chopstick, second: Chopstick, meals: int) -> int:
        """Eat ``meals`` times, lifting ``first`` and then ``second``; return how often it worked."""
        eaten = 0
        while eaten < meals:
            await first.lift(second)
            eaten += 1
        return eaten


@module
class Main:
    """Seats the philosophers; ``ordered`` is the whole difference between the two applications."""

    table: Table
    chopsticks: list[Chopstick]
    meals: int
    ordered: bool

    @procedure
    async def main(self) -> tuple[list[int], list[int]]:
        """Return the meals eaten at each seat, and the times each chopstick was used."""
        count = len(self.chopsticks)
        seated = []
        for seat in range(count):
            left, right = seat, (seat + 1) % count
            if self.ordered and right < left:
                left, right = right, left
            seated.append(fork(self.table.dine, self.chopsticks[left], self.chopsticks[right], self.meals))
        eaten = []
        for philosopher in seated:
            eaten.append(await join(philosopher))
        return eaten, [chopstick.uses for chopstick in self.chopsticks]


@application
def dining_philosophers(philosophers: int = 5, meals: int = 3) -> Main:
    """Everyone eats. philosophers: tasks and chopsticks, at least 2.   meals: per philosopher."""
    return Main(Table(), [Chopstick() for _ in range(philosophers)], meals, ordered=True)


@application
def deadlocking(philosophers: int = 5, meals: int = 3) -> Main:
    """Nobody eats: the run ends in a DeadlockError that names the cycle."""
    return Main(Table(), [Chopstick() for _ in range(philosophers)], meals, ordered=False)
