"""What the scheduler is measured with, written in the spec: the same text for threads and for events.

Rule: births and deaths of tasks are never within the measured time. Ready queues are first-in first-out, so one task
that looks at the clock when it is its turn sees whole rounds of all the others.
"""

from collections.abc import Callable

from attrs import field

from duality import Condition, application, entry, fork, join, module, procedure, yield_now


@module
class Ring:
    """``tasks`` tasks that yield to each other. Output: seconds for ``rounds`` rounds, and who had ended by then."""

    tasks: int
    rounds: int
    clock: Callable[[], float]
    ended: int = 0

    @procedure
    async def turn(self) -> None:
        """Give way in every round, and in two more."""
        for _ in range(self.rounds + 2):
            await yield_now()
        self.ended += 1

    @procedure
    async def main(self) -> dict[str, float]:
        """Start everybody, let them settle, and time the rounds."""
        tasks = [fork(self.turn) for _ in range(self.tasks - 1)]
        await yield_now()  # all begin
        began = self.clock()
        for _ in range(self.rounds):
            await yield_now()
        seconds, ended = self.clock() - began, self.ended
        for task in tasks:
            await join(task)
        return {"seconds": seconds, "ended_early": ended, "ended": self.ended}


@module
class Laden:
    """The same ring, of tasks with five variables that are alive across the rest."""

    tasks: int
    rounds: int
    clock: Callable[[], float]
    ended: int = 0

    @procedure
    async def turn(self, left: int, a: int, b: int, c: int, d: int) -> int:
        """Rest with five variables alive."""
        while left:
            await yield_now()
            left -= 1
        self.ended += 1
        return a + b + c + d

    @procedure
    async def main(self) -> dict[str, float]:
        """Start everybody, let them settle, and time the rounds."""
        tasks = [fork(self.turn, self.rounds + 2, 1, 2, 3, 4) for _ in range(self.tasks - 1)]
        await yield_now()
        began = self.clock()
        for _ in range(self.rounds):
            await yield_now()
        seconds, ended = self.clock() - began, self.ended
        total = 0
        for task in tasks:
            total += await join(task)
        return {"seconds": seconds, "ended_early": ended, "ended": total / 10}


@module
class Lot:
    """``tasks`` tasks parked at a condition. Output: bytes that they weigh."""

    tasks: int
    weigh: Callable[[], int]
    parked: int = 0
    open: bool = False
    leaving: Condition = field(factory=Condition)

    @entry
    async def park(self) -> None:
        """Wait until the lot opens."""
        self.parked += 1
        while not self.open:
            await self.leaving.wait()

    @entry
    async def leave(self) -> None:
        """Let everybody go."""
        self.open = True
        self.leaving.broadcast()

    @procedure
    async def main(self) -> dict[str, float]:
        """Park everybody and weigh the process."""
        before = self.weigh()
        tasks = [fork(self.park) for _ in range(self.tasks)]
        await yield_now()
        weight, parked = self.weigh() - before, self.parked
        await self.leave()
        for task in tasks:
            await join(task)
        return {"bytes": weight, "parked": parked}


@application
def ring(tasks: int, rounds: int, clock: Callable[[], float]) -> Ring:
    """Yields among many tasks."""
    return Ring(tasks, rounds, clock)


@application
def laden(tasks: int, rounds: int, clock: Callable[[], float]) -> Laden:
    """Yields with five live variables."""
    return Laden(tasks, rounds, clock)


@application
def lot(tasks: int, weigh: Callable[[], int]) -> Lot:
    """Parked tasks."""
    return Lot(tasks, weigh)
